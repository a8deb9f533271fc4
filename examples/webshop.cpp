// SPDX-License-Identifier: Apache-2.0
//
// A web shop with Kith inside: reads what it has in CSV files, takes an order in one transaction
// with its own table, and asks the questions of the morning.
//
//   webshop                                   the sample of examples/data
//   webshop --data DIR                        a folder with the CSV files of Northwind or Maven CRM
//   webshop --store FILE                      keeps the store there (default: a temporary file)
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <kith/kith.hpp>

#include "import_maven_crm.hpp"
#include "import_northwind.hpp"
#include "import_sample.hpp"

namespace {

using namespace kith;
using examples::import_report;
namespace fs = std::filesystem;

/// A folder of this run, gone with it.
struct scratch_folder {
  fs::path path = fs::temp_directory_path() /
                  ("kith-webshop-" + std::to_string(getpid()) + "-" + std::to_string(++made));
  static inline int made = 0;
  scratch_folder() { fs::create_directories(path); }
  scratch_folder(const scratch_folder&) = delete;
  ~scratch_folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

import_report read_maven(session& s, const std::string& folder) {
  const scratch_folder kept;
  const fs::path refused = kept.path / "refused.csv";
  const examples::maven_report r =
      examples::import_maven_crm(s, folder, {.rejected_file = refused.string()});
  import_report report = {{"sales_teams.csv: managers", r.managers},
                          {"sales_teams.csv: teams", r.teams},
                          {"sales_teams.csv: agents", r.agents},
                          {"products.csv", r.products},
                          {"accounts.csv", r.accounts},
                          {"sales_pipeline.csv", r.deals}};
  // The refused rows again, with the product's name as the products have it.
  report.emplace_back("the refused rows, GTXPro read as GTX Pro",
                      examples::import_maven_deals(s, refused.string(),
                                                   {.product_names = {{"GTXPro", "GTX Pro"}}}));
  return report;
}

import_report read_northwind(session& s, const std::string& folder) {
  const examples::northwind_report r = examples::import_northwind(s, folder);
  return {{"Employees.csv", r.employees},
          {"Products.csv", r.products},
          {"Customers.csv", r.customers},
          {"Orders.csv", r.orders},
          {"OrderDetails.csv", r.lines}};
}

/// One number about all of it: a measure of the records of an entity that meet a condition.
struct figure {
  std::string name;
  std::string entity;
  std::string measure;
  std::string where{};
};

/// Where the records come from, and the day on which the questions are asked.
struct shop {
  std::string title;
  import_report (*read)(session&, const std::string& folder);
  date today;
  std::string zone;
  std::vector<figure> figures;
};

const std::string exact_net = "round(unit_price * quantity * (100 - discount_percent) / 100, 4)";
const std::vector<figure> northwind_figures = {
    {"revenue, exact", "order_lines", "sum(" + exact_net + ")"},
    {"revenue, lines rounded to cents", "order_lines", "sum(net)"},
    {"  ordered in 1997", "order_lines", "sum(" + exact_net + ")",
     "sales_order.ordered between '1997-01-01' and '1997-12-31'"},
    {"freight", "sales_orders", "sum(freight)"},
    {"orders not shipped", "sales_orders", "count()", "shipped is null"},
    {"clients that never ordered", "clients", "count()", "not exists(orders)"},
};
const std::vector<figure> maven_figures = {
    {"won value", "deals", "sum(amount)", "stage.category = 'won'"},
    {"mean won deal", "deals", "avg(amount)", "stage.category = 'won'"},
    {"open deals without a client", "deals", "count()", "client is null"},
    {"clients that belong to another", "clients", "count()", "parent is not null"},
};

shop shop_in(const std::string& folder) {
  const fs::path files = folder;
  if (fs::exists(files / "sales_pipeline.csv")) {
    return {"Maven CRM: computer hardware",
            read_maven,
            {2017, 12, 31},
            "America/New_York",
            maven_figures};
  }
  if (fs::exists(files / "OrderDetails.csv")) {
    return {"Northwind: fine food", read_northwind, {1998, 5, 6}, "UTC", northwind_figures};
  }
  return {
      "Сибсервис: other firms' vehicles", examples::import_sample, {2026, 3, 16}, "Asia/Omsk", {}};
}

void print_title(const std::string& text) { std::cout << "\n" << text << "\n"; }

/// Prints at most so many rows of a table.
void print_table(table t, std::size_t most = 1000) {
  if (t.rows.empty()) std::cout << "(none)\n";
  if (t.rows.empty()) return;
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
      std::cout << "    row " << e.row << ", " << e.column << " \"" << e.value
                << "\": " << e.message << "\n";
    }
    if (r.errors.size() > 3) std::cout << "    … and " << r.errors.size() - 3 << " more\n";
  }
}

// ------------------------------------------------------------------- one transaction with the shop

/// An order arrives: the shop's own row and Kith's records are kept together, or not at all.
void take_order(session& s, const std::string& number, const record<client>& buyer,
                const record<product>& what, bool card_is_good) {
  transaction tx = s.write({.reason = "web order " + number, .operation_key = "web-" + number});
  if (tx.already_done()) {
    std::cout << "  " << number << ": known already, nothing done\n";
    return;
  }
  tx.sql("insert into shop_orders(number, buyer) values (?, ?)", {number, buyer});
  const record<sales_order> order = s.add(sales_order::number = number, sales_order::client = buyer,
                                          sales_order::status = order_status::confirmed);
  s.add(order_line::sales_order = order, order_line::product = what, order_line::quantity = 2);
  s.add(interaction::client = buyer, interaction::kind = interaction_kind::web,
        interaction::subject = "Order " + number + " in the web shop");
  s.add(task::title = "Call about delivery of " + number, task::client = buyer,
        task::due = s.today().plus_days(1));
  if (!card_is_good) throw std::runtime_error("the card was declined");
  tx.commit();
  std::cout << "  " << number << ": "
            << s.get<sales_order>(order.id())[sales_order::net].to_string() << " for "
            << buyer[client::name] << "\n";
}

void take_orders(session& s) {
  {
    transaction tx = s.write({.reason = "the shop's own table"});
    tx.sql("create table if not exists shop_orders(number text primary key, buyer integer)");
    tx.commit();
  }
  const record<client> buyer = *s.all<client>().order_by(client::name).first();
  const record<product> what = *s.all<product>().order_by(product::name).first();
  take_order(s, "W-1", buyer, what, true);
  take_order(s, "W-1", buyer, what, true);  // the same message again
  try {
    take_order(s, "W-2", buyer, what, false);
  } catch (const std::runtime_error& refused) {
    std::cout << "  W-2: " << refused.what() << ", nothing kept\n";
  }
  transaction tx = s.read();
  std::string kept;
  tx.sql("select number from shop_orders", {},
         [&](auto row) { kept += std::string(row[0].as_bytes()) + " "; });
  std::cout << "  in the shop's table: " << kept << "\n";
}

// ------------------------------------------------------------------------ the questions of the day

void print_figures(session& s, const std::vector<figure>& figures) {
  if (figures.empty()) return;
  print_title("Figures");
  for (const figure& f : figures) {
    const table t = s.query(f.entity, f.where).aggregate({}, {{"value", f.measure}});
    std::cout << "  " << f.name << ": " << t.at(0, "value").to_string() << "\n";
  }
}

/// The stages that deals are worked on in, each with what the live total says of its deals.
table board_of(session& s) {
  const table stages =
      s.query("stages", "category in ('open', 'hold') order by pipeline.name, position")
          .select(
              {{"pipeline", "pipeline.name"}, {"no", "position"}, {"stage", "name"}, {"id", "id"}});
  table board;
  board.columns.assign(stages.columns.begin(), stages.columns.end() - 1);
  for (const auto& stage : stages.rows) {
    const table deals = s.total("board", {stage.back()});
    if (board.columns.size() < stages.columns.size()) {
      board.columns.insert(board.columns.end(), deals.columns.begin() + 1, deals.columns.end());
    }
    if (deals.rows.empty()) continue;
    auto& row = board.rows.emplace_back(stage.begin(), stage.end() - 1);
    row.insert(row.end(), deals.rows[0].begin() + 1, deals.rows[0].end());
  }
  return board;
}

void print_board(session& s) {
  print_title("Pipeline board");
  print_table(board_of(s));
  print_title("Decided deals");
  print_table(s.query("deals", "stage.category in ('won', 'lost')")
                  .aggregate({{"category", "stage.category"}},
                             {{"deals", "count()"}, {"amount", "sum(amount)"}}));
  const auto won = static_cast<std::int64_t>(s.query("deals", "stage.category = 'won'").count());
  const auto lost = static_cast<std::int64_t>(s.query("deals", "stage.category = 'lost'").count());
  if (won + lost == 0) return;
  std::cout << "win rate "
            << decimal::quotient(decimal(won * 100), decimal(won + lost), 2, rounding::half_up)
                   .to_string()
            << " %\n";
}

void print_best_clients(session& s) {
  print_title("Best clients by what they ordered");
  const table all = s.total("purchases");
  const std::size_t net = all.column_at("net");
  std::vector<std::vector<value>> best = all.rows;
  std::erase_if(best, [&](const auto& row) { return row[net].is_null(); });
  std::stable_sort(best.begin(), best.end(), [&](const auto& a, const auto& b) {
    return a[net].template as<money_sum>().parts() > b[net].template as<money_sum>().parts();
  });
  if (best.size() > 5) best.resize(5);
  table shown{{{"client", kind_id::text, {}}, all.columns[1], all.columns[net]}, {}};
  for (const auto& row : best) {
    const record<client> buyer = s.get<client>(row[0].as<record_id>());
    shown.rows.push_back({buyer[client::name], row[1], row[net]});
  }
  print_table(shown);
}

void print_timeline(session& s) {
  const auto busiest =
      s.query("interactions", "")
          .aggregate({{"client", "client.name"}}, {{"n", "count()"}}, "", {{"n", true}});
  if (busiest.rows.empty()) return;
  const value name = busiest.at(0, "client");
  print_title("What happened with " + name.to_string());
  print_table(s.query("interactions", "client.name = ? order by at desc limit 10", {name})
                  .select({{"at", "at"},
                           {"kind", "kind"},
                           {"direction", "direction"},
                           {"subject", "subject"},
                           {"by", "owner.name"}}));
}

void print_promises(session& s) {
  print_title("Promises that are overdue on " + s.today().to_string());
  print_table(s.query("tasks", "status = 'open' and due < today() order by due")
                  .select({{"due", "due"},
                           {"what", "title"},
                           {"client", "client.name"},
                           {"who", "assignee.name"}}));
}

void run(const std::string& folder, const fs::path& file) {
  const shop here = shop_in(folder);
  const time_zone zone = time_zone::named(here.zone);
  const auto clock = std::make_shared<manual_clock>(
      zone.instant_of({here.today, std::int64_t{10} * 3600 * 1'000'000}));

  crm base = kith::open(file.string(), {.clock = clock});
  session s = base.open_session({.actor = "webshop", .zone = zone});
  std::cout << here.title << "\n";

  print_title("Read");
  print_import(here.read(s, folder));
  print_figures(s, here.figures);
  print_title("Orders of the web shop");
  take_orders(s);
  print_board(s);
  print_best_clients(s);
  print_timeline(s);
  print_promises(s);
}

}  // namespace

int main(int count, char** words) {
  std::string folder = KITH_EXAMPLE_DATA;
  std::string file;
  for (int i = 1; i + 1 < count; i += 2) {
    if (words[i] == std::string("--data")) folder = words[i + 1];
    if (words[i] == std::string("--store")) file = words[i + 1];
  }
  try {
    const scratch_folder own;
    run(folder, file.empty() ? own.path / "shop.kith" : fs::path(file));
  } catch (const std::exception& e) {
    std::cerr << "webshop: " << e.what() << "\n";
    return 1;
  }
}
