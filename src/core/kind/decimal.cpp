// SPDX-License-Identifier: Apache-2.0
//
// Kind decimal: an exact number with a fixed count of digits behind the point.
#include "core/kind/kinds.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::detail {
namespace {

problem_text problem(const kind_options& options, const cell* cells) {
  return range_problem(options, cells[0].as_integer(), options.scale);
}

problem_text parse(const kind_options& options, std::string_view text, const text_format& format,
                   cell_sink& to) {
  const auto number = number_of(text, format.decimal_point);
  if (!number) return std::string("is not a number such as 12") + format.decimal_point + "50";
  const decimal plain = number->trimmed();
  if (plain.scale() > options.scale) {
    return "has more than " + std::to_string(options.scale) + " digits behind the point; round it";
  }
  try {
    to.put(0, cell::integer(plain.with_scale(options.scale).units()));
  } catch (const error&) {
    return "is too large";
  }
  return {};
}

void print(const kind_options& options, const cell* cells, const text_format& format,
           std::string& out) {
  for (const char c : decimal(cells[0].as_integer(), options.scale).to_string()) {
    out += c == '.' ? format.decimal_point : c;
  }
}

}  // namespace

const kind decimal_kind{
    kind_id::decimal, "decimal", "An exact number of fixed scale.", problem, nullptr, parse, print};

}  // namespace kith::inline v1::detail
