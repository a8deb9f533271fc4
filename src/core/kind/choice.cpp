// SPDX-License-Identifier: Apache-2.0
//
// Kind choice: one of a closed set that code depends on. Read by name or label, printed by name.
#include <algorithm>

#include "core/kind/kinds.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

std::string names(const kind_options& options) {
  std::string list;
  for (const choice_option& o : options.choices) {
    if (!list.empty()) list += ", ";
    list += o.name;
  }
  return list;
}

problem_text problem(const kind_options& options, const cell* cells) {
  const auto known = [&](const choice_option& o) { return o.number == cells[0].as_integer(); };
  if (std::any_of(options.choices.begin(), options.choices.end(), known)) return {};
  return "is not one of " + names(options);
}

problem_text parse(const kind_options& options, std::string_view text, const text_format&,
                   cell_sink& to) {
  const std::string word = fold(trimmed(text));
  for (const choice_option& o : options.choices) {
    if (fold(o.name) != word && fold(o.ru) != word) continue;
    to.put(0, cell::integer(o.number));
    return {};
  }
  return "is not one of " + names(options);
}

void print(const kind_options& options, const cell* cells, const text_format&, std::string& out) {
  for (const choice_option& o : options.choices) {
    if (o.number == cells[0].as_integer()) {
      out += o.name;
      return;
    }
  }
  out += std::to_string(cells[0].as_integer());
}

}  // namespace

const kind choice_kind{
    kind_id::choice, "choice", "One of a closed set of values.", problem, nullptr, parse, print};

}  // namespace kith::inline v1::detail
