// SPDX-License-Identifier: Apache-2.0
//
// Real data: Northwind. The figures are those of its own documentation and of exact arithmetic.
#include "../../examples/import_northwind.hpp"

#include "lab.hpp"

namespace kith::lab {
namespace {

class northwind_test : public suite {
 protected:
  void SetUp() override {
    folder = real_data("northwind");
    if (folder.empty()) GTEST_SKIP() << "needs ../shared/data/northwind";
    report = examples::import_northwind(*s, folder);
  }
  std::string folder;
  examples::northwind_report report;
};
INSTANTIATE_TEST_SUITE_P(stores, northwind_test, ::testing::ValuesIn(indexed_backends()),
                         name_of_backend);

TEST_P(northwind_test, every_row_is_taken_but_the_two_test_customers) {
  EXPECT_EQ(told(report.employees), "9 rows: 9 inserted");
  EXPECT_EQ(told(report.products), "77 rows: 77 inserted");
  const std::string why =
      ": a customer without city and country is a test entry; complete the row or leave it out";
  EXPECT_EQ(told(report.customers),
            "93 rows: 91 inserted, 2 refused\n"
            "row 84 (line 85) City → city" +
                why + "\nrow 85 (line 86) City → city" + why);
  EXPECT_EQ(told(report.orders), "830 rows: 830 inserted");
  EXPECT_EQ(told(report.lines), "2155 rows: 2155 inserted");
}

TEST_P(northwind_test, a_second_run_changes_nothing) {
  const examples::northwind_report again = examples::import_northwind(*s, folder);
  EXPECT_EQ(again.employees.unchanged, 9u);
  EXPECT_EQ(again.products.unchanged, 77u);
  EXPECT_EQ(again.customers.unchanged, 91u);
  EXPECT_EQ(again.orders.unchanged, 830u);
  EXPECT_EQ(again.lines.unchanged, 2155u);
  EXPECT_EQ(count("contact_points"), count("contact_points", "party is not null"));
  EXPECT_EQ(count("contacts"), 91u);
  EXPECT_EQ(count("employments"), 91u);
}

TEST_P(northwind_test, money_is_exact) {
  const std::string discounted = "unit_price * quantity * (100 - discount_percent) / 100";
  struct figure {
    const char* entity;
    std::string measure;
    const char* where;
    const char* sum;
    int digits = -1;  // rounded half up; else exact
  };
  const figure figures[] = {
      {"order_lines", "sum(" + discounted + ")", "", "1265793.0395"},
      {"order_lines", "sum(net)", "", "1265793.29"},
      {"order_lines", "sum(unit_price * quantity)", "", "1354458.59"},
      {"order_lines", "sum(round_even(" + discounted + "))", "", "1265793.02"},
      {"sales_orders", "sum(net)", "", "1265793.29"},
      {"sales_orders", "sum(freight)", "", "64942.69"},
      {"order_lines", "sum(quantity)", "", "51317"},
      {"order_lines", "sum(" + discounted + ")", "sales_order.ordered < '1997-01-01'", "208083.97",
       2},
      {"order_lines", "sum(" + discounted + ")",
       "sales_order.ordered between '1997-01-01' and '1997-12-31'", "617085.20", 2},
      {"order_lines", "sum(" + discounted + ")", "sales_order.ordered > '1997-12-31'", "440623.87",
       2},
      {"order_lines", "sum(" + discounted + ")", "sales_order.client.name = 'QUICK-Stop'",
       "110277.31", 2},
      {"order_lines", "sum(" + discounted + ")", "sales_order.owner.login = 'Peacock'", "232890.85",
       2},
  };
  for (const figure& f : figures) {
    const std::string text = total(f.entity, f.measure, f.where).to_string();
    const decimal exact = decimal(text.substr(0, text.find(' '))).trimmed();
    const decimal shown = f.digits < 0 ? exact : exact.rounded(f.digits, rounding::half_up);
    EXPECT_EQ(shown.to_string(), f.sum) << f.measure << " " << f.where;
  }
}

TEST_P(northwind_test, revenue_of_1997_by_category_and_day_of_shipping) {
  const table found =
      s->query("order_lines", "sales_order.shipped between '1997-01-01' and '1997-12-31'")
          .aggregate({{"category", "product.category"}},
                     {{"sum", "sum(unit_price * quantity * (100 - discount_percent) / 100)"}}, {},
                     {{"category", false}});
  std::string text;
  for (const auto& row : found.rows) {
    const std::string sum = row[1].to_string();
    text += row[0].to_string() + " " + decimal(sum.substr(0, sum.find(' '))).trimmed().to_string() +
            "\n";
  }
  EXPECT_EQ(text,
            "Beverages 102074.305\nCondiments 55277.59\nConfections 80894.1515\n"
            "Dairy Products 114749.77\nGrains/Cereals 55948.825\nMeat/Poultry 81338.056\n"
            "Produce 53019.9875\nSeafood 65544.19\n");
}

TEST_P(northwind_test, counts) {
  EXPECT_EQ(count("sales_orders", "shipped is null"), 21u);
  EXPECT_EQ(count("sales_orders", "status = 'shipped'"), 809u);
  EXPECT_EQ(list("clients", {"name"}, "not exists(orders) order by name"),
            "FISSA Fabrica Inter. Salchichas S.A.; Paris spécialités");
  EXPECT_EQ(count("users", "manager is null"), 1u);
  EXPECT_EQ(list("users", {"name", "manager.name"}, "login = 'Davolio'"),
            "Nancy Davolio|Andrew Fuller");
  EXPECT_EQ(list("products", {"name", "category", "list_price", "unit"}, "name = 'Chai'"),
            "Chai|Beverages|18.0000 USD|10 boxes x 20 bags");
  EXPECT_EQ(count("products", "not active"), 8u);
}

TEST_P(northwind_test, the_first_customer_with_contact_and_numbers) {
  EXPECT_EQ(list("employments", {"client.name", "contact.name", "title"},
                 "client.name = 'Alfreds Futterkiste'"),
            "Alfreds Futterkiste|Maria Anders|Sales Representative");
  EXPECT_EQ(
      list("contact_points", {"address", "label"}, "address like '030-007%' order by address"),
      "030-0074321|; 030-0076545|fax");
  EXPECT_EQ(list("clients", {"street", "city", "postal_code", "country"},
                 "city = 'México D.F.' "
                 "order by name limit 1"),
            "Avda. de la Constitución 2222|México D.F.|05021|Mexico");
}

}  // namespace
}  // namespace kith::lab
