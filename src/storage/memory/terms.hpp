// SPDX-License-Identifier: Apache-2.0
//
// Conditions as a store sees them: which it can answer for, and which are comparisons of one slot
// with constants, so that they say where to look.
#pragma once

#include <span>
#include <vector>

#include "kith/core/program.hpp"

namespace kith::inline v1::memory {

/// `slot what value`: equal, a comparison by order, or in_list. `equal` with null: the slot is
/// null.
struct term {
  slot_number slot = 0;
  storage type = storage::null;  ///< of the slot
  op what = op::equal;
  cell value;
  std::span<const instruction> list;  ///< of in_list
  unsigned condition = 0;             ///< where it stands
};

inline constexpr std::size_t most_terms = 64;

/// Whether the evaluator can run it without other rows and without a time zone.
bool is_takeable(const program& condition);
/// Appends the terms of a condition that is nothing but terms that all hold; false when it is not.
bool read_terms(const program& condition, unsigned number, std::vector<term>& to);

}  // namespace kith::inline v1::memory
