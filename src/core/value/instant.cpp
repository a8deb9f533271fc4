// SPDX-License-Identifier: Apache-2.0
//
// Moments and wall times as ISO 8601 text: a date, `T` or one blank, hours and minutes, perhaps
// seconds and up to six decimals; a moment ends with its zone (`Z`, `+06:00`, `+0600`, `+06`).
// Second 60 and hour 24 are refused: no moment of ours is called that.
#include "kith/core/value/decimal.hpp"
#include "kith/core/value/time.hpp"

namespace kith::inline v1 {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day_length = 24 * hour;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool take(std::string_view& text, char c) noexcept {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// Two digits below `end`.
std::optional<std::int64_t> take_two(std::string_view& text, std::int64_t end) noexcept {
  if (text.size() < 2 || !is_digit(text[0]) || !is_digit(text[1])) return {};
  const std::int64_t value = (text[0] - '0') * 10 + (text[1] - '0');
  if (value >= end) return {};
  text.remove_prefix(2);
  return value;
}

// The decimals of a second, without their point. More than six must be zeros: nothing is rounded.
std::optional<std::int64_t> take_fraction(std::string_view& text) noexcept {
  if (text.empty() || !is_digit(text.front())) return {};
  std::int64_t value = 0;
  for (std::int64_t unit = second; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    const std::int64_t digit = text.front() - '0';
    unit /= 10;
    if (unit == 0 && digit != 0) return {};
    value += digit * unit;
  }
  return value;
}

std::optional<std::int64_t> take_seconds(std::string_view& text) noexcept {
  const auto whole = take_two(text, 60);
  if (!whole) return {};
  if (!take(text, '.')) return *whole * second;
  const auto fraction = take_fraction(text);
  if (!fraction) return {};
  return *whole * second + *fraction;
}

// `15:00`, `15:00:30.25`, in microseconds.
std::optional<std::int64_t> take_time_of_day(std::string_view& text) noexcept {
  const auto hours = take_two(text, 24);
  if (!hours || !take(text, ':')) return {};
  const auto minutes = take_two(text, 60);
  if (!minutes) return {};
  const std::int64_t start = *hours * hour + *minutes * minute;
  if (!take(text, ':')) return start;
  const auto seconds = take_seconds(text);
  if (!seconds) return {};
  return start + *seconds;
}

std::optional<local_time> take_local(std::string_view& text) {
  const auto day = date::parse(text.substr(0, 10));
  if (!day) return {};
  text.remove_prefix(10);
  if (!take(text, 'T') && !take(text, ' ')) return {};
  const auto time = take_time_of_day(text);
  if (!time) return {};
  return local_time{*day, *time};
}

// How far the zone at the end of the text is ahead of UTC, in microseconds.
std::optional<std::int64_t> offset_of(std::string_view zone) noexcept {
  if (zone == "Z") return 0;
  const bool behind = take(zone, '-');
  if (!behind && !take(zone, '+')) return {};
  const auto hours = take_two(zone, 24);
  if (!hours) return {};
  std::optional<std::int64_t> minutes = 0;
  if (!zone.empty()) {
    take(zone, ':');
    minutes = take_two(zone, 60);
  }
  if (!minutes || !zone.empty()) return {};
  const std::int64_t offset = *hours * hour + *minutes * minute;
  return behind ? -offset : offset;
}

void append_two(std::string& text, char before, std::int64_t value) {
  text += before;
  text += static_cast<char>('0' + value / 10);
  text += static_cast<char>('0' + value % 10);
}

}  // namespace

std::optional<local_time> local_time::parse(std::string_view text) {
  if (const auto day = date::parse(text)) return local_time{*day, 0};
  const auto time = take_local(text);
  if (!text.empty()) return {};
  return time;
}

std::optional<instant> instant::parse(std::string_view text) {
  const auto time = take_local(text);
  const auto offset = offset_of(text);
  if (!time || !offset) return {};
  const instant t{time->day.days * day_length + time->microseconds - *offset};
  if (!t.valid()) return {};
  return t;
}

std::string instant::to_string() const {
  if (!valid()) return "invalid instant";
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::microseconds{microseconds});
  const std::int64_t time = microseconds - day.count() * day_length;
  std::string text = date::from_days(static_cast<std::int32_t>(day.count())).to_string();
  append_two(text, 'T', time / hour);
  append_two(text, ':', time % hour / minute);
  append_two(text, ':', time % minute / second);
  if (time % second != 0) text += decimal(time % second, 6).trimmed().to_string().substr(1);
  return text += 'Z';
}

}  // namespace kith::inline v1
