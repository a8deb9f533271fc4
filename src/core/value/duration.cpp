// SPDX-License-Identifier: Apache-2.0
//
// Lengths of time as text: `1h 30min`, which people write, and `PT1H30M`, which programs write.
// Months and years are refused in both, since their length is not fixed; so is `m`, which might
// mean either. What is not a whole number of microseconds is refused, never rounded.
#include <algorithm>
#include <array>
#include <span>

#include "core/wide.hpp"
#include "kith/core/error.hpp"
#include "kith/core/value/decimal.hpp"
#include "kith/core/value/time.hpp"

namespace kith::inline v1 {

namespace {

struct unit {
  std::string_view name;
  std::int64_t microseconds;
};

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t week = 7 * day;

constexpr std::array written_units{unit{"s", second}, unit{"min", minute}, unit{"h", hour},
                                   unit{"d", day}, unit{"w", week}};
constexpr std::array iso_days{unit{"W", week}, unit{"D", day}};
constexpr std::array iso_times{unit{"H", hour}, unit{"M", minute}, unit{"S", second}};

std::string_view take_while(std::string_view& text, std::string_view characters) noexcept {
  const std::string_view taken = text.substr(0, text.find_first_not_of(characters));
  text.remove_prefix(taken.size());
  return taken;
}

// Adds `number` units exactly.
bool add(std::optional<decimal> number, const unit& u, wide& total) noexcept {
  wide length = 0;
  if (!number || !checked_multiply(number->units(), u.microseconds, length)) return false;
  const wide divisor = power_of_ten(number->scale());
  return length % divisor == 0 && checked_add(total, length / divisor, total);
}

// `1.5h` and what follows it: terms in any order, side by side or one blank apart.
bool add_written(std::string_view text, wide& total) {
  while (true) {
    const auto number = decimal::parse(take_while(text, "0123456789."));
    const std::string_view name = take_while(text, "dhimnsw");
    const auto u = std::ranges::find(written_units, name, &unit::name);
    if (u == written_units.end() || !add(number, *u, total)) return false;
    if (text.empty()) return true;
    if (text.front() == ' ') text.remove_prefix(1);
  }
}

// One half of an ISO 8601 duration: each unit at most once, the longest first.
bool add_designated(std::string_view text, std::span<const unit> units, wide& total) {
  while (!text.empty()) {
    const auto number = decimal::parse(take_while(text, "0123456789."));
    const auto u = std::ranges::find(units, text.substr(0, 1), &unit::name);
    if (u == units.end() || !add(number, *u, total)) return false;
    text.remove_prefix(1);
    units = {u + 1, units.end()};
  }
  return true;
}

// `2DT1H30M`: what follows the P.
bool add_iso(std::string_view text, wide& total) {
  const std::string_view days = text.substr(0, text.find('T'));
  const std::string_view times = days.size() < text.size() ? text.substr(days.size() + 1) : "";
  if (text.empty() || text.ends_with('T')) return false;
  return add_designated(days, iso_days, total) && add_designated(times, iso_times, total);
}

void append(std::string& text, std::uint64_t count, std::string_view unit_name) {
  if (count == 0) return;
  if (!text.empty() && text != "-") text += ' ';
  text += std::to_string(count);
  text += unit_name;
}

}  // namespace

void detail::refuse_time_overflow() {
  throw error(error_code::limit,
              "the moment or length of time does not fit 64 bits of microseconds, which are "
              "292,000 years");
}

std::optional<duration> duration::parse(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  wide total = 0;
  const bool read =
      text.starts_with('P') ? add_iso(text.substr(1), total) : add_written(text, total);
  if (negative) total = -total;
  if (!read || !fits_int64(total)) return {};
  return duration{static_cast<std::int64_t>(total)};
}

std::string duration::to_string() const {
  if (microseconds == 0) return "0s";
  const auto size = static_cast<std::uint64_t>(magnitude(microseconds));
  std::string text = microseconds < 0 ? "-" : "";
  append(text, size / day, "d");
  append(text, size % day / hour, "h");
  append(text, size % hour / minute, "min");
  const auto rest = static_cast<std::int64_t>(size % minute);
  if (rest == 0) return text;
  if (!text.empty() && text != "-") text += ' ';
  return text += decimal(rest, 6).trimmed().to_string() + "s";
}

}  // namespace kith::inline v1
