// SPDX-License-Identifier: Apache-2.0
//
// Decimals: text, arithmetic and rounding as tables, and the limits from both sides.
#include "kith/core/value/decimal.hpp"

#include <gtest/gtest.h>

#include <string>

#include "exact_outcome.hpp"
#include "text_table.hpp"

namespace kith {
namespace {

std::string parsed(std::string_view text, char point = '.') {
  const auto d = decimal::parse(text, point);
  return d ? d->to_string() : "nothing";
}

decimal calculated(decimal a, char operation, decimal b) {
  return operation == '+' ? a + b : operation == '-' ? a - b : a * b;
}

TEST(decimal, reads_and_writes_text) {
  for (const auto& [text, expected] : text_table<2>(R"(
      0                                        | 0
      -0                                       | 0
      -0.00                                    | 0.00
      007                                      | 7
      12.50                                    | 12.50
      -12.50                                   | -12.50
      0.000000000000000001                     | 0.000000000000000001
      -0.000000000000000001                    | -0.000000000000000001
      9223372036854775807                      | 9223372036854775807
      9223372036854775808                      | nothing
      92233720368547758070                     | nothing
      -9223372036854775808                     | -9223372036854775808
      -9223372036854775809                     | nothing
      -9.223372036854775808                    | -9.223372036854775808
      9.999999999999999999                     | nothing
      00000000000000000000000000000000000001.5 | 1.5
      1.000000000000000000                     | 1.000000000000000000
      1.0000000000000000000                    | nothing
      0.0000000000000000001                    | nothing
                                               | nothing
      -                                        | nothing
      --1                                      | nothing
      +1                                       | nothing
      .5                                       | nothing
      5.                                       | nothing
      .                                        | nothing
      1.2.3                                    | nothing
      1,5                                      | nothing
      1 000                                    | nothing
      1e5                                      | nothing
      0x10                                     | nothing
      NaN                                      | nothing
      ١                                        | nothing
      1/2                                      | nothing
      1:2                                      | nothing)")) {
    EXPECT_EQ(parsed(text), expected) << text;
  }
  EXPECT_EQ(parsed(" 1"), "nothing");
  EXPECT_EQ(parsed("1 "), "nothing");
  EXPECT_EQ(parsed(std::string_view("1\0", 2)), "nothing");
}

TEST(decimal, reads_the_separator_it_is_told) {
  EXPECT_EQ(parsed("12,50", ','), "12.50");
  EXPECT_EQ(parsed("12.50", ','), "nothing");
}

TEST(decimal, refuses_what_is_not_a_number) {
  try {
    decimal("12,50");
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.code(), error_code::invalid);
    EXPECT_NE(e.message().find("\"12,50\""), std::string::npos) << e.message();
  }
}

TEST(decimal, has_a_scale_of_0_to_18) {
  EXPECT_EQ(decimal(1, 18).to_string(), "0.000000000000000001");
  for (const int scale : {-1, 19, 255, 256, 1000}) {
    EXPECT_EQ(outcome([&] { return decimal(1, scale); }), "misuse") << scale;
    EXPECT_EQ(outcome([&] { return decimal(1).with_scale(scale); }), "misuse") << scale;
    EXPECT_EQ(outcome([&] { return decimal(1).rounded(scale, rounding::down); }), "misuse");
    EXPECT_EQ(outcome([&] { return decimal::quotient(1, 1, scale, rounding::down); }), "misuse");
  }
}

TEST(decimal, is_compared_by_value) {
  for (const auto& [a, order, b] : text_table<3>(R"(
      1.50                  | = | 1.5
      0.00                  | = | 0
      1.000000000000000000  | = | 1
      1.49                  | < | 1.5
      -1.5                  | < | -1.49
      0.000000000000000001  | > | 0
      9223372036854775807   | > | 9223372036854775806
      9223372036854775807   | > | 9.223372036854775807
      -9223372036854775808  | < | -9.223372036854775808
      -9223372036854775808  | < | 0.000000000000000000
      -9223372036854775808  | < | 9.223372036854775807)")) {
    const auto found = decimal(a) <=> decimal(b);
    EXPECT_EQ(found < 0 ? "<" : found > 0 ? ">" : "=", order) << a << ' ' << b;
    EXPECT_EQ(decimal(a) == decimal(b), order == "=") << a << ' ' << b;
  }
}

TEST(decimal, calculates_exactly_or_not_at_all) {
  for (const auto& [a, operation, b, expected] : text_table<4>(R"(
      0.1                  | + | 0.2                  | 0.3
      1.50                 | + | 1.5                  | 3.00
      1                    | - | 0.01                 | 0.99
      348.35               | * | 16                   | 5573.60
      -0.5                 | * | 0.5                  | -0.25
      9223372036854775806  | + | 1                    | 9223372036854775807
      9223372036854775807  | + | 1                    | limit
      9223372036854775807  | + | 0.01                 | limit
      -9223372036854775807 | - | 1                    | -9223372036854775808
      -9223372036854775808 | - | 1                    | limit
      -9223372036854775808 | + | 9223372036854775807  | -1
      0                    | - | 9223372036854775807  | -9223372036854775807
      0                    | - | -9223372036854775808 | limit
      -9223372036854775808 | * | 1                    | -9223372036854775808
      -9223372036854775808 | * | -1                   | limit
      -9223372036854775808 | * | -9223372036854775808 | limit
      3037000499           | * | 3037000499           | 9223372030926249001
      3037000500           | * | 3037000500           | limit
      9223372036854775807  | + | 0.00                 | 9223372036854775807
      9223372036854775807  | * | 1.00                 | 9223372036854775807
      9223372036854775807  | * | 1.01                 | limit
      0.0000000010         | * | 0.0000000010         | 0.000000000000000001
      0.0000000001         | * | 0.0000000001         | limit
      0.000000000000000000 | * | 0.000000000000000000 | 0.000000000000000000)")) {
    const auto call = [left = decimal(a), sign = operation[0], right = decimal(b)] {
      return calculated(left, sign, right);
    };
    EXPECT_EQ(outcome(call), expected) << a << operation << b;
  }
}

TEST(decimal, negates_all_but_the_least) {
  EXPECT_EQ(outcome([] { return -decimal("-1.50"); }), "1.50");
  EXPECT_EQ(outcome([] { return -decimal(greatest); }), "-9223372036854775807");
  EXPECT_EQ(outcome([] { return -decimal(least); }), "limit");
}

TEST(decimal, says_which_calculation_did_not_fit) {
  try {
    (void)(decimal(greatest) * decimal("2.5"));
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.code(), error_code::limit);
    EXPECT_NE(e.message().find("the product of 9223372036854775807 and 2.5"), std::string::npos);
  }
}

TEST(decimal, rounds_as_told) {
  // value | digits | half_up | half_even | down | up
  for (const auto& [text, digits, half_up, half_even, down, up] : text_table<6>(R"(
      2.345                | 2 | 2.35  | 2.34  | 2.34  | 2.35
      2.355                | 2 | 2.36  | 2.36  | 2.35  | 2.36
      -2.345               | 2 | -2.35 | -2.34 | -2.34 | -2.35
      -2.355               | 2 | -2.36 | -2.36 | -2.35 | -2.36
      2.3449               | 2 | 2.34  | 2.34  | 2.34  | 2.35
      2.3451               | 2 | 2.35  | 2.35  | 2.34  | 2.35
      2.340                | 2 | 2.34  | 2.34  | 2.34  | 2.34
      7                    | 2 | 7.00  | 7.00  | 7.00  | 7.00
      0.4                  | 0 | 0     | 0     | 0     | 1
      0.5                  | 0 | 1     | 0     | 0     | 1
      -0.5                 | 0 | -1    | 0     | 0     | -1
      1.5                  | 0 | 2     | 2     | 1     | 2
      2.5                  | 0 | 3     | 2     | 2     | 3
      -2.5                 | 0 | -3    | -2    | -2    | -3
      0.500000000000000000 | 0 | 1     | 0     | 0     | 1
      0.500000000000000001 | 0 | 1     | 1     | 0     | 1
      0.999999999999999999 | 0 | 1     | 1     | 0     | 1
      9.223372036854775807 | 1 | 9.2   | 9.2   | 9.2   | 9.3
      -9.223372036854775808 | 0 | -9   | -9    | -9    | -10
      92233720368547758.07 | 3 | limit | limit | limit | limit)")) {
    const auto rounded = [value = decimal(text), scale = std::stoi(digits)](rounding how) {
      return outcome([&] { return value.rounded(scale, how); });
    };
    EXPECT_EQ(rounded(rounding::half_up), half_up) << text;
    EXPECT_EQ(rounded(rounding::half_even), half_even) << text;
    EXPECT_EQ(rounded(rounding::down), down) << text;
    EXPECT_EQ(rounded(rounding::up), up) << text;
  }
}

TEST(decimal, rounds_an_invoice_as_the_domain_does) {
  // 348.35 × 16 minus 4 %, VAT 22 %
  const decimal base =
      (decimal("348.35") * decimal(16) * decimal("0.96")).rounded(2, rounding::half_up);
  const decimal tax = (base * decimal("0.22")).rounded(2, rounding::half_up);
  EXPECT_EQ(base.to_string(), "5350.66");
  EXPECT_EQ(tax.to_string(), "1177.15");
  EXPECT_EQ((base + tax).to_string(), "6527.81");
  // the tax of a group is rounded once, not line by line
  const decimal group = decimal("55.55") + decimal("11.11");
  EXPECT_EQ((group * decimal("0.23")).rounded(2, rounding::half_up).to_string(), "15.33");
}

TEST(decimal, changes_its_scale_without_loss_only) {
  for (const auto& [value, digits, expected] : text_table<3>(R"(
      1.5                  | 2  | 1.50
      1.50                 | 1  | 1.5
      1.55                 | 1  | invalid
      100                  | 0  | 100
      0                    | 18 | 0.000000000000000000
      92233720368547758.07 | 2  | 92233720368547758.07
      92233720368547758.07 | 3  | limit
      -9223372036854775808 | 1  | limit)")) {
    const int scale = std::stoi(digits);
    EXPECT_EQ(outcome([v = decimal(value), scale] { return v.with_scale(scale); }), expected);
  }
}

TEST(decimal, trims_zeros_of_the_fraction) {
  for (const auto& [value, expected] : text_table<2>(R"(
      1.500  | 1.5
      100.00 | 100
      0.000  | 0
      -2.50  | -2.5
      10     | 10)")) {
    EXPECT_EQ(decimal(value).trimmed().to_string(), expected);
  }
}

TEST(decimal, divides_to_a_scale) {
  for (const auto& [a, b, digits, expected] : text_table<4>(R"(
      1                    | 3                    | 4  | 0.3333
      2                    | 3                    | 4  | 0.6667
      -2                   | 3                    | 4  | -0.6667
      1                    | 8                    | 2  | 0.13
      -1                   | 8                    | 2  | -0.13
      1                    | -8                   | 2  | -0.13
      0                    | 5                    | 2  | 0.00
      1                    | 0                    | 2  | invalid
      0                    | 0.00                 | 2  | invalid
      1.00                 | 0.000000000000000001 | 0  | 1000000000000000000
      1                    | 0.000000000000000001 | 1  | limit
      9223372036854775807  | 0.000000000000000001 | 18 | limit
      -9223372036854775808 | 1                    | 0  | -9223372036854775808
      -9223372036854775808 | -1                   | 0  | limit
      -9223372036854775808 | -9223372036854775808 | 18 | 1.000000000000000000
      9223372036854775807  | 9.223372036854775807 | 0  | 1000000000000000000
      9.223372036854775807 | 9223372036854775807  | 18 | 0.000000000000000001
      9.223372036854775807 | 9223372036854775807  | 17 | 0.00000000000000000
      0.000000000000000001 | 9223372036854775807  | 18 | 0.000000000000000000)")) {
    const auto divided = [left = decimal(a), right = decimal(b), scale = std::stoi(digits)] {
      return decimal::quotient(left, right, scale, rounding::half_up);
    };
    EXPECT_EQ(outcome(divided), expected) << a << " / " << b;
  }
}

TEST(decimal, becomes_a_double_for_statistics) {
  EXPECT_EQ(decimal("12.5").to_double(), 12.5);
  EXPECT_EQ(decimal("-0.1").to_double(), -0.1);
  EXPECT_EQ(decimal(least).to_double(), -9223372036854775808.0);
}

}  // namespace
}  // namespace kith
