// SPDX-License-Identifier: Apache-2.0
//
// Most columns need no mapping: a header is a field's name, its label, or a usual word for it, in
// English or Russian. What remains is said once, per file.
#include "import_sample.hpp"

namespace examples {

using namespace kith;

import_report import_sample(session& s, const std::string& folder) {
  import_report report;
  const auto read = [&](const std::string& file, import_options options) {
    options.format.currency = currency_code("RUB");
    options.format.zone = s.options().zone;
    report.emplace_back(file, import_csv(s, folder + "/" + file, std::move(options)));
  };

  read("users.csv", {.entity = "users", .match = {"login"}});
  read("stages.csv", {.entity = "stages",
                      .columns = {{"Воронка", "pipeline", {.create_missing = true}}},
                      .match = {"pipeline", "name"}});
  read("clients.csv", {.entity = "clients", .columns = {{"Код 1С", "@1c"}}, .match = {"@1c"}});
  read("contacts.csv",
       {.entity = "contacts",
        .columns = {{"Клиент", "employments.client"}, {"Должность", "employments.title"}},
        .match = {"name"}});
  read("products.csv", {.entity = "products", .match = {"code"}});
  read("deals.csv", {.entity = "deals", .columns = {{"Номер", "@1c"}}, .match = {"@1c"}});
  read("orders.csv", {.entity = "sales_orders", .match = {"number"}});
  read("order_lines.csv", {.entity = "order_lines", .match = {"sales_order", "position"}});
  read("interactions.csv", {.entity = "interactions"});
  read("tasks.csv", {.entity = "tasks", .match = {"client", "title"}});
  return report;
}

}  // namespace examples
