// SPDX-License-Identifier: Apache-2.0
//
// Kind integer: a whole number of 64 bits.
#include "core/kind/kinds.hpp"

namespace kith::inline v1::detail {
namespace {

problem_text problem(const kind_options& options, const cell* cells) {
  return range_problem(options, cells[0].as_integer(), 0);
}

problem_text parse(const kind_options&, std::string_view text, const text_format& format,
                   cell_sink& to) {
  const auto number = number_of(text, format.decimal_point);
  if (!number || number->trimmed().scale() != 0) return "is not a whole number such as 42";
  to.put(0, cell::integer(number->trimmed().units()));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format&, std::string& out) {
  out += std::to_string(cells[0].as_integer());
}

}  // namespace

const kind integer_kind{
    kind_id::integer, "integer", "A whole number of 64 bits.", problem, nullptr, parse, print};

}  // namespace kith::inline v1::detail
