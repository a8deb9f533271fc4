// SPDX-License-Identifier: Apache-2.0
//
// Dates, instants, durations as text, and their limits.
#include "kith/core/value/time.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "environment.hpp"
#include "kith/core/error.hpp"
#include "text_table.hpp"

namespace kith {
namespace {

template <class Value>
std::string parsed(std::string_view text) {
  const auto value = Value::parse(text);
  return value ? value->to_string() : "nothing";
}

// A wall time as `2026-03-31 900s`: its day and microseconds, so that nothing is read twice.
std::string parsed_local(std::string_view text) {
  const auto t = local_time::parse(text);
  return t ? t->day.to_string() + " " + duration{t->microseconds}.to_string() : "nothing";
}

// The name of the code of the error that the call throws.
template <class Call>
std::string_view refusal(Call call) {
  try {
    call();
  } catch (const error& e) {
    return name_of(e.code());
  }
  return "none";
}

TEST(date, reads_and_writes_text) {
  for (const auto& [text, expected] : text_table<2>(R"(
      2026-03-31  | 2026-03-31
      0001-01-01  | 0001-01-01
      9999-12-31  | 9999-12-31
      2024-02-29  | 2024-02-29
      2000-02-29  | 2000-02-29
      2100-02-28  | 2100-02-28
      1900-02-29  | nothing
      2100-02-29  | nothing
      2026-02-29  | nothing
      2026-04-31  | nothing
      2026-00-10  | nothing
      2026-13-10  | nothing
      2026-10-00  | nothing
      2026-10-32  | nothing
      0000-01-01  | nothing
      10000-01-01 | nothing
      -001-01-01  | nothing
      +026-01-01  | nothing
      2026-3-31   | nothing
      2026-03-3   | nothing
      26-03-31    | nothing
      2026/03/31  | nothing
      2026-03-31Z | nothing
      2026 03 31  | nothing
      2026-+3-31  | nothing
      2026- 3-31  | nothing
      31.03.2026  | nothing
                  | nothing)")) {
    EXPECT_EQ(parsed<date>(text), expected) << text;
  }
  EXPECT_EQ(parsed<date>(" 2026-03-31"), "nothing");
}

TEST(date, knows_its_weekday) {
  for (const auto& [text, weekday] : text_table<2>(R"(
      2026-03-30 | 1
      2026-03-31 | 2
      2026-04-05 | 7
      1970-01-01 | 4
      0001-01-01 | 1
      9999-12-31 | 5
      2000-02-29 | 2)")) {
    EXPECT_EQ(std::to_string(date::parse(text).value().weekday()), weekday) << text;
  }
}

TEST(date, counts_from_1970_and_through_leap_days) {
  EXPECT_EQ(date(1970, 1, 1).days, 0);
  EXPECT_EQ(date(1, 1, 1).days, -719162);
  EXPECT_EQ(date(9999, 12, 31).days, 2932896);
  EXPECT_EQ(date(2024, 2, 28).plus_days(1), date(2024, 2, 29));
  EXPECT_EQ(date(2100, 2, 28).plus_days(1), date(2100, 3, 1));
  EXPECT_EQ(date(2026, 3, 31).year(), 2026);
  EXPECT_EQ(date(2026, 3, 31).month(), 3u);
  EXPECT_EQ(date(2026, 3, 31).day(), 31u);
  EXPECT_LT(date(2026, 3, 31), date(2026, 4, 1));
}

TEST(date, is_invalid_off_the_calendar) {
  static_assert(!date(2026, 4, 31).valid() && date(2026, 4, 30).valid());
  for (const date d : {date(2026, 2, 29), date(2026, 0, 1), date(2026, 13, 1), date(2026, 1, 0),
                       date(0, 1, 1), date(10000, 1, 1), date(67562, 1, 1), date(2026, 257, 1),
                       date(2026, 1, 257), date(-1, 1, 1)}) {
    EXPECT_FALSE(d.valid()) << d.days;
    EXPECT_EQ(d.to_string(), "invalid date");
  }
  EXPECT_FALSE(date::of(2026, 2, 29));
  EXPECT_EQ(date::of(2024, 2, 29), date(2024, 2, 29));
}

TEST(date, stays_invalid_beyond_the_ends) {
  EXPECT_FALSE(date(9999, 12, 31).plus_days(1).valid());
  EXPECT_FALSE(date(1, 1, 1).plus_days(-1).valid());
  EXPECT_FALSE(date(2026, 1, 1).plus_days(INT32_MAX).valid());
  EXPECT_FALSE(date(1, 1, 1).plus_days(INT32_MIN).valid());
  EXPECT_FALSE(date(2026, 2, 29).plus_days(INT32_MAX).valid());
}

TEST(instant, reads_and_writes_text) {
  for (const auto& [text, expected] : text_table<2>(R"(
      2026-03-31T15:00:00Z             | 2026-03-31T15:00:00Z
      2026-03-31 15:00:00Z             | 2026-03-31T15:00:00Z
      2026-03-31T15:00Z                | 2026-03-31T15:00:00Z
      2026-03-31T15:00:00+06:00        | 2026-03-31T09:00:00Z
      2026-03-31T15:00:00+0600         | 2026-03-31T09:00:00Z
      2026-03-31T15:00:00+06           | 2026-03-31T09:00:00Z
      2026-03-31T15:00:00-03:30        | 2026-03-31T18:30:00Z
      2026-03-31T15:00:00-00:00        | 2026-03-31T15:00:00Z
      2026-03-31T02:00:00+06:00        | 2026-03-30T20:00:00Z
      2026-03-31T15:00:00.25+06:00     | 2026-03-31T09:00:00.25Z
      2026-03-31T15:00:00.000001Z      | 2026-03-31T15:00:00.000001Z
      2026-03-31T15:00:00.500000Z      | 2026-03-31T15:00:00.5Z
      2026-03-31T15:00:00.123456000Z   | 2026-03-31T15:00:00.123456Z
      2026-03-31T15:00:00.0000000000Z  | 2026-03-31T15:00:00Z
      2026-03-31T15:00:00.1234567Z     | nothing
      2026-03-31T23:59:59.999999Z      | 2026-03-31T23:59:59.999999Z
      1969-12-31T23:59:59.999999Z      | 1969-12-31T23:59:59.999999Z
      0001-01-01T00:00:00Z             | 0001-01-01T00:00:00Z
      0001-01-01T00:00:00+00:01        | nothing
      0001-01-01T06:00:00+06:00        | 0001-01-01T00:00:00Z
      9999-12-31T23:59:59.999999Z      | 9999-12-31T23:59:59.999999Z
      9999-12-31T23:59:59-00:01        | nothing
      2026-03-31T24:00:00Z             | nothing
      2026-03-31T23:60:00Z             | nothing
      2016-12-31T23:59:60Z             | nothing
      2026-02-29T00:00:00Z             | nothing
      2026-03-31T15:00:00              | nothing
      2026-03-31                       | nothing
      2026-03-31Z                      | nothing
      2026-03-31T15Z                   | nothing
      2026-03-31T15:00:Z               | nothing
      2026-03-31T15:00:00.Z            | nothing
      2026-03-31T15:00:00,5Z           | nothing
      2026-03-31T1500Z                 | nothing
      2026-03-31t15:00:00z             | nothing
      2026-03-31  15:00:00Z            | nothing
      2026-03-31T15:00:00 Z            | nothing
      2026-03-31T15:00:00ZZ            | nothing
      2026-03-31T15:00:00+6            | nothing
      2026-03-31T15:00:00+06:          | nothing
      2026-03-31T15:00:00+06:0         | nothing
      2026-03-31T15:00:00+06:000       | nothing
      2026-03-31T15:00:00+24:00        | nothing
      2026-03-31T15:00:00+06:60        | nothing
      2026-03-31T15:00:00+             | nothing
      2026-03-31T-5:00:00Z             | nothing
                                       | nothing)")) {
    EXPECT_EQ(parsed<instant>(text), expected) << text;
  }
}

TEST(instant, is_invalid_beyond_the_calendar) {
  EXPECT_EQ(instant{INT64_MIN}.to_string(), "invalid instant");
  EXPECT_EQ(instant{INT64_MAX}.to_string(), "invalid instant");
}

TEST(instant, refuses_sums_that_do_not_fit) {
  const instant now = instant::parse("2026-03-31T15:00:00Z").value();
  EXPECT_EQ((now + duration::of_hours(10)).to_string(), "2026-04-01T01:00:00Z");
  EXPECT_EQ((now - duration::of_days(31)).to_string(), "2026-02-28T15:00:00Z");
  EXPECT_EQ((now - instant{0}).microseconds, now.microseconds);
  EXPECT_EQ(refusal([&] { (void)(now + duration{INT64_MAX}); }), "limit");
  EXPECT_EQ(refusal([&] { (void)(instant{-2} - duration{INT64_MAX}); }), "limit");
  EXPECT_EQ(refusal([&] { (void)(now - instant{INT64_MIN}); }), "limit");
}

TEST(instant, comes_from_the_system_clock) {
  const auto clock = std::chrono::system_clock::time_point{} + std::chrono::milliseconds{1500};
  EXPECT_EQ(instant::from(clock).to_string(), "1970-01-01T00:00:01.5Z");
}

TEST(local_time, reads_text) {
  for (const auto& [text, expected] : text_table<2>(R"(
      2026-03-31                  | 2026-03-31 0s
      2026-03-31 15:00            | 2026-03-31 15h
      2026-03-31T15:00:00.5       | 2026-03-31 15h 0.5s
      2026-03-31T23:59:59.999999  | 2026-03-31 23h 59min 59.999999s
      2026-03-31T00:00:00         | 2026-03-31 0s
      2026-03-31T15:00:00.1234567 | nothing
      2026-03-31T24:00            | nothing
      2026-03-31T15               | nothing
      2026-03-31T                 | nothing
      2026-03-31T15:00Z           | nothing
      2026-03-31T15:00+06:00      | nothing
      2026-02-30T15:00            | nothing
      15:00                       | nothing
                                  | nothing)")) {
    EXPECT_EQ(parsed_local(text), expected) << text;
  }
  EXPECT_EQ(parsed_local("2026-03-31 "), "nothing");
}

TEST(duration, reads_and_writes_text) {
  for (const auto& [text, expected] : text_table<2>(R"(
      90s                           | 1min 30s
      15min                         | 15min
      2h                            | 2h
      30d                           | 30d
      1w                            | 7d
      1.5h                          | 1h 30min
      1h 30min                      | 1h 30min
      1h30min                       | 1h 30min
      30min 1h                      | 1h 30min
      1d 2h 3min 4.5s               | 1d 2h 3min 4.5s
      -1h 30min                     | -1h 30min
      -0.5s                         | -0.5s
      0s                            | 0s
      -0h                           | 0s
      0.000001s                     | 0.000001s
      0.0000001s                    | nothing
      0.0000001h                    | 0.00036s
      9223372036854.775807s         | 106751991d 4h 54.775807s
      9223372036854.775808s         | nothing
      -9223372036854.775807s        | -106751991d 4h 54.775807s
      -106751991d 4h 54.775808s     | -106751991d 4h 54.775808s
      106751991d 4h 54.775808s      | nothing
      9223372036854775807w          | nothing
      99999999999999999999s         | nothing
      PT1H30M                       | 1h 30min
      P2D                           | 2d
      P1W                           | 7d
      P1W2DT3H4M5.5S                | 9d 3h 4min 5.5s
      PT0.5S                        | 0.5s
      -PT15M                        | -15min
      PT90M                         | 1h 30min
      P                             | nothing
      PT                            | nothing
      P1DT                          | nothing
      P1Y                           | nothing
      P1M                           | nothing
      PT1H1H                        | nothing
      PT1S1H                        | nothing
      P1H                           | nothing
      PT1D                          | nothing
      PTT1H                         | nothing
      P-1D                          | nothing
      PT1                           | nothing
      pt1h                          | nothing
      5                             | nothing
      0                             | nothing
      h                             | nothing
      5m                            | nothing
      5y                            | nothing
      5 h                           | nothing
      1h  30min                     | nothing
      1h -30min                     | nothing
      1h, 30min                     | nothing
      1.h                           | nothing
      .5h                           | nothing
      1,5h                          | nothing
      --1h                          | nothing
      -                             | nothing
                                    | nothing)")) {
    EXPECT_EQ(parsed<duration>(text), expected) << text;
  }
  EXPECT_EQ(parsed<duration>("1h "), "nothing");
  EXPECT_EQ(parsed<duration>(" 1h"), "nothing");
}

TEST(duration, is_made_of_whole_units_that_fit) {
  static_assert(duration::of_days(1) == duration::of_hours(24));
  static_assert(duration::of_minutes(1) == duration::of_seconds(60));
  EXPECT_EQ(duration::of_days(106'751'991).to_string(), "106751991d");
  EXPECT_EQ(refusal([] { (void)duration::of_days(106'751'992); }), "limit");
  EXPECT_EQ(refusal([] { (void)duration::of_seconds(INT64_MIN); }), "limit");
}

// Any number of microseconds, long and short ones alike.
std::int64_t random_microseconds(std::mt19937_64& random) {
  return static_cast<std::int64_t>(random()) >> (random() % 64);
}

TEST(duration, reads_back_what_it_writes) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const duration d{random_microseconds(random)};
    ASSERT_EQ(duration::parse(d.to_string()), d) << d.to_string();
  }
  EXPECT_EQ(duration::parse(duration{INT64_MIN}.to_string()), duration{INT64_MIN});
}

TEST(instant, reads_back_what_it_writes) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 100'000; ++i) {
    const instant t{random_microseconds(random)};
    ASSERT_EQ(instant::parse(t.to_string()), t.valid() ? std::optional(t) : std::nullopt);
  }
}

TEST(date, reads_back_every_day_of_the_calendar) {
  constexpr int step = sanitized ? 11 : 1;  // shares no factor with weeks, months and years
  for (date d(1, 1, 1); d.valid(); d = d.plus_days(step)) {
    ASSERT_EQ(date::parse(d.to_string()), d);
    ASSERT_EQ(date::of(d.year(), d.month(), d.day()), d);
  }
}

}  // namespace
}  // namespace kith
