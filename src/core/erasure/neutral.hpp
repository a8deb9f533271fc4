// SPDX-License-Identifier: Apache-2.0
//
// What stands in a field after an erasure: nothing, or, where a value is required, one that says
// nothing about anybody.
#pragma once

#include "kith/core/record.hpp"

namespace kith::inline v1::detail {

/// Puts it into the draft, without keys.
void put_neutral(const entity_type& e, const field_type& f, record_id id, any_draft& d);
/// Whether the row has a value of the field that an erasure would take away.
bool has_personal_value(const entity_type& e, const field_type& f, const row_ptr& r);

}  // namespace kith::inline v1::detail
