// SPDX-License-Identifier: Apache-2.0
//
// Tables full of unlike cells and nulls, and the one question about every scan: are its claims
// true? What the store took is not done again; what it did not take must be undone by nobody.
//
//   expect_scan({.entity = &samples(), .conditions = conditions, .order = order, .limit = 3});
#pragma once

#include "naive.hpp"
#include "programs.hpp"
#include "suite.hpp"

namespace kith::conformance {

class scan_suite : public suite {
 protected:
  static constexpr std::int64_t sample_count = 60;

  void SetUp() override;

  /// Checks a scan against the naive interpreter: which rows, in which order, how many.
  void expect_scan(scan_request request);
  void expect_condition(const program& condition, lifecycle of = lifecycle::live);
  /// The ids that remain of a cursor after the conditions that it did not take.
  std::vector<std::int64_t> remaining(const scan_request& request, cursor& from);

  program cell_of(slot_number slot) const { return load(samples(), slot); }
  template <class Field>
  program cell_of(const Field& field) const {
    return load(samples(), field.slot());
  }

  naive::world world;
  std::vector<slot_number> every_slot;  // of samples
  std::uint64_t taken_conditions = 0;   // by expect_scan()
  std::uint64_t taken_orders = 0;       // other than by id
};

/// The values that the columns of samples have, null first. By slot.
std::vector<std::vector<owned_cell>> sample_values(const entity_type& samples);

}  // namespace kith::conformance
