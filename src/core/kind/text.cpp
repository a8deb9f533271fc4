// SPDX-License-Identifier: Apache-2.0
//
// Kind text: any text. Folded text has a second cell, the key that is compared.
#include "core/kind/kinds.hpp"

namespace kith::inline v1::detail {
namespace {

problem_text problem(const kind_options& options, const cell* cells) {
  return text_problem(options, cells[0].as_bytes());
}

void derive(const kind_options& options, const cell* cells, cell_sink& to) {
  if (options.folded) put_folded(to, 1, cells[0]);
}

problem_text parse(const kind_options&, std::string_view text, const text_format&, cell_sink& to) {
  to.put(0, cell::text(text));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format&, std::string& out) {
  out += cells[0].as_bytes();
}

}  // namespace

const kind text_kind{kind_id::text, "text", "Any text in UTF-8.", problem, derive, parse, print};

}  // namespace kith::inline v1::detail
