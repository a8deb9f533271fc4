// SPDX-License-Identifier: Apache-2.0
//
// Live totals: sums and counts that are kept up to date inside each commit, so that a board or a
// client's purchase summary is a look-up, however many records there are.
//
//   struct sales_order { …
//     static constexpr auto totals = list(total_def{
//         .name = "purchases", .where = "status in ('confirmed', 'shipped')", .by = "client",
//         .measures = "count() as orders, sum(net) as net, max(ordered) as last"});
//
//   table t = s.total("purchases", {client_id});
//
// Conditions, groups and measures read stored fields of the record itself, no paths, nothing that
// is computed on read, neither today() nor a day in somebody's time zone: a change elsewhere would
// change the total unseen (error_code::model). Groups are fields that are compared by their value
// (references, choices, numbers, dates, exact texts); sums are of whole numbers, decimals,
// durations and money, by currency. Kept by differences, equal to asking the records at any time,
// in the open transaction, too.
//
// A definition belongs to the store: a program that describes it otherwise makes its own the valid
// one when it opens the store for writing, and counts it once, O(n). Every program keeps all that
// are there, also those that it does not describe. One that lacks a field of a total, and writes,
// makes it stale: it is then counted whenever it is asked for, until a program that has the field
// opens the store.
//
// Cost: a transaction that writes looks up and writes each touched group once. When the least or
// greatest value leaves a group, that group is counted: give its fields an index.
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
