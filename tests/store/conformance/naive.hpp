// SPDX-License-Identifier: Apache-2.0
//
// What programs mean, once more and as plainly as possible: the expectation of the tests shares no
// code with the core's evaluator, with cells, or with a store.
//
//   naive::world all; all.add(samples, *row);
//   EXPECT_EQ(ids, all.ids(samples, lifecycle::live, conditions));
#pragma once

#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "kith/core/store.hpp"

namespace kith::conformance::naive {

struct bytes {
  std::string all;
};
using value = std::variant<std::monostate, std::int64_t, double, std::string, bytes>;

/// Null first, then numbers, texts, bytes; unlike kinds of numbers compare by value.
int compare(const value& a, const value& b);
inline bool is_null(const value& v) { return v.index() == 0; }
value value_of(const cell& c);

struct record {
  system_cells system;
  std::vector<value> cells;

  value at(slot_number slot) const;
};
record record_of(const entity_type& entity, const row& r);

/// All records of a store.
class world {
 public:
  void add(const entity_type& entity, const row& r) {
    tables_[entity.number][r.id().value] = record_of(entity, r);
  }
  void erase(const entity_type& entity, std::int64_t id) { tables_[entity.number].erase(id); }
  const std::map<std::int64_t, record>& of(const entity_type& e) { return tables_[e.number]; }

  value run(const program& code, const record& r) const;
  bool holds(const program& condition, const record& r) const;

  /// Which records a scan is to find, by id.
  std::vector<std::int64_t> ids(const entity_type& entity, lifecycle rows,
                                std::span<const program> conditions) const;
  /// The same in an order, behind a place.
  std::vector<std::int64_t> ordered_ids(const scan_request& request) const;
  /// Where a record stands in an order: one cell for each term, then the id.
  std::vector<value> place_of(const scan_request& request, std::int64_t id) const;

 private:
  value path(const instruction& load, std::span<const instruction> hops, const record& r) const;

  std::map<std::uint16_t, std::map<std::int64_t, record>> tables_;
};

}  // namespace kith::conformance::naive
