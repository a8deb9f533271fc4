// SPDX-License-Identifier: Apache-2.0
//
// Kind boolean: true or false; unknown is null.
#include <algorithm>
#include <array>

#include "core/kind/kinds.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr std::array<std::string_view, 7> yes{"true", "yes", "1", "да", "истина", "y", "t"};
constexpr std::array<std::string_view, 7> no{"false", "no", "0", "нет", "ложь", "n", "f"};

problem_text problem(const kind_options&, const cell* cells) {
  const std::int64_t value = cells[0].as_integer();
  if (value == 0 || value == 1) return {};
  return "is neither true nor false";
}

problem_text parse(const kind_options&, std::string_view text, const text_format&, cell_sink& to) {
  // Compared by keys: the words in the lists are text, not keys.
  const std::string word = fold(trimmed(text));
  const auto is = [&](std::string_view w) { return fold(w) == word; };
  const bool truth = std::any_of(yes.begin(), yes.end(), is);
  if (!truth && std::none_of(no.begin(), no.end(), is)) return "is neither true nor false";
  to.put(0, cell::integer(truth));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format&, std::string& out) {
  out += cells[0].as_integer() != 0 ? "true" : "false";
}

}  // namespace

const kind boolean_kind{
    kind_id::boolean, "boolean", "True or false.", problem, nullptr, parse, print};

}  // namespace kith::inline v1::detail
