// SPDX-License-Identifier: Apache-2.0
//
// Every limit of kith/core/limits.hpp on both sides, lowered where it can be.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

class declared_limits : public suite {
 protected:
  void with(limits most) {
    crm_options wanted;
    wanted.limits = most;
    open(std::move(wanted));
  }
  std::string ask(const std::string& text) {
    return outcome([&] { s->query("lab_nodes", text).count(); });
  }
};
INSTANTIATE_TEST_SUITE_P(stores, declared_limits, ::testing::ValuesIn(backends()), name_of_backend);

std::string repeated(std::string_view part, int times, std::string_view between = "") {
  std::string text;
  for (int i = 0; i < times; ++i) text += (i == 0 ? "" : std::string(between)) + std::string(part);
  return text;
}

TEST_P(declared_limits, of_questions) {
  limits most;
  most.expression_depth = 5;
  most.expression_terms = 20;
  most.order_keys = 2;
  most.page_rows = 10;
  with(most);
  EXPECT_EQ(ask("not (not (not (name = 'a')))"), "done");
  EXPECT_EQ(ask("not (not (not (not (name = 'a'))))"), "limit");
  EXPECT_EQ(ask(repeated("name = 'a'", 6, " or ")), "done");
  EXPECT_EQ(ask(repeated("name = 'a'", 7, " or ")), "limit");
  EXPECT_EQ(outcome([&] { s->query("lab_nodes", "order by name, id").all(); }), "done");
  EXPECT_EQ(outcome([&] { s->query("lab_nodes", "order by name, id, inside").all(); }), "limit");
  EXPECT_EQ(outcome([&] { s->all<node>().page(10); }), "done");
  EXPECT_EQ(outcome([&] { s->all<node>().page(11); }), "limit");
  EXPECT_EQ(outcome([&] { s->all<node>().page(0); }), "limit");
}

TEST_P(declared_limits, of_the_language) {
  EXPECT_EQ(ask("name in (" + repeated("'a'", 200, ", ") + ")"), "done");
  EXPECT_EQ(ask("name in (" + repeated("'a'", 1001, ", ") + ")"), "limit");
  EXPECT_EQ(ask("name like '" + std::string(1000, 'x') + "'"), "done");
  EXPECT_EQ(ask("name like '" + std::string(1001, 'x') + "'"), "limit");
  EXPECT_EQ(ask(repeated("inside.", 6) + "name = 'a'"), "done");
  EXPECT_EQ(ask(repeated("inside.", 7) + "name = 'a'"), "limit");
  EXPECT_NE(ask(repeated("(", 10'000) + "name = 'a'" + repeated(")", 10'000)), "done");
  EXPECT_NE(ask(repeated("not ", 10'000) + "name = 'a'"), "done");
}

TEST_P(declared_limits, of_memory_for_sorting_and_grouping) {
  limits most;
  most.sort_bytes = 20'000;
  with(most);
  transaction tx = s->write();
  for (int i = 0; i < 300; ++i) s->add(node::name = "a name " + std::to_string(i * 7919 % 300));
  tx.commit();
  // No store takes this order: a path that a missing one may end.
  const auto ordered = s->query("lab_nodes", "order by length(name), name");
  EXPECT_EQ(outcome([&] { ordered.limit(5).all(); }), "done") << "only the best five are held";
  EXPECT_EQ(outcome([&] { ordered.all(); }), "limit");
  const transaction inside = s->write();
  EXPECT_EQ(outcome([&] { s->all<node>().all(); }), "limit") << "read at once in a transaction";
}

TEST_P(declared_limits, of_deletions) {
  limits most;
  most.cascade_records = 20;
  with(most);
  const auto family = [&](int children) {
    const record<node> root = s->add(node::name = "root");
    for (int i = 0; i < children; ++i) s->add(node::name = "n", node::inside = root);
    return root;
  };
  EXPECT_EQ(outcome([&] { s->remove(family(19)); }), "done");
  const record<node> large = family(20);
  const std::int64_t before = s->sequence();
  EXPECT_EQ(outcome([&] { s->remove(large); }), "limit");
  EXPECT_EQ(s->sequence(), before);
  EXPECT_EQ(s->find(node::inside == large).count(), 20u) << "nothing of it happened";
}

TEST_P(declared_limits, of_the_depth_of_trees) {
  limits most;
  most.cascade_records = 50;
  with(most);
  record<strict> last = s->add(strict::name = "root");
  for (int i = 0; i < 49; ++i) last = s->add(strict::name = "n", strict::parent = last);
  const record<strict> other = s->add(strict::name = "other");
  EXPECT_EQ(outcome([&] { s->update(other, strict::parent = last); }), "done");
  const record<strict> deeper = s->add(strict::name = "deeper", strict::parent = last);
  const record<strict> one_more = s->add(strict::name = "one more");
  EXPECT_EQ(outcome([&] { s->update(one_more, strict::parent = deeper); }), "limit: parent")
      << "not taken for a circle";
}

TEST_P(declared_limits, leave_deep_trees_alone) {
  transaction tx = s->write();
  record<strict> last = s->add(strict::name = "root");
  const record<strict> root = last;
  for (int i = 0; i < 1500; ++i) last = s->add(strict::name = "n", strict::parent = last);
  const record<strict> other = s->add(strict::name = "other");
  EXPECT_EQ(outcome([&] { s->update(other, strict::parent = last); }), "done");
  EXPECT_EQ(outcome([&] { s->update(root, strict::parent = last); }), "invalid: parent acyclic");
}

}  // namespace
}  // namespace kith::lab
