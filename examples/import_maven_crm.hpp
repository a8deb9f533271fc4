// SPDX-License-Identifier: Apache-2.0
//
// The CSV files of Maven Analytics' "CRM Sales Opportunities" into the standard entities: a sales
// pipeline with its people, products and a tree of accounts.
//
//   maven_report r = import_maven_crm(session, "data/maven-crm", {.rejected_file = "todo.csv"});
//   r.deals = import_maven_deals(session, "todo.csv", {.product_names = {{"GTXPro", "GTX Pro"}}});
#pragma once

#include <map>
#include <string>

#include "kith/exchange/csv.hpp"

namespace examples {

struct maven_report {
  kith::import_result managers;
  kith::import_result teams;
  kith::import_result agents;
  kith::import_result products;
  kith::import_result accounts;
  kith::import_result deals;
};

struct maven_options {
  /// Names of products in the pipeline that are not those of the products.
  std::map<std::string, std::string> product_names{};
  /// Where refused deals are kept for repair; empty: nowhere.
  std::string rejected_file{};
};

/// `folder` holds sales_teams.csv, products.csv, accounts.csv and sales_pipeline.csv.
maven_report import_maven_crm(kith::session& into, const std::string& folder,
                              const maven_options& options = {});

/// The pipeline alone: the file itself, or one of refused rows.
kith::import_result import_maven_deals(kith::session& into, const std::string& file,
                                       const maven_options& options = {});

}  // namespace examples
