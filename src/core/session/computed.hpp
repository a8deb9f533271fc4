// SPDX-License-Identifier: Apache-2.0
//
// A stored computed field from its expression, wherever its cells go.
#pragma once

#include "core/expression/bind.hpp"
#include "core/expression/evaluate.hpp"

namespace kith::inline v1::detail {

/// Computes the field on a record, brings it to the field's scale and puts its cells and keys.
void put_computed(const field_type& f, const bound_value& from, evaluator& run, const row& r,
                  cell_sink& to);

}  // namespace kith::inline v1::detail
