// SPDX-License-Identifier: Apache-2.0
//
// The standard reports on a small firm whose figures fit a hand calculation, in tables of text; and
// that what a live total answers is what the records say.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "kith/analytics/standard.hpp"
#include "session/suite.hpp"

namespace kith::lab {
namespace {

using json = nlohmann::json;

class standard_reports_test : public suite {
 protected:
  standard_reports_test() {
    anna = s->add(user::login = "anna", user::name = "Анна");
    boris = s->add(user::login = "boris", user::name = "Борис");
    acme = s->add(client::name = "Acme", client::owner = anna);
    bolt = s->add(client::name = "Bolt");
    add_deals();
    add_orders();
  }

  void add_deals() {
    const record<pipeline> partners = s->add(pipeline::name = "Партнёры", pipeline::position = 2);
    sales = s->add(pipeline::name = "Продажи", pipeline::position = 1);
    const auto add_stage = [&](const record<pipeline>& of, const char* name, int position,
                               int probability, stage_category category) {
      return s->add(stage::pipeline = of, stage::name = name, stage::position = position,
                    stage::probability = probability, stage::category = category);
    };
    const auto call = add_stage(partners, "Звонок", 1, 5, stage_category::open);
    const auto offer = add_stage(sales, "Предложение", 2, 60, stage_category::open);
    const auto talk = add_stage(sales, "Разговор", 1, 10, stage_category::open);
    const auto later = add_stage(sales, "Позже", 3, 1, stage_category::hold);
    const auto won = add_stage(sales, "Выиграна", 4, 100, stage_category::won);
    const auto add = [&](const record<stage>& in, const record<client>& of, money amount,
                         ref<user> owner) {
      draft<deal> d;
      d.set(deal::title = "Насос", deal::stage = in, deal::client = of);
      if (!amount.empty()) d.set(deal::amount = amount);
      if (owner) d.set(deal::owner = owner);
      s->add(d);
    };
    add(talk, acme, eur("100.05"), anna);
    add(talk, bolt, eur("200.05"), boris);
    add(talk, acme, rub(1000), anna);
    add(offer, acme, eur(50), anna);
    add(offer, bolt, {}, {});
    add(later, bolt, eur("0.33"), boris);
    add(won, acme, eur(7000), anna);
    add(call, acme, eur(3), boris);
  }

  void add_orders() {
    const auto pump = s->add(product::name = "Насос", product::list_price = eur(10));
    const auto filter = s->add(product::name = "Фильтр", product::list_price = eur("2.50"));
    const auto add = [&](const record<client>& of, date ordered, order_status status, int pumps,
                         int filters) {
      const auto o = s->add(sales_order::client = of, sales_order::ordered = ordered,
                            sales_order::status = status, sales_order::owner = anna);
      if (pumps != 0) add_line(o, pump, pumps);
      if (filters != 0) add_line(o, filter, filters);
      if (filters > 10) add_line(o, filter, 1);  // twice in one order
    };
    add(acme, date(2025, 12, 31), order_status::shipped, 1, 0);
    add(acme, date(2026, 1, 1), order_status::confirmed, 2, 20);
    add(bolt, date(2026, 1, 31), order_status::confirmed, 0, 4);
    add(bolt, date(2026, 3, 31), order_status::shipped, 9, 0);
    add(bolt, date(2026, 4, 1), order_status::draft, 50, 0);
    add(acme, date(2026, 4, 1), order_status::cancelled, 70, 0);
    add(acme, date(2026, 4, 1), order_status::confirmed, 3, 0);
  }
  void add_line(const record<sales_order>& of, const record<product>& what, int quantity) {
    s->add(order_line::sales_order = of, order_line::product = what,
           order_line::quantity = quantity);
  }

  // A line for each row: its values with bars between them.
  static std::string shown(const table& t) {
    std::string text;
    for (std::size_t i = 0; i < t.columns.size(); ++i) text += (i ? "|" : "") + t.columns[i].name;
    for (const auto& row : t.rows) {
      text += "\n";
      for (std::size_t i = 0; i < row.size(); ++i) text += (i ? "|" : "") + row[i].to_string();
    }
    return text;
  }
  // Sees everything, but is asked each time whether it does.
  session asked() {
    auto rights = std::make_shared<visibility>();
    rights->only("deals", "id > 0").only("sales_orders", "id > 0");
    return base->open_session({.sees = rights});
  }

  record<user> anna, boris;
  record<client> acme, bolt;
  record<pipeline> sales;
};
INSTANTIATE_TEST_SUITE_P(stores, standard_reports_test, ::testing::ValuesIn(backends()),
                         name_of_backend);

// 10 % of 100.05 and of 200.05 are 10.01 and 20.01, each rounded half up.
TEST_P(standard_reports_test, pipeline_by_stage) {
  const char* const expected =
      "stage|deals|amount|weighted\n"
      "Разговор|3|300.10 EUR + 1000.00 RUB|30.02 EUR + 100.00 RUB\n"
      "Предложение|2|50.00 EUR|30.00 EUR\n"
      "Позже|1|0.33 EUR|0.00 EUR\n"
      "Звонок|1|3.00 EUR|0.15 EUR";
  EXPECT_EQ(shown(s->report<pipeline_report>()), expected);
  session one_by_one = asked();
  EXPECT_EQ(shown(one_by_one.report<pipeline_report>()), expected) << "not from the live total";
}

TEST_P(standard_reports_test, pipeline_by_others) {
  EXPECT_EQ(shown(s->report<pipeline_report>(pipeline_report::by = pipeline_by::owner)),
            "owner|deals|amount|weighted\n"
            "|1||\n"
            "Анна|3|150.05 EUR + 1000.00 RUB|40.01 EUR + 100.00 RUB\n"
            "Борис|3|203.38 EUR|20.16 EUR");
  EXPECT_EQ(shown(s->report<pipeline_report>(pipeline_report::by = pipeline_by::client)),
            "client|deals|amount|weighted\n"
            "Acme|4|153.05 EUR + 1000.00 RUB|40.16 EUR + 100.00 RUB\n"
            "Bolt|3|200.38 EUR|20.01 EUR");
  for (const pipeline_by by : {pipeline_by::team, pipeline_by::product, pipeline_by::source}) {
    const table t = s->report<pipeline_report>(pipeline_report::by = by);
    EXPECT_EQ(t.columns[0].name, value(by).to_string());
    ASSERT_EQ(t.rows.size(), 1u) << "none of the deals has one";
    EXPECT_EQ(t.rows[0][1].to_string(), "7");
  }
}

TEST_P(standard_reports_test, one_pipeline) {
  const char* const expected =
      "stage|deals|amount|weighted\n"
      "Разговор|3|300.10 EUR + 1000.00 RUB|30.02 EUR + 100.00 RUB\n"
      "Предложение|2|50.00 EUR|30.00 EUR\n"
      "Позже|1|0.33 EUR|0.00 EUR";
  EXPECT_EQ(shown(s->report<pipeline_report>(pipeline_report::pipeline = sales)), expected);
  session one_by_one = asked();
  EXPECT_EQ(shown(one_by_one.report<pipeline_report>(pipeline_report::pipeline = sales)), expected);
}

TEST_P(standard_reports_test, namesakes_are_different_rows) {
  const record<user> namesake = s->add(user::login = "anna2", user::name = "Анна");
  const record<stage> talk = *s->find(stage::name == "Разговор").first();
  s->add(deal::title = "Насос", deal::stage = talk, deal::owner = namesake);
  EXPECT_EQ(s->report<pipeline_report>(pipeline_report::by = pipeline_by::owner).rows.size(), 4u);
}

TEST_P(standard_reports_test, sales_by_time) {
  const struct {
    sales_by by;
    const char* rows;
  } table[] = {
      {sales_by::month,
       "month|orders|net\n2025-12|1|10.00 EUR\n2026-01|2|82.50 EUR\n2026-03|1|90.00 EUR\n"
       "2026-04|1|30.00 EUR"},
      {sales_by::quarter,
       "quarter|orders|net\n2025-Q4|1|10.00 EUR\n2026-Q1|3|172.50 EUR\n2026-Q2|1|30.00 EUR"},
      {sales_by::year, "year|orders|net\n2025|1|10.00 EUR\n2026|4|202.50 EUR"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(shown(s->report<sales_report>(sales_report::by = row.by)), row.rows);
  }
}

TEST_P(standard_reports_test, sales_by_others) {
  EXPECT_EQ(shown(s->report<sales_report>(sales_report::by = sales_by::product)),
            "product|orders|net\nНасос|4|150.00 EUR\nФильтр|2|62.50 EUR")
      << "an order counts once for a product";
  EXPECT_EQ(shown(s->report<sales_report>(sales_report::by = sales_by::client)),
            "client|orders|net\nAcme|3|112.50 EUR\nBolt|2|100.00 EUR");
  EXPECT_EQ(shown(s->report<sales_report>(sales_report::by = sales_by::owner)),
            "owner|orders|net\nАнна|5|212.50 EUR");
}

TEST_P(standard_reports_test, sales_of_some_days) {
  EXPECT_EQ(shown(s->report<sales_report>(sales_report::by = sales_by::year,
                                          sales_report::since = date(2026, 1, 1),
                                          sales_report::until = date(2026, 3, 31))),
            "year|orders|net\n2026|3|172.50 EUR")
      << "the first and the last day count";
  EXPECT_EQ(shown(s->report<sales_report>(sales_report::by = sales_by::product,
                                          sales_report::since = date(2026, 3, 31),
                                          sales_report::until = date(2026, 3, 31))),
            "product|orders|net\nНасос|1|90.00 EUR");
  EXPECT_EQ(outcome([&] {
              s->report<sales_report>(sales_report::since = date(2026, 2, 1),
                                      sales_report::until = date(2026, 1, 1));
            }),
            "invalid: until since_before_until");
}

TEST_P(standard_reports_test, best_clients) {
  const char* const expected =
      "client|orders|net|first|last\n"
      "Acme|3|112.50 EUR|2025-12-31|2026-04-01\n"
      "Bolt|2|100.00 EUR|2026-01-31|2026-03-31";
  EXPECT_EQ(shown(s->report<clients_report>()), expected);
  session one_by_one = asked();
  EXPECT_EQ(shown(one_by_one.report<clients_report>()), expected) << "not from the live total";
  EXPECT_EQ(s->report<clients_report>(clients_report::limit = 1).rows.size(), 1u);
  EXPECT_EQ(outcome([&] { s->report<clients_report>(clients_report::limit = 0); }),
            "invalid: limit integer");
}

TEST_P(standard_reports_test, best_clients_in_one_currency) {
  const auto o = s->add(sales_order::client = bolt, sales_order::ordered = date(2026, 3, 2),
                        sales_order::status = order_status::confirmed);
  s->add(order_line::sales_order = o, order_line::quantity = 1,
         order_line::description = "Доставка", order_line::unit_price = rub(5000));
  const auto e = refusal([&] { s->report<clients_report>(); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->message(), "clients.currency: clients paid in EUR and RUB; say which one counts");
  EXPECT_EQ(shown(s->report<clients_report>(clients_report::currency = "RUB")),
            "client|orders|net|first|last\nBolt|3|5000.00 RUB|2026-01-31|2026-03-31");
  EXPECT_EQ(s->report<clients_report>(clients_report::currency = "EUR").rows.size(), 2u);
  EXPECT_EQ(outcome([&] { s->report<clients_report>(clients_report::currency = "XXZ"); }),
            "invalid: currency one_currency");
}

TEST_P(standard_reports_test, know_only_what_the_session_sees) {
  auto rights = std::make_shared<visibility>();
  rights->only(deal::owner == ref<user>(boris)).only(sales_order::client == ref<client>(bolt));
  session limited = base->open_session({.sees = rights});
  EXPECT_EQ(shown(limited.report<pipeline_report>()),
            "stage|deals|amount|weighted\n"
            "Разговор|1|200.05 EUR|20.01 EUR\n"
            "Позже|1|0.33 EUR|0.00 EUR\n"
            "Звонок|1|3.00 EUR|0.15 EUR");
  EXPECT_EQ(shown(limited.report<sales_report>(sales_report::by = sales_by::product)),
            "product|orders|net\nНасос|1|90.00 EUR\nФильтр|1|10.00 EUR");
  EXPECT_EQ(shown(limited.report<clients_report>()),
            "client|orders|net|first|last\nBolt|2|100.00 EUR|2026-01-31|2026-03-31");
}

TEST_P(standard_reports_test, of_an_empty_store_have_their_columns) {
  open();
  EXPECT_EQ(shown(s->report<pipeline_report>()), "stage|deals|amount|weighted");
  EXPECT_EQ(shown(s->report<sales_report>()), "month|orders|net");
  EXPECT_EQ(shown(s->report<clients_report>()), "client|orders|net|first|last");
}

// ----------------------------------------------------------------------------------------- charts

TEST_P(standard_reports_test, are_drawn_by_currency) {
  const report_type& about = s->model()->report("pipeline");
  const json chart = json::parse(chart_of(about, s->report<pipeline_report>()));
  EXPECT_EQ(chart["$schema"], "https://vega.github.io/schema/vega-lite/v5.json");
  EXPECT_EQ(chart["mark"], "bar");
  EXPECT_EQ(chart["encoding"]["x"],
            json::parse(R"({"field": "stage", "type": "nominal", "sort": null})"));
  EXPECT_EQ(chart["encoding"]["y"]["field"], "amount");
  EXPECT_EQ(chart["encoding"]["row"]["field"], "currency");
  EXPECT_EQ(chart["resolve"]["scale"]["y"], "independent");
  EXPECT_EQ(chart["data"]["values"], json::parse(R"([
    {"stage": "Разговор", "deals": 3, "amount": 300.10, "weighted": 30.02, "currency": "EUR"},
    {"stage": "Разговор", "deals": 3, "amount": 1000.00, "weighted": 100.00, "currency": "RUB"},
    {"stage": "Предложение", "deals": 2, "amount": 50.00, "weighted": 30.00, "currency": "EUR"},
    {"stage": "Позже", "deals": 1, "amount": 0.33, "weighted": 0.00, "currency": "EUR"},
    {"stage": "Звонок", "deals": 1, "amount": 3.00, "weighted": 0.15, "currency": "EUR"}])"));
}

TEST_P(standard_reports_test, are_drawn_plainly_in_one_currency) {
  const json chart = json::parse(chart_of(s->model()->report("sales"), s->report<sales_report>()));
  EXPECT_FALSE(chart["encoding"].contains("row"));
  EXPECT_EQ(chart["encoding"]["x"]["field"], "month");
  EXPECT_EQ(chart["encoding"]["y"]["title"], "net, EUR");
  EXPECT_EQ(chart["data"]["values"].size(), 4u);
}

// Quotes, a script's end, and all that has no place in JSON.
TEST(charts, keep_any_text) {
  static constexpr report_def about{
      .name = "odd", .chart = {.mark = "line", .x = {}, .y = "n", .color = "\"c\""}, .doc = "a\tb"};
  report_type report;
  report.about = &about;
  const std::string odd = "\"\\</script>\n\x01\x7f Ёлка";
  const table t{
      {{"t", kind_id::text, {}},
       {"n", kind_id::real, {}},
       {"\"c\"", kind_id::date, {}},
       {"flag", kind_id::boolean, {}},
       {"long", kind_id::duration, {}}},
      {{value(odd), value(0.5), value(date(2026, 3, 2)), value(true), value(duration::of_hours(1))},
       {value(), value(), value(), value(), value()}}};
  const std::string text = chart_of(report, t);
  EXPECT_EQ(text.find("</script"), std::string::npos);
  const json chart = json::parse(text);
  EXPECT_EQ(chart["description"], "a\tb");
  EXPECT_EQ(chart["data"]["values"][0]["t"], odd);
  EXPECT_EQ(chart["data"]["values"][0]["n"], 0.5);
  EXPECT_EQ(chart["data"]["values"][0]["\"c\""], "2026-03-02");
  EXPECT_EQ(chart["data"]["values"][0]["flag"], true);
  EXPECT_EQ(chart["data"]["values"][0]["long"], 3600.0);
  EXPECT_TRUE(chart["data"]["values"][1]["t"].is_null());
  EXPECT_EQ(chart["encoding"]["color"]["type"], "temporal");
}

}  // namespace
}  // namespace kith::lab
