// SPDX-License-Identifier: Apache-2.0
//
// Days of the calendar as ISO 8601 text.
#include <charconv>

#include "kith/core/value/time.hpp"

namespace kith::inline v1 {

namespace {

// All of the text as a number; from_chars alone would stop at the first other character.
std::optional<unsigned> number(std::string_view digits) noexcept {
  unsigned value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, problem] = std::from_chars(digits.data(), end, value);
  if (problem != std::errc{} || stop != end) return {};
  return value;
}

void write(char* out, int digits, unsigned value) noexcept {
  for (int i = digits; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

std::optional<date> date::of(int year, unsigned month, unsigned day) {
  const date d(year, month, day);
  if (!d.valid()) return {};
  return d;
}

std::optional<date> date::parse(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
  const auto year = number(text.substr(0, 4));
  const auto month = number(text.substr(5, 2));
  const auto day = number(text.substr(8, 2));
  if (!year || !month || !day) return {};
  return of(static_cast<int>(*year), *month, *day);
}

std::string date::to_string() const {
  if (!valid()) return "invalid date";
  const std::chrono::year_month_day ymd = civil();
  std::string text = "0000-00-00";
  write(text.data(), 4, static_cast<unsigned>(static_cast<int>(ymd.year())));
  write(text.data() + 5, 2, static_cast<unsigned>(ymd.month()));
  write(text.data() + 8, 2, static_cast<unsigned>(ymd.day()));
  return text;
}

}  // namespace kith::inline v1
