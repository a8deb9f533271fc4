// SPDX-License-Identifier: Apache-2.0
//
// The composition root: the only place that knows both the stores and the domain.
#include "kith/kith.hpp"
#include "kith/storage/sqlite.hpp"

namespace kith::inline v1 {

crm open(std::string_view where, crm_options options) {
  return crm(open_sqlite({.path = std::string(where)}), std::move(options));
}

}  // namespace kith::inline v1
