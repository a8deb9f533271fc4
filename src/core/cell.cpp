// SPDX-License-Identifier: Apache-2.0
//
// The total order of cells. Integers and reals compare by exact value, never through rounding.
#include "kith/core/cell.hpp"

#include <cmath>

namespace kith::inline v1 {
namespace {

int rank(storage type) {
  switch (type) {
    case storage::null: return 0;
    case storage::integer:
    case storage::real: return 1;
    case storage::text: return 2;
    case storage::blob: return 3;
  }
  return 4;
}

std::strong_ordering compare_reals(double a, double b) {
  if (a < b) return std::strong_ordering::less;
  return a > b ? std::strong_ordering::greater : std::strong_ordering::equal;
}

std::strong_ordering compare_mixed(std::int64_t a, double b) {
  if (b >= 9223372036854775808.0) return std::strong_ordering::less;
  if (b < -9223372036854775808.0) return std::strong_ordering::greater;
  const double whole = std::trunc(b);
  const auto order = a <=> static_cast<std::int64_t>(whole);
  return order != 0 ? order : compare_reals(0.0, b - whole);
}

std::strong_ordering compare_numbers(const cell& a, const cell& b) {
  const bool real_a = a.type() == storage::real;
  const bool real_b = b.type() == storage::real;
  if (!real_a && !real_b) return a.as_integer() <=> b.as_integer();
  if (real_a && real_b) return compare_reals(a.as_real(), b.as_real());
  if (real_b) return compare_mixed(a.as_integer(), b.as_real());
  return 0 <=> compare_mixed(b.as_integer(), a.as_real());
}

}  // namespace

std::strong_ordering operator<=>(const cell& a, const cell& b) noexcept {
  if (a.type() == storage::integer && b.type() == storage::integer) {  // ids, times, amounts: most
    return a.as_integer() <=> b.as_integer();
  }
  const int rank_a = rank(a.type());
  const int rank_b = rank(b.type());
  if (rank_a != rank_b) return rank_a <=> rank_b;
  if (rank_a == 0) return std::strong_ordering::equal;
  if (rank_a == 1) return compare_numbers(a, b);
  return a.as_bytes().compare(b.as_bytes()) <=> 0;
}

}  // namespace kith::inline v1
