// SPDX-License-Identifier: Apache-2.0
//
// Where a column goes, as text says it: see column_mapping in import.hpp.
#pragma once

#include <string>
#include <string_view>

#include "kith/core/model.hpp"

namespace kith::inline v1::detail {

/// A place for a column's values.
struct place {
  const relation_type* relation = nullptr;  ///< of an owned record; null: the record itself
  const entity_type* entity = nullptr;      ///< whose field it is
  const field_type* field = nullptr;        ///< null: the record's own key in `source`
  std::uint8_t part = whole_value;
  field_place by;      ///< a reference found by this field of its target
  std::string source;  ///< a reference, or the record itself, by the key that
                       ///< this system has for it

  bool is_reference() const noexcept {
    return field != nullptr && part == whole_value &&
           (field->def->kind == kind_id::ref || field->def->kind == kind_id::any_ref);
  }
};

/// error_code::not_found with near names for what does not exist, invalid for what cannot be
/// written.
place parse_place(const entity_type& entity, std::string_view text);

/// Whether values of the field may be given: not computed, not retired.
bool is_writable(const field_type& f) noexcept;

/// The name of a part as a place: `city` where parts are names of the entity, else `ship_to.city`.
std::string part_place(const field_type& f, const part_def& part);

/// The parts of a field that people give one by one: those of names and addresses, the currency.
bool has_own_name(const field_type& f, const part_def& part) noexcept;

}  // namespace kith::inline v1::detail
