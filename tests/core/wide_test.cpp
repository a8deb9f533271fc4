// SPDX-License-Identifier: Apache-2.0
//
// 128-bit arithmetic at its limits.
#include "core/wide.hpp"

#include <gtest/gtest.h>

namespace kith {
namespace {

TEST(wide, powers_of_ten_fit_up_to_38) {
  static_assert(power_of_ten(0) == 1 && power_of_ten(18) == 1'000'000'000'000'000'000);
  static_assert(power_of_ten(38) / power_of_ten(19) == power_of_ten(19));
  static_assert(wide_max / 10 < power_of_ten(38));
}

TEST(wide, refuses_what_does_not_fit) {
  wide out = 7;
  EXPECT_FALSE(checked_add(wide_max, 1, out));
  EXPECT_FALSE(checked_subtract(wide_min, 1, out));
  EXPECT_FALSE(checked_multiply(wide_min, -1, out));
  EXPECT_FALSE(checked_multiply(power_of_ten(20), power_of_ten(20), out));
  EXPECT_FALSE(divide_rounded(1, 0, rounding::down, out));
  EXPECT_FALSE(divide_rounded(wide_min, -1, rounding::down, out));
  EXPECT_EQ(out, 7) << "the result parameter stays";
}

TEST(wide, holds_what_just_fits) {
  wide out = 0;
  EXPECT_TRUE(checked_add(wide_max - 1, 1, out) && out == wide_max);
  EXPECT_TRUE(checked_subtract(wide_min + 1, 1, out) && out == wide_min);
  EXPECT_TRUE(checked_multiply(wide_min, 1, out) && out == wide_min);
  EXPECT_TRUE(checked_multiply(wide_min / 2, 2, out) && out == wide_min);
  EXPECT_TRUE(checked_multiply(-power_of_ten(19), power_of_ten(19), out));
  EXPECT_TRUE(out == -power_of_ten(38));
  EXPECT_TRUE(divide_rounded(wide_min, wide_min, rounding::half_up, out) && out == 1);
  EXPECT_TRUE(divide_rounded(wide_max, wide_min, rounding::half_up, out) && out == -1);
  EXPECT_TRUE(divide_rounded(wide_max, 2, rounding::half_up, out) && out == wide_max / 2 + 1);
  EXPECT_TRUE(divide_rounded(7, -2, rounding::half_even, out) && out == -4);
  EXPECT_TRUE(fits_int64(INT64_MIN) && !fits_int64(wide{INT64_MIN} - 1));
  EXPECT_TRUE(fits_int64(INT64_MAX) && !fits_int64(wide{INT64_MAX} + 1));
}

}  // namespace
}  // namespace kith
