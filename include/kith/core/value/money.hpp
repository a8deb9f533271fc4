// SPDX-License-Identifier: Apache-2.0
//
// An amount in a currency. Unlike currencies do not add; the sum of many amounts is therefore a
// map (money_sum). The default scale is the currency's ISO 4217 exponent: 2 for EUR, 0 for JPY.
//
//   money price = eur("9.99");
//   money_sum total; total.add(price); total.add(rub(100));   // 9.99 EUR, 100.00 RUB
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "kith/core/value/decimal.hpp"

namespace kith::inline v1 {

/// An ISO 4217 code; empty is "no currency".
class currency_code {
 public:
  constexpr currency_code() = default;
  /// Throws error_code::invalid, naming near codes, unless ISO 4217 lists it.
  explicit currency_code(std::string_view iso);
  static std::optional<currency_code> parse(std::string_view iso) noexcept;

  /// How many digits the minor unit has: EUR 2, JPY 0, KWD 3.
  int exponent() const noexcept;
  std::string_view text() const noexcept { return {letters_.data(), letters_[0] ? 3u : 0u}; }
  constexpr explicit operator bool() const noexcept { return letters_[0] != 0; }
  friend constexpr auto operator<=>(const currency_code&, const currency_code&) = default;

 private:
  std::array<char, 3> letters_{};
};

/// An exact amount of one currency.
class money {
 public:
  constexpr money() = default;
  /// Raises the scale to the currency's exponent: 5 EUR is 5.00 EUR. An amount other than zero
  /// without a currency is error_code::invalid.
  money(decimal amount, currency_code currency);
  /// money("12500.00", "EUR"). Throws error_code::invalid.
  money(std::string_view amount, std::string_view currency);
  /// Reads `12500.00 EUR`.
  static std::optional<money> parse(std::string_view text, char point = '.');

  constexpr decimal amount() const noexcept { return amount_; }
  constexpr const currency_code& currency() const noexcept { return currency_; }
  constexpr bool empty() const noexcept { return !currency_; }

  /// Rounded to the currency's minor unit.
  money rounded(rounding how = rounding::half_up) const;
  /// `12500.00 EUR`.
  std::string to_string() const;

  // error_code::invalid for unlike currencies, error_code::limit on overflow.
  friend money operator+(const money& a, const money& b);
  friend money operator-(const money& a, const money& b);
  friend money operator*(const money& a, decimal factor);
  friend money operator-(const money& a) { return {-a.amount_, a.currency_}; }
  friend bool operator==(const money& a, const money& b) noexcept = default;

 private:
  decimal amount_;
  currency_code currency_;
};

/// Amounts added up by currency, in the order of the codes.
class money_sum {
 public:
  void add(const money& amount);
  void add(const money_sum& other);
  /// Nothing when no amount of this currency was added.
  std::optional<money> in(currency_code currency) const;
  const std::map<currency_code, decimal>& parts() const noexcept { return parts_; }
  bool empty() const noexcept { return parts_.empty(); }
  /// `9.99 EUR + 100.00 RUB`.
  std::string to_string() const;
  friend bool operator==(const money_sum&, const money_sum&) = default;

 private:
  std::map<currency_code, decimal> parts_;
};

/// `eur(10'000)` is ten thousand euros; `eur("9.99")` nine euros and 99 cents.
money eur(std::int64_t whole);
money eur(std::string_view amount);
money usd(std::int64_t whole);
money usd(std::string_view amount);
money rub(std::int64_t whole);
money rub(std::string_view amount);

}  // namespace kith::inline v1
