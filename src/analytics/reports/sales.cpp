// SPDX-License-Identifier: Apache-2.0
//
// Sales. Orders are grouped by the query engine; products are those of their lines, and an order
// counts once for each product in it.
#include <algorithm>
#include <cstdio>
#include <map>

#include "analytics/reports/columns.hpp"
#include "kith/analytics/sales_report.hpp"
#include "kith/core/session.hpp"
#include "kith/core/text.hpp"
#include "kith/domain/catalogue/product.hpp"
#include "kith/domain/sales/order_line.hpp"
#include "kith/domain/sales/sales_order.hpp"

namespace kith::inline v1 {
namespace {

using context = report_context<sales_report>;

void check_days(const context& c) {
  if (!c.has(sales_report::since) || !c.has(sales_report::until)) return;
  const date from = c[sales_report::since];
  const date to = c[sales_report::until];
  if (from <= to) return;
  throw error({{"sales", "until", "since_before_until", to.to_string(),
                to.to_string() + " is before " + from.to_string() +
                    ", since when orders count; exchange them"}});
}

table empty_table(std::string_view by) {
  kind_options cents;
  cents.scale = currency_scale;
  return {{{std::string(by), kind_id::text, {}},
           {"orders", kind_id::integer, {}},
           {"net", kind_id::money, cents}},
          {}};
}

struct sold {
  std::int64_t orders = 0;
  money_sum net;
};

value sum_or_null(const money_sum& sum) { return sum.empty() ? value() : value(sum); }

// Orders that count, as a question: `prefix` leads to the order.
std::string counts(const context& c, const std::string& prefix, parameters& values) {
  std::string where = prefix + "status in ('confirmed', 'shipped')";
  if (c.has(sales_report::since)) {
    where += " and " + prefix + "ordered >= ?";
    values.placed.emplace_back(c[sales_report::since]);
  }
  if (c.has(sales_report::until)) {
    where += " and " + prefix + "ordered <= ?";
    values.placed.emplace_back(c[sales_report::until]);
  }
  return where;
}

table orders_by(session& s, const context& c,
                const std::vector<std::pair<std::string, std::string>>& groups) {
  parameters values;
  const std::string where = counts(c, "", values);
  return s.query("sales_orders", where, std::move(values))
      .aggregate(groups, {{"orders", "count()"}, {"net", "sum(net)"}});
}

// 2026-03, 2026-Q1 or 2026: in the order of time as they are in that of text.
std::string period(sales_by by, std::int64_t year, std::int64_t month) {
  char text[32];
  const auto y = static_cast<int>(year);
  const auto m = static_cast<int>(month);
  if (by == sales_by::year) {
    std::snprintf(text, sizeof text, "%04d", y);
  } else if (by == sales_by::quarter) {
    std::snprintf(text, sizeof text, "%04d-Q%d", y, (m + 2) / 3);
  } else {
    std::snprintf(text, sizeof text, "%04d-%02d", y, m);
  }
  return text;
}

table by_time(session& s, const context& c) {
  const sales_by by = c[sales_report::by];
  const table months = orders_by(s, c, {{"year", "year(ordered)"}, {"month", "month(ordered)"}});
  std::map<std::string, sold> periods;
  for (const std::vector<value>& row : months.rows) {
    sold& in = periods[period(by, row[0].as<std::int64_t>(), row[1].as<std::int64_t>())];
    in.orders += row[2].as<std::int64_t>();
    in.net.add(row[3].as<money_sum>());
  }
  table answer = empty_table(value(by).to_string());
  for (const auto& [name, in] : periods) {
    answer.rows.push_back({value(name), value(in.orders), sum_or_null(in.net)});
  }
  return answer;
}

table by_party(session& s, const context& c) {
  const std::string of = value(c[sales_report::by]).to_string();
  const table found = orders_by(s, c, {{of, of + ".name"}, {"id", of}});
  table answer = empty_table(of);
  for (const std::vector<value>& row : found.rows) {
    answer.rows.push_back({row[0], row[2], sum_or_null(row[3].as<money_sum>())});
  }
  return answer;
}

table by_product(session& s, const context& c) {
  parameters values;
  query_spec spec;
  const std::string where = counts(c, "sales_order.", values);
  spec = s.query("order_lines", where, std::move(values)).spec();
  const query<order_line> lines(s, std::move(spec));
  std::map<std::int64_t, sold> products;
  std::vector<std::pair<std::int64_t, std::int64_t>> in_orders;  // product, order
  for (const auto& [what, order, net] :
       lines.columns(order_line::product, order_line::sales_order, order_line::net)) {
    sold& of = products[what.id.value];
    if (!net.empty()) of.net.add(net);
    in_orders.emplace_back(what.id.value, order.id.value);
  }
  std::sort(in_orders.begin(), in_orders.end());
  in_orders.erase(std::unique(in_orders.begin(), in_orders.end()), in_orders.end());
  for (const auto& [what, order] : in_orders) ++products[what].orders;

  table answer = empty_table("product");
  std::vector<std::pair<std::string, std::vector<value>>> rows;  // in the order of folded names
  for (const auto& [id, of] : products) {
    const auto found = id == 0 ? std::nullopt : s.get_if(ref<product>{{id}});
    const value name = found ? value((*found)[product::name]) : value();
    rows.push_back({found ? fold((*found)[product::name]) : "",
                    {name, value(of.orders), sum_or_null(of.net)}});
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [key, row] : rows) answer.rows.push_back(std::move(row));
  return answer;
}

}  // namespace

table sales_report::run(report_context<sales_report>& c) {
  check_days(c);
  switch (c[by]) {
    case sales_by::product: return by_product(c.session(), c);
    case sales_by::client:
    case sales_by::owner: return by_party(c.session(), c);
    default: return by_time(c.session(), c);
  }
}

}  // namespace kith::inline v1
