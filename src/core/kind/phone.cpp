// SPDX-License-Identifier: Apache-2.0
//
// Kind phone: one number in any spelling, kept as typed; its key is the digits, with the country
// where it is known: a leading + or 00, or the Russian trunk prefix 8 before ten digits (which also
// serves Kazakhstan). An extension follows a semicolon.
#include <array>

#include "core/kind/kinds.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr std::string_view wanted = "is not a telephone number such as +7 3812 123-456";
constexpr std::array<std::string_view, 6> extension_marks{"доб", "внутр", "ext", "x", "#", "w"};

struct number_parts {
  bool international = false;
  std::string digits;
  std::string extension;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (is_digit(c)) digits += c;
  }
  return digits;
}

// Only digits, blanks and the punctuation of numbers.
bool is_plain(std::string_view text) {
  return text.find_first_not_of("0123456789 +-()./\t\xc2\xa0\xe2\x80\x90\x91\x92\x93\x94\x88") ==
         std::string_view::npos;
}

std::optional<number_parts> split(std::string_view text) {
  number_parts parts;
  const std::string folded = fold(text);  // same length for the marks' letters and digits
  std::string_view main = folded;
  for (const std::string_view mark : extension_marks) {
    const std::size_t at = folded.find(fold(mark));
    if (at == std::string::npos || at == 0) continue;
    parts.extension = digits_of(std::string_view(folded).substr(at));
    if (parts.extension.empty()) return {};
    main = std::string_view(folded).substr(0, at);
    break;
  }
  while (!main.empty() && (main.back() == ',' || main.back() == ' ')) main.remove_suffix(1);
  if (!is_plain(main)) return {};
  main = trimmed(main);
  parts.international = main.starts_with('+');
  parts.digits = digits_of(main);
  if (parts.digits.size() < 2 || parts.digits.size() > 17 || parts.extension.size() > 11) return {};
  return parts;
}

// ITU-T E.164: a country code and at most 15 digits in all.
void add_country(number_parts& parts) {
  if (parts.international) return;
  if (parts.digits.starts_with("00") && parts.digits.size() > 9) {
    parts.digits.erase(0, 2);
    parts.international = true;
  } else if (parts.digits.size() == 11 && parts.digits[0] == '8') {
    parts.digits[0] = '7';
    parts.international = true;
  }
}

problem_text problem(const kind_options& options, const cell* cells) {
  if (auto bad = text_problem(options, cells[0].as_bytes())) return bad;
  if (split(cells[0].as_bytes())) return {};
  return std::string(wanted);
}

void derive(const kind_options&, const cell* cells, cell_sink& to) {
  auto parts = cells[0].is_null() ? std::nullopt : split(cells[0].as_bytes());
  if (!parts) {
    to.put(1, cell::null());
    return;
  }
  add_country(*parts);
  std::string key = (parts->international ? "+" : "") + parts->digits;
  if (!parts->extension.empty()) key += ";" + parts->extension;
  to.put(1, cell::text(key));
}

problem_text parse(const kind_options&, std::string_view text, const text_format&, cell_sink& to) {
  text = trimmed(text);
  if (invalid_utf8(text) || !split(text)) return std::string(wanted);
  to.put(0, cell::text(text));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format&, std::string& out) {
  out += cells[0].as_bytes();
}

}  // namespace

const kind phone_kind{kind_id::phone, "phone", "One telephone number in any spelling.",
                      problem,        derive,  parse,
                      print};

}  // namespace kith::inline v1::detail
