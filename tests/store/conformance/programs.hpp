// SPDX-License-Identifier: Apache-2.0
//
// Programs for the tests: written by hand, so that every operation meets every cell, or bound from
// the text of the query language, as the core does it.
//
//   program p = call(op::equal, {load(samples, sample::whole.slot()), constant(5)});
//   std::vector<program> c = conditions(*model, samples, "whole > 5 and exact like 'a%'");
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/expression/evaluate.hpp"
#include "kith/core/store.hpp"

namespace kith::conformance {

program load(const entity_type& entity, slot_number slot);
program constant(const cell& c);
inline program constant(std::int64_t n) { return constant(cell::integer(n)); }
inline program constant(std::string_view text) { return constant(cell::text(text)); }
/// An operation of its operands; `count` is made from their number.
program call(op what, const std::vector<program>& operands);

/// `whole > 5 and not exists(…)` as the core binds it, one program for each conjunct.
std::vector<program> conditions(const model& of, const entity_type& entity, std::string_view text);
/// `lot, price desc` as the core binds it.
std::vector<order_term> order(const model& of, const entity_type& entity, std::string_view text);

/// A row of a program in words: `load whole; constant 5; equal`.
std::string shown(const entity_type& entity, const program& p);

/// Where a cursor stopped, the core goes on: the rows that pass the conditions it did not take.
class residual final : public detail::row_source {
 public:
  residual(connection& through, const model& of) : through_(through), model_(of) {}

  bool passes(const scan_request& request, std::uint64_t taken, const row& r);

  row_ptr referred(std::uint16_t entity, record_id id) override;
  void each_related(std::uint16_t entity, slot_number slot, record_id id,
                    const std::function<bool(const row&)>& visit) override;

 private:
  connection& through_;
  const model& model_;
  detail::evaluator run_{this, {}};
};

}  // namespace kith::conformance
