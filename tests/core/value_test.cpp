// SPDX-License-Identifier: Apache-2.0
//
// Values of any kind: what goes in comes out, other types are refused, and numbers are equal
// whatever their scale.
#include "kith/core/value.hpp"

#include <gtest/gtest.h>

#include "kith/core/error.hpp"

namespace kith {
namespace {

template <class T>
bool refuses(const value& v) {
  try {
    (void)v.as<T>();
  } catch (const error& e) {
    return e.code() == error_code::misuse || e.code() == error_code::invalid;
  }
  return false;
}

TEST(value, gives_back_what_it_was_made_from) {
  EXPECT_EQ(value(true).as<bool>(), true);
  EXPECT_EQ(value(-7).as<std::int64_t>(), -7);
  EXPECT_EQ(value(2.5).as<double>(), 2.5);
  EXPECT_EQ(value(decimal("1.50")).as<decimal>(), decimal("1.5"));
  EXPECT_EQ(value("Омск").as<std::string_view>(), "Омск");
  EXPECT_EQ(value(date(2026, 3, 31)).as<date>(), date(2026, 3, 31));
  EXPECT_EQ(value(instant{42}).as<instant>(), instant{42});
  EXPECT_EQ(value(duration{42}).as<duration>(), duration{42});
  EXPECT_EQ(value(money("9.99", "EUR")).as<money>(), money("9.99", "EUR"));
  EXPECT_EQ(value(record_id{42}).as<record_id>(), record_id{42});
  EXPECT_EQ(value(any_ref{10, record_id{42}}).as<any_ref>(), (any_ref{10, record_id{42}}));
  const person_name name{"Ёлкин", "Пётр", ""};
  EXPECT_EQ(value(name).as<person_name>().to_string(), name.to_string());
  postal_address address;
  address.city = "Омск";
  EXPECT_EQ(value(address).as<postal_address>().city, "Омск");
}

TEST(value, converts_exactly_or_not_at_all) {
  EXPECT_EQ(value(7).as<decimal>(), decimal("7"));
  EXPECT_EQ(value(7).as<double>(), 7.0);
  EXPECT_EQ(value(decimal("7.00")).as<std::int64_t>(), 7);
  EXPECT_EQ(value(decimal("7.5")).as<double>(), 7.5);
  EXPECT_TRUE(refuses<bool>(value(1)));
  EXPECT_TRUE(refuses<std::int64_t>(value("1")));
  EXPECT_TRUE(refuses<double>(value("1")));
  EXPECT_TRUE(refuses<decimal>(value(1.5)));
  EXPECT_TRUE(refuses<std::string_view>(value(1)));
  EXPECT_TRUE(refuses<date>(value("2026-03-31")));
  EXPECT_TRUE(refuses<instant>(value(date(2026, 3, 31))));
  EXPECT_TRUE(refuses<duration>(value(1)));
  EXPECT_TRUE(refuses<money>(value(1)));
  EXPECT_TRUE(refuses<money_sum>(value(1)));
  EXPECT_TRUE(refuses<record_id>(value(1)));
  EXPECT_TRUE(refuses<any_ref>(value(record_id{1})));
  EXPECT_TRUE(refuses<person_name>(value("Пётр")));
  EXPECT_TRUE(refuses<postal_address>(value("Омск")));
  EXPECT_TRUE(refuses<std::int64_t>(value()));
  EXPECT_TRUE(refuses<money>(value()));
}

TEST(value, of_money_may_have_several_currencies) {
  money_sum sum;
  sum.add(money("10", "EUR"));
  sum.add(money("5.50", "RUB"));
  const value both(sum);
  EXPECT_EQ(both.to_string(), "10.00 EUR + 5.50 RUB");
  EXPECT_EQ(both.as<money_sum>(), sum);
  EXPECT_TRUE(refuses<money>(both));
  EXPECT_EQ(value().as<money_sum>(), money_sum());
}

TEST(value, is_equal_by_what_it_means) {
  EXPECT_EQ(value(), value());
  EXPECT_NE(value(), value(0));
  EXPECT_EQ(value(2), value(decimal("2.00")));
  EXPECT_EQ(value(money("2", "EUR")), value(money("2.00", "EUR")));
  EXPECT_NE(value(money("2", "EUR")), value(money("2", "RUB")));
  EXPECT_NE(value("2"), value(2));
  EXPECT_EQ(value("ё"), value("ё"));
}

TEST(value, is_printed_as_people_write_it) {
  EXPECT_EQ(value().to_string(), "");
  EXPECT_EQ(value(false).to_string(), "false");
  EXPECT_EQ(value(decimal("-0.50")).to_string(), "-0.50");
  EXPECT_EQ(value(record_id{}).to_string(), "");
  text_format russian;
  russian.decimal_point = ',';
  EXPECT_EQ(value(decimal("1.25")).to_string(russian), "1,25");
}

}  // namespace
}  // namespace kith
