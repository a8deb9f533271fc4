// SPDX-License-Identifier: Apache-2.0
//
// Adding up: count, sum, least, most and mean of cells, exactly. The sum of nothing is null; the
// mean is rounded half even at the scale of what was added. Real numbers are added in the order
// in which they come, which is that of the ids.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/expression/evaluate.hpp"
#include "kith/core/expression.hpp"

namespace kith::inline v1::detail {

class accumulator {
 public:
  accumulator(aggregate what, bool real) : what_(what), real_(real) {}

  void count_row() { ++count_; }
  void add(const stack_cell& value);
  void add_money(const stack_cell& amount, std::string_view currency);
  /// A partial result of a store: so many values with this sum, least or most.
  void merge(std::int64_t count, const stack_cell& value);

  /// Nothing that follows can change the result.
  bool decided() const noexcept { return what_ == aggregate::exists && count_ > 0; }
  stack_cell result() const;
  std::int64_t count() const noexcept { return count_; }
  /// The only currency of what was added; nothing when there was none or several.
  std::optional<std::string> single_currency() const;

 private:
  aggregate what_;
  bool real_;
  bool mixed_ = false;
  std::int64_t count_ = 0;
  stack_cell total_;   // sum, or the least or most so far
  std::string bytes_;  // of a text total_
  std::string currency_;
};

}  // namespace kith::inline v1::detail
