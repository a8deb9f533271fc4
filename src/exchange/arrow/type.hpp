// SPDX-License-Identifier: Apache-2.0
//
// What a column is in Arrow: decided once from its kind (docs/arrow.md has the table), and told
// to whoever reads it as an ArrowSchema.
#pragma once

#include <string>
#include <vector>

#include "kith/core/kind.hpp"
#include "kith/exchange/arrow.hpp"

namespace kith::inline v1::detail {

enum class arrow_layout : std::uint8_t {
  boolean,     // b
  integer,     // l
  real,        // g
  date,        // tdD
  instant,     // tsu:UTC
  length,      // tDu
  decimal,     // d:38,scale
  text,        // u
  bytes,       // z
  dictionary,  // i, whose values are texts
  structure,   // +s
  list,        // +l, of its only part
};

struct arrow_type {
  arrow_layout layout = arrow_layout::text;
  std::string name{};
  int scale = 0;  ///< of a decimal
  bool nullable = true;
  std::vector<arrow_type> parts{};
};

/// Digits behind the point that a decimal of this kind has in every row, whatever its currency.
int arrow_scale(kind_id kind, const kind_options& options);
/// The type of a value as a whole.
arrow_type arrow_type_of(std::string name, kind_id kind, const kind_options& options);
/// All columns of a row as one type.
arrow_type arrow_row_of(std::vector<arrow_type> columns);

/// Makes the schema; whoever gets it releases it.
void give_schema(const arrow_type& type, ArrowSchema& out);

}  // namespace kith::inline v1::detail
