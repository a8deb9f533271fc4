// SPDX-License-Identifier: Apache-2.0
//
// Several sessions, several threads, and the host's own statements in Kith's transaction.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "suite.hpp"

namespace kith::lab {
namespace {

class sessions : public suite {
 protected:
  // The names of all live nodes in the order of their making.
  std::string nodes() {
    std::string names;
    for (const record<node>& n : s->all<node>().order_by(id_of<node>)) {
      names += (names.empty() ? "" : " ") + std::string(n[node::name]);
    }
    return names;
  }
  void put(const char* name) { s->add(node::name = name); }
};
INSTANTIATE_TEST_SUITE_P(stores, sessions, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(sessions, wait_for_each_other_and_say_when_it_takes_too_long) {
  session other = base->open_session();
  transaction tx = s->write();
  put("a");
  EXPECT_EQ(outcome([&] { other.add(node::name = "b"); }), "busy");
  EXPECT_FALSE(other.in_transaction());
  tx.commit();
  EXPECT_EQ(outcome([&] { other.add(node::name = "b"); }), "done");
  EXPECT_EQ(nodes(), "a b");
}

TEST_P(sessions, of_two_threads_give_one_of_them_the_unique_value) {
  constexpr int threads = 4;
  std::atomic<int> done{0};
  std::atomic<int> refused{0};
  std::atomic<int> other_answers{0};
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) {
    all.emplace_back([&, t] {
      session own = base->open_session();
      for (int i = 0; i < 10; ++i) {
        const std::string code = "Ёж " + std::to_string(i);
        const std::string answer =
            outcome([&] { own.add(strict::name = std::to_string(t), strict::code = code); });
        ++(answer == "done" ? done : answer == "exists: code" ? refused : other_answers);
      }
    });
  }
  for (std::thread& t : all) t.join();
  EXPECT_EQ(done, 10);
  EXPECT_EQ(refused + other_answers, 10 * (threads - 1));
  EXPECT_EQ(s->all<strict>().count(), 10u);
}

TEST_P(sessions, end_with_their_session) {
  std::optional<session> short_lived(base->open_session());
  transaction tx = short_lived->write();
  short_lived->add(node::name = "a");
  short_lived.reset();
  EXPECT_FALSE(tx.open());
  EXPECT_EQ(outcome([&] { tx.commit(); }), "closed");
  EXPECT_EQ(outcome([&] { tx.sql("select 1"); }), "closed");
  tx.rollback();
  EXPECT_EQ(nodes(), "") << "nothing of it stays, and nobody waits for it";
  EXPECT_EQ(outcome([&] { put("b"); }), "done");
}

TEST_P(sessions, move_with_their_session) {
  session first = base->open_session();
  transaction tx = first.write();
  first.add(node::name = "a");
  session second = std::move(first);
  second.add(node::name = "b");
  std::thread elsewhere([&] {
    second.add(node::name = "c");
    tx.commit();
  });
  elsewhere.join();
  EXPECT_EQ(nodes(), "a b c");
}

TEST_P(sessions, of_one_session_are_of_one_thread_at_a_time) {
  // A rule that waits keeps the session busy while another thread tries it.
  std::atomic<bool> inside{false};
  std::atomic<bool> tried{false};
  crm_options wanted;
  wanted.rules.push_back(check<node>("waits").as([&](rule_context<node>&) {
    inside = true;
    while (!tried) std::this_thread::yield();
  }));
  open(wanted);
  std::string answers;
  std::thread other([&] {
    while (!inside) std::this_thread::yield();
    answers = outcome([&] { s->add(entry::what = "e"); });
    answers += " " + outcome([&] { (void)s->all<entry>().count(); });
    answers += " " + outcome([&] { (void)s->write(); });
    tried = true;
  });
  put("a");
  other.join();
  EXPECT_EQ(answers, "wrong_thread wrong_thread wrong_thread");
  EXPECT_EQ(nodes(), "a");
  EXPECT_EQ(outcome([&] { put("b"); }), "done");
}

// ---------------------------------------------------------------------------------- host's SQL

TEST_P(sessions, run_the_hosts_statements_or_say_that_they_cannot) {
  transaction tx = s->write();
  if (!base->can().host_sql) {
    EXPECT_EQ(outcome([&] { tx.sql("create table bill (number integer)"); }), "unsupported");
    return;
  }
  tx.sql("create table bill (number integer, of integer, what text)");
  const record<node> a = s->add(node::name = "a");
  tx.sql("insert into bill values (?, ?, ?)", {value(17), value(a.id()), value("Ёж")});
  std::string read;
  tx.sql("select number, what from bill", {}, [&](std::span<const cell> cells) {
    read = std::to_string(cells[0].as_integer()) + " " + std::string(cells[1].as_bytes());
    EXPECT_EQ(outcome([&] { put("from a callback"); }), "reentrant");
  });
  EXPECT_EQ(read, "17 Ёж");
  EXPECT_EQ(outcome([&] { tx.sql("select ?", {value(eur(1))}); }), "misuse") << "two cells";
  EXPECT_EQ(outcome([&] { tx.sql("delete from kith_lab_node"); }), "denied");
  tx.rollback();
  transaction after = s->write();
  EXPECT_NE(outcome([&] { after.sql("select * from bill"); }), "done") << "went back with the rest";
}

}  // namespace
}  // namespace kith::lab
