// SPDX-License-Identifier: Apache-2.0
//
// A live total, typed: what of a row decides whether it counts, in which group, and with what. Only
// cells of the row itself are read, nothing of the clock, the zone or other records, so that the
// row before a change and the row after it say all about the difference.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/expression/bind.hpp"
#include "kith/core/model.hpp"
#include "kith/core/query.hpp"

namespace kith::inline v1 {
namespace detail {

struct total_measure {
  std::string name;
  aggregate what = aggregate::count;
  bool counts_rows = false;
  bound_value of;
  std::vector<program> where;

  bool is_money() const { return !counts_rows && of.type.kind == kind_id::money; }
  bool is_extreme() const { return what == aggregate::min || what == aggregate::max; }
};

struct total_group {
  std::string name;
  result_type type;
  slot_number slot = no_slot;
  storage cells = storage::integer;
};

struct total_type {
  const entity_type* entity = nullptr;
  total_entry line;
  bool kept = false;  ///< its rows are right; else it is counted when it is asked for
  std::vector<program> conditions;
  std::vector<total_group> groups;
  std::vector<total_measure> measures;
  std::vector<slot_number> reads;  ///< slots, the values behind keys included
  bool reads_keys = false;
};

/// Types a line. error_code::query for what has no meaning, error_code::model for what cannot be
/// kept by differences.
total_type typed_total(const model& of, const total_entry& line);

/// A total that can be asked for; error_code::model when this program cannot.
const total_type& total_of(const model& of, const total_entry& line);

}  // namespace detail

/// The totals over one entity, typed when they are first asked for: most openings ask for none.
/// Any thread.
struct entity_totals {
 public:
  /// A model's part; the lines are those of the model.
  entity_totals(const model& of, std::vector<total_entry> lines)
      : of_(of), lines_(std::move(lines)) {}

  const std::vector<detail::total_type>& known() const { return typed().known; }
  /// Kept ones that this program lacks a field of.
  const std::vector<std::uint16_t>& unknown() const { return typed().unknown; }
  /// The known one of this number, or null.
  const detail::total_type* find(std::uint16_t number) const;

 private:
  struct types {
    std::vector<detail::total_type> known;
    std::vector<std::uint16_t> unknown;
  };
  const types& typed() const;

  const model& of_;
  const std::vector<total_entry> lines_;
  // Not std::call_once: where memory ends in it, the C library ends the process.
  mutable std::mutex typing_;
  mutable std::unique_ptr<const types> made_;
  mutable std::atomic<const types*> types_{nullptr};
};

}  // namespace kith::inline v1
