// SPDX-License-Identifier: Apache-2.0
//
// The best clients: the live total of orders, for who sees them all; else the orders are added up.
// Amounts of several currencies have no order: the call then says which one counts.
#include <algorithm>
#include <set>

#include "kith/analytics/clients_report.hpp"
#include "kith/core/session.hpp"
#include "kith/core/text.hpp"
#include "kith/domain/parties/client.hpp"
#include "kith/domain/sales/sales_order.hpp"

namespace kith::inline v1 {
namespace {

// Columns client (its id), orders, net, first, last.
table purchases(session& s) {
  if (s.options().sees == nullptr) return s.total("purchases");
  return s.query("sales_orders", "status in ('confirmed', 'shipped')")
      .aggregate({{"client", "client"}}, {{"orders", "count()"},
                                          {"net", "sum(net)"},
                                          {"first", "min(ordered)"},
                                          {"last", "max(ordered)"}});
}

[[noreturn]] void refuse_currency(std::string shown, std::string why) {
  throw error({{"clients", "currency", "one_currency", std::move(shown), std::move(why)}});
}

// The one that is asked for, or the only one there is.
currency_code currency_of(const report_context<clients_report>& c, const table& all) {
  if (c.has(clients_report::currency)) {
    const std::string given(c[clients_report::currency]);
    const auto known = currency_code::parse(given);
    if (!known) refuse_currency(given, "'" + given + "' is no ISO 4217 currency; give RUB or EUR");
    return *known;
  }
  std::set<currency_code> there;
  for (const std::vector<value>& row : all.rows) {
    const money_sum sum = row[2].as<money_sum>();
    for (const auto& [code, amount] : sum.parts()) there.insert(code);
  }
  if (there.size() > 1) {
    std::string codes;
    for (const currency_code& code : there)
      codes += (codes.empty() ? "" : " and ") + std::string(code.text());
    refuse_currency({}, "clients paid in " + codes + "; say which one counts");
  }
  return there.empty() ? currency_code() : *there.begin();
}

struct best {
  decimal net;
  std::int64_t id;
  const std::vector<value>* row;
};

}  // namespace

table clients_report::run(report_context<clients_report>& c) {
  session& s = c.session();
  const table all = purchases(s);
  const currency_code code = currency_of(c, all);
  std::vector<best> found;
  for (const std::vector<value>& row : all.rows) {
    const auto net = row[2].as<money_sum>().in(code);
    if (net) found.push_back({net->amount(), row[0].as<record_id>().value, &row});
  }
  const auto rows = std::min(found.size(), static_cast<std::size_t>(c[limit]));
  std::partial_sort(
      found.begin(), found.begin() + static_cast<std::ptrdiff_t>(rows), found.end(),
      [](const best& a, const best& b) { return a.net != b.net ? a.net > b.net : a.id < b.id; });
  table answer;
  answer.columns = all.columns;
  answer.columns[0] = {"client", kind_id::text, {}};
  for (std::size_t i = 0; i < rows; ++i) {
    const std::vector<value>& from = *found[i].row;
    const auto who = s.get_if(ref<client>{{found[i].id}});
    answer.rows.push_back({who ? value((*who)[client::name]) : value(), from[1],
                           value(money(found[i].net, code)), from[3], from[4]});
  }
  return answer;
}

}  // namespace kith::inline v1
