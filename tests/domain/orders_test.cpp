// SPDX-License-Identifier: Apache-2.0
//
// Orders and their lines: every sum is exact, and the order's is that of its lines at all times.
#include <gtest/gtest.h>

#include "core/value/text_table.hpp"
#include "session/suite.hpp"

namespace kith::lab {
namespace {

class orders : public suite {
 protected:
  orders() { anna = s->add(client::name = "Анна"); }
  record<sales_order> add_order() { return s->add(sales_order::client = anna); }
  record<order_line> add_line(const record<sales_order>& o, const char* quantity, const char* price,
                              const char* discount = "0") {
    return s->add(order_line::sales_order = o, order_line::quantity = decimal(quantity),
                  order_line::unit_price = *money::parse(price),
                  order_line::discount_percent = decimal(discount));
  }
  record<sales_order> now(const record<sales_order>& o) { return s->get<sales_order>(o.id()); }
  std::string net(const record<sales_order>& o) {
    const record<sales_order> r = now(o);
    return r.has(sales_order::net) ? r[sales_order::net].to_string() : "-";
  }
  std::string total(const record<sales_order>& o) {
    return s->value_of(now(o), sales_order::total).to_string();
  }
  // The sum of the lines, added here.
  std::string added(const record<sales_order>& o) {
    std::optional<money> sum;
    for (const record<order_line>& l : s->find(order_line::sales_order == o)) {
      sum = sum ? *sum + l[order_line::net] : l[order_line::net];
    }
    return sum ? sum->to_string() : "-";
  }
  record<client> anna;
};
INSTANTIATE_TEST_SUITE_P(stores, orders, ::testing::ValuesIn(backends()), name_of_backend);

// Half up, away from zero, to the currency's minor unit, line by line (EN 16931).
TEST_P(orders, have_lines_that_are_rounded_one_by_one) {
  const record<sales_order> o = add_order();
  for (const auto& [quantity, price, discount, expected] : text_table<4>(R"(
      1      | 10 EUR      | 0     | 10.00 EUR
      3      | 1.10 EUR    | 0     | 3.30 EUR
      0.333  | 9.99 EUR    | 0     | 3.33 EUR
      1      | 0.005 EUR   | 0     | 0.01 EUR
      1      | 0.0049 EUR  | 0     | 0.00 EUR
      2.5    | 0.0500 EUR  | 0     | 0.13 EUR
      1      | 2.675 EUR   | 0     | 2.68 EUR
      10     | 19.99 EUR   | 15    | 169.92 EUR
      3      | 33.33 EUR   | 33.33 | 66.66 EUR
      7      | 12.3456 EUR | 2.5   | 84.26 EUR
      1      | 100 EUR     | 100   | 0.00 EUR
      -2     | 1.25 EUR    | 0     | -2.50 EUR
      -1     | 0.005 EUR   | 0     | -0.01 EUR
      100000 | 9999.9999 EUR | 0   | 999999990.00 EUR)")) {
    SCOPED_TRACE(quantity + " x " + price + " - " + discount + " %");
    const record<order_line> l = add_line(o, quantity.c_str(), price.c_str(), discount.c_str());
    EXPECT_EQ(l[order_line::net].to_string(), expected);
    EXPECT_EQ(net(o), added(o));
  }
}

TEST_P(orders, count_in_the_digits_of_their_currency) {
  for (const auto& [quantity, price, expected] : text_table<3>(R"(
      3   | 33.3333 JPY | 100 JPY
      1   | 0.5 JPY     | 1 JPY
      1   | 0.4999 JPY  | 0 JPY
      3   | 0.3333 KWD  | 1.000 KWD
      1   | 1.2345 KWD  | 1.235 KWD
      2   | 12.345 RUB  | 24.69 RUB)")) {
    const record<sales_order> o = add_order();
    add_line(o, quantity.c_str(), price.c_str());
    EXPECT_EQ(net(o), expected) << price;
  }
}

TEST_P(orders, are_worth_what_their_lines_are_at_all_times) {
  const record<sales_order> o = add_order();
  const record<sales_order> other = add_order();
  EXPECT_EQ(net(o), "-");
  EXPECT_EQ(total(o), "");
  const record<order_line> a = add_line(o, "2", "10.10 EUR");
  EXPECT_EQ(net(o), "20.20 EUR");
  const record<order_line> b = add_line(o, "1", "0.80 EUR");
  EXPECT_EQ(net(o), "21.00 EUR");
  s->update(ref<order_line>(a), order_line::discount_percent = decimal("50"));
  EXPECT_EQ(net(o), "10.90 EUR");
  s->update(ref<order_line>(b), order_line::sales_order = other);
  EXPECT_EQ(net(o) + " " + net(other), "10.10 EUR 0.80 EUR");
  s->remove(a);
  EXPECT_EQ(net(o), "-");
  s->restore(ref<order_line>(a));
  s->update(ref<sales_order>(o), sales_order::freight = eur("4.90"));
  EXPECT_EQ(net(o), "10.10 EUR");
  EXPECT_EQ(total(o), "15.00 EUR");
  s->update(ref<order_line>(b), order_line::net = eur(1000));
  EXPECT_EQ(net(other), "0.80 EUR") << "sums are not written by hand";
  s->remove(other);
  EXPECT_TRUE(s->get<order_line>(b.id()).deleted());
  s->restore(ref<sales_order>(other));
  EXPECT_EQ(net(other), "0.80 EUR");
}

TEST_P(orders, are_summed_once_in_a_transaction) {
  const record<sales_order> o = add_order();
  transaction tx = s->write();
  for (int i = 1; i <= 20; ++i) add_line(o, "1", "0.01 EUR");
  EXPECT_EQ(net(o), "0.20 EUR") << "read inside";
  s->find(order_line::sales_order == o).limit(5).remove();
  tx.commit();
  EXPECT_EQ(net(o), added(o));
}

TEST_P(orders, are_in_one_currency) {
  const record<sales_order> o = add_order();
  add_line(o, "1", "10 EUR");
  const auto e = refusal([&] { add_line(o, "1", "10 USD"); });
  ASSERT_TRUE(e);
  EXPECT_EQ(shown(e->violations()), "unit_price one_currency_per_order");
  EXPECT_EQ(e->violations()[0].value, "10.0000 USD");
  EXPECT_NE(e->message().find("EUR"), std::string::npos);
  EXPECT_NE(e->message().find("convert the price"), std::string::npos);
  transaction tx = s->write();
  EXPECT_EQ(outcome([&] { add_line(o, "1", "10 USD"); }),
            "invalid: unit_price one_currency_per_order");
  tx.commit();
  // Delivery, too: what cannot be added must not be lost from the total.
  EXPECT_EQ(
      outcome([&] { s->update(ref<sales_order>(o), sales_order::freight = money("5", "USD")); }),
      "invalid: freight one_currency_per_order");
  const record<sales_order> dollars =
      s->add(sales_order::client = anna, sales_order::freight = money("5", "USD"));
  EXPECT_EQ(total(dollars), "5.00 USD");
  EXPECT_EQ(outcome([&] { add_line(dollars, "1", "10 EUR"); }),
            "invalid: unit_price one_currency_per_order");
  EXPECT_EQ(outcome([&] { add_line(dollars, "1", "10 USD"); }), "done");
  EXPECT_EQ(total(dollars), "15.00 USD");
  const record<order_line> mine = add_line(o, "1", "1 EUR");
  EXPECT_EQ(outcome([&] { s->update(ref<order_line>(mine), order_line::sales_order = dollars); }),
            "invalid: unit_price one_currency_per_order");
}

TEST_P(orders, keep_what_was_agreed) {
  const record<product> pump = s->add(product::name = "Насос", product::unit = "шт",
                                      product::list_price = eur("99.5"), product::cost = eur(60));
  const record<sales_order> o = add_order();
  const record<order_line> l =
      s->add(order_line::sales_order = o, order_line::product = pump, order_line::quantity = 2);
  EXPECT_EQ(l[order_line::description], "Насос");
  EXPECT_EQ(l[order_line::unit], "шт");
  EXPECT_EQ(l[order_line::unit_price].to_string(), "99.5000 EUR");
  EXPECT_EQ(net(o), "199.00 EUR");
  s->update(pump, product::list_price = eur(120), product::name = "Насос-2");
  EXPECT_EQ(net(o), "199.00 EUR");
  EXPECT_EQ(s->get<order_line>(l.id())[order_line::description], "Насос");
  const record<order_line> own =
      s->add(order_line::sales_order = o, order_line::product = pump, order_line::quantity = 1,
             order_line::unit_price = eur(80), order_line::description = "по акции");
  EXPECT_EQ(own[order_line::unit_price].to_string(), "80.0000 EUR");
  EXPECT_EQ(own[order_line::description], "по акции");
  const record<product> no_price = s->add(product::name = "Шланг");
  EXPECT_EQ(outcome([&] {
              s->add(order_line::sales_order = o, order_line::product = no_price,
                     order_line::quantity = 1);
            }),
            "invalid: unit_price required");
  EXPECT_EQ(outcome([&] { s->remove(pump); }), "invalid: restrict_delete");
}

TEST_P(orders, refuse_what_no_order_says) {
  const record<sales_order> o = add_order();
  EXPECT_EQ(outcome([&] { add_line(o, "1", "1 EUR", "101"); }),
            "invalid: discount_percent decimal");
  EXPECT_EQ(outcome([&] { add_line(o, "1", "1 EUR", "-1"); }), "invalid: discount_percent decimal");
  EXPECT_EQ(outcome([&] { s->add(order_line::sales_order = o, order_line::unit_price = eur(1)); }),
            "invalid: quantity required");
  EXPECT_EQ(outcome([&] { s->add(order_line::quantity = 1, order_line::unit_price = eur(1)); }),
            "invalid: sales_order required");
  EXPECT_EQ(outcome([&] { s->add(sales_order::number = "1"); }), "invalid: client required");
  s->add(sales_order::client = anna, sales_order::number = "17");
  EXPECT_EQ(outcome([&] { s->add(sales_order::client = anna, sales_order::number = "17"); }),
            "exists: number");
  EXPECT_EQ(outcome([&] { s->remove(anna); }), "invalid: restrict_delete");
}

TEST_P(orders, that_are_confirmed_have_a_date) {
  const record<sales_order> o = add_order();
  EXPECT_FALSE(o.has(sales_order::ordered));
  s->update(ref<sales_order>(o), sales_order::status = order_status::confirmed);
  EXPECT_EQ(now(o)[sales_order::ordered], date(2026, 3, 2));
  clock->advance(duration::of_days(1));
  EXPECT_EQ(outcome([&] { s->update(ref<sales_order>(o), sales_order::ordered = none); }),
            "invalid: ordered confirmed_keeps_its_date")
      << "and it does not become today's in silence";
  s->update(ref<sales_order>(o), sales_order::status = order_status::shipped);
  EXPECT_EQ(now(o)[sales_order::ordered], date(2026, 3, 2));
  EXPECT_EQ(
      outcome([&] { s->update(ref<sales_order>(o), sales_order::shipped = date(2026, 3, 1)); }),
      "invalid: shipped ships_after_it_is_ordered");
  EXPECT_EQ(
      outcome([&] { s->update(ref<sales_order>(o), sales_order::shipped = date(2026, 3, 2)); }),
      "done");
}

}  // namespace
}  // namespace kith::lab
