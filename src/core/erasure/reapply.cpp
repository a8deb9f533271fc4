// SPDX-License-Identifier: Apache-2.0
//
// Erasures after an older backup was restored: subjects that are there again go again.
#include <algorithm>

#include "core/erasure/erase.hpp"
#include "kith/core/session.hpp"

namespace kith::inline v1 {

std::vector<erasure_report> reapply(session& in, std::span<const erasure_report> erased) {
  std::vector<erasure_report> done;
  const std::vector<erasure_report> known = in.erasures();
  for (const erasure_report& r : erased) {
    const entity_type* const e = in.model()->find(std::string_view(r.entity));
    if (e == nullptr) continue;  // of a program that describes more
    const bool here = std::any_of(known.begin(), known.end(), [&](const erasure_report& k) {
      return k.subject == r.subject && k.entity == r.entity;
    });
    if (here || !in.find_row(*e, r.subject)) continue;
    done.push_back(in.erase_subject(*e, r.subject, {r.reason, r.legal_basis}));
  }
  return done;
}

}  // namespace kith::inline v1
