// SPDX-License-Identifier: Apache-2.0
//
// The cells of one field in a draft.
#pragma once

#include <array>

#include "kith/core/model.hpp"
#include "kith/core/record.hpp"

namespace kith::inline v1::detail {

/// As they will be; views into the draft or its base.
inline std::array<cell, max_parts> cells_of(const field_type& f, const any_draft& d) {
  std::array<cell, max_parts> cells;
  const auto parts = f.parts();
  for (unsigned i = 0; i < parts.size(); ++i) {
    cells[i] = d.at(static_cast<slot_number>(f.slot + i), parts[i].type);
  }
  return cells;
}

/// Whether the value is another one than before; of a new record, than none. Keys do not count.
inline bool differs(const field_type& f, const any_draft& d) {
  const auto parts = f.parts();
  for (unsigned i = 0; i < parts.size(); ++i) {
    const auto s = static_cast<slot_number>(f.slot + i);
    if (!d.changed(s) || parts[i].role != part_role::value) continue;
    const cell before = d.base() ? d.base()->at(s, parts[i].type) : cell::null();
    if (d.at(s, parts[i].type) != before) return true;
  }
  return false;
}

}  // namespace kith::inline v1::detail
