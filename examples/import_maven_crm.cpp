// SPDX-License-Identifier: Apache-2.0
//
// The mappings.
#include "import_maven_crm.hpp"

#include "kith/domain/standard.hpp"

namespace examples {
namespace {

using namespace kith;

const currency_code usd = *currency_code::parse("USD");

// One row per agent: six managers come again and again, and are found by their login.
import_result import_managers(session& into, const std::string& file) {
  import_options o;
  o.entity = "users";
  o.match = {"login"};
  o.only_mapped = true;
  o.columns = {{"manager", "login"}, {"manager", "name"}};
  return import_csv(into, file, o);
}

// A team is called after its manager.
import_result import_teams(session& into, const std::string& file) {
  import_options o;
  o.entity = "teams";
  o.match = {"name"};
  o.only_mapped = true;
  o.columns = {{"manager", "name"}, {"manager", "lead.login"}, {"regional_office", "region"}};
  return import_csv(into, file, o);
}

import_result import_agents(session& into, const std::string& file) {
  import_options o;
  o.entity = "users";
  o.match = {"login"};
  o.only_mapped = true;
  o.columns = {{"sales_agent", "login"},
               {"sales_agent", "name"},
               {"manager", "manager.login"},
               {"manager", "team"}};
  return import_csv(into, file, o);
}

import_result import_products(session& into, const std::string& file) {
  import_options o;
  o.entity = "products";
  o.match = {"name"};
  o.columns = {{"product", "name"},
               {"series", "category"},
               {"sales_price", "list_price", {.currency = usd}}};
  return import_csv(into, file, o);
}

import_result import_accounts(session& into, const std::string& file) {
  import_options o;
  o.entity = "clients";
  o.match = {"name"};
  o.columns = {{"account", "name"},
               {"sector", "industry", {.translate = {{"technolgy", "technology"}}}},
               {"year_established", "founded_year"},
               {"revenue", "annual_revenue", {.times = decimal(1'000'000), .currency = usd}},
               {"office_location", "country", {.translate = {{"Philipines", "Philippines"}}}},
               {"subsidiary_of", "parent"}};  // `employees` is found by its header
  return import_csv(into, file, o);
}

void add_pipeline(session& into) {
  if (into.find_one(pipeline::name, "Sales")) return;
  transaction tx = into.write({.reason = "set up the pipeline"});
  const record<pipeline> sales = into.add(pipeline::name = "Sales");
  struct step {
    const char* name;
    stage_category category;
    int probability;
  };
  int position = 0;
  for (const step& s :
       {step{"Prospecting", stage_category::open, 10}, step{"Engaging", stage_category::open, 50},
        step{"Won", stage_category::won, 100}, step{"Lost", stage_category::lost, 0}}) {
    into.add(stage::pipeline = sales, stage::name = s.name, stage::category = s.category,
             stage::probability = s.probability, stage::position = ++position);
  }
  tx.commit();
}

}  // namespace

import_result import_maven_deals(session& into, const std::string& file,
                                 const maven_options& options) {
  import_options o;
  o.entity = "deals";
  o.match = {"@maven"};
  o.only_mapped = true;
  o.rejected_file = options.rejected_file;
  o.columns = {{"opportunity_id", "@maven"},
               {"sales_agent", "owner.login"},
               {"product", "product", {.translate = options.product_names}},
               {"account", "client"},
               {"deal_stage", "stage"},
               {"engage_date", "opened"},
               {"close_date", "closed"},
               {"close_value", "amount", {.currency = usd}}};
  o.each_row = [](import_row& row) {
    const std::string account(row.text("account"));
    row.set(deal::title = std::string(row.text("product")) +
                          (account.empty() ? std::string() : " for " + account));
    if (row.text("deal_stage") == "Lost") row.set(deal::lost_reason = "not stated");
  };
  return import_csv(into, file, o);
}

maven_report import_maven_crm(session& into, const std::string& folder,
                              const maven_options& options) {
  add_pipeline(into);
  maven_report r;
  r.managers = import_managers(into, folder + "/sales_teams.csv");
  r.teams = import_teams(into, folder + "/sales_teams.csv");
  r.agents = import_agents(into, folder + "/sales_teams.csv");
  r.products = import_products(into, folder + "/products.csv");
  r.accounts = import_accounts(into, folder + "/accounts.csv");
  r.deals = import_maven_deals(into, folder + "/sales_pipeline.csv", options);
  return r;
}

}  // namespace examples
