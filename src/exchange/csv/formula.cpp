// SPDX-License-Identifier: Apache-2.0
//
// Texts that a spreadsheet would run (OWASP, CSV injection). What is disarmed and what is given
// back is decided by one question, so that every text comes back as it was.
#include "exchange/csv/formula.hpp"

#include <algorithm>

#include "kith/exchange/csv.hpp"

namespace kith::inline v1 {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

// The run of digits and marks of thousands at the front; false when there is no digit.
bool take_digits(std::string_view& text, bool grouped) {
  std::size_t end = 0;
  while (end < text.size() && (is_digit(text[end]) ||
                               (grouped && end != 0 && (text[end] == ' ' || text[end] == '\'')))) {
    ++end;
  }
  while (end != 0 && !is_digit(text[end - 1])) --end;
  text.remove_prefix(end);
  return end != 0;
}

// A signed number, perhaps a percentage or with a currency's code: -5.00, +1, -1e5, -5.00 EUR.
bool is_number(std::string_view text) {
  text.remove_prefix(1);
  if (!take_digits(text, true)) return false;
  if (!text.empty() && (text[0] == '.' || text[0] == ',')) {
    text.remove_prefix(1);
    if (!take_digits(text, false)) return false;
  }
  if (!text.empty() && (text[0] == 'e' || text[0] == 'E')) {
    text.remove_prefix(1);
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
    return take_digits(text, false) && text.empty();
  }
  if (text.size() == 4 && text[0] == ' ') {
    return is_capital(text[1]) && is_capital(text[2]) && is_capital(text[3]);
  }
  return text.empty() || text == "%";
}

// +7 (3812) 12-34-56: nothing in it names a cell or a function.
bool is_phone(std::string_view text) {
  return text[0] == '+' && text.size() > 1 &&
         text.find_first_not_of("0123456789 ()-.", 1) == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

}  // namespace

bool detail::is_formula(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of('\''), text.size()));
  if (text.empty()) return false;
  switch (text[0]) {
    case '=':
    case '@':
    case '\t':
    case '\r':
    case '\n': return true;
    case '+':
    case '-': return !is_number(text) && !is_phone(text);
    default: return false;
  }
}

std::string disarm_formula(std::string_view text) {
  std::string out;
  if (detail::is_formula(text)) out += '\'';
  return out += text;
}

std::string_view rearm_formula(std::string_view text) noexcept {
  if (text.starts_with('\'') && detail::is_formula(text.substr(1))) return text.substr(1);
  return text;
}

}  // namespace kith::inline v1
