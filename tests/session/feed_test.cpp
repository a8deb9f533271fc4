// SPDX-License-Identifier: Apache-2.0
//
// The change feed: one set for each commit, in order, with what was there before; nothing of what
// was taken back.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

class change_feed : public suite {
 protected:
  using lines = std::vector<std::string>;
};
INSTANTIATE_TEST_SUITE_P(stores, change_feed, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(change_feed, has_one_set_for_each_commit) {
  const std::int64_t before = s->sequence();
  const record<node> a = s->add(node::name = "a");
  const record<node> b = s->update(a, node::name = "b");
  s->update(b, node::name = "b");  // says nothing new
  s->remove(a);
  s->remove(a);  // deleted already
  s->restore(ref<node>(a));
  {
    const transaction tx = s->write();
    s->add(node::name = "taken back");
  }
  EXPECT_EQ(outcome([&] { s->add(strict::grade = 0); }), "invalid: name required, grade integer");
  transaction tx = s->write();
  s->add(node::name = "c");
  s->update(ref<node>(a), node::name = "d");
  s->add(entry::what = "e");
  tx.commit();
  EXPECT_EQ(feed(before),
            (lines{"add lab_node", "update lab_node name", "remove lab_node", "restore lab_node",
                   "add lab_node; update lab_node name; add lab_entry"}));
  const auto sets = s->changes(before);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    EXPECT_EQ(sets[i].sequence, before + 1 + static_cast<std::int64_t>(i)) << "no gaps";
  }
  EXPECT_EQ(s->sequence(), sets.back().sequence);
}

TEST_P(change_feed, tells_who_when_and_why) {
  const record<import_batch> batch =
      s->add(import_batch::format = "csv", import_batch::entity = "clients");
  clock->set(*instant::parse("2026-03-02T10:00:00Z"));
  transaction tx = s->write(
      {.reason = "заказ 17", .from = origin::import, .operation_key = "k17", .batch = batch.id()});
  clock->advance(duration::of_hours(1));  // the instant is that of its beginning
  const record<node> a = s->add(node::name = "a");
  tx.commit();
  const change_set set = s->changes(tx.sequence() - 1).at(0);
  EXPECT_EQ(set.sequence, tx.sequence());
  EXPECT_EQ(set.at.to_string(), "2026-03-02T10:00:00Z");
  EXPECT_EQ(set.actor, "anna");
  EXPECT_EQ(set.from, origin::import);
  EXPECT_EQ(set.reason, "заказ 17");
  EXPECT_EQ(set.operation_key, "k17");
  EXPECT_EQ(set.batch, batch.id());
  EXPECT_EQ(set.undoes, 0);
  ASSERT_EQ(set.changes.size(), 1u);
  EXPECT_EQ(set.changes[0].what, change_kind::add);
  EXPECT_EQ(set.changes[0].id, a.id());
  EXPECT_EQ(set.changes[0].previous, 0);
  EXPECT_EQ(a.revision(), set.sequence);
  session nobody = base->open_session();
  nobody.add(node::name = "b");
  const change_set bare = s->changes(set.sequence).at(0);
  EXPECT_EQ(bare.actor, "");
  EXPECT_EQ(bare.reason, "");
  EXPECT_EQ(bare.from, origin::user);
  EXPECT_FALSE(bare.batch);
}

TEST_P(change_feed, never_goes_back_in_time) {
  clock->set(morning);
  s->add(node::name = "a");
  clock->set(morning - duration::of_days(1));
  s->add(node::name = "b");
  const auto sets = s->changes(s->sequence() - 2);
  EXPECT_EQ(sets[0].at, morning);
  EXPECT_EQ(sets[1].at, morning);
}

TEST_P(change_feed, keeps_the_cells_that_were_there_before) {
  const record<client> anna =
      s->add(client::name = "Анна", client::city = "Омск", client::annual_revenue = eur("12.50"));
  s->update(anna, client::name = "Аня", client::annual_revenue = none, client::city = "Тара",
            client::source = "сайт");
  const change_set set = s->changes(s->sequence() - 1).at(0);
  ASSERT_EQ(set.changes.size(), 1u);
  const record_change& c = set.changes[0];
  EXPECT_EQ(c.previous, anna.revision()) << "where the history goes on";
  std::string text;
  for (const cell_before& b : c.before) {
    const cell v = b.before.view();
    text +=
        std::string(entity("client").field(b.field)->name()) + "." + std::to_string(b.part) + "=";
    text += v.is_null()                    ? "null"
            : v.type() == storage::integer ? std::to_string(v.as_integer())
                                           : std::string(v.as_bytes());
    text += " ";
  }
  EXPECT_EQ(text,
            "name.0=Анна annual_revenue.0=1250 annual_revenue.1=EUR address.1=Омск source.0=null ")
      << "values only, no keys";
}

TEST_P(change_feed, leads_through_the_history_of_a_record) {
  const record<node> a = s->add(node::name = "0");
  for (const char* name : {"1", "2", "3"}) s->update(ref<node>(a), node::name = name);
  std::string names = std::string(s->get<node>(a.id())[node::name]);
  std::int64_t at = s->get<node>(a.id()).revision();
  while (at != 0) {
    const change_set set = s->changes(at - 1, 1).at(0);
    const record_change& c = set.changes.at(0);
    EXPECT_EQ(c.id, a.id());
    if (!c.before.empty()) names += std::string(c.before[0].before.view().as_bytes());
    at = c.previous;
  }
  EXPECT_EQ(names, "3210");
}

TEST_P(change_feed, is_read_in_parts) {
  const std::int64_t before = s->sequence();
  for (int i = 0; i < 25; ++i) s->add(node::name = "n");
  EXPECT_TRUE(s->changes(before, 0).empty());
  EXPECT_TRUE(s->changes(s->sequence()).empty());
  EXPECT_TRUE(s->changes(s->sequence() + 100).empty());
  std::int64_t at = before;
  std::size_t sets = 0;
  for (;;) {
    const auto part = s->changes(at, 7);
    if (part.empty()) break;
    for (const change_set& set : part) {
      EXPECT_EQ(set.sequence, ++at);
      ++sets;
    }
  }
  EXPECT_EQ(sets, 25u);
}

// One transaction of many chunks; savepoints taken back inside it leave no trace either.
TEST_P(change_feed, of_a_large_transaction_is_stored_in_chunks) {
  crm_options small;
  small.limits.change_chunk_bytes = 200;
  open(small);
  constexpr int count = 100;
  std::vector<record_id> ids;
  transaction tx = s->write();
  for (int i = 0; i < count; ++i) {
    ids.push_back(s->add(node::name = std::to_string(i)).id());
    if (i % 10 != 5) continue;
    transaction inner = s->write();
    for (int j = 0; j < 30; ++j) s->add(node::name = "taken back");
    transaction innermost = s->write();
    for (int j = 0; j < 30; ++j) s->add(node::name = "taken back");
    if (i % 20 == 5) innermost.commit();
    inner.rollback();
  }
  tx.commit();
  const auto sets = s->changes(tx.sequence() - 1);
  ASSERT_EQ(sets.size(), 1u);
  ASSERT_EQ(sets[0].changes.size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(sets[0].changes[i].id, ids[i]);
  const std::uint64_t chunks = s->query("change_chunks", "").count();
  EXPECT_GT(chunks, 3u);
  EXPECT_LT(chunks, 20u) << "those of what was taken back are gone";
}

TEST_P(change_feed, holds_what_rules_and_policies_wrote) {
  const record<node> a = s->add(node::name = "a");
  const record<link> l = s->add(link::forgets = a, link::keeps = a);
  s->add(link::follows = a);
  const std::int64_t before = s->sequence();
  s->remove(a);
  EXPECT_EQ(feed(before), lines{"remove lab_node; update lab_link forgets; remove lab_link"});
  EXPECT_EQ(s->get<link>(l.id()).revision(), s->sequence());
  s->restore(ref<node>(a));
  EXPECT_EQ(feed(before + 1), lines{"restore lab_node; restore lab_link"})
      << "a reference that was cleared stays so";
}

TEST_P(change_feed, tells_of_changes_of_the_model) {
  const std::int64_t before = s->sequence();
  s->add_field("clients", {.name = "x_card"});
  EXPECT_EQ(feed(before), lines{""}) << "a set without records";
  EXPECT_EQ(s->model()->version(), s->sequence());
}

TEST_P(change_feed, outlives_its_process) {
  if (!keeps_content()) GTEST_SKIP() << "the content is gone with the store";
  const std::int64_t before = s->sequence();
  s->add(node::name = "a");
  reopen();
  s->add(node::name = "b");
  EXPECT_EQ(feed(before), (lines{"add lab_node", "add lab_node"}));
}

}  // namespace
}  // namespace kith::lab
