// SPDX-License-Identifier: Apache-2.0
//
// Time zones where clocks and rules change: gaps, folds, skipped days, and the years after 2037.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "kith/core/error.hpp"
#include "kith/core/value/time.hpp"
#include "text_table.hpp"

namespace kith {
namespace {

std::string shown(local_time t) {
  return t.day.to_string() + " " + instant{t.microseconds}.to_string().substr(11, 8);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

error refusal(std::string_view zone) {
  try {
    time_zone::named(zone);
  } catch (const error& e) {
    return e;
  }
  return {error_code::misuse, "nothing was refused"};
}

TEST(time_zone, shows_the_wall_clock) {
  for (const auto& [zone, moment, expected] : text_table<3>(R"(
      UTC              | 2026-03-31T15:00:00Z | 2026-03-31 15:00:00
      Asia/Omsk        | 2026-03-31T20:30:00Z | 2026-04-01 02:30:00
      Asia/Omsk        | 2014-10-25T18:59:59Z | 2014-10-26 01:59:59
      Asia/Omsk        | 2014-10-25T19:00:00Z | 2014-10-26 01:00:00
      Asia/Omsk        | 2011-03-26T19:59:59Z | 2011-03-27 01:59:59
      Asia/Omsk        | 2011-03-26T20:00:00Z | 2011-03-27 03:00:00
      Europe/Moscow    | 2011-03-26T22:59:59Z | 2011-03-27 01:59:59
      Europe/Moscow    | 2011-03-26T23:00:00Z | 2011-03-27 03:00:00
      Europe/Moscow    | 2014-10-25T21:59:59Z | 2014-10-26 01:59:59
      Europe/Moscow    | 2014-10-25T22:00:00Z | 2014-10-26 01:00:00
      Europe/Paris     | 2022-03-27T00:59:59Z | 2022-03-27 01:59:59
      Europe/Paris     | 2022-03-27T01:00:00Z | 2022-03-27 03:00:00
      Europe/Paris     | 2022-10-30T00:59:59Z | 2022-10-30 02:59:59
      Europe/Paris     | 2022-10-30T01:00:00Z | 2022-10-30 02:00:00
      America/New_York | 2022-03-13T07:00:00Z | 2022-03-13 03:00:00
      America/New_York | 2022-11-06T05:59:59Z | 2022-11-06 01:59:59
      America/New_York | 2022-11-06T06:00:00Z | 2022-11-06 01:00:00
      Asia/Kathmandu   | 2026-01-01T00:00:00Z | 2026-01-01 05:45:00
      Pacific/Apia     | 2011-12-30T09:59:59Z | 2011-12-29 23:59:59
      Pacific/Apia     | 2011-12-30T10:00:00Z | 2011-12-31 00:00:00)")) {
    const time_zone z = time_zone::named(zone);
    const instant t = instant::parse(moment).value();
    EXPECT_EQ(shown(z.local(t)), expected) << zone << ' ' << moment;
    EXPECT_EQ(z.date_of(t), date::parse(expected.substr(0, 10))) << zone << ' ' << moment;
  }
}

TEST(time_zone, finds_the_moment_of_a_wall_time) {
  // skipped times move forward by the gap; of two moments it is the first
  for (const auto& [zone, wall, expected] : text_table<3>(R"(
      UTC              | 2026-03-31 15:00:00.5 | 2026-03-31T15:00:00.5Z
      Asia/Omsk        | 2026-03-31 15:00      | 2026-03-31T09:00:00Z
      Asia/Omsk        | 2011-03-27 02:30      | 2011-03-26T20:30:00Z
      Asia/Omsk        | 2014-10-26 01:30      | 2014-10-25T18:30:00Z
      Europe/Moscow    | 2011-03-27 02:30      | 2011-03-26T23:30:00Z
      Europe/Moscow    | 2014-10-26 01:30      | 2014-10-25T21:30:00Z
      Europe/Moscow    | 2014-10-26 02:00      | 2014-10-25T23:00:00Z
      Europe/Paris     | 2022-03-27 01:59:59   | 2022-03-27T00:59:59Z
      Europe/Paris     | 2022-03-27 02:00      | 2022-03-27T01:00:00Z
      Europe/Paris     | 2022-03-27 02:30      | 2022-03-27T01:30:00Z
      Europe/Paris     | 2022-03-27 03:00      | 2022-03-27T01:00:00Z
      Europe/Paris     | 2022-10-30 02:30      | 2022-10-30T00:30:00Z
      Europe/Paris     | 2022-10-30 03:00      | 2022-10-30T02:00:00Z
      America/New_York | 2022-03-13 02:30      | 2022-03-13T07:30:00Z
      America/New_York | 2022-11-06 01:30      | 2022-11-06T05:30:00Z
      Pacific/Apia     | 2011-12-30 12:00      | 2011-12-30T22:00:00Z)")) {
    const instant t = time_zone::named(zone).instant_of(local_time::parse(wall).value());
    EXPECT_EQ(t.to_string(), expected) << zone << ' ' << wall;
  }
}

TEST(time_zone, knows_when_a_day_starts) {
  for (const auto& [zone, day, expected] : text_table<3>(R"(
      UTC               | 2026-03-31 | 2026-03-31T00:00:00Z
      Asia/Omsk         | 2026-03-31 | 2026-03-30T18:00:00Z
      Europe/Paris      | 2022-03-27 | 2022-03-26T23:00:00Z
      Europe/Paris      | 2022-03-28 | 2022-03-27T22:00:00Z
      America/Sao_Paulo | 2018-11-04 | 2018-11-04T03:00:00Z
      America/Sao_Paulo | 2018-02-18 | 2018-02-18T03:00:00Z
      America/Havana    | 2022-11-06 | 2022-11-06T04:00:00Z
      Asia/Beirut       | 2022-03-27 | 2022-03-26T22:00:00Z
      America/Toronto   | 1919-03-31 | 1919-03-31T04:30:00Z
      Pacific/Apia      | 2011-12-29 | 2011-12-29T10:00:00Z
      Pacific/Apia      | 2011-12-30 | 2011-12-30T10:00:00Z
      Pacific/Apia      | 2011-12-31 | 2011-12-30T10:00:00Z)")) {
    const instant t = time_zone::named(zone).start_of(date::parse(day).value());
    EXPECT_EQ(t.to_string(), expected) << zone << ' ' << day;
  }
}

TEST(time_zone, keeps_the_last_rule_after_2037) {
  for (const auto& [zone, wall, expected] : text_table<3>(R"(
      Europe/Paris     | 2037-07-01 12:00 | 2037-07-01T10:00:00Z
      Europe/Paris     | 2038-07-01 12:00 | 2038-07-01T10:00:00Z
      Europe/Paris     | 2038-01-01 00:00 | 2037-12-31T23:00:00Z
      Europe/Paris     | 2040-02-29 12:00 | 2040-02-29T11:00:00Z
      Europe/Paris     | 2040-03-25 02:30 | 2040-03-25T01:30:00Z
      Europe/Paris     | 2040-03-25 01:30 | 2040-03-25T00:30:00Z
      Europe/Paris     | 2040-10-28 02:30 | 2040-10-28T00:30:00Z
      Europe/Paris     | 2040-10-28 03:30 | 2040-10-28T02:30:00Z
      Europe/Paris     | 9999-07-01 12:00 | 9999-07-01T10:00:00Z
      Europe/Paris     | 2052-03-31 01:30 | 2052-03-31T00:30:00Z
      Europe/Paris     | 2052-03-31 02:30 | 2052-03-31T01:30:00Z
      America/New_York | 2048-03-08 02:30 | 2048-03-08T07:30:00Z
      America/New_York | 2048-11-01 01:30 | 2048-11-01T05:30:00Z
      Australia/Sydney | 2041-01-15 12:00 | 2041-01-15T01:00:00Z
      Australia/Sydney | 2041-07-15 12:00 | 2041-07-15T02:00:00Z
      Europe/Moscow    | 2040-07-01 12:00 | 2040-07-01T09:00:00Z
      Asia/Omsk        | 2050-01-01 00:00 | 2049-12-31T18:00:00Z)")) {
    const time_zone z = time_zone::named(zone);
    const local_time t = local_time::parse(wall).value();
    EXPECT_EQ(z.instant_of(t).to_string(), expected) << zone << ' ' << wall;
  }
  const time_zone cairo = time_zone::named("Africa/Cairo");  // clocks change at midnight
  EXPECT_EQ(cairo.start_of(date(2040, 4, 27)).to_string(), "2040-04-26T22:00:00Z");
  EXPECT_EQ(shown(cairo.local(cairo.start_of(date(2040, 4, 27)))), "2040-04-27 01:00:00");
}

// Every instant must be shown as a wall time that names it, or the other one of a fold.
TEST(time_zone, agrees_with_itself_every_three_hours_for_seventy_years) {
  const duration step = duration::of_hours(3);
  for (const char* name : {"Europe/Paris", "America/New_York", "Asia/Omsk", "Australia/Lord_Howe",
                           "Pacific/Apia", "America/St_Johns"}) {
    const time_zone z = time_zone::named(name);
    for (instant t{0}; t.microseconds < 2'208'988'800'000'000; t = t + step) {
      const duration gone = t - z.instant_of(z.local(t));
      ASSERT_GE(gone, duration{0}) << name << ' ' << t.to_string();
      ASSERT_LE(gone, duration::of_hours(2)) << name << ' ' << t.to_string();
      ASSERT_LE(z.start_of(z.date_of(t)), t) << name << ' ' << t.to_string();
    }
  }
}

TEST(time_zone, shows_any_instant_there_is) {
  const time_zone omsk = time_zone::named("Asia/Omsk");
  EXPECT_EQ(shown(omsk.local(instant::parse("0001-01-01T00:00:00Z").value())),
            "0001-01-01 04:53:30");  // local mean time
  EXPECT_FALSE(omsk.date_of(instant::parse("9999-12-31T23:00:00Z").value()).valid());
  EXPECT_FALSE(omsk.date_of(instant{INT64_MAX}).valid());
  EXPECT_FALSE(omsk.date_of(instant{INT64_MIN}).valid());
  EXPECT_EQ(omsk.local(instant{-1}).microseconds % 1'000'000, 999'999);
}

TEST(time_zone, refuses_days_and_times_that_are_not) {
  const local_time noon{date(2026, 3, 31), 43'200'000'000};
  for (const char* name : {"UTC", "Asia/Omsk"}) {
    const time_zone z = time_zone::named(name);
    EXPECT_NO_THROW(z.instant_of(noon));
    EXPECT_THROW(z.start_of(date(2026, 2, 29)), error);
    EXPECT_THROW(z.start_of(date::from_days(INT32_MAX)), error);
    EXPECT_THROW(z.instant_of({noon.day, 86'400'000'000}), error);
    EXPECT_THROW(z.instant_of({noon.day, -1}), error);
    EXPECT_THROW(z.instant_of({date::from_days(INT32_MIN), 0}), error);
  }
}

TEST(time_zone, is_utc_by_default) {
  EXPECT_EQ(time_zone().name(), "UTC");
  EXPECT_EQ(time_zone::named("UTC").name(), "UTC");
  EXPECT_EQ(time_zone::named("Asia/Omsk").name(), "Asia/Omsk");
}

TEST(time_zone, unknown_is_not_found_and_names_a_near_one) {
  for (const char* name : {"Europe/Pariss", "europe/paris"}) {
    const error e = refusal(name);
    EXPECT_EQ(e.code(), error_code::not_found);
    EXPECT_TRUE(contains(e.message(), name)) << e.message();
    EXPECT_TRUE(contains(e.message(), "did you mean Europe/Paris")) << e.message();
  }
  for (const std::string& name : {std::string(), std::string("../../etc/passwd"),
                                  std::string("\xff\xfe"), std::string(100'000, 'x')}) {
    EXPECT_EQ(refusal(name).code(), error_code::not_found);
    EXPECT_LT(refusal(name).message().size(), 400u);
  }
}

TEST(time_zone, may_be_used_by_many_threads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (const char* name : {"Asia/Tokyo", "Europe/Berlin", "America/Denver", "Africa/Cairo"}) {
        const time_zone z = time_zone::named(name);
        EXPECT_EQ(z.date_of(z.start_of(date(2026, 3, 31))), date(2026, 3, 31)) << name;
      }
    });
  }
  for (std::thread& t : threads) t.join();
}

}  // namespace
}  // namespace kith
