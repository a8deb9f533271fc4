// SPDX-License-Identifier: Apache-2.0
//
// Verification: a sound store has nothing to report, whatever was done in it; damage of every sort,
// done behind Kith's back in a SQLite file, is named with entity, id and remedy.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

// `client 7: what`, one line for each finding.
std::string shown(const verification& v) {
  std::string text;
  for (const damage& d : v.found) {
    text += d.entity + " " + std::to_string(d.id.value) + ": " + d.what + "\n";
    EXPECT_FALSE(d.remedy.empty()) << d.what;
  }
  return text;
}

class verification_of : public suite {
 protected:
  // Something of everything: all kinds, all policies, all sorts of changes.
  void fill() {
    const auto anna = s->add(client::name = "Анна Ёлкина", client::city = "Омск");
    s->add(client::name = "Пётр");
    add("lab_gadgets", {{"words", "Ёж"},
                        {"amount", "10 EUR"},
                        {"mail", "A@example.com"},
                        {"number", "+7 913 000 00 00"},
                        {"maker", "Иванова Анна Сергеевна"},
                        {"ratio", "-0.0"}});
    const auto order = s->add(sales_order::number = "1", sales_order::client = anna);
    s->add(order_line::sales_order = order, order_line::position = 1,
           order_line::description = "wheel", order_line::quantity = decimal(2),
           order_line::unit_price = eur(10));
    s->add(strict::name = "a", strict::code = "Ёж", strict::row = "A", strict::seat = 1);
    const auto b = s->add(strict::name = "b", strict::code = "уж");
    const auto trunk = s->add(node::name = "trunk");
    const auto leaf = s->add(node::name = "leaf", node::inside = trunk);
    s->add(link::name = "l", link::forgets = leaf, link::keeps = leaf, link::follows = leaf);
    s->update(anna, client::city = "Томск");
    s->remove(trunk);
    s->remove(b);
    s->add(strict::name = "c", strict::code = "УЖ");
    s->restore(ref<node>(trunk));
    transaction tx = s->write({.reason = "many"});
    std::vector<draft<client>> many(3000);
    for (std::size_t i = 0; i < many.size(); ++i)
      many[i].set(client::name = "n" + std::to_string(i));
    s->add_many<client>(many);
    tx.commit();
  }
};
INSTANTIATE_TEST_SUITE_P(stores, verification_of, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(verification_of, a_new_store_finds_nothing) {
  const verification v = base->verify();
  EXPECT_EQ(shown(v), "");
  EXPECT_TRUE(v.sound());
  EXPECT_EQ(v.change_sets, 1u);
}

TEST_P(verification_of, a_store_that_was_worked_with_finds_nothing) {
  fill();
  const verification v = base->verify();
  EXPECT_EQ(shown(v), "");
  EXPECT_GT(v.records, 3010u);
  EXPECT_EQ(v.change_sets, static_cast<std::uint64_t>(s->sequence()));
}

TEST_P(verification_of, a_store_whose_readers_moved_on_finds_nothing) {
  fill();
  s->consume("mirror", 1);
  s->consume("mirror", s->sequence());
  EXPECT_EQ(shown(base->verify()), "");
  transaction tx = s->write();
  s->consume("mirror", tx.sequence());  // and nothing else: it is set back
  tx.commit();
  EXPECT_EQ(shown(base->verify()), "");
}

TEST_P(verification_of, a_store_whose_deletions_took_others_along_finds_nothing) {
  fill();
  const auto order = *s->all<sales_order>().first();
  s->remove(order);
  EXPECT_EQ(s->all<order_line>().count(), 0u);
  EXPECT_EQ(shown(base->verify()), "");
  s->restore(ref<sales_order>(order));
  EXPECT_EQ(s->all<order_line>().count(), 1u);
  s->undo(s->sequence());
  EXPECT_EQ(shown(base->verify()), "");
}

TEST_P(verification_of, a_store_whose_model_changed_finds_nothing) {
  s->add_field("clients", {.name = "x_card", .unique = true});
  s->add_entity({.name = "x_vehicle",
                 .plural = "x_vehicles",
                 .title = "plate",
                 .fields = {{.name = "plate", .required = true, .unique = true}}});
  const auto card = s->model()->field<client, text>("x_card");
  s->add(client::name = "Анна", card = "1");
  s->retire_field("clients", "x_card");
  s->add(client::name = "Пётр");
  EXPECT_EQ(shown(base->verify()), "");
  if (!keeps_content()) return;
  reopen();
  EXPECT_EQ(shown(base->verify()), "");
}

TEST_P(verification_of, the_committed_instant_is_looked_at_while_others_write) {
  if (!base->can().parallel_reads) GTEST_SKIP() << "a reader keeps writers out";
  transaction tx = s->write();
  s->add(client::name = "Анна");
  EXPECT_EQ(shown(base->verify()), "");
  tx.commit();
  EXPECT_EQ(shown(base->verify()), "");
}

TEST_P(verification_of, an_older_store_that_is_only_read_finds_nothing) {
  if (!base->can().read_only_open) GTEST_SKIP() << "the store is not opened for reading only";
  open({.entities = {standard_entities.begin(), standard_entities.end()}});
  s->add(client::name = "Анна");
  if (base->can().save) base->save();
  s.reset();
  base.reset();
  kith::crm newer(GetParam().reopen_read_only(), completed({.read_only = true}));
  EXPECT_EQ(shown(newer.verify()), "");
}

}  // namespace
}  // namespace kith::lab
