// SPDX-License-Identifier: Apache-2.0
//
// Points and lengths of time. An instant is a moment, the same everywhere; a date is a day on the
// calendar, with no zone and no midnight. The two never turn into each other without a zone.
//
//   date due{2026, 3, 31};
//   instant t = instant::parse("2026-03-31T15:00:00+06:00").value();
//   date there = time_zone::named("Asia/Omsk").date_of(t);
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith::inline v1 {

namespace detail {
[[noreturn]] void refuse_time_overflow();  // error_code::limit
constexpr std::int64_t time_sum(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) refuse_time_overflow();
  return sum;
}
constexpr std::int64_t time_difference(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(a, b, &difference)) refuse_time_overflow();
  return difference;
}
constexpr std::int64_t time_product(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) refuse_time_overflow();
  return product;
}
}  // namespace detail

/// A length of time in microseconds; may be negative.
struct duration {
  std::int64_t microseconds = 0;

  // error_code::limit beyond 292'000 years.
  static constexpr duration of_seconds(std::int64_t n) {
    return {detail::time_product(n, 1'000'000)};
  }
  static constexpr duration of_minutes(std::int64_t n) {
    return {detail::time_product(n, 60'000'000)};
  }
  static constexpr duration of_hours(std::int64_t n) {
    return {detail::time_product(n, 3'600'000'000)};
  }
  static constexpr duration of_days(std::int64_t n) {
    return {detail::time_product(n, 86'400'000'000)};
  }

  /// Reads `90s`, `15min`, `2h`, `30d`, `1w`, `1.5h`, a sum of them (`1h 30min`), or ISO 8601
  /// (`PT1H30M`, `P2D`). Nothing when the text is none of them or does not fit.
  static std::optional<duration> parse(std::string_view text);
  /// `1d 2h 3min 4.5s`; `0s` for nothing. parse() reads it back exactly.
  std::string to_string() const;

  friend constexpr auto operator<=>(duration, duration) noexcept = default;
};

/// A day of the proleptic Gregorian calendar, from 0001-01-01 to 9999-12-31.
struct date {
  std::int32_t days = 0;  ///< since 1970-01-01

  constexpr date() = default;
  /// 2026, 3, 31. Days that are not on the calendar (31 April) become invalid: see valid().
  constexpr date(int year, unsigned month, unsigned day) : days(count(year, month, day)) {}
  static constexpr date from_days(std::int32_t since_1970) {
    date d;
    d.days = since_1970;
    return d;
  }
  /// The day when year, month and day name one, else nothing.
  static std::optional<date> of(int year, unsigned month, unsigned day);
  /// Reads ISO 8601 `2026-03-31`, nothing else; other spellings belong to the importer.
  static std::optional<date> parse(std::string_view text);

  constexpr std::chrono::year_month_day civil() const {
    return std::chrono::sys_days{std::chrono::days{days}};
  }
  constexpr int year() const { return static_cast<int>(civil().year()); }
  constexpr unsigned month() const { return static_cast<unsigned>(civil().month()); }
  constexpr unsigned day() const { return static_cast<unsigned>(civil().day()); }
  /// 1 is Monday, 7 is Sunday (ISO 8601).
  constexpr unsigned weekday() const {
    return std::chrono::weekday{std::chrono::sys_days{std::chrono::days{days}}}.iso_encoding();
  }
  constexpr bool valid() const { return days >= -719162 && days <= 2932896; }
  /// Invalid beyond the calendar's ends, and when this day is invalid.
  constexpr date plus_days(std::int32_t n) const {
    const std::int64_t sum = std::int64_t{days} + n;
    return from_days(valid() && sum == std::int32_t(sum) ? std::int32_t(sum) : no_day);
  }
  /// `2026-03-31`.
  std::string to_string() const;

  friend constexpr auto operator<=>(date, date) noexcept = default;

 private:
  static constexpr std::int32_t no_day = INT32_MIN;
  // The ranges come first: std::chrono::year and its kin wrap silently.
  static constexpr std::int32_t count(int year, unsigned month, unsigned day) {
    if (year < 1 || year > 9999 || month > 12 || day > 31) return no_day;
    const std::chrono::year_month_day civil{std::chrono::year{year}, std::chrono::month{month},
                                            std::chrono::day{day}};
    if (!civil.ok()) return no_day;
    return static_cast<std::int32_t>(std::chrono::sys_days{civil}.time_since_epoch().count());
  }
};

/// A moment: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
struct instant {
  std::int64_t microseconds = 0;

  static constexpr instant from(std::chrono::system_clock::time_point t) {
    return {std::chrono::duration_cast<std::chrono::microseconds>(t.time_since_epoch()).count()};
  }
  /// Reads ISO 8601 with a zone: `2026-03-31T15:00:00Z`, `… 15:00:00.25+06:00`. A time without a
  /// zone is not an instant; time_zone::instant_of() makes one of it.
  static std::optional<instant> parse(std::string_view text);
  constexpr bool valid() const {
    return microseconds >= -62135596800'000000 && microseconds < 253402300800'000000;
  }
  /// `2026-03-31T09:00:00Z`, with as many decimals as needed.
  std::string to_string() const;

  friend constexpr auto operator<=>(instant, instant) noexcept = default;
  // error_code::limit on overflow; see valid() for the calendar's ends.
  friend constexpr instant operator+(instant t, duration d) {
    return {detail::time_sum(t.microseconds, d.microseconds)};
  }
  friend constexpr instant operator-(instant t, duration d) {
    return {detail::time_difference(t.microseconds, d.microseconds)};
  }
  friend constexpr duration operator-(instant a, instant b) {
    return {detail::time_difference(a.microseconds, b.microseconds)};
  }
};

/// A date and a time of day as a wall clock shows them, without a zone.
struct local_time {
  kith::date day;
  std::int64_t microseconds = 0;  ///< since the day's midnight, 0 to 86'399'999'999

  /// `2026-03-31 15:00`, `2026-03-31T15:00:00.5`; a date alone is its midnight.
  static std::optional<local_time> parse(std::string_view text);
  friend constexpr auto operator<=>(local_time, local_time) noexcept = default;
};

/// A zone of the IANA data base. Copies are cheap and may be used by any thread.
class time_zone {
 public:
  /// UTC.
  time_zone() noexcept = default;
  /// Throws error_code::not_found, naming near zones, when the data base does not have it.
  static time_zone named(std::string_view name);

  std::string_view name() const noexcept;
  date date_of(instant t) const;
  local_time local(instant t) const;
  /// The first moment of the day in this zone (usually midnight). Like instant_of(), it is
  /// error_code::invalid for a day or time that is not valid.
  instant start_of(date day) const;
  /// A wall time that the clock change skips is moved forward by the gap, as RFC 5545 users expect
  /// of a promise that must not vanish; one that occurs twice is the first of the two.
  instant instant_of(local_time t) const;

 private:
  const void* zone_ = nullptr;  // null is UTC; else an entry of the time zone data base, immortal
};

}  // namespace kith::inline v1
