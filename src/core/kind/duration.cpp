// SPDX-License-Identifier: Apache-2.0
//
// Kind duration: a length of time, stored in microseconds.
#include "core/kind/kinds.hpp"

namespace kith::inline v1::detail {
namespace {

problem_text parse(const kind_options&, std::string_view text, const text_format&, cell_sink& to) {
  const auto length = duration::parse(trimmed(text));
  if (!length) return "is not a length of time such as 90min, 2h or 30d";
  to.put(0, cell::integer(length->microseconds));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format&, std::string& out) {
  out += duration{cells[0].as_integer()}.to_string();
}

problem_text problem(const kind_options&, const cell*) { return {}; }

}  // namespace

const kind duration_kind{
    kind_id::duration, "duration", "A length of time.", problem, nullptr, parse, print};

}  // namespace kith::inline v1::detail
