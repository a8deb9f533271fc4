// SPDX-License-Identifier: Apache-2.0
//
// Single values into columns, whatever their kind: results of expressions and cells of tables.
#pragma once

#include <span>

#include "exchange/arrow/column.hpp"
#include "kith/core/model.hpp"

namespace kith::inline v1::detail {

/// The texts that numbers of this kind stand for, in the column or its part.
void add_words(arrow_column& to, kind_id kind, const kind_options& options, const model* of);

/// One value; `parts` are its cells without keys. error_code::limit for a number that has more
/// digits than the column.
void add_value(arrow_column& to, kind_id kind, const kind_options& options,
               std::span<const cell> parts);

}  // namespace kith::inline v1::detail
