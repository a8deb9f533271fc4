/* SPDX-License-Identifier: Apache-2.0 */
#include "print.h"

#include <stdio.h>

static void print_units(growing *to, int64_t units, int32_t scale) {
  char digits[32];
  uint64_t size = units < 0 ? 0 - (uint64_t)units : (uint64_t)units;
  uint64_t whole = 1;
  int32_t i;
  for (i = 0; i < scale; ++i) whole *= 10;
  snprintf(digits, sizeof digits, "%s%llu", units < 0 ? "-" : "", (unsigned long long)(size / whole));
  grow(to, digits);
  if (scale == 0) return;
  snprintf(digits, sizeof digits, ".%0*llu", (int)scale, (unsigned long long)(size % whole));
  grow(to, digits);
}

/* Days since 1970 on the calendar, by eras of 400 years. */
static void print_date(growing *to, int64_t days) {
  const int64_t shifted = days + 719468;
  const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const int64_t day_of_era = shifted - era * 146097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t from_march = (5 * day_of_year + 2) / 153;
  const int64_t month = from_march < 10 ? from_march + 3 : from_march - 9;
  char text[32];
  snprintf(text, sizeof text, "%04d-%02d-%02d", (int)(year_of_era + era * 400 + (month <= 2)), (int)month,
           (int)(day_of_year - (153 * from_march + 2) / 5 + 1));
  grow(to, text);
}

static void print_instant(growing *to, int64_t microseconds) {
  const int64_t day = INT64_C(86400000000);
  int64_t days = microseconds / day, rest = microseconds % day;
  char text[32];
  if (rest < 0) rest += day, --days;
  print_date(to, days);
  snprintf(text, sizeof text, "T%02d:%02d:%02d", (int)(rest / 3600000000), (int)(rest / 60000000 % 60), (int)(rest / 1000000 % 60));
  grow(to, text);
  if (rest % 1000000 != 0) {
    snprintf(text, sizeof text, ".%06d", (int)(rest % 1000000));
    grow(to, text);
  }
  grow(to, "Z");
}

static void print_duration(growing *to, int64_t microseconds) {
  static const struct unit {
    int64_t size;
    const char *name;
  } units[] = {{INT64_C(86400000000), "d"}, {INT64_C(3600000000), "h"}, {60000000, "min"}, {1000000, "s"}};
  size_t i, written = 0;
  for (i = 0; i < 4; ++i) {
    const int64_t count = microseconds / units[i].size;
    microseconds %= units[i].size;
    if (count == 0) continue;
    if (written++ > 0) grow(to, " ");
    grow_number(to, count);
    grow(to, units[i].name);
  }
  if (written == 0) grow(to, "0s");
}

void print_value(growing *to, const kith_value *value) {
  char text[40];
  switch (value->kind) {
    case KITH_KIND_NONE: break;
    case KITH_KIND_REAL: snprintf(text, sizeof text, "%g", value->real); grow(to, text); break;
    case KITH_KIND_DECIMAL: print_units(to, value->integer, value->scale); break;
    case KITH_KIND_MONEY:
      print_units(to, value->integer, value->scale);
      grow(to, " ");
      grow_text(to, value->text);
      break;
    case KITH_KIND_BOOLEAN: grow(to, value->integer ? "true" : "false"); break;
    case KITH_KIND_DATE: print_date(to, value->integer); break;
    case KITH_KIND_INSTANT: print_instant(to, value->integer); break;
    case KITH_KIND_DURATION: print_duration(to, value->integer); break;
    case KITH_KIND_INTEGER:
    case KITH_KIND_REF:
    case KITH_KIND_ANY_REF: grow_number(to, value->integer); break;
    default: grow_text(to, value->text);
  }
}
