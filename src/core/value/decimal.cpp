// SPDX-License-Identifier: Apache-2.0
//
// Decimal arithmetic: every operation is done exactly in 128 bits and narrowed at the end, so the
// only question an operation answers is whether a decimal has the exact result.
#include "kith/core/value/decimal.hpp"

#include <algorithm>
#include <array>

#include "core/wide.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {

namespace {

[[noreturn]] void refuse(const std::string& result) {
  throw error(error_code::limit, result + " does not fit a decimal of 18 digits");
}

// `the sum of 1.5 and 2`
std::string named(const char* operation, decimal a, decimal b) {
  return std::string("the ") + operation + " of " + a.to_string() + " and " + b.to_string();
}

// 63 bits times 10^18 is 123 bits: this always fits.
wide units_at(decimal d, int scale) noexcept {
  wide units = 0;
  (void)checked_multiply(d.units(), power_of_ten(scale - d.scale()), units);
  return units;
}

// Drops zeros from the end of units / 10^scale until a decimal can hold it; false if none can.
bool make_fit(wide& units, int& scale) noexcept {
  while (scale > decimal::max_scale || !fits_int64(units)) {
    if (scale == 0 || units % 10 != 0) return false;
    units /= 10;
    --scale;
  }
  return true;
}

decimal fitted(wide units, int scale, const char* operation, decimal a, decimal b) {
  if (!make_fit(units, scale)) refuse(named(operation, a, b));
  return {static_cast<std::int64_t>(units), scale};
}

// Appends digits to a number that is kept negative, because INT64_MIN has no positive twin.
bool append_digits(std::string_view digits, std::int64_t& negated) noexcept {
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    if (__builtin_mul_overflow(negated, std::int64_t{10}, &negated)) return false;
    if (__builtin_sub_overflow(negated, std::int64_t{c - '0'}, &negated)) return false;
  }
  return !digits.empty();
}

}  // namespace

void decimal::refuse_scale(int scale) {
  throw error(error_code::misuse,
              "a decimal has 0 to 18 digits behind the point, not " + std::to_string(scale));
}

decimal::decimal(std::string_view text) {
  const std::optional<decimal> read = parse(text);
  if (!read) {
    throw error(error_code::invalid, "\"" + shortened(text) +
                                         "\" is not a decimal number; write it as -12.50, with at "
                                         "most 18 digits");
  }
  *this = *read;
}

std::optional<decimal> decimal::parse(std::string_view text, char point) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::string_view whole = text.substr(0, text.find(point));
  const bool has_point = whole.size() < text.size();
  const std::string_view fraction = has_point ? text.substr(whole.size() + 1) : "";
  if (fraction.size() > max_scale) return {};

  std::int64_t units = 0;
  if (!append_digits(whole, units)) return {};
  if (has_point && !append_digits(fraction, units)) return {};
  if (!negative && __builtin_sub_overflow(std::int64_t{0}, units, &units)) return {};
  return decimal(units, static_cast<int>(fraction.size()));
}

decimal decimal::with_scale(int scale) const {
  const decimal result = rounded(scale, rounding::down);
  if (result != *this) {
    throw error(error_code::invalid, to_string() + " has more than " + std::to_string(scale) +
                                         " digits behind the point; round it first");
  }
  return result;
}

decimal decimal::rounded(int scale, rounding how) const {
  (void)checked(scale);
  wide units = 0;
  if (scale >= scale_) {
    units = units_at(*this, scale);
  } else {
    (void)divide_rounded(units_, power_of_ten(scale_ - scale), how, units);
  }
  if (!fits_int64(units)) {
    refuse(to_string() + " with " + std::to_string(scale) + " digits behind the point");
  }
  return {static_cast<std::int64_t>(units), scale};
}

decimal decimal::trimmed() const {
  decimal result = *this;
  while (result.scale_ > 0 && result.units_ % 10 == 0) {
    result.units_ /= 10;
    --result.scale_;
  }
  return result;
}

decimal decimal::quotient(decimal a, decimal b, int scale, rounding how) {
  (void)checked(scale);
  if (b.units_ == 0) {
    throw error(error_code::invalid, a.to_string() + " cannot be divided by zero");
  }
  const int shift = scale + b.scale_ - a.scale_;  // -18 to 36
  wide numerator = a.units_;
  wide denominator = b.units_;
  wide units = 0;
  // A numerator too big for 128 bits means a quotient too big for 64: the divisor has at most 64.
  const bool fits =
      (shift >= 0 ? checked_multiply(numerator, power_of_ten(shift), numerator)
                  : checked_multiply(denominator, power_of_ten(-shift), denominator)) &&
      divide_rounded(numerator, denominator, how, units) && fits_int64(units);
  if (!fits) {
    refuse(named("quotient", a, b) + " with " + std::to_string(scale) + " digits behind the point");
  }
  return {static_cast<std::int64_t>(units), scale};
}

std::string decimal::to_string() const {
  std::array<char, 24> text;  // sign, 19 digits, point
  auto first = text.end();
  auto rest = static_cast<std::uint64_t>(magnitude(units_));
  for (int written = 0; rest != 0 || written <= scale_; ++written) {
    if (written == scale_ && scale_ > 0) *--first = '.';
    *--first = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  if (negative()) *--first = '-';
  return {first, text.end()};
}

double decimal::to_double() const noexcept {
  return static_cast<double>(units_) / static_cast<double>(power_of_ten(scale_));
}

decimal operator+(decimal a, decimal b) {
  const int scale = std::max(a.scale(), b.scale());
  return fitted(units_at(a, scale) + units_at(b, scale), scale, "sum", a, b);
}

decimal operator-(decimal a, decimal b) {
  const int scale = std::max(a.scale(), b.scale());
  return fitted(units_at(a, scale) - units_at(b, scale), scale, "difference", a, b);
}

decimal operator*(decimal a, decimal b) {
  wide units = 0;
  (void)checked_multiply(a.units(), b.units(), units);  // 63 bits each
  return fitted(units, a.scale() + b.scale(), "product", a, b);
}

decimal operator-(decimal a) { return decimal(0) - a; }

std::strong_ordering operator<=>(decimal a, decimal b) noexcept {
  if (a.scale() == b.scale()) return a.units() <=> b.units();
  const int scale = std::max(a.scale(), b.scale());
  const wide left = units_at(a, scale);
  const wide right = units_at(b, scale);
  if (left == right) return std::strong_ordering::equal;
  return left < right ? std::strong_ordering::less : std::strong_ordering::greater;
}

}  // namespace kith::inline v1
