// SPDX-License-Identifier: Apache-2.0
//
// Values as modules write and read them.
#pragma once

#include <deque>
#include <string>

#include "kith/core/model.hpp"
#include "kith/core/record.hpp"
#include "kith/core/value.hpp"
#include "kith_types.h"

namespace kith::inline v1::module {

/// The value in C; its texts are kept with the others.
::kith_value to_c(const value& from, std::deque<std::string>& texts);
/// A parameter or a cell of a report: its own kind says what it is. error_code::misuse.
value from_c(const ::kith_value& from);
/// Gives a field, or a part of one, a value: of its kind, or text as people write it.
/// error_code::invalid, misuse.
void put(any_draft& to, const entity_type& entity, const field_place& place,
         const ::kith_value& from);
/// What a field, or a part of it, holds; `cell_at(slot, class)` knows.
template <class CellAt>
value value_at(const field_place& place, CellAt cell_at) {
  const field_type& f = *place.field;
  const auto parts = f.parts();
  cell cells[max_parts];
  for (unsigned i = 0; i < parts.size(); ++i) {
    cells[i] = cell_at(static_cast<slot_number>(f.slot + i), parts[i].type);
  }
  if (place.part == whole_value) {
    return value::of(f.def->kind, f.def->options, {cells, parts.size()});
  }
  const cell& c = cells[place.part];
  if (c.is_null()) return {};
  return c.has_bytes() ? value(c.as_bytes()) : value(c.as_integer());
}

}  // namespace kith::inline v1::module
