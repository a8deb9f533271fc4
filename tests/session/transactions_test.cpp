// SPDX-License-Identifier: Apache-2.0
//
// Transactions and savepoints: what is seen inside and outside, what goes back with what, and what
// a second try is told.
#include <gtest/gtest.h>

#include <set>

#include "suite.hpp"

namespace kith::lab {
namespace {

class session_transactions : public suite {
 protected:
  // The names of all live nodes in the order of their making.
  std::string nodes(session& of) {
    std::string names;
    for (const record<node>& n : of.all<node>().order_by(id_of<node>)) {
      names += (names.empty() ? "" : " ") + std::string(n[node::name]);
    }
    return names;
  }
  std::string nodes() { return nodes(*s); }
  void put(const char* name) { s->add(node::name = name); }
};
INSTANTIATE_TEST_SUITE_P(stores, session_transactions, ::testing::ValuesIn(backends()),
                         name_of_backend);

TEST_P(session_transactions, read_their_own_writes) {
  transaction tx = s->write();
  const record<node> a = s->add(node::name = "a");
  EXPECT_EQ(s->get<node>(a.id())[node::name], "a");
  EXPECT_EQ(nodes(), "a");
  s->update(a, node::name = "b");
  EXPECT_EQ(s->find(node::name == "b").count(), 1u);
  EXPECT_EQ(s->query("lab_nodes", "name = 'a'").count(), 0u);
  s->remove(a);
  EXPECT_EQ(nodes(), "");
  EXPECT_TRUE(s->get<node>(a.id()).deleted());
  s->restore(ref<node>(a));
  tx.commit();
  EXPECT_EQ(nodes(), "b");
}

TEST_P(session_transactions, are_seen_by_others_when_they_are_committed) {
  if (!base->can().parallel_reads) GTEST_SKIP() << "readers and writers take turns";
  session other = base->open_session();
  transaction tx = s->write();
  put("a");
  EXPECT_EQ(nodes(other), "");
  tx.commit();
  EXPECT_EQ(nodes(other), "a");
}

TEST_P(session_transactions, take_everything_back_without_a_commit) {
  const std::int64_t before = s->sequence();
  {
    const transaction tx = s->write();
    put("a");
  }
  EXPECT_EQ(nodes(), "");
  transaction tx = s->write();
  put("b");
  tx.rollback();
  EXPECT_FALSE(tx.open());
  EXPECT_FALSE(s->in_transaction());
  EXPECT_EQ(nodes(), "");
  EXPECT_EQ(s->sequence(), before);
  try {
    const transaction unwound = s->write();
    put("c");
    throw 1;
  } catch (int) {
  }
  EXPECT_EQ(nodes(), "");
}

TEST_P(session_transactions, use_no_number_when_nothing_happened) {
  const std::int64_t before = s->sequence();
  transaction tx = s->write({.reason = "nothing", .operation_key = "nothing"});
  tx.commit();
  EXPECT_EQ(s->sequence(), before);
  EXPECT_EQ(base->outcome_of("nothing"), outcome::absent);
}

// --------------------------------------------------------------------------------- savepoints

// Each word is an act: a name adds a node; ( begins a savepoint, ) keeps it, ! takes it back; ?
// makes a mistake that is refused.
TEST_P(session_transactions, nest_savepoints) {
  struct row {
    const char* acts;
    const char* left;
  };
  const row table[] = {
      {"a ( b ) c", "a b c"},
      {"a ( b ! c", "a c"},
      {"( a ( b ) c )", "a b c"},
      {"( a ( b ! c )", "a c"},
      {"( a ( b ) c !", ""},
      {"a ( b ( c ! d ( e ) f ! g", "a g"},
      {"( a ! ( b ! ( c ) d", "c d"},
      {"a ? b ( c ? d ) ? e", "a b c d e"},
      {"( ? a ! b", "b"},
      {"( ( ( ( a ! b ! c ! d ! e", "e"},
  };
  for (const row& r : table) {
    SCOPED_TRACE(r.acts);
    open();
    const std::int64_t before = s->sequence();
    transaction tx = s->write();
    std::vector<transaction> inside;
    for (const char* act = r.acts; *act != 0; ++act) {
      if (*act == ' ') continue;
      if (*act == '(') {
        inside.push_back(s->write());
      } else if (*act == ')') {
        inside.back().commit();
        inside.pop_back();
      } else if (*act == '!') {
        inside.back().rollback();
        inside.pop_back();
      } else if (*act == '?') {
        EXPECT_EQ(outcome([&] { s->add(strict::grade = 99); }),
                  "invalid: name required, grade integer");
      } else {
        put(std::string(act, 1).c_str());
      }
    }
    EXPECT_EQ(nodes(), r.left);
    tx.commit();
    EXPECT_EQ(nodes(), r.left);
    const auto sets = s->changes(before);
    const std::size_t words = (std::string_view(r.left).size() + 1) / 2;
    EXPECT_EQ(sets.empty() ? 0 : sets[0].changes.size(), words) << "the feed goes back, too";
  }
}

TEST_P(session_transactions, end_from_the_inside_out) {
  transaction tx = s->write();
  transaction outer = s->write();
  transaction inner = s->write();
  EXPECT_EQ(outcome([&] { outer.commit(); }), "misuse");
  EXPECT_EQ(outcome([&] { tx.commit(); }), "misuse");
  put("a");
  outer.rollback();  // takes the inner one along
  EXPECT_FALSE(inner.open());
  EXPECT_EQ(outcome([&] { inner.commit(); }), "closed");
  EXPECT_TRUE(tx.open());
  put("b");
  tx.commit();
  EXPECT_EQ(nodes(), "b");
}

TEST_P(session_transactions, take_savepoints_along) {
  transaction tx = s->write();
  transaction inner = s->write();
  put("a");
  tx.rollback();
  EXPECT_FALSE(inner.open());
  EXPECT_FALSE(s->in_transaction());
  EXPECT_EQ(outcome([&] { inner.commit(); }), "closed");
  transaction next = s->write();
  EXPECT_FALSE(inner.open()) << "not the savepoint of another transaction";
  inner.rollback();
  EXPECT_TRUE(next.open());
}

TEST_P(session_transactions, a_savepoint_has_no_operation_key) {
  const transaction tx = s->write({.operation_key = "outer"});
  EXPECT_EQ(outcome([&] { (void)s->write({.operation_key = "inner"}); }), "misuse");
  const transaction inner = s->write({.reason = "a part of it"});
  EXPECT_EQ(inner.operation_key(), "outer");
}

// ------------------------------------------------------------------------------------- reading

TEST_P(session_transactions, that_read_see_one_instant_and_write_nothing) {
  put("a");
  const record<node> a = *s->all<node>().first();
  transaction tx = s->read();
  EXPECT_EQ(outcome([&] { put("b"); }), "read_only");
  EXPECT_EQ(outcome([&] { s->update(a, node::name = "b"); }), "read_only");
  EXPECT_EQ(outcome([&] { s->remove(a); }), "read_only");
  EXPECT_EQ(outcome([&] { s->restore(ref<node>(a)); }), "read_only");
  EXPECT_EQ(outcome([&] { s->all<node>().remove(); }), "read_only");
  EXPECT_EQ(outcome([&] { s->add_field("clients", {.name = "x_a"}); }), "read_only");
  EXPECT_EQ(outcome([&] { (void)s->write(); }), "read_only");
  EXPECT_EQ(outcome([&] { (void)s->read(); }), "misuse");
  if (base->can().parallel_reads) {
    session other = base->open_session();
    other.add(node::name = "c");
    EXPECT_EQ(nodes(), "a") << "as it was when it began";
  }
  tx.commit();
  EXPECT_EQ(outcome([&] { put("d"); }), "done");
  const transaction writing = s->write();
  EXPECT_EQ(outcome([&] { (void)s->read(); }), "misuse");
}

TEST_P(session_transactions, of_a_store_opened_for_reading_are_refused) {
  if (!GetParam().reopen_read_only || !keeps_content()) GTEST_SKIP() << "no such opening";
  put("a");
  if (base->can().save) base->save();
  s.reset();
  base.reset();
  crm_options reading = completed({});
  reading.read_only = true;
  base.emplace(GetParam().reopen_read_only(), reading);
  s.emplace(base->open_session());
  EXPECT_EQ(nodes(), "a");
  EXPECT_EQ(outcome([&] { put("b"); }), "read_only");
  EXPECT_EQ(outcome([&] { (void)s->write(); }), "read_only");
  EXPECT_EQ(outcome([&] { s->add_field("clients", {.name = "x_a"}); }), "read_only");
  const transaction tx = s->read();
  EXPECT_EQ(nodes(), "a");
}

TEST_P(session_transactions, close_the_results_that_were_read_inside) {
  put("a");
  put("b");
  std::optional<row_iterator<record<node>>> kept;
  {
    const transaction tx = s->read();
    kept.emplace(s->all<node>().begin());
    EXPECT_EQ((**kept)[node::name], "a");
  }
  if (base->can().parallel_reads) {
    EXPECT_EQ(outcome([&] { ++*kept; }), "closed");
  }
  // Outside of transactions a result is one of its own.
  auto alone = s->all<node>().begin();
  put("c");
  std::size_t seen = 0;
  for (; alone != std::default_sentinel; ++alone) ++seen;
  EXPECT_EQ(seen, 2u) << "the instant it was asked";
}

// ------------------------------------------------------------------------------ words and keys

TEST_P(session_transactions, refuse_words_that_are_no_text) {
  const std::int64_t before = s->sequence();
  const std::string_view bad[] = {{"a\0b", 3}, "\xff", "\xed\xa0\x80"};
  for (const std::string_view text : bad) {
    EXPECT_EQ(outcome([&] { (void)s->write({.reason = std::string(text)}); }), "invalid: reason");
    session other = base->open_session({.actor = std::string(text), .actor_id = {}, .zone = {}});
    EXPECT_EQ(outcome([&] { other.add(node::name = "n"); }), "invalid: actor");
  }
  EXPECT_FALSE(s->in_transaction());
  EXPECT_EQ(s->sequence(), before);
  EXPECT_EQ(outcome([&] { (void)s->write({.reason = "по звонку"}); }), "done");
}

TEST_P(session_transactions, with_one_operation_key_happen_once) {
  std::int64_t first = 0;
  for (int tries = 0; tries < 3; ++tries) {
    transaction tx = s->write({.reason = "order 17", .operation_key = "shop/17"});
    EXPECT_EQ(tx.operation_key(), "shop/17");
    EXPECT_EQ(tx.already_done(), tries > 0);
    if (tx.already_done()) {
      EXPECT_EQ(tx.sequence(), first);
      EXPECT_EQ(outcome([&] { put("twice"); }), "exists");
      EXPECT_EQ(outcome([&] { (void)s->write(); }), "exists");
      EXPECT_EQ(nodes(), "once") << "reading goes on";
      tx.commit();
      continue;
    }
    first = tx.sequence();
    put("once");
    tx.commit();
  }
  EXPECT_EQ(nodes(), "once");
  EXPECT_EQ(s->sequence(), first);
  EXPECT_EQ(base->outcome_of("shop/17"), outcome::committed);
  EXPECT_EQ(base->outcome_of("shop/18"), outcome::absent);
  {
    const transaction tx = s->write({.operation_key = "shop/18"});
    put("taken back");
  }
  EXPECT_EQ(base->outcome_of("shop/18"), outcome::absent);
  if (!keeps_content()) return;
  reopen();
  const transaction tx = s->write({.operation_key = "shop/17"});
  EXPECT_TRUE(tx.already_done());
}

TEST_P(session_transactions, without_a_key_get_one_each) {
  std::set<std::string> keys;
  for (int i = 0; i < 50; ++i) {
    transaction tx = s->write();
    EXPECT_EQ(tx.operation_key().size(), 25u);
    put("a");
    EXPECT_TRUE(keys.insert(tx.operation_key()).second);
    tx.commit();
    EXPECT_EQ(base->outcome_of(*keys.find(tx.operation_key())), outcome::committed);
  }
}

}  // namespace
}  // namespace kith::lab
