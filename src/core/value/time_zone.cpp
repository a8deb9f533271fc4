// SPDX-License-Identifier: Apache-2.0
//
// Time zones by Howard Hinnant's date library over the system's IANA data base (Debian: tzdata).
// Its header is seen by this file alone. Its zones live as long as the process, so a time_zone is
// a pointer to one of them, and its exceptions end here.
//
// The compiled zone files list changes of the clock up to 2037 only. Later years repeat the year
// of 2027 to 2037 whose days have the same weekdays, as the last rule of the zone has them.
#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <vector>

#include "kith/core/error.hpp"
#include "kith/core/text.hpp"
#include "kith/core/value/time.hpp"

#ifndef USE_OS_TZDB
#  define USE_OS_TZDB 1  // how Debian builds the library; its classes differ without it
#endif
#include <date/tz.h>

namespace kith::inline v1 {

namespace {

using std::chrono::days;
using std::chrono::seconds;
using zone_entry = ::date::time_zone;

constexpr std::int64_t day_seconds = 86'400;

const ::date::tzdb& data_base() {
  try {
    return ::date::get_tzdb();
  } catch (const std::runtime_error& e) {
    throw error(error_code::storage, std::string("the time zone data base cannot be read (") +
                                         e.what() + "); install the package tzdata");
  }
}

std::string refusal(std::string_view name) {
  std::vector<std::string_view> names;
  for (const zone_entry& zone : data_base().zones) names.push_back(zone.name());
  const bool typed = name.size() <= 64 && !invalid_utf8(name);  // else it is no slip of the finger
  const std::string near = typed ? did_you_mean(name, names) : "";
  return "there is no time zone \"" + shortened(name) + "\"" +
         (near.empty() ? ", only those of the IANA data base, such as Asia/Omsk" : "; " + near);
}

const zone_entry& entry_named(std::string_view name) {
  const auto& zones = data_base().zones;  // sorted by name
  const auto zone = std::ranges::lower_bound(zones, name, {}, &zone_entry::name);
  if (zone == zones.end() || zone->name() != name) {
    throw error(error_code::not_found, refusal(name));
  }
  return *zone;
}

// The library reads a zone's file on first use; doing it here keeps later calls from failing.
void load(const zone_entry& zone) {
  try {
    (void)zone.get_info(::date::sys_seconds{});
  } catch (const std::runtime_error& e) {
    throw error(error_code::storage,
                "the time zone " + zone.name() + " cannot be read: " + e.what());
  }
}

std::chrono::sys_days first_of(int year, std::chrono::month month) {
  return std::chrono::year{year} / month / 1;
}

// How many days before this one is the year that stands for it: a multiple of seven.
days distance_to_twin(std::chrono::year_month_day day) {
  // January and February are aligned at the year's start, the rest behind 29 February.
  const auto start =
      day.month() <= std::chrono::February ? std::chrono::January : std::chrono::March;
  const std::chrono::sys_days own = first_of(static_cast<int>(day.year()), start);
  for (int year = 2037; year >= 2027; --year) {
    const days distance = own - first_of(year, start);
    if (distance.count() % 7 == 0) return distance;
  }
  return days{0};  // unreachable: in these years both months begin on each of the seven weekdays
}

// By how much a time after 2037 is looked up earlier; zero while the file has changes to come.
seconds shift_of(const zone_entry& zone, std::int64_t time) {
  constexpr std::int64_t end_of_2037 = 2'145'916'800;
  constexpr std::int64_t end_of_time = 253'402'300'800;
  if (time < end_of_2037 || time >= end_of_time) return seconds{0};
  const auto info = zone.get_info(::date::sys_seconds{seconds{time}});
  if (info.end.time_since_epoch().count() < end_of_time) return seconds{0};
  const std::chrono::sys_days day{std::chrono::floor<days>(seconds{time})};
  return distance_to_twin(day);
}

seconds offset_at(const zone_entry& zone, std::int64_t time) {
  const seconds shift = shift_of(zone, time);
  return zone.get_info(::date::sys_seconds{seconds{time} - shift}).offset;
}

local_time shown(std::int64_t time, std::int64_t microseconds) {
  const auto day = std::chrono::floor<days>(seconds{time}).count();
  return {date::from_days(static_cast<std::int32_t>(day)),
          (time - day * day_seconds) * 1'000'000 + microseconds};
}

void require_valid(local_time t) {
  if (!t.day.valid()) {
    throw error(error_code::invalid, "the date is not on the calendar (0001-01-01 to 9999-12-31)");
  }
  if (t.microseconds < 0 || t.microseconds >= day_seconds * 1'000'000) {
    throw error(error_code::invalid, "the time of day is not between 00:00 and 24:00");
  }
}

instant utc_instant(std::int64_t time, std::int64_t microseconds) {
  return {time * 1'000'000 + microseconds};
}

const zone_entry& entry_of(const void* zone) { return *static_cast<const zone_entry*>(zone); }

}  // namespace

time_zone time_zone::named(std::string_view name) {
  time_zone result;
  if (name == "UTC") return result;
  const zone_entry& zone = entry_named(name);
  load(zone);
  result.zone_ = &zone;
  return result;
}

std::string_view time_zone::name() const noexcept {
  return zone_ ? std::string_view(entry_of(zone_).name()) : "UTC";
}

date time_zone::date_of(instant t) const { return local(t).day; }

local_time time_zone::local(instant t) const {
  const auto time = std::chrono::floor<seconds>(std::chrono::microseconds{t.microseconds}).count();
  const std::int64_t rest = (t.microseconds % 1'000'000 + 1'000'000) % 1'000'000;
  const seconds offset = zone_ ? offset_at(entry_of(zone_), time) : seconds{0};
  return shown(time + offset.count(), rest);
}

instant time_zone::start_of(date day) const {
  require_valid({day, 0});
  const std::int64_t midnight = day.days * day_seconds;
  if (!zone_) return utc_instant(midnight, 0);
  const seconds shift = shift_of(entry_of(zone_), midnight);
  const auto info = entry_of(zone_).get_info(::date::local_seconds{seconds{midnight} - shift});
  if (info.result == ::date::local_info::nonexistent) {  // the day begins after the gap
    return utc_instant((info.first.end.time_since_epoch() + shift).count(), 0);
  }
  return utc_instant(midnight - info.first.offset.count(), 0);
}

instant time_zone::instant_of(local_time t) const {
  require_valid(t);
  const std::int64_t time = t.day.days * day_seconds + t.microseconds / 1'000'000;
  const std::int64_t rest = t.microseconds % 1'000'000;
  if (!zone_) return utc_instant(time, rest);
  const seconds shift = shift_of(entry_of(zone_), time);
  const auto info = entry_of(zone_).get_info(::date::local_seconds{seconds{time} - shift});
  // The offset before the change moves a skipped time by the gap and finds the first of two.
  return utc_instant(time - info.first.offset.count(), rest);
}

}  // namespace kith::inline v1
