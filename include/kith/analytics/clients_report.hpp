// SPDX-License-Identifier: Apache-2.0
//
// Who buys most.
#pragma once

#include "kith/core/report.hpp"

namespace kith::inline v1 {

/// Columns: client; orders; net, the sum of their lines without delivery; first and last, the days
/// of its first and last order. Confirmed and shipped orders count; the greatest net stands first.
struct clients_report {
  static constexpr report_def about{.id = 3,
                                    .name = "clients",
                                    .chart = {.mark = "bar", .x = "client", .y = "net"},
                                    .ru = "Лучшие клиенты",
                                    .doc = "The clients that bought most."};

  static constexpr field<clients_report, integer> limit{
      1,           "limit",          required,      initially(10),
      at_least(1), at_most(100'000), ru("Сколько"), "How many at most."};
  static constexpr field<clients_report, text> currency{
      2, "currency", max_length(3), ru("Валюта"),
      "Only what was paid in this one, such as RUB; needed where clients paid in several."};

  static constexpr auto fields = list(limit, currency);
  static table run(report_context<clients_report>& c);
};

}  // namespace kith::inline v1
