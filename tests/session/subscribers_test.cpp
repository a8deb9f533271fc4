// SPDX-License-Identifier: Apache-2.0
//
// Who is asked before a commit and told after it: in order, once, and without locks.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "suite.hpp"

namespace kith::lab {
namespace {

class subscribers : public suite {
 protected:
  using numbers = std::vector<std::int64_t>;
  /// A listener that keeps the sequences it is told.
  change_listener keeper() {
    return [this](const change_set& set) { told.push_back(set.sequence); };
  }
  void put(const char* name) { s->add(node::name = name); }
  std::string nodes() {
    std::string names;
    for (const record<node>& n : s->all<node>().order_by(id_of<node>)) {
      names += (names.empty() ? "" : " ") + std::string(n[node::name]);
    }
    return names;
  }
  numbers told;
};
INSTANTIATE_TEST_SUITE_P(stores, subscribers, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(subscribers, are_told_what_lasts) {
  const std::int64_t n = s->sequence();
  std::vector<change_set> sets;
  const auto token = base->subscribe([&](const change_set& set) { sets.push_back(set); });
  const auto a = s->add(node::name = "a");
  {
    transaction tx = s->write();
    put("taken back");
  }
  (void)outcome([&] { s->add(strict::grade = 0); });
  s->update(a, node::name = "a");  // says nothing new
  s->consume("reader", n);         // no change of the data
  transaction tx = s->write({.reason = "заказ 17", .operation_key = "k17"});
  s->update(ref<node>(a), node::name = "b");
  put("c");
  EXPECT_EQ(sets.size(), 1u) << "not before the commit";
  tx.commit();
  ASSERT_EQ(sets.size(), 2u);
  const std::vector<change_set> read = s->changes(n);
  ASSERT_EQ(read.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(sets[i].sequence, read[i].sequence);
    EXPECT_EQ(sets[i].at, read[i].at);
    EXPECT_EQ(sets[i].actor, "anna");
    EXPECT_EQ(sets[i].reason, read[i].reason);
    EXPECT_EQ(sets[i].operation_key, read[i].operation_key);
    ASSERT_EQ(sets[i].changes.size(), read[i].changes.size());
    for (std::size_t c = 0; c < read[i].changes.size(); ++c) {
      EXPECT_EQ(sets[i].changes[c].id, read[i].changes[c].id);
      EXPECT_EQ(sets[i].changes[c].what, read[i].changes[c].what);
      EXPECT_EQ(sets[i].changes[c].before.size(), read[i].changes[c].before.size());
    }
  }
}

TEST_P(subscribers, are_told_of_large_transactions_too) {
  crm_options small;
  small.limits.change_chunk_bytes = 100;
  open(small);
  std::size_t changes = 0;
  const auto token = base->subscribe([&](const change_set& set) { changes = set.changes.size(); });
  transaction tx = s->write();
  for (int i = 0; i < 100; ++i) put("n");
  tx.commit();
  EXPECT_EQ(changes, 100u);
}

TEST_P(subscribers, end_with_their_token) {
  auto first = base->subscribe(keeper());
  auto second = base->subscribe(keeper());
  put("a");
  EXPECT_EQ(told.size(), 2u);
  first.reset();
  put("b");
  EXPECT_EQ(told.size(), 3u);
  std::thread([&] { second.reset(); }).join();
  put("c");
  EXPECT_EQ(told.size(), 3u);
  EXPECT_EQ(outcome([&] { (void)base->subscribe({}); }), "misuse");
  EXPECT_EQ(outcome([&] { (void)base->subscribe_veto({}); }), "misuse");
}

TEST_P(subscribers, may_end_themselves_and_others_while_they_are_called) {
  std::shared_ptr<void> second;
  std::shared_ptr<void> first = base->subscribe([&](const change_set& set) {
    told.push_back(set.sequence);
    first.reset();
    second.reset();
  });
  second = base->subscribe(keeper());
  put("a");
  put("b");
  EXPECT_EQ(told.size(), 1u);
}

TEST_P(subscribers, that_come_while_others_are_called_are_told_of_later_commits) {
  std::shared_ptr<void> late;
  const auto token = base->subscribe([&](const change_set&) {
    if (!late) late = base->subscribe(keeper());
  });
  put("a");
  EXPECT_EQ(told, numbers{});
  put("b");
  EXPECT_EQ(told, numbers{s->sequence()});
}

TEST_P(subscribers, may_outlive_the_crm) {
  const auto token = base->subscribe(keeper());
  put("a");
  s.reset();
  base.reset();
  EXPECT_EQ(told.size(), 1u);
}

TEST_P(subscribers, cannot_harm_the_commit) {
  const auto token =
      base->subscribe([&](const change_set&) { throw std::runtime_error("a listener's trouble"); });
  const auto other = base->subscribe(keeper());
  EXPECT_EQ(outcome([&] { put("a"); }), "done");
  EXPECT_EQ(told.size(), 1u);
  EXPECT_EQ(nodes(), "a");
}

TEST_P(subscribers, may_use_another_session) {
  session other = base->open_session({.actor = "listener"});
  std::vector<std::string> seen;
  const auto token = base->subscribe([&](const change_set& set) {
    seen.push_back(set.actor + " " + std::to_string(other.all<node>().count()));
    if (set.actor == "anna") other.add(node::name = "answer");
  });
  put("a");
  put("b");
  EXPECT_EQ(seen, (std::vector<std::string>{"anna 1", "listener 2", "anna 3", "listener 4"}));
  EXPECT_EQ(nodes(), "a answer b answer");
}

// Whoever delivers may even wait for a thread that writes: that one leaves its set to it.
TEST_P(subscribers, may_wait_for_another_writer) {
  const auto token = base->subscribe([&](const change_set& set) {
    told.push_back(set.sequence);
    if (set.actor != "anna") return;
    std::thread([&] {
      session other = base->open_session({.actor = "other"});
      other.add(node::name = "answer");
    }).join();
  });
  const std::int64_t n = s->sequence();
  put("a");
  EXPECT_EQ(told, (numbers{n + 1, n + 2}));
}

TEST_P(subscribers, are_told_in_the_order_of_commits) {
  crm_options patient;
  open(patient);
  std::atomic<int> inside{0};
  std::atomic<bool> alone{true};
  const auto token = base->subscribe([&](const change_set& set) {
    if (++inside != 1) alone = false;
    told.push_back(set.sequence);
    --inside;
  });
  const std::int64_t n = s->sequence();
  constexpr int threads = 4;
  constexpr int each = 40;
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) {
    all.emplace_back([&] {
      session own = base->open_session();
      for (int i = 0; i < each;) {
        if (outcome([&] { own.add(node::name = "n"); }) == "done") ++i;  // busy: once more
      }
    });
  }
  for (std::thread& t : all) t.join();
  EXPECT_TRUE(alone);
  numbers expected;
  for (int i = 1; i <= threads * each; ++i) expected.push_back(n + i);
  EXPECT_EQ(told, expected);
}

// Tokens come and go while others commit: nobody is called after its token is gone and nothing
// breaks.
TEST_P(subscribers, come_and_go_while_others_commit) {
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    session own = base->open_session();
    while (!stop) (void)outcome([&] { own.add(node::name = "n"); });
  });
  std::atomic<int> calls{0};
  for (int i = 0; i < 200 || (calls == 0 && i < 100'000); ++i) {
    const auto alive = std::make_shared<std::atomic<int>>(0);
    auto token = base->subscribe([alive, &calls](const change_set&) { ++calls; });
    std::this_thread::yield();
  }
  stop = true;
  writer.join();
  EXPECT_GT(calls, 0);
}

// ------------------------------------------------------------------------------------------- veto

TEST_P(subscribers, may_refuse_a_commit) {
  std::vector<change_set> asked;
  bool strict_now = false;
  const auto veto = base->subscribe_veto([&](const change_set& set) {
    asked.push_back(set);
    if (strict_now) throw error(error_code::denied, "closed on Sundays", {"lab_node", 0, "name"});
  });
  const auto listener = base->subscribe(keeper());
  const std::int64_t n = s->sequence();
  put("a");
  strict_now = true;
  EXPECT_EQ(outcome([&] { put("b"); }), "denied: name");
  transaction tx = s->write();
  put("c");
  s->consume("reader", n);
  EXPECT_EQ(outcome([&] { tx.commit(); }), "denied: name");
  EXPECT_FALSE(tx.open());
  EXPECT_FALSE(s->in_transaction());
  strict_now = false;
  put("d");
  EXPECT_EQ(nodes(), "a d");
  EXPECT_EQ(s->consumed("reader"), 0);
  EXPECT_EQ(told, (numbers{n + 1, n + 2})) << "what was refused is told to nobody";
  ASSERT_EQ(asked.size(), 4u);
  EXPECT_EQ(asked[2].sequence, n + 2);
  EXPECT_EQ(asked[2].actor, "anna");
  ASSERT_EQ(asked[2].changes.size(), 1u);
  EXPECT_EQ(asked[2].changes[0].what, change_kind::add);
}

TEST_P(subscribers, that_refuse_without_our_errors_are_understood) {
  int way = 0;
  const auto veto = base->subscribe_veto([&](const change_set&) {
    if (way == 0) throw std::runtime_error("no ink");
    if (way == 1) throw 7;
    throw std::bad_alloc();
  });
  try {
    put("a");
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.code(), error_code::denied);
    EXPECT_NE(e.message().find("no ink"), std::string::npos);
  }
  way = 1;
  EXPECT_EQ(outcome([&] { put("a"); }), "denied");
  way = 2;
  EXPECT_THROW(put("a"), std::bad_alloc);
  EXPECT_EQ(nodes(), "");
}

TEST_P(subscribers, ask_all_until_one_refuses) {
  std::string asked;
  const auto first = base->subscribe_veto([&](const change_set&) { asked += "1"; });
  auto second = base->subscribe_veto([&](const change_set&) {
    asked += "2";
    throw error(error_code::limit, "enough");
  });
  const auto third = base->subscribe_veto([&](const change_set&) { asked += "3"; });
  EXPECT_EQ(outcome([&] { put("a"); }), "limit");
  EXPECT_EQ(asked, "12");
  second.reset();
  EXPECT_EQ(outcome([&] { put("b"); }), "done");
  EXPECT_EQ(asked, "1213");
}

TEST_P(subscribers, that_are_asked_may_not_meddle_with_the_transaction) {
  std::optional<transaction> tx;
  std::string answers;
  const auto veto = base->subscribe_veto([&](const change_set&) {
    answers += outcome([&] { (void)s->all<node>().count(); }) + " ";
    answers += outcome([&] { put("more"); }) + " ";
    answers += outcome([&] { tx->commit(); });
    tx->rollback();
    answers += tx->open() ? " open" : " ended";
  });
  tx.emplace(s->write());
  put("a");
  tx->commit();
  EXPECT_EQ(answers, "reentrant reentrant reentrant open");
  EXPECT_EQ(nodes(), "a");
}

}  // namespace
}  // namespace kith::lab
