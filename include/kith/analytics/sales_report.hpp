// SPDX-License-Identifier: Apache-2.0
//
// What was sold: orders that were confirmed or shipped, by time, by what, to whom, by whom.
#pragma once

#include "kith/core/report.hpp"

namespace kith::inline v1 {

enum class sales_by : std::int8_t {
  month = 1,
  quarter = 2,
  year = 3,
  product = 4,
  client = 5,
  owner = 6
};
template <>
inline constexpr auto choices<sales_by> = std::array{
    choice_option{1, "month", "месяц"},   choice_option{2, "quarter", "квартал"},
    choice_option{3, "year", "год"},      choice_option{4, "product", "товар"},
    choice_option{5, "client", "клиент"}, choice_option{6, "owner", "ответственный"},
};

/// Columns: what `by` names (2026-03, 2026-Q1, 2026, or a name); orders; net, the sum of their
/// lines by currency, without delivery. In the order of time, or of names.
struct sales_report {
  static constexpr report_def about{
      .id = 2,
      .name = "sales",
      .chart = {.mark = "bar", .x = {}, .y = "net"},
      .ru = "Продажи",
      .doc = "Confirmed and shipped orders, and what their lines are worth."};

  static constexpr field<sales_report, sales_by> by{
      1, "by", required, initially(sales_by::month), ru("По"), "What the rows stand for."};
  static constexpr field<sales_report, date> since{2, "since", ru("С"),
                                                   "The first day of orders that count."};
  static constexpr field<sales_report, date> until{3, "until", ru("По день"),
                                                   "The last day of orders that count."};

  static constexpr auto fields = list(by, since, until);
  static table run(report_context<sales_report>& c);
};

}  // namespace kith::inline v1
