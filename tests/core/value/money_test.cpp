// SPDX-License-Identifier: Apache-2.0
//
// Money: the list of currencies, amounts at the currency's scale, sums by currency.
#include "kith/core/value/money.hpp"

#include <gtest/gtest.h>

#include <string>

#include "kith/core/error.hpp"
#include "text_table.hpp"

namespace kith {
namespace {

// The result as text, or the name of the error's code and its message.
template <class Call>
std::string outcome(Call call) {
  try {
    return call().to_string();
  } catch (const error& e) {
    return e.what();
  }
}

std::string parsed(std::string_view text, char point = '.') {
  const auto m = money::parse(text, point);
  return m ? m->to_string() : "nothing";
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(currency_code, knows_the_minor_unit) {
  for (const auto& [code, exponent] : text_table<2>(R"(
      EUR | 2
      RUB | 2
      USD | 2
      AED | 2
      ZWG | 2
      JPY | 0
      KRW | 0
      ISK | 0
      CLP | 0
      XAF | 0
      KWD | 3
      BHD | 3
      TND | 3
      CLF | 4
      UYW | 4
      XAU | 0
      XTS | 0
      XXX | 0)")) {
    const currency_code currency(code);
    EXPECT_EQ(currency.text(), code);
    EXPECT_EQ(std::to_string(currency.exponent()), exponent) << code;
    EXPECT_TRUE(currency);
  }
}

TEST(currency_code, is_one_of_178_current_and_19_withdrawn) {
  int known = 0;
  std::string code = "AAA";
  for (code[0] = 'A'; code[0] <= 'Z'; ++code[0]) {
    for (code[1] = 'A'; code[1] <= 'Z'; ++code[1]) {
      for (code[2] = 'A'; code[2] <= 'Z'; ++code[2])
        known += currency_code::parse(code).has_value();
    }
  }
  EXPECT_EQ(known, 178 + 19);
}

// Old books name them still: they read, print and add like any other.
TEST(currency_code, knows_withdrawn_ones) {
  for (const char* row : {
           "DEM | 2",
           "FRF | 2",
           "ITL | 0",
           "FIM | 2",
           "LVL | 2",
           "EEK | 2",
           "SKK | 2",
           "HRK | 2",
           "RUR | 2",
           "BYR | 0",
           "UAK | 2",
           "TMM | 2",
           "SLL | 2",
           "ZWL | 2",
       }) {
    const std::string_view text(row);
    const auto code = currency_code::parse(text.substr(0, 3));
    ASSERT_TRUE(code) << text;
    EXPECT_EQ(std::to_string(code->exponent()), text.substr(6)) << text;
    EXPECT_TRUE(money::parse("12 " + std::string(code->text()))) << text;
  }
}

TEST(currency_code, refuses_what_the_list_does_not_have) {
  for (const std::string_view code : {"", "E", "EU", "eur", "Eur", "EURO", "EUR ", " EUR", "XYZ",
                                      "TRL", "€", "978", "AAA", "ZZZ"}) {
    EXPECT_FALSE(currency_code::parse(code)) << code;
    EXPECT_THROW(currency_code{code}, error) << code;
  }
  EXPECT_FALSE(currency_code::parse(std::string_view("EU\0", 3)));
  EXPECT_THROW(currency_code("\xff\xfe"), error) << "not UTF-8 either";
}

TEST(currency_code, names_a_near_one) {
  try {
    currency_code("EURO");
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.code(), error_code::invalid);
    EXPECT_TRUE(contains(e.message(), "\"EURO\"")) << e.message();
    EXPECT_TRUE(contains(e.message(), "did you mean EUR")) << e.message();
  }
}

TEST(currency_code, may_be_none) {
  const currency_code none;
  EXPECT_FALSE(none);
  EXPECT_EQ(none.text(), "");
  EXPECT_EQ(none.exponent(), 0);
  EXPECT_LT(none, currency_code("AED"));
}

TEST(money, has_at_least_the_digits_of_the_minor_unit) {
  for (const auto& [amount, currency, expected] : text_table<3>(R"(
      5       | EUR | 5.00 EUR
      5.1     | EUR | 5.10 EUR
      5.123   | EUR | 5.123 EUR
      5       | JPY | 5 JPY
      5.5     | JPY | 5.5 JPY
      -5      | KWD | -5.000 KWD
      5       | CLF | 5.0000 CLF
      1.25    | XAU | 1.25 XAU
      0       | RUB | 0.00 RUB)")) {
    EXPECT_EQ(money(amount, currency).to_string(), expected);
    EXPECT_EQ(parsed(amount + " " + currency), expected);
  }
}

TEST(money, refuses_other_text) {
  for (const std::string_view text :
       {"", "5", "EUR", "5EUR", "EUR 5", "5 EURO", "5 eur", " 5 EUR", "5  EUR", "5 EUR ",
        "5,00 EUR", "1 000 EUR", "92233720368547758.08 EUR", "9223372036854775807 EUR"}) {
    EXPECT_EQ(parsed(text), "nothing") << text;
  }
  EXPECT_EQ(parsed("12500,5 EUR", ','), "12500.50 EUR");
}

TEST(money, refuses_amounts_that_do_not_fit_the_minor_unit) {
  EXPECT_EQ(eur("92233720368547758.07").to_string(), "92233720368547758.07 EUR");
  EXPECT_TRUE(contains(outcome([] { return eur("92233720368547758.08"); }), "invalid"));
  EXPECT_TRUE(contains(outcome([] { return eur(INT64_MAX); }), "limit"));
  EXPECT_TRUE(contains(outcome([] { return money("5", "EURO"); }), "invalid"));
}

TEST(money, has_a_currency_unless_it_is_nothing) {
  EXPECT_TRUE(money().empty());
  EXPECT_EQ(money().to_string(), "");
  EXPECT_EQ(money(decimal("0.00"), currency_code()), money());
  EXPECT_EQ(-money(), money());
  EXPECT_TRUE(contains(outcome([] { return money(5, currency_code()); }), "invalid"));
}

TEST(money, is_compared_by_value) {
  EXPECT_EQ(eur(5), eur("5.000"));
  EXPECT_NE(eur(5), usd(5));
  EXPECT_NE(eur(0), money());
}

TEST(money, calculates_within_a_currency) {
  EXPECT_EQ(outcome([] { return eur("9.99") + eur(1); }), "10.99 EUR");
  EXPECT_EQ(outcome([] { return eur("9.99") - eur(10); }), "-0.01 EUR");
  EXPECT_EQ(outcome([] { return eur("9.99") * decimal("1.5"); }), "14.985 EUR");
  EXPECT_EQ(outcome([] { return (eur("9.99") * decimal("1.5")).rounded(); }), "14.99 EUR");
  EXPECT_EQ(outcome([] { return money("2.5", "JPY").rounded(rounding::half_even); }), "2 JPY");
  EXPECT_EQ(outcome([] { return -rub(3); }), "-3.00 RUB");
  EXPECT_TRUE(contains(outcome([] { return eur("92233720368547758.07") + eur("0.01"); }), "limit"));
}

TEST(money, of_unlike_currencies_does_not_add) {
  for (const std::string& said :
       {outcome([] { return eur(12) + rub(5); }), outcome([] { return eur(12) - rub(5); })}) {
    EXPECT_TRUE(contains(said, "invalid: ")) << said;
    EXPECT_TRUE(contains(said, "12.00 EUR")) << said;
    EXPECT_TRUE(contains(said, "5.00 RUB")) << said;
    EXPECT_TRUE(contains(said, "convert")) << said;
    EXPECT_TRUE(contains(said, "money_sum")) << said;
  }
  EXPECT_TRUE(contains(outcome([] { return money() + rub(5); }), "without a currency"));
}

TEST(money, rounds_an_invoice_as_the_domain_does) {
  const money base = (eur("348.35") * decimal(16) * decimal("0.96")).rounded();
  const money tax = (base * decimal("0.22")).rounded();
  EXPECT_EQ(base.to_string(), "5350.66 EUR");
  EXPECT_EQ(tax.to_string(), "1177.15 EUR");
  EXPECT_EQ((base + tax).to_string(), "6527.81 EUR");
}

TEST(money_sum, adds_by_currency) {
  money_sum total;
  EXPECT_TRUE(total.empty());
  EXPECT_EQ(total.to_string(), "0");
  total.add(rub(100));
  total.add(eur("9.99"));
  total.add(eur(1));
  total.add(money());
  EXPECT_EQ(total.to_string(), "10.99 EUR + 100.00 RUB");
  EXPECT_EQ(total.in(currency_code("EUR")), eur("10.99"));
  EXPECT_EQ(total.in(currency_code("USD")), std::nullopt);
  EXPECT_EQ(total.parts().size(), 2u);
}

TEST(money_sum, writes_debts_as_differences) {
  money_sum total;
  total.add(-eur(5));
  total.add(-rub(7));
  EXPECT_EQ(total.to_string(), "-5.00 EUR - 7.00 RUB");
}

TEST(money_sum, adds_sums_even_itself) {
  money_sum a;
  a.add(eur(5));
  a.add(rub(7));
  a.add(a);
  EXPECT_EQ(a.to_string(), "10.00 EUR + 14.00 RUB");
}

TEST(money_sum, stays_as_it_was_when_a_sum_does_not_fit) {
  money_sum a;
  a.add(eur(5));
  a.add(rub("92233720368547758.07"));
  const money_sum before = a;
  EXPECT_THROW(a.add(before), error);
  EXPECT_THROW(a.add(rub(1)), error);
  EXPECT_EQ(a, before);
}

}  // namespace
}  // namespace kith
