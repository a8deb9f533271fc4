// SPDX-License-Identifier: Apache-2.0
//
// Numbers and dates by their looks.
#include "exchange/csv/spelling.hpp"

#include <algorithm>
#include <array>

namespace kith::inline v1::detail {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The size of a blank or apostrophe between thousands.
std::size_t blank_mark(std::string_view text) noexcept {
  for (const std::string_view mark : {" ", "\u00a0", "\u202f", "'", "\u2009"}) {
    if (text.starts_with(mark)) return mark.size();
  }
  return 0;
}

// Groups of digits and the marks between them; a blank of any sort counts as ' '.
struct number_shape {
  static constexpr std::size_t most = 12;
  std::array<std::size_t, most> digits{};
  std::array<char, most> mark{};  // behind the group of the same index
  std::size_t groups = 0;
};

std::optional<number_shape> shape_of(std::string_view number) noexcept {
  number_shape shape;
  std::size_t run = 0;
  for (std::size_t i = 0; i < number.size();) {
    if (is_digit(number[i])) {
      ++run;
      ++i;
      continue;
    }
    const std::size_t blank = blank_mark(number.substr(i));
    const bool point = number[i] == '.' || number[i] == ',';
    if (run == 0 || (!point && blank == 0) || shape.groups + 1 == number_shape::most) return {};
    shape.digits[shape.groups] = run;
    shape.mark[shape.groups++] = point ? number[i] : ' ';
    run = 0;
    i += point ? 1 : blank;
  }
  if (run == 0) return {};
  shape.digits[shape.groups++] = run;
  return shape;
}

// Whether the groups from the second to `end` are thousands, all behind one kind of mark.
bool are_thousands(const number_shape& s, std::size_t end, char mark) noexcept {
  if (end > 1 && s.digits[0] > 3) return false;
  for (std::size_t i = 1; i < end; ++i) {
    if (s.digits[i] != 3 || s.mark[i - 1] != mark) return false;
  }
  return true;
}

char other(char point) noexcept { return point == '.' ? ',' : '.'; }

point_sign sign_of(char decimal_point) noexcept {
  return decimal_point == ',' ? point_sign::comma : point_sign::point;
}

}  // namespace

std::optional<number_place> find_number(std::string_view text) noexcept {
  std::size_t first = text.find_first_of("0123456789");
  if (first == std::string_view::npos) return {};
  const std::size_t last = text.find_last_of("0123456789");
  if (first != 0 && (text[first - 1] == '-' || text[first - 1] == '+')) --first;
  return number_place{first, last + 1 - first};
}

point_sign point_of(std::string_view text) noexcept {
  if (text.size() > 40) return point_sign::none;
  const auto place = find_number(text);
  // A currency may stand before and behind, no more: what is longer is an address or a sentence.
  if (!place || place->begin > 5 || text.size() - place->begin - place->size > 6) {
    return point_sign::none;
  }
  std::string_view number = text.substr(place->begin, place->size);
  if (!is_digit(number[0])) number.remove_prefix(1);
  const auto s = shape_of(number);
  if (!s || s->groups < 2) return point_sign::none;
  const std::size_t last = s->groups - 1;
  const char mark = s->mark[last - 1];
  if (mark == ' ') return point_sign::none;
  if (last == 1) {
    if (s->digits[1] != 3 || s->digits[0] > 3 || number[0] == '0') return sign_of(mark);
    return mark == ',' ? point_sign::ambiguous : point_sign::none;
  }
  const char thousands = s->mark[0];
  if (thousands == mark) {  // 1,234,567
    return are_thousands(*s, s->groups, mark) ? sign_of(other(mark)) : point_sign::none;
  }
  return are_thousands(*s, last, thousands) ? sign_of(mark) : point_sign::none;
}

date_sign date_order_of(std::string_view text) noexcept {
  if (text.size() < 8 || !is_digit(text[0])) return date_sign::none;
  const auto number = [&text](std::size_t most) {
    int value = -1;
    for (; most > 0 && !text.empty() && is_digit(text[0]); --most) {
      value = std::max(value, 0) * 10 + (text[0] - '0');
      text.remove_prefix(1);
    }
    return value;
  };
  const int first = number(2);
  if (text.empty() || (text[0] != '/' && text[0] != '.' && text[0] != '-')) return date_sign::none;
  const char mark = text[0];
  text.remove_prefix(1);
  const int second = number(2);
  if (second < 0 || text.empty() || text[0] != mark) return date_sign::none;
  text.remove_prefix(1);
  if (number(4) < 1000 || (!text.empty() && text[0] != ' ' && text[0] != 'T')) {
    return date_sign::none;
  }
  if (first < 1 || second < 1 || first > 31 || second > 31) return date_sign::none;
  if (first > 12) return second > 12 ? date_sign::none : date_sign::day_first;
  if (second > 12) return date_sign::month_first;
  if (mark == '.') return date_sign::day_first;  // nobody writes the month first with dots
  return first == second ? date_sign::none : date_sign::ambiguous;
}

bool append_plain_number(std::string& out, std::string_view text, char decimal_point) {
  const auto place = find_number(text);
  if (!place) return false;
  std::string_view number = text.substr(place->begin, place->size);
  const bool negative = number[0] == '-';
  if (!is_digit(number[0])) number.remove_prefix(1);
  const auto s = shape_of(number);
  if (!s) return false;
  const bool fraction = s->groups > 1 && s->mark[s->groups - 2] == decimal_point;
  const std::size_t whole = fraction ? s->groups - 1 : s->groups;
  if (whole > 1) {
    const char mark = s->mark[0];
    if (mark == decimal_point || !are_thousands(*s, whole, mark)) return false;
  }
  out += text.substr(0, place->begin);
  if (negative) out += '-';
  std::size_t group = 0;
  std::size_t taken = 0;
  for (const char c : number) {
    if (!is_digit(c)) continue;
    if (taken == s->digits[group]) {
      ++group;
      taken = 0;
      if (fraction && group == whole) out += '.';
    }
    out += c;
    ++taken;
  }
  out += text.substr(place->begin + place->size);
  return true;
}

}  // namespace kith::inline v1::detail
