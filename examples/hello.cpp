// SPDX-License-Identifier: Apache-2.0
//
// The program of the README.
#include <iostream>
#include <kith/kith.hpp>

int main() {
  using namespace kith;
  crm base = kith::open(":memory:");  // "shop.kith" keeps it in a file
  session s = base.open_session({.actor = "anna"});

  const auto sales = s.add(pipeline::name = "Sales");
  const auto offer = s.add(stage::pipeline = sales, stage::name = "Offer", stage::probability = 40);
  const auto acme = s.add(client::name = "ООО «Автопарк»", client::city = "Омск");

  transaction tx = s.write({.reason = "call of this morning"});
  const auto d = s.add(deal::title = "Winter tyres", deal::client = acme, deal::stage = offer,
                       deal::amount = money("412500.50", "RUB"));
  s.add(interaction::client = acme, interaction::deal = d,
        interaction::kind = interaction_kind::call, interaction::subject = "Needs tyres by May");
  s.add(task::title = "Send the offer", task::client = acme, task::due = s.today().plus_days(1));
  tx.commit();  // all of it, or, without this line, nothing

  for (const record<deal>& found : s.find(deal::client / client::city == "омск"))
    std::cout << found[deal::title] << ": " << s.value_of(found, deal::weighted).to_string()
              << "\n";
  std::cout << s.query("clients", "exists(tasks where status = 'open') order by name")
                   .select({{"client", "name"}, {"deals", "count(deals)"}})
                   .to_string();
}
