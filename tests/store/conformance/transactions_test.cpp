// SPDX-License-Identifier: Apache-2.0
//
// All or nothing, own writes, one writer after the other.
#include <chrono>
#include <thread>

#include "suite.hpp"

namespace kith::conformance {
namespace {

class transactions : public suite {};
INSTANTIATE_TEST_SUITE_P(stores, transactions, ::testing::ValuesIn(backends()), name_of_backend);

using std::chrono::milliseconds;
using std::chrono::steady_clock;

TEST_P(transactions, commit_shows_the_changes_to_everybody) {
  const auto other = connect();
  transaction(*rows, [&] {
    version(samples(), 1).set(sample::whole, 5).write(*rows);
    version(places(), 2).set(place::name, "Омск").write(*rows);
  });
  for (connection* c : {rows.get(), other.get()}) {
    EXPECT_EQ(whole_of(*c, 1), 5);
    EXPECT_EQ(shown(places(), c->get(places(), {2})), "2 live {name='Омск'}");
  }
}

TEST_P(transactions, rollback_leaves_nothing) {
  put(1, 5);
  rows->begin(access::write);
  version(samples(), rows->get(samples(), {1})).set(sample::whole, 6).write(*rows);
  version(samples(), 2).set(sample::whole, 7).write(*rows);
  version(places(), 3).set(place::name, "Омск").write(*rows);
  rows->rollback();
  EXPECT_EQ(all_shown(*rows, samples()), std::vector<std::string>{"1 live {whole=5}"});
  EXPECT_FALSE(rows->get(places(), {3}));
  put(2, 8);
  EXPECT_EQ(whole_of(*rows, 2), 8);
}

TEST_P(transactions, rollback_without_a_transaction_does_nothing) {
  rows->rollback();
  put(1, 5);
  rows->rollback();
  EXPECT_EQ(whole_of(*rows, 1), 5);
}

TEST_P(transactions, may_be_empty) {
  put(1, 5);
  for (const access mode : {access::read, access::write}) {
    rows->begin(mode);
    rows->commit();
    rows->begin(mode);
    rows->rollback();
  }
  EXPECT_EQ(whole_of(*rows, 1), 5);
}

TEST_P(transactions, a_writer_sees_its_own_writes) {
  put(1, 1);
  put(2, 2);
  put(3, 3);
  rows->begin(access::write);
  version(samples(), rows->get(samples(), {1})).set(sample::whole, 10).write(*rows);
  version(samples(), rows->get(samples(), {2})).remove().write(*rows);
  rows->erase(samples(), {3});
  version(samples(), 4).set(sample::whole, 4).write(*rows);
  const std::vector<std::string> expected{"1 live {whole=10}", "2 deleted {whole=2}",
                                          "4 live {whole=4}"};
  EXPECT_EQ(all_shown(*rows, samples()), expected);
  EXPECT_EQ(whole_of(*rows, 1), 10);
  EXPECT_FALSE(rows->get(samples(), {2})->live());
  EXPECT_FALSE(rows->get(samples(), {3}));
  EXPECT_EQ(whole_of(*rows, 4), 4);
  rows->commit();
  EXPECT_EQ(all_shown(*rows, samples()), expected);
}

TEST_P(transactions, the_last_of_several_changes_of_a_record_counts) {
  transaction(*rows, [&] {
    row_ptr r = version(samples(), 1).set(sample::whole, 1).write(*rows);
    for (int i = 2; i < 50; ++i) r = version(samples(), r).set(sample::whole, i).write(*rows);
    r = version(samples(), r).remove().write(*rows);
    version(samples(), r).restore().set(sample::exact, "back").write(*rows);
    version(samples(), 2).set(sample::whole, 2).write(*rows);
    rows->erase(samples(), {2});
    version(samples(), 3).set(sample::whole, 3).write(*rows);
    rows->erase(samples(), {3});
    version(samples(), 3).set(sample::whole, 4).write(*rows);
  });
  EXPECT_EQ(all_shown(*rows, samples()),
            (std::vector<std::string>{"1 live {whole=49, exact='back'}", "3 live {whole=4}"}));
}

TEST_P(transactions, others_see_nothing_before_the_commit) {
  put(1, 5);
  const auto other = connect();
  rows->begin(access::write);
  version(samples(), rows->get(samples(), {1})).set(sample::whole, 6).write(*rows);
  version(samples(), 2).set(sample::whole, 7).write(*rows);
  const std::string read = outcome([&] {
    EXPECT_EQ(all_shown(*other, samples()), std::vector<std::string>{"1 live {whole=5}"});
    EXPECT_EQ(whole_of(*other, 1), 5);
    EXPECT_EQ(whole_of(*other, 2), std::nullopt);
  });
  if (can().parallel_reads || read != "busy") {
    EXPECT_EQ(read, "done");
  }
  rows->commit();
  EXPECT_EQ(whole_of(*other, 1), 6);
  EXPECT_EQ(whole_of(*other, 2), 7);
}

TEST_P(transactions, a_closed_connection_rolls_back) {
  put(1, 5);
  {
    const auto gone = connect();
    gone->begin(access::write);
    version(samples(), gone->get(samples(), {1})).set(sample::whole, 6).write(*gone);
    gone->savepoint(1);
    version(samples(), 2).set(sample::whole, 7).write(*gone);
  }
  EXPECT_EQ(all_shown(*rows, samples()), std::vector<std::string>{"1 live {whole=5}"});
  put(1, 8);
  EXPECT_EQ(whole_of(*rows, 1), 8);
}

TEST_P(transactions, a_closed_reader_lets_writers_in) {
  {
    const auto gone = connect();
    gone->begin(access::read);
    EXPECT_FALSE(gone->get(samples(), {1}));
  }
  EXPECT_EQ(outcome([&] { put(1, 5); }), "done");
}

TEST_P(transactions, a_second_writer_waits_and_is_busy) {
  const auto other = connect();
  rows->begin(access::write);
  version(samples(), 1).set(sample::whole, 1).write(*rows);
  const auto start = steady_clock::now();
  EXPECT_EQ(outcome([&] { other->begin(access::write); }), "busy");
  const auto waited = steady_clock::now() - start;
  EXPECT_GE(waited, milliseconds(busy_timeout_ms / 2));
  EXPECT_LE(waited, milliseconds(busy_timeout_ms * 20));
  rows->commit();
  // The refused one may try again, and sees what it waited for.
  EXPECT_EQ(outcome([&] { put(*other, 2, 2); }), "done");
  EXPECT_EQ(whole_of(*other, 1), 1);
}

TEST_P(transactions, a_second_writer_goes_on_when_the_first_has_ended) {
  const auto other = connect();
  bool came = false;
  for (int attempt = 0; attempt < 20 && !came; ++attempt) {  // a slow machine may be too late
    rows->begin(access::write);
    std::thread first([&] {
      std::this_thread::sleep_for(milliseconds(busy_timeout_ms / 8));
      version(samples(), 1).set(sample::whole, 1).write(*rows);
      rows->commit();
    });
    came = outcome([&] { other->begin(access::write); }) == "done";
    first.join();
    if (!came) transaction(*rows, [&] { rows->erase(samples(), {1}); });
  }
  ASSERT_TRUE(came);
  EXPECT_EQ(whole_of(*other, 1), 1);
  other->rollback();
}

TEST_P(transactions, writers_take_turns) {
  const auto other = connect();
  put(1, 0);
  for (int i = 1; i <= 20; ++i) {
    connection& writer = i % 2 == 0 ? *rows : *other;
    transaction(writer, [&] {
      const row_ptr r = writer.get(samples(), {1});
      ASSERT_EQ(r->integer(sample::whole.slot()), i - 1);
      version(samples(), r).set(sample::whole, i).write(writer);
    });
  }
  EXPECT_EQ(whole_of(*rows, 1), 20);
  EXPECT_EQ(whole_of(*other, 1), 20);
}

TEST_P(transactions, of_many_connections_exclude_each_other) {
  std::vector<std::unique_ptr<connection>> many;
  for (int i = 0; i < 10; ++i) many.push_back(connect());
  for (int i = 0; i < 10; ++i) put(*many[static_cast<std::size_t>(i)], i + 1, i);
  many.erase(many.begin(), many.begin() + 5);
  for (const auto& c : many) EXPECT_EQ(all_shown(*c, samples()).size(), 10u);
}

TEST_P(transactions, may_move_between_threads) {
  const auto in_a_thread = [](const std::function<void()>& work) { std::thread(work).join(); };
  std::unique_ptr<connection> c;
  in_a_thread([&] { c = connect(); });
  in_a_thread([&] { c->begin(access::write); });
  in_a_thread([&] { version(samples(), 1).set(sample::whole, 1).write(*c); });
  in_a_thread([&] { c->savepoint(1); });
  in_a_thread([&] { version(samples(), 2).set(sample::whole, 2).write(*c); });
  in_a_thread([&] { c->rollback_to(1); });
  in_a_thread([&] { c->commit(); });
  in_a_thread([&] { c.reset(); });
  EXPECT_EQ(all_shown(*rows, samples()), std::vector<std::string>{"1 live {whole=1}"});
}

TEST_P(transactions, for_reading_refuse_to_write) {
  put(1, 5);
  rows->begin(access::read);
  const row_ptr r = rows->get(samples(), {1});
  EXPECT_EQ(outcome([&] { version(samples(), r).set(sample::whole, 6).write(*rows); }),
            "read_only");
  EXPECT_EQ(outcome([&] { version(samples(), 2).set(sample::whole, 6).write(*rows); }),
            "read_only");
  EXPECT_EQ(outcome([&] { rows->erase(samples(), {1}); }), "read_only");
  EXPECT_EQ(outcome([&] { rows->apply(samples()); }), "read_only");
  EXPECT_EQ(whole_of(*rows, 1), 5);
  rows->commit();
  EXPECT_EQ(all_shown(*rows, samples()), std::vector<std::string>{"1 live {whole=5}"});
}

TEST_P(transactions, a_busy_store_stays_usable) {
  const auto other = connect();
  rows->begin(access::write);
  EXPECT_EQ(outcome([&] { other->begin(access::write); }), "busy");
  other->rollback();  // nothing to do
  EXPECT_EQ(outcome([&] { other->commit(); }), "misuse");
  rows->rollback();
  put(*other, 1, 1);
  EXPECT_EQ(whole_of(*rows, 1), 1);
  EXPECT_EQ(outcome([&] { kept->check(); }), "done");
}

}  // namespace
}  // namespace kith::conformance
