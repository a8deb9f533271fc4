// SPDX-License-Identifier: Apache-2.0
//
// A web shop with Kith inside: reads what it has in CSV files, takes an order in one transaction
// with its own table, and asks the questions of the morning.
//
//   webshop                                   the sample of examples/data
//   webshop --data DIR                        a folder with the CSV files of Northwind or Maven CRM
//   webshop --store FILE                      keeps the store there (default: a temporary file)
#include <cstdio>
#include <filesystem>
#include <iostream>

#include <kith/kith.hpp>

#include "import_maven_crm.hpp"
#include "import_northwind.hpp"
#include "import_sample.hpp"

namespace {

using namespace kith;
namespace fs = std::filesystem;

/// Where the records come from, and the day on which the questions are asked.
struct shop {
  std::string title;
  std::string folder;
  import_report (*read)(session&, const std::string& folder);
  date today;
  std::string zone;
};

shop shop_in(const std::string& folder) {
  if (fs::exists(folder + "/sales_pipeline.csv")) {
    return {"Maven CRM: computer hardware to 85 accounts", folder, import_maven_crm,
            {2017, 12, 31}, "America/New_York"};
  }
  if (fs::exists(folder + "/OrderDetails.csv")) {
    return {"Northwind: food to 91 customers", folder, import_northwind, {1998, 5, 6}, "UTC"};
  }
  return {"Сибсервис: vehicles of other firms in Omsk", folder, import_sample, {2026, 3, 16},
          "Asia/Omsk"};
}

void print_title(const std::string& text) { std::cout << "\n" << text << "\n"; }

/// Prints at most so many rows of a table.
void print_table(table t, std::size_t most = 1000) {
  if (t.rows.size() > most) t.rows.resize(most);
  std::cout << t.to_string();
}

void print_import(const import_report& report) {
  for (const auto& [file, r] : report) {
    std::cout << "  " << file << ": " << r.rows << " rows, " << r.inserted << " added";
    if (r.failed != 0) std::cout << ", " << r.failed << " refused";
    std::cout << "\n";
    for (std::size_t i = 0; i < r.errors.size() && i < 3; ++i) {
      const import_error& e = r.errors[i];
      std::cout << "    row " << e.row << ", " << e.column << " \"" << e.value << "\": " << e.message
                << "\n";
    }
    if (r.errors.size() > 3) std::cout << "    … and " << r.errors.size() - 3 << " more\n";
  }
}

// ------------------------------------------------------------------- one transaction with the shop

/// An order arrives: the shop's own row and Kith's records are kept together, or not at all.
void take_order(session& s, const client_ref& buyer, const product_ref& what, const std::string& number,
                bool card_is_good) {
  transaction tx = s.write({.reason = "web order " + number, .operation_key = "web-" + number});
  if (tx.already_done()) return;  // the same webhook again
  const auto order = s.add(sales_order::number = number, sales_order::client = buyer,
                           sales_order::status = order_status::confirmed);
  s.add(order_line::sales_order = order.id(), order_line::product = what,
        order_line::quantity = decimal::parse("2"));
  s.add(interaction::client = buyer, interaction::kind = interaction_kind::order,
        interaction::subject = "Order " + number + " from the web shop");
  s.add(task::title = "Call about delivery of " + number, task::client = buyer,
        task::due = s.today() + 1);
  tx.sql("insert into shop_orders(number, client) values (?, ?)", {number, buyer.id.value});
  if (!card_is_good) throw std::runtime_error("the card was declined");
  tx.commit();
}

}  // namespace
