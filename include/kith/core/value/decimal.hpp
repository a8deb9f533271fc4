// SPDX-License-Identifier: Apache-2.0
//
// Exact numbers: an integer and how many of its digits stand behind the point. Nothing here rounds
// unless the name of the call says so, and what does not fit is an error, never a wrong number.
//
//   decimal vat = (decimal("348.35") * decimal(16)).rounded(2, rounding::half_up);   // 5573.60
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith::inline v1 {

/// How a digit is dropped. half_up goes away from zero, as EN 16931 rounds documents.
enum class rounding : std::uint8_t { half_up, half_even, down, up };

/// A number units / 10^scale, scale 0 to 18. Comparison is by value: 1.50 equals 1.5.
class decimal {
 public:
  static constexpr int max_scale = 18;

  constexpr decimal() = default;
  constexpr decimal(std::int64_t whole) : units_(whole) {}  // NOLINT: an integer is a decimal
  constexpr decimal(int whole) : units_(whole) {}           // NOLINT
  /// units / 10^scale. Throws error_code::misuse for a scale outside 0 to 18.
  constexpr decimal(std::int64_t units, int scale) : units_(units), scale_(checked(scale)) {}
  /// Throws error_code::invalid when parse() would find nothing.
  explicit decimal(std::string_view text);

  /// Reads `-12.50`; `point` is the decimal separator. No blanks, no grouping, no exponent.
  static std::optional<decimal> parse(std::string_view text, char point = '.');

  constexpr std::int64_t units() const noexcept { return units_; }
  constexpr int scale() const noexcept { return scale_; }
  constexpr bool negative() const noexcept { return units_ < 0; }

  /// The same number with this many digits behind the point; error_code::invalid when digits
  /// other than zero would be lost, error_code::limit when it does not fit.
  decimal with_scale(int scale) const;
  /// Rounded to this many digits behind the point.
  decimal rounded(int scale, rounding how) const;
  /// Without zeros at the end of the fraction.
  decimal trimmed() const;
  /// The quotient rounded to `scale` digits. Division by zero is error_code::invalid.
  static decimal quotient(decimal a, decimal b, int scale, rounding how);

  /// All digits of the scale: `12.50`.
  std::string to_string() const;
  /// For statistics only; never for money.
  double to_double() const noexcept;

  // Exact; error_code::limit when no decimal has the value. A sum has the greater scale of the two,
  // a product the sum of both; zeros at the end give way when the digits would not fit otherwise.
  friend decimal operator+(decimal a, decimal b);
  friend decimal operator-(decimal a, decimal b);
  friend decimal operator*(decimal a, decimal b);
  friend decimal operator-(decimal a);
  friend std::strong_ordering operator<=>(decimal a, decimal b) noexcept;
  friend bool operator==(decimal a, decimal b) noexcept { return (a <=> b) == 0; }

 private:
  static constexpr std::uint8_t checked(int scale) {
    if (scale < 0 || scale > max_scale) refuse_scale(scale);
    return static_cast<std::uint8_t>(scale);
  }
  [[noreturn]] static void refuse_scale(int scale);

  std::int64_t units_ = 0;
  std::uint8_t scale_ = 0;
};

}  // namespace kith::inline v1
