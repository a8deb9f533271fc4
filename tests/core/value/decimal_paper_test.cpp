// SPDX-License-Identifier: Apache-2.0
//
// 200,000 random operations, by Kith and by school arithmetic on digits (`paper`), which shares no
// code with Kith: both must give the same digits, and refuse the same operations.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>

#include "environment.hpp"
#include "exact_outcome.hpp"
#include "kith/core/value/decimal.hpp"

namespace kith {
namespace {

// A number as a pupil writes it: a sign, digits from the greatest down, and where the point stands.
struct paper {
  bool minus = false;
  std::string digits;
  int scale = 0;
};

std::string stripped(std::string digits) {
  return digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
}

bool less(const std::string& a, const std::string& b) {  // both stripped
  return std::tuple(a.size(), std::string_view(a)) < std::tuple(b.size(), std::string_view(b));
}

std::string sum(std::string a, std::string b) {
  const std::size_t size = std::max(a.size(), b.size()) + 1;
  a.insert(0, size - a.size(), '0');
  b.insert(0, size - b.size(), '0');
  for (std::size_t i = size, carry = 0; i-- > 0; carry /= 10) {
    carry += static_cast<std::size_t>(a[i] - '0' + b[i] - '0');
    a[i] = static_cast<char>('0' + carry % 10);
  }
  return stripped(a);
}

std::string difference(std::string a, std::string b) {  // a is not less than b
  b.insert(0, a.size() - b.size(), '0');
  for (std::size_t i = a.size(), borrow = 0; i-- > 0;) {
    const int digit = a[i] - b[i] - static_cast<int>(borrow);
    borrow = digit < 0;
    a[i] = static_cast<char>('0' + (digit + 10) % 10);
  }
  return stripped(a);
}

std::string product(const std::string& a, const std::string& b) {
  std::string total;
  for (const char digit : b) {
    if (!total.empty()) total += '0';
    for (char times = '0'; times < digit; ++times) total = sum(total, a);
  }
  return total;
}

// Long division; what is left over stays in `rest`.
std::string quotient(const std::string& a, const std::string& b, std::string& rest) {
  std::string result;
  rest.clear();
  for (const char digit : a) {
    rest = stripped(rest + digit);
    char times = '0';
    for (; !less(rest, b); ++times) rest = difference(rest, b);
    result += times;
  }
  return stripped(result);
}

std::string shifted(std::string digits, int zeros) {
  return stripped(digits.append(static_cast<std::size_t>(zeros), '0'));
}

paper on_paper(decimal d) {
  std::string digits = std::to_string(d.units());
  if (d.units() < 0) digits.erase(0, 1);
  return {d.units() < 0, stripped(digits), d.scale()};
}

paper add(paper a, paper b) {
  const int scale = std::max(a.scale, b.scale);
  a.digits = shifted(a.digits, scale - a.scale);
  b.digits = shifted(b.digits, scale - b.scale);
  if (a.minus == b.minus) return {a.minus, sum(a.digits, b.digits), scale};
  if (less(a.digits, b.digits)) std::swap(a, b);
  return {a.minus, difference(a.digits, b.digits), scale};
}

paper divide(const paper& a, const paper& b, int scale, rounding how) {
  std::string rest;
  const std::string divisor = shifted(b.digits, a.scale);
  std::string digits = quotient(shifted(a.digits, b.scale + scale), divisor, rest);
  const std::string twice = sum(rest, rest);
  const bool half = twice == divisor;
  const bool above = less(divisor, twice);
  const bool odd = !digits.empty() && (digits.back() - '0') % 2 == 1;
  const bool away = (how == rounding::up && !rest.empty()) ||
                    (how == rounding::half_up && (half || above)) ||
                    (how == rounding::half_even && (above || (half && odd)));
  if (away) digits = sum(digits, "1");
  return {a.minus != b.minus, digits, scale};
}

bool fits(const paper& p) {
  const std::string_view limit = p.minus ? least.substr(1) : greatest;
  return p.scale <= 18 && !less(std::string(limit), p.digits);
}

std::string text_of(paper p) {
  const auto size = static_cast<std::size_t>(p.scale);
  const bool minus = p.minus && !p.digits.empty();
  if (p.digits.size() <= size) p.digits.insert(0, size + 1 - p.digits.size(), '0');
  if (size > 0) p.digits.insert(p.digits.size() - size, ".");
  return (minus ? "-" : "") + p.digits;
}

// What Kith should say: zeros may go from the end of a sum or product, not of a rounded number.
std::string expected(paper p, bool may_drop_zeros) {
  while (may_drop_zeros && !fits(p) && p.scale > 0 &&
         (p.digits.empty() || p.digits.back() == '0')) {
    if (!p.digits.empty()) p.digits.pop_back();
    --p.scale;
  }
  return fits(p) ? text_of(p) : "limit";
}

decimal random_decimal(std::mt19937_64& random) {
  constexpr std::int64_t ends[] = {INT64_MIN, INT64_MAX, INT64_MIN + 1, 0, 1, -1, 5, 10, 1'000'000};
  const int scale = static_cast<int>(random() % 19);
  if (random() % 8 == 0) return {ends[random() % std::size(ends)], scale};
  const auto bits = static_cast<std::int64_t>(random());
  std::int64_t units = bits >> (random() % 64);
  for (auto zeros = random() % 4; zeros > 0 && units % 1'000'000 == units; --zeros) units *= 10;
  return {units, scale};
}

// One operation twice: by Kith, and on paper.
std::pair<std::string, std::string> replayed(std::mt19937_64& random) {
  const decimal a = random_decimal(random);
  const decimal b = random_decimal(random);
  const paper left = on_paper(a);
  const paper right = on_paper(b);
  const int scale = static_cast<int>(random() % 19);
  const auto how = static_cast<rounding>(random() % 4);
  switch (random() % 6) {
    case 0: return {outcome([&] { return a + b; }), expected(add(left, right), true)};
    case 1: {
      const paper negated{!right.minus, right.digits, right.scale};
      return {outcome([&] { return a - b; }), expected(add(left, negated), true)};
    }
    case 2:
      return {outcome([&] { return a * b; }),
              expected({left.minus != right.minus, product(left.digits, right.digits),
                        left.scale + right.scale},
                       true)};
    case 3:
      return {outcome([&] { return decimal::quotient(a, b, scale, how); }),
              right.digits.empty() ? "invalid" : expected(divide(left, right, scale, how), false)};
    case 4:
      return {outcome([&] { return a.rounded(scale, how); }),
              expected(divide(left, {false, "1", 0}, scale, how), false)};
    default: {
      const paper rest = add(left, {!right.minus, right.digits, right.scale});
      const auto order = a <=> b;
      return {order < 0   ? "<"
              : order > 0 ? ">"
                          : "=",
              rest.digits.empty() ? "="
              : rest.minus        ? "<"
                                  : ">"};
    }
  }
}

TEST(decimal, agrees_with_school_arithmetic) {
  std::mt19937_64 random(20260331);
  constexpr std::uint64_t operations = rounds(200'000);
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < operations; ++i) {
    const auto [result, wanted] = replayed(random);
    ASSERT_EQ(result, wanted) << "operation " << i;
    refused += result == "limit";
  }
  EXPECT_GT(refused, operations / 10) << "both sides of the limit are met";
  EXPECT_LT(refused, operations / 2);
}

TEST(decimal, reads_back_what_it_writes) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const decimal d = random_decimal(random);
    ASSERT_EQ(d.to_string(), text_of(on_paper(d)));
    const auto read = decimal::parse(d.to_string());
    ASSERT_TRUE(read);
    ASSERT_EQ(read->units(), d.units());
    ASSERT_EQ(read->scale(), d.scale());
  }
}

}  // namespace
}  // namespace kith
