// SPDX-License-Identifier: Apache-2.0
//
// Exact sums in 128 bits.
#include "core/expression/accumulate.hpp"

#include <cmath>

#include "kith/core/error.hpp"

namespace kith::inline v1::detail {
namespace {

[[noreturn]] void overflow() {
  throw error(error_code::limit, "a sum does not fit; round() what is added, or add in parts");
}

bool before(const stack_cell& a, const stack_cell& b) {
  if (a.type == storage::integer && b.type == storage::integer) return a.integer < b.integer;
  return (from_stack(a) <=> from_stack(b)) < 0;
}

}  // namespace

void accumulator::add(const stack_cell& value) { merge(1, value); }

void accumulator::merge(std::int64_t count, const stack_cell& value) {
  if (value.is_null()) return;
  count_ += count;
  if (what_ == aggregate::count || what_ == aggregate::exists) return;
  const bool sums = what_ == aggregate::sum || what_ == aggregate::avg;
  if (total_.is_null() || (!sums && before(value, total_) == (what_ == aggregate::min) &&
                           (before(value, total_) || before(total_, value)))) {
    total_ = value;
    bytes_ = value.bytes;
    total_.bytes = bytes_;
  } else if (sums && real_) {
    total_.real += value.real;
  } else if (sums && !checked_add(total_.integer, value.integer, total_.integer)) {
    overflow();
  }
}

void accumulator::add_money(const stack_cell& amount, std::string_view currency) {
  if (amount.is_null()) return;
  if (count_ == 0) currency_ = currency;
  mixed_ = mixed_ || currency_ != currency;
  add(amount);
}

std::optional<std::string> accumulator::single_currency() const {
  if (count_ == 0 || mixed_) return {};
  return currency_;
}

stack_cell accumulator::result() const {
  stack_cell c;
  if (what_ == aggregate::count || what_ == aggregate::exists) {
    c.type = storage::integer;
    c.integer = what_ == aggregate::count ? count_ : count_ > 0;
    return c;
  }
  c = total_;
  c.bytes = bytes_;
  if (c.is_null()) return c;
  if (what_ == aggregate::avg) {
    if (real_) {
      c.real /= static_cast<double>(count_);
    } else if (!divide_rounded(c.integer, count_, rounding::half_even, c.integer)) {
      overflow();
    }
  }
  if (real_ && !std::isfinite(c.real)) overflow();
  return c;
}

}  // namespace kith::inline v1::detail
