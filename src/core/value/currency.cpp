// SPDX-License-Identifier: Apache-2.0
//
// The currencies of the world: ISO 4217 list one (current currencies and funds) as published on
// 2026-01-01, 178 codes, and 19 withdrawn ones of list three that old books still name. Units
// without a minor unit in the list ("N.A.": gold, XTS, XXX and their like) count as exponent 0.
// When a currency is withdrawn its row stays: records keep theirs.
#include <algorithm>
#include <array>
#include <cstdint>

#include "core/value/currencies.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"
#include "kith/core/value/money.hpp"

namespace kith::inline v1 {

namespace {

struct currency_row {
  std::string_view code;
  int exponent;
};

constexpr auto currencies = std::to_array<currency_row>(
    {{"AED", 2}, {"AFN", 2}, {"ALL", 2}, {"AMD", 2}, {"ANG", 2}, {"AOA", 2}, {"ARS", 2}, {"AUD", 2},
     {"AWG", 2}, {"AZM", 2}, {"AZN", 2}, {"BAM", 2}, {"BBD", 2}, {"BDT", 2}, {"BGN", 2}, {"BHD", 3},
     {"BIF", 0}, {"BMD", 2}, {"BND", 2}, {"BOB", 2}, {"BOV", 2}, {"BRL", 2}, {"BSD", 2}, {"BTN", 2},
     {"BWP", 2}, {"BYN", 2}, {"BYR", 0}, {"BZD", 2}, {"CAD", 2}, {"CDF", 2}, {"CHE", 2}, {"CHF", 2},
     {"CHW", 2}, {"CLF", 4}, {"CLP", 0}, {"CNY", 2}, {"COP", 2}, {"COU", 2}, {"CRC", 2}, {"CUC", 2},
     {"CUP", 2}, {"CVE", 2}, {"CZK", 2}, {"DEM", 2}, {"DJF", 0}, {"DKK", 2}, {"DOP", 2}, {"DZD", 2},
     {"EEK", 2}, {"EGP", 2}, {"ERN", 2}, {"ETB", 2}, {"EUR", 2}, {"FIM", 2}, {"FJD", 2}, {"FKP", 2},
     {"FRF", 2}, {"GBP", 2}, {"GEL", 2}, {"GHS", 2}, {"GIP", 2}, {"GMD", 2}, {"GNF", 0}, {"GTQ", 2},
     {"GYD", 2}, {"HKD", 2}, {"HNL", 2}, {"HRK", 2}, {"HTG", 2}, {"HUF", 2}, {"IDR", 2}, {"ILS", 2},
     {"INR", 2}, {"IQD", 3}, {"IRR", 2}, {"ISK", 0}, {"ITL", 0}, {"JMD", 2}, {"JOD", 3}, {"JPY", 0},
     {"KES", 2}, {"KGS", 2}, {"KHR", 2}, {"KMF", 0}, {"KPW", 2}, {"KRW", 0}, {"KWD", 3}, {"KYD", 2},
     {"KZT", 2}, {"LAK", 2}, {"LBP", 2}, {"LKR", 2}, {"LRD", 2}, {"LSL", 2}, {"LTL", 2}, {"LVL", 2},
     {"LYD", 3}, {"MAD", 2}, {"MDL", 2}, {"MGA", 2}, {"MKD", 2}, {"MMK", 2}, {"MNT", 2}, {"MOP", 2},
     {"MRU", 2}, {"MUR", 2}, {"MVR", 2}, {"MWK", 2}, {"MXN", 2}, {"MXV", 2}, {"MYR", 2}, {"MZN", 2},
     {"NAD", 2}, {"NGN", 2}, {"NIO", 2}, {"NOK", 2}, {"NPR", 2}, {"NZD", 2}, {"OMR", 3}, {"PAB", 2},
     {"PEN", 2}, {"PGK", 2}, {"PHP", 2}, {"PKR", 2}, {"PLN", 2}, {"PYG", 0}, {"QAR", 2}, {"RON", 2},
     {"RSD", 2}, {"RUB", 2}, {"RUR", 2}, {"RWF", 0}, {"SAR", 2}, {"SBD", 2}, {"SCR", 2}, {"SDG", 2},
     {"SEK", 2}, {"SGD", 2}, {"SHP", 2}, {"SKK", 2}, {"SLE", 2}, {"SLL", 2}, {"SOS", 2}, {"SRD", 2},
     {"SSP", 2}, {"STN", 2}, {"SVC", 2}, {"SYP", 2}, {"SZL", 2}, {"THB", 2}, {"TJS", 2}, {"TMM", 2},
     {"TMT", 2}, {"TND", 3}, {"TOP", 2}, {"TRY", 2}, {"TTD", 2}, {"TWD", 2}, {"TZS", 2}, {"UAH", 2},
     {"UAK", 2}, {"UGX", 0}, {"USD", 2}, {"USN", 2}, {"UYI", 0}, {"UYU", 2}, {"UYW", 4}, {"UZS", 2},
     {"VED", 2}, {"VES", 2}, {"VND", 0}, {"VUV", 0}, {"WST", 2}, {"XAD", 2}, {"XAF", 0}, {"XAG", 0},
     {"XAU", 0}, {"XBA", 0}, {"XBB", 0}, {"XBC", 0}, {"XBD", 0}, {"XCD", 2}, {"XCG", 2}, {"XDR", 0},
     {"XOF", 0}, {"XPD", 0}, {"XPF", 0}, {"XPT", 0}, {"XSU", 0}, {"XTS", 0}, {"XUA", 0}, {"XXX", 0},
     {"YER", 2}, {"ZAR", 2}, {"ZMW", 2}, {"ZWG", 2}, {"ZWL", 2}});
static_assert(std::ranges::is_sorted(currencies, {}, &currency_row::code));

// Where each three letters have their row, from 1; 0: they are no currency. Each amount that is
// read looks its currency up, so it is a table of 17 kB instead of a search.
constexpr std::size_t letters = 26;
constexpr std::size_t place_of(std::string_view code) noexcept {
  std::size_t place = 0;
  for (const char c : code) {
    if (c < 'A' || c > 'Z') return letters * letters * letters;
    place = place * letters + static_cast<std::size_t>(c - 'A');
  }
  return place;
}
static_assert(currencies.size() < 256);
constexpr auto places = [] {
  std::array<std::uint8_t, letters * letters * letters + 1> all{};
  std::uint8_t number = 0;
  for (const currency_row& row : currencies) all[place_of(row.code)] = ++number;
  return all;
}();

const currency_row* find(std::string_view code) noexcept {
  if (code.size() != 3) return nullptr;
  const std::uint8_t number = places[place_of(code)];
  return number != 0 ? &currencies[number - 1u] : nullptr;
}

std::string refusal(std::string_view iso) {
  std::array<std::string_view, currencies.size()> codes;
  std::ranges::transform(currencies, codes.begin(), &currency_row::code);
  const bool typed = iso.size() <= 8 && !invalid_utf8(iso);  // else it is no slip of the finger
  const std::string near = typed ? did_you_mean(iso, codes) : "";
  return "\"" + shortened(iso) + "\" is not an ISO 4217 currency" +
         (near.empty() ? ", such as EUR or RUB" : "; " + near);
}

}  // namespace

currency_code::currency_code(std::string_view iso) {
  const std::optional<currency_code> known = parse(iso);
  if (!known) throw error(error_code::invalid, refusal(iso));
  *this = *known;
}

std::optional<currency_code> currency_code::parse(std::string_view iso) noexcept {
  if (!find(iso)) return {};
  currency_code code;
  std::ranges::copy(iso, code.letters_.begin());
  return code;
}

int currency_code::exponent() const noexcept {
  const currency_row* row = find(text());
  return row ? row->exponent : 0;
}

std::vector<std::string_view> detail::currencies_of_exponent(int exponent) {
  std::vector<std::string_view> codes;
  for (const currency_row& row : currencies) {
    if (row.exponent == exponent) codes.push_back(row.code);
  }
  return codes;
}

}  // namespace kith::inline v1
