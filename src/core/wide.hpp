// SPDX-License-Identifier: Apache-2.0
//
// Whole numbers of 128 bits, between two decimals and their result: products and quotients are
// formed exactly here and only then checked against the 64 bits of a decimal.
//
//   wide product = 0;
//   if (!checked_multiply(a, power_of_ten(4), product)) ...   // did not fit
//
// Nothing here throws, allocates or overflows. Products go through unsigned arithmetic, because
// Clang calls a function for signed 128-bit overflow that GCC's run-time library does not have.
#pragma once

#include <array>
#include <cstdint>

#include "kith/core/value/decimal.hpp"

namespace kith::inline v1 {

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 unsigned_wide;

inline constexpr wide wide_max = static_cast<wide>(~unsigned_wide{0} >> 1);
inline constexpr wide wide_min = -wide_max - 1;

/// The greatest power of ten that fits.
inline constexpr int max_power_of_ten = 38;

inline constexpr auto powers_of_ten = [] {
  std::array<wide, max_power_of_ten + 1> powers{1};
  for (int i = 1; i <= max_power_of_ten; ++i) {
    powers[i] = static_cast<wide>(static_cast<unsigned_wide>(powers[i - 1]) * 10u);
  }
  return powers;
}();

/// 10^n for n from 0 to 38.
constexpr wide power_of_ten(int n) noexcept { return powers_of_ten[static_cast<std::size_t>(n)]; }

constexpr bool fits_int64(wide n) noexcept { return n >= INT64_MIN && n <= INT64_MAX; }

/// The distance from zero; also right for wide_min.
constexpr unsigned_wide magnitude(wide n) noexcept {
  return n < 0 ? ~static_cast<unsigned_wide>(n) + 1 : static_cast<unsigned_wide>(n);
}

/// The number of this magnitude and sign; false when it does not fit, and `out` stays.
[[nodiscard]] constexpr bool from_magnitude(unsigned_wide size, bool negative, wide& out) noexcept {
  if (size > magnitude(wide_min) - (negative ? 0 : 1)) return false;
  out = static_cast<wide>(negative ? ~size + 1 : size);
  return true;
}

// Each is false when the result does not fit, and the result parameter stays.

[[nodiscard]] constexpr bool checked_add(wide a, wide b, wide& sum) noexcept {
  wide result = 0;
  if (__builtin_add_overflow(a, b, &result)) return false;
  sum = result;
  return true;
}

[[nodiscard]] constexpr bool checked_subtract(wide a, wide b, wide& difference) noexcept {
  wide result = 0;
  if (__builtin_sub_overflow(a, b, &result)) return false;
  difference = result;
  return true;
}

[[nodiscard]] constexpr bool checked_multiply(wide a, wide b, wide& product) noexcept {
  unsigned_wide size = 0;
  if (__builtin_mul_overflow(magnitude(a), magnitude(b), &size)) return false;
  return from_magnitude(size, (a < 0) != (b < 0), product);
}

/// Whether a quotient moves one away from zero, given what the division left over.
constexpr bool rounds_away(unsigned_wide remainder, unsigned_wide divisor, bool odd,
                           rounding how) noexcept {
  if (remainder == 0) return false;
  const unsigned_wide rest = divisor - remainder;  // instead of doubling, which could overflow
  switch (how) {
    case rounding::half_up: return remainder >= rest;
    case rounding::half_even: return remainder > rest || (remainder == rest && odd);
    case rounding::down: return false;
    case rounding::up: return true;
  }
  return false;
}

/// a / b rounded to a whole number; false for division by zero and wide_min / -1.
[[nodiscard]] constexpr bool divide_rounded(wide a, wide b, rounding how, wide& quotient) noexcept {
  if (b == 0) return false;
  const unsigned_wide divisor = magnitude(b);
  unsigned_wide size = magnitude(a) / divisor;
  const unsigned_wide remainder = magnitude(a) - size * divisor;
  if (rounds_away(remainder, divisor, (size & 1) != 0, how)) ++size;
  return from_magnitude(size, (a < 0) != (b < 0), quotient);
}

}  // namespace kith::inline v1
