// SPDX-License-Identifier: Apache-2.0
//
// A program that loads a module and uses what it adds: fields, a rule that refuses, an action, a
// report. The module is C and knows nothing of this program (plugin_loyalty.c).
//
//   loyalty ./libplugin_loyalty.so
#include <iostream>

#include "kith/kith.hpp"
#include "kith/module/load.hpp"

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "loyalty MODULE\n";
    return 2;
  }
  kith::crm_options options;
  kith::load_module(options, arguments[1]);  // nothing is loaded unless it is named
  kith::crm crm = kith::open(":memory:", std::move(options));
  kith::session s = crm.open_session({.actor = "anna"});

  const auto boat =
      s.add(kith::client::name = "Boat hire", kith::client::kind = kith::client_kind::organisation);
  s.add(kith::client::name = "Cable works", kith::client::kind = kith::client_kind::organisation);

  // An action of the module, called like any other.
  const kith::action_type& add_points = s.model()->action("client", "add_points");
  const auto earn = [&](std::int64_t points) {
    kith::any_draft given;
    given.put(add_points.arguments.field("points").field->slot, kith::cell::integer(points));
    const kith::any_record client = s.call(add_points, boat.id(), given);
    std::cout << "Boat hire has " << client["loyalty_points"].to_string() << " points\n";
  };
  earn(120);

  // An entity of the module; its rules give it a price and take the points.
  const kith::entity_type& gifts = s.model()->entity("loyalty_gifts");
  const auto give = [&](std::string_view title) {
    kith::any_draft gift;
    gift.put(gifts.field("title").field->slot, kith::cell::text(title));
    gift.put(gifts.field("client").field->slot, kith::cell::integer(boat.id().value));
    try {
      const kith::row_ptr made = s.add_row(gifts, gift);
      std::cout << "a " << title << " for " << made->integer(gifts.field("points").field->slot)
                << " points\n";
    } catch (const kith::error& e) {
      std::cout << "no " << title << ": " << e.message() << '\n';
    }
  };
  give("teapot");
  give("samovar");
  earn(5);
  std::cout << "gifts of clients with points: "
            << s.query("loyalty_gifts", "client.loyalty_points > 0").count() << '\n';

  kith::any_draft all;
  std::cout << s.report(s.model()->report("loyalty"), all).to_string();
  return 0;
}
