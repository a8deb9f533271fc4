// SPDX-License-Identifier: Apache-2.0
//
// Kind date: a day on the calendar, stored as days since 1970-01-01.
#include "core/kind/date_text.hpp"
#include "core/kind/kinds.hpp"

namespace kith::inline v1::detail {
namespace {

problem_text problem(const kind_options& options, const cell* cells) {
  const std::int64_t days = cells[0].as_integer();
  if (days < -719162 || days > 2932896) return "is not a day of the years 1 to 9999";
  const int year = date::from_days(static_cast<std::int32_t>(days)).year();
  return range_problem(options, year, 0);
}

problem_text parse(const kind_options&, std::string_view text, const text_format& format,
                   cell_sink& to) {
  const auto time = local_time_of(trimmed(text), format.dates);
  if (!time || time->microseconds != 0) return "is not a date such as 2026-03-31";
  to.put(0, cell::integer(time->day.days));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format&, std::string& out) {
  out += date::from_days(static_cast<std::int32_t>(cells[0].as_integer())).to_string();
}

}  // namespace

const kind date_kind{kind_id::date, "date",  "A day on the calendar, without a zone.",
                     problem,       nullptr, parse,
                     print};

}  // namespace kith::inline v1::detail
