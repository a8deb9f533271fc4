// SPDX-License-Identifier: Apache-2.0
//
// The rows of live totals in a store. The id of a row is the total's number and a hash of the
// group: a group is found by its id, a whole total is a range of ids, and no index is needed.
// Groups of one hash share a row.
#pragma once

#include <functional>

#include "core/totals/tally.hpp"
#include "kith/core/store.hpp"

namespace kith::inline v1::detail {

class total_rows {
 public:
  total_rows(connection& through, const model& of);

  /// Whether the store has a place for totals.
  bool exist() const { return through_.has(rows_); }
  group_map read(const total_type& t) const;
  /// The same one after the other, in no order.
  void each_group(
      const total_type& t,
      const std::function<void(std::string_view group, const tally& says)>& visit) const;
  /// The groups that share a row with this one.
  group_map read_row(const total_type& t, std::string_view group) const;
  /// Changes the state of a group; one of no records is removed.
  void change(const total_type& t, const std::string& group, std::int64_t sequence,
              const std::function<void(tally&)>& how);
  /// All rows of a number.
  void clear(std::uint16_t number);
  /// Counts the records and writes what they say, in place of what is there.
  void rebuild(const total_type& t, std::int64_t sequence);

  /// The rows of all totals, in the order of their ids.
  void each(const std::function<void(const row&)>& visit) const;
  static record_id id_of(std::uint16_t number, std::string_view group) noexcept;
  static std::uint16_t number_of(record_id id) noexcept;

 private:
  void each_of(std::uint16_t number, std::span<const slot_number> slots,
               const std::function<void(const row&)>& visit) const;
  void write_row(record_id id, const row_ptr& before, const group_map& groups,
                 std::int64_t sequence);

  connection& through_;
  const entity_type& rows_;
};

/// What the records say: of all groups, or of this one.
group_map counted(connection& through, const total_type& t, const std::string* only = nullptr);

}  // namespace kith::inline v1::detail
