// SPDX-License-Identifier: Apache-2.0
//
// Amounts of one currency, and sums of many.
#include "kith/core/value/money.hpp"

#include <utility>

#include "kith/core/error.hpp"

namespace kith::inline v1 {

namespace {

decimal raised(decimal amount, currency_code currency) {
  const int exponent = currency.exponent();
  return amount.scale() < exponent ? amount.with_scale(exponent) : amount;
}

std::string described(const money& amount) {
  return amount.empty() ? "an amount without a currency" : amount.to_string();
}

void require_same_currency(const money& a, const money& b) {
  if (a.currency() == b.currency()) return;
  throw error(error_code::invalid,
              described(a) + " and " + described(b) +
                  " cannot be added or subtracted; convert one of them first, or use money_sum to "
                  "add by currency");
}

}  // namespace

money::money(decimal amount, currency_code currency)
    : amount_(raised(amount, currency)), currency_(currency) {
  if (!currency && amount.units() != 0) {
    throw error(error_code::invalid, "the amount " + amount.to_string() +
                                         " has no currency; name one, such as EUR or RUB");
  }
}

money::money(std::string_view amount, std::string_view currency)
    : money(decimal(amount), currency_code(currency)) {}

std::optional<money> money::parse(std::string_view text, char point) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return {};
  const auto amount = decimal::parse(text.substr(0, blank), point);
  const auto currency = currency_code::parse(text.substr(blank + 1));
  if (!amount || !currency) return {};
  try {
    return money(*amount, *currency);
  } catch (const error&) {  // the digits of the minor unit do not fit
    return {};
  }
}

money money::rounded(rounding how) const {
  return {amount_.rounded(currency_.exponent(), how), currency_};
}

std::string money::to_string() const {
  if (empty()) return {};
  return amount_.to_string().append(" ").append(currency_.text());
}

money operator+(const money& a, const money& b) {
  require_same_currency(a, b);
  return {a.amount_ + b.amount_, a.currency_};
}

money operator-(const money& a, const money& b) {
  require_same_currency(a, b);
  return {a.amount_ - b.amount_, a.currency_};
}

money operator*(const money& a, decimal factor) { return {a.amount_ * factor, a.currency_}; }

void money_sum::add(const money& amount) {
  if (amount.empty()) return;
  const auto part = parts_.find(amount.currency());
  if (part == parts_.end()) {
    parts_.emplace(amount.currency(), amount.amount());
  } else {
    part->second = part->second + amount.amount();
  }
}

void money_sum::add(const money_sum& other) {
  money_sum sum = *this;  // an overflow half way leaves this sum as it was
  for (const auto& [currency, amount] : other.parts_) sum.add(money(amount, currency));
  parts_.swap(sum.parts_);
}

std::optional<money> money_sum::in(currency_code currency) const {
  const auto part = parts_.find(currency);
  if (part == parts_.end()) return {};
  return money(part->second, currency);
}

std::string money_sum::to_string() const {
  if (parts_.empty()) return "0";
  std::string text;
  for (const auto& [currency, amount] : parts_) {
    const std::string part = money(amount, currency).to_string();
    if (text.empty()) {
      text = part;
    } else if (amount.negative()) {
      text += " - " + part.substr(1);
    } else {
      text += " + " + part;
    }
  }
  return text;
}

money eur(std::int64_t whole) { return {decimal(whole), currency_code("EUR")}; }
money eur(std::string_view amount) { return {amount, "EUR"}; }
money usd(std::int64_t whole) { return {decimal(whole), currency_code("USD")}; }
money usd(std::string_view amount) { return {amount, "USD"}; }
money rub(std::int64_t whole) { return {decimal(whole), currency_code("RUB")}; }
money rub(std::string_view amount) { return {amount, "RUB"}; }

}  // namespace kith::inline v1
