// SPDX-License-Identifier: Apache-2.0
//
// Kind person_name: family name, first name, patronymic; each with a key. Read and printed in the
// order of lists, `Иванова Анна Сергеевна`; `last, first patronymic` is read, too.
#include "core/kind/kinds.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr unsigned text_parts[] = {0, 2, 4};

problem_text problem(const kind_options& options, const cell* cells) {
  return joined_problem(options, cells, text_parts);
}

void derive(const kind_options&, const cell* cells, cell_sink& to) {
  for (const unsigned part : text_parts) put_folded(to, part + 1, cells[part]);
}

std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  const std::size_t end = text.find(' ');
  const std::string_view word = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : trimmed(text.substr(end));
  return word;
}

void put(cell_sink& to, unsigned part, std::string_view text) {
  to.put(part, text.empty() ? cell::null() : cell::text(text));
}

problem_text parse(const kind_options&, std::string_view text, const text_format&, cell_sink& to) {
  text = trimmed(text);
  const std::size_t comma = text.find(',');
  std::string_view rest = text;
  std::string_view last;
  if (comma == std::string_view::npos) {
    last = take_word(rest);
  } else {
    last = trimmed(text.substr(0, comma));
    rest = text.substr(comma + 1);
  }
  put(to, 0, last);
  put(to, 2, take_word(rest));
  put(to, 4, trimmed(rest));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format&, std::string& out) {
  print_joined(cells, text_parts, " ", out);
}

}  // namespace

const kind person_name_kind{kind_id::person_name,
                            "person_name",
                            "A person's name in parts.",
                            problem,
                            derive,
                            parse,
                            print};

}  // namespace kith::inline v1::detail
