// SPDX-License-Identifier: Apache-2.0
//
// Readers see one instant: the newest committed one when they began. Cursors do, too. Where a store
// cannot let others write meanwhile, it keeps them out.
#include "programs.hpp"
#include "suite.hpp"

namespace kith::conformance {
namespace {

class isolation : public suite {
 protected:
  void SetUp() override {
    suite::SetUp();
    other = connect();
    transaction(*rows, [&] {
      for (int id = 1; id <= 20; ++id) version(samples(), id).set(sample::whole, id).write(*rows);
    });
  }
  scan_request all_samples() const {
    scan_request request = scan_of(samples());
    return request;
  }
  // Changes, deletes, erases and adds through the other connection; `done`, or `busy` where a
  // store may keep writers out.
  std::string disturb() {
    return outcome([&] {
      transaction(*other, [&] {
        for (int id = 1; id <= 5; ++id) {
          const row_ptr r = other->get(samples(), {id});
          version(samples(), r).set(sample::whole, 1000 + id).write(*other);
        }
        version(samples(), other->get(samples(), {6})).remove().write(*other);
        other->erase(samples(), {7});
        other->erase(samples(), {20});
        version(samples(), 21).set(sample::whole, 21).write(*other);
      });
    });
  }
  void expect_disturbed(const std::string& result) {
    if (can().parallel_reads || result != "busy") {
      EXPECT_EQ(result, "done");
    }
  }
  std::vector<std::string> undisturbed() {
    std::vector<std::string> all;
    for (int id = 1; id <= 20; ++id) {
      all.push_back(std::to_string(id) + " live {whole=" + std::to_string(id) + "}");
    }
    return all;
  }
  std::vector<std::string> rest_shown(cursor& from) {
    std::vector<std::string> all;
    for (const row_ptr& r : rest_of(from)) all.push_back(shown(samples(), r));
    return all;
  }
  std::unique_ptr<connection> other;
};
INSTANTIATE_TEST_SUITE_P(stores, isolation, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(isolation, a_reader_keeps_the_instant_of_its_begin) {
  if (!can().parallel_reads) GTEST_SKIP() << "readers keep writers out";
  rows->begin(access::read);  // and nothing is read before the others write
  ASSERT_EQ(disturb(), "done");
  EXPECT_EQ(all_shown(*rows, samples()), undisturbed());
  EXPECT_EQ(whole_of(*rows, 1), 1);
  EXPECT_TRUE(rows->get(samples(), {6})->live());
  EXPECT_EQ(whole_of(*rows, 7), 7);
  EXPECT_EQ(whole_of(*rows, 21), std::nullopt);
  rows->commit();
  EXPECT_EQ(whole_of(*rows, 1), 1001);
  EXPECT_EQ(whole_of(*rows, 7), std::nullopt);
  EXPECT_EQ(whole_of(*rows, 21), 21);
}

TEST_P(isolation, a_read_transaction_keeps_writers_out) {
  if (can().parallel_reads) GTEST_SKIP() << "readers keep their instant instead";
  rows->begin(access::read);
  EXPECT_EQ(outcome([&] { other->begin(access::write); }), "busy");
  EXPECT_EQ(all_shown(*rows, samples()), undisturbed());
  rows->commit();
  EXPECT_EQ(disturb(), "done");
}

TEST_P(isolation, many_readers_read_at_once) {
  if (!can().parallel_reads) GTEST_SKIP() << "readers may keep each other out";
  const auto third = connect();
  for (connection* c : {rows.get(), other.get(), third.get()}) c->begin(access::read);
  for (connection* c : {rows.get(), other.get(), third.get()}) {
    EXPECT_EQ(all_shown(*c, samples()), undisturbed());
  }
  for (connection* c : {rows.get(), other.get(), third.get()}) c->commit();
}

TEST_P(isolation, readers_of_different_ages_each_keep_theirs) {
  if (!can().parallel_reads) GTEST_SKIP() << "readers keep writers out";
  std::vector<std::unique_ptr<connection>> readers;
  for (int age = 0; age < 5; ++age) {
    put(*other, 1, 100 + age);
    if (age == 2) transaction(*other, [&] { other->erase(samples(), {2}); });
    readers.push_back(connect());
    readers.back()->begin(access::read);
  }
  put(*other, 1, 999);
  for (int age : {3, 0, 4, 2, 1}) {
    connection& reader = *readers[static_cast<std::size_t>(age)];
    EXPECT_EQ(whole_of(reader, 1), 100 + age);
    EXPECT_EQ(whole_of(reader, 2).has_value(), age < 2);
    reader.rollback();
    EXPECT_EQ(whole_of(reader, 1), 999);
  }
}

TEST_P(isolation, reads_outside_of_transactions_see_the_newest_instant) {
  EXPECT_EQ(whole_of(*rows, 1), 1);
  EXPECT_EQ(all_shown(*rows, samples()), undisturbed());
  ASSERT_EQ(disturb(), "done");
  EXPECT_EQ(whole_of(*rows, 1), 1001);
  EXPECT_EQ(all_shown(*rows, samples(), lifecycle::live).size(), 18u);
}

TEST_P(isolation, a_cursor_outside_of_transactions_keeps_its_instant) {
  const auto cursor = rows->scan(all_samples());
  ASSERT_TRUE(cursor->next());
  expect_disturbed(disturb());
  auto rest = undisturbed();
  rest.erase(rest.begin());
  EXPECT_EQ(rest_shown(*cursor), rest);
  EXPECT_FALSE(cursor->next());
}

TEST_P(isolation, a_cursor_not_yet_read_keeps_its_instant) {
  const auto cursor = rows->scan(all_samples());
  expect_disturbed(disturb());
  EXPECT_EQ(rest_shown(*cursor), undisturbed());
}

TEST_P(isolation, a_cursor_of_a_reader_keeps_its_instant) {
  if (!can().parallel_reads) GTEST_SKIP() << "readers keep writers out";
  rows->begin(access::read);
  const auto early = rows->scan(all_samples());
  ASSERT_TRUE(early->next());
  ASSERT_EQ(disturb(), "done");
  const auto late = rows->scan(all_samples());
  EXPECT_EQ(rest_of(*early).size(), 19u);
  EXPECT_EQ(rest_shown(*late), undisturbed());
  rows->commit();
}

TEST_P(isolation, a_cursor_stays_at_its_end) {
  const auto cursor = rows->scan(all_samples());
  EXPECT_EQ(rest_of(*cursor).size(), 20u);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(cursor->next());
}

TEST_P(isolation, rows_outlive_their_cursor_and_transaction) {
  rows->begin(access::read);
  std::vector<row_ptr> read = rest_of(*rows->scan(all_samples()));
  const row_ptr one = rows->get(samples(), {1});
  rows->commit();
  ASSERT_EQ(disturb(), "done");
  rows.reset();
  for (const row_ptr& r : read) EXPECT_EQ(r->integer(sample::whole.slot()), r->id().value);
  EXPECT_EQ(shown(samples(), one), "1 live {whole=1}");
}

TEST_P(isolation, cursors_of_one_connection_do_not_disturb_each_other) {
  for (const access mode : {access::read, access::write}) {
    rows->begin(mode);
    int triples = 0;  // the same request each time
    const auto a = rows->scan(all_samples());
    while (const row_ptr x = a->next()) {
      if (x->id().value > 4) break;
      const auto b = rows->scan(all_samples());
      while (const row_ptr y = b->next()) {
        if (y->id().value > 3) break;
        const auto c = rows->scan(all_samples());
        while (const row_ptr z = c->next()) {
          EXPECT_EQ(whole_of(*rows, z->id().value), z->integer(sample::whole.slot()));
          ++triples;
        }
      }
    }
    EXPECT_EQ(triples, 4 * 3 * 20);
    EXPECT_EQ(a->next()->id().value, 6);
    rows->commit();
  }
}

TEST_P(isolation, cursors_may_be_read_in_turns) {
  const auto up = rows->scan(all_samples());
  order_term newest{load(samples(), id_slot), storage::integer, true};
  scan_request downwards = all_samples();
  downwards.order = {&newest, 1};
  const auto down = rows->scan(downwards);
  const auto of_other = can().parallel_reads ? other->scan(all_samples()) : nullptr;
  for (int i = 1; i <= 20; ++i) {
    EXPECT_EQ(up->next()->id().value, i);
    EXPECT_EQ(down->next()->id().value, 21 - i);
    if (of_other) {
      EXPECT_EQ(of_other->next()->id().value, i);
    }
  }
}

TEST_P(isolation, a_cursor_that_is_left_early_keeps_nobody_out) {
  for (int i = 0; i < 50; ++i) {
    const auto cursor = rows->scan(all_samples());
    ASSERT_TRUE(cursor->next());
  }
  EXPECT_EQ(disturb(), "done");
  rows->begin(access::write);
  { ASSERT_TRUE(rows->scan(all_samples())->next()); }
  version(samples(), rows->get(samples(), {1})).set(sample::whole, 7).write(*rows);
  rows->commit();
  EXPECT_EQ(whole_of(*other, 1), 7);
}

TEST_P(isolation, data_version_changes_with_the_commits_of_others) {
  const auto version_after_read = [&] {
    rows->get(samples(), {1});
    return rows->data_version();
  };
  std::uint64_t before = version_after_read();
  EXPECT_EQ(version_after_read(), before);
  for (int i = 0; i < 5; ++i) {
    put(*other, 1, i);
    const std::uint64_t now = version_after_read();
    EXPECT_NE(now, before);
    before = now;
  }
  other->begin(access::write);  // what was rolled back changes nothing
  version(samples(), 50).write(*other);
  other->rollback();
  EXPECT_EQ(version_after_read(), before);
  rows->begin(access::read);
  EXPECT_EQ(version_after_read(), before);
  if (can().parallel_reads) {
    put(*other, 1, 77);
    EXPECT_EQ(version_after_read(), before) << "not yet visible to this reader";
    rows->commit();
    EXPECT_NE(version_after_read(), before);
  } else {
    rows->commit();
  }
}

TEST_P(isolation, data_version_tells_at_begin_of_commits_before_it) {
  for (const access mode : {access::read, access::write}) {
    rows->get(samples(), {1});
    const std::uint64_t before = rows->data_version();
    put(*other, 1, 5);
    rows->begin(mode);  // the core asks here whether its model is still the newest
    EXPECT_NE(rows->data_version(), before);
    rows->rollback();
  }
}

}  // namespace
}  // namespace kith::conformance
