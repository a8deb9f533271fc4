// SPDX-License-Identifier: Apache-2.0
//
// Live totals: sums and counts that are kept up to date inside each commit, so that a board or a
// client's purchase summary is a look-up, however many records there are.
//
//   struct sales_order { …
//     static constexpr auto totals = list(total_def{
//         .name = "purchases", .where = "state <> 'cancelled'", .by = "client",
//         .measures = "count() as orders, sum(net) as net, min(placed) as first, max(placed) as
//         last"});
//
//   table t = s.total("purchases", {value(client_id)});
//
// Conditions, groups and measures read fields of the record itself (stored ones), not paths: a
// change elsewhere would change the total unseen (error_code::model). Kept by differences, never by
// absolute values somebody cached; equal to asking the records at any time, in the open
// transaction, too.
#pragma once

#include <array>
#include <concepts>
#include <string>
#include <string_view>

namespace kith::inline v1 {

/// A total over the live records of an entity.
struct total_def {
  std::string_view name{};      ///< unique in the model
  std::string_view where{};     ///< query language; empty: all live records
  std::string_view by{};        ///< fields, separated by commas; empty: one group
  std::string_view measures{};  ///< `count() as n, sum(amount) as amount`; also min, max
  std::string_view doc{};
};

/// The totals of an entity: `static constexpr auto totals = list(total_def{…}, …)`.
template <std::same_as<total_def>... Totals>
consteval std::array<total_def, sizeof...(Totals)> list(const Totals&... totals) {
  return {totals...};
}

/// A total that a user defines at run time, such as the count of a saved segment.
struct custom_total {
  std::string name;
  std::string entity;  ///< by name
  std::string where;
  std::string by;
  std::string measures;
};

}  // namespace kith::inline v1
