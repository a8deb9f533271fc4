// SPDX-License-Identifier: Apache-2.0
//
// The CSV files of Microsoft's Northwind sample into the standard entities: what a mapping of an
// old database looks like. A second run changes what the first one added.
//
//   northwind_report r = import_northwind(session, "data/northwind");
//   for (const kith::import_error& e : r.customers.errors) print(e.row, e.column, e.message);
#pragma once

#include <string>

#include "kith/exchange/csv.hpp"

namespace examples {

struct northwind_report {
  kith::import_result employees;  ///< users, with whom they report to
  kith::import_result products;   ///< with the names of their categories
  kith::import_result customers;  ///< clients, with a contact, telephone and fax
  kith::import_result orders;
  kith::import_result lines;
};

/// `folder` holds Employees.csv, Categories.csv, Products.csv, Customers.csv, Orders.csv and
/// OrderDetails.csv.
northwind_report import_northwind(kith::session& into, const std::string& folder);

}  // namespace examples
