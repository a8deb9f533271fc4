// SPDX-License-Identifier: Apache-2.0
//
// The mappings. Each record keeps the key that Northwind has for it, under a name of its own for
// each table: rows of later files find it by that, and so does the next run.
#include "import_northwind.hpp"

#include <fstream>

#include "kith/domain/standard.hpp"

namespace examples {
namespace {

using namespace kith;

const currency_code usd = *currency_code::parse("USD");

import_result import_employees(session& into, const std::string& folder) {
  import_options o;
  o.entity = "users";
  o.match = {"@northwind.employees"};
  o.only_mapped = true;
  o.columns = {{"EmployeeID", "@northwind.employees"},
               {"LastName", "login"},
               {"Title", "title"},
               {"ReportsTo", "manager@northwind.employees"}};
  o.each_row = [](import_row& row) {  // two columns become one field
    row.set(user::name =
                std::string(row.text("FirstName")) + " " + std::string(row.text("LastName")));
  };
  return import_csv(into, folder + "/Employees.csv", o);
}

// A small table that is no entity here: its names are written into the products.
std::map<std::string, std::string> category_names(const std::string& folder) {
  std::ifstream file(folder + "/Categories.csv", std::ios::binary);
  csv_reader rows([&](char* to, std::size_t room) {
    file.read(to, static_cast<std::streamsize>(room));
    return static_cast<std::size_t>(file.gcount());
  });
  std::map<std::string, std::string> names;
  std::vector<std::string_view> cells;
  rows.next(cells);  // the header
  while (rows.next(cells)) names.emplace(cells[0], cells[1]);
  return names;
}

import_result import_products(session& into, const std::string& folder) {
  import_options o;
  o.entity = "products";
  o.match = {"@northwind.products"};
  o.only_mapped = true;
  o.columns = {{"ProductID", "@northwind.products"},
               {"ProductName", "name"},
               {"CategoryID", "category", {.translate = category_names(folder)}},
               {"QuantityPerUnit", "unit"},
               {"UnitPrice", "list_price", {.currency = usd}},
               {"Discontinued", "active", {.translate = {{"0", "true"}, {"1", "false"}}}}};
  return import_csv(into, folder + "/Products.csv", o);
}

import_result import_customers(session& into, const std::string& folder) {
  import_options o;
  o.entity = "clients";
  o.match = {"@northwind.customers"};
  o.columns = {{"CustomerID", "@northwind.customers"},
               {"ContactName", "employments.contact", {.create_missing = true}},
               {"ContactTitle", "employments.title"},
               {"Phone", "phones"},
               {"Fax", "phones"}};  // a second one; the rest is found by its header
  o.constants = {{"status", "existing"}, {"phones.label", "fax"}};
  o.each_row = [](import_row& row) {
    if (!row.text("City").empty() || !row.text("Country").empty()) return;
    throw error({{"client",
                  "city",
                  "has_an_address",
                  {},
                  "a customer without city and country is a test entry; complete the row or "
                  "leave it out"}});
  };
  return import_csv(into, folder + "/Customers.csv", o);
}

import_result import_orders(session& into, const std::string& folder) {
  import_options o;
  o.entity = "sales_orders";
  o.match = {"number"};
  o.only_mapped = true;
  o.columns = {{"OrderID", "number"},
               {"CustomerID", "client@northwind.customers"},
               {"EmployeeID", "owner@northwind.employees"},
               {"OrderDate", "ordered"},
               {"RequiredDate", "required_by"},
               {"ShippedDate", "shipped"},
               {"Freight", "freight", {.currency = usd}},
               {"ShipName", "ship_name"},
               {"ShipAddress", "ship_to.street"},
               {"ShipCity", "ship_to.city"},
               {"ShipRegion", "ship_to.region"},
               {"ShipPostalCode", "ship_to.postal_code"},
               {"ShipCountry", "ship_to.country"}};
  o.each_row = [](import_row& row) {
    const bool shipped = !row.text("ShippedDate").empty();
    row.set(sales_order::status = shipped ? order_status::shipped : order_status::confirmed);
  };
  return import_csv(into, folder + "/Orders.csv", o);
}

import_result import_lines(session& into, const std::string& folder) {
  import_options o;
  o.entity = "order_lines";
  o.match = {"sales_order", "product"};
  o.only_mapped = true;
  o.columns = {{"OrderID", "sales_order"},
               {"ProductID", "product@northwind.products"},
               {"UnitPrice", "unit_price", {.currency = usd}},
               {"Quantity", "quantity"},
               {"Discount", "discount_percent", {.times = decimal(100)}}};
  return import_csv(into, folder + "/OrderDetails.csv", o);
}

}  // namespace

northwind_report import_northwind(session& into, const std::string& folder) {
  northwind_report r;
  r.employees = import_employees(into, folder);
  r.products = import_products(into, folder);
  r.customers = import_customers(into, folder);
  r.orders = import_orders(into, folder);
  r.lines = import_lines(into, folder);
  return r;
}

}  // namespace examples
