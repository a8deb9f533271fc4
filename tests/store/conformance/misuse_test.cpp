// SPDX-License-Identifier: Apache-2.0
//
// Calls that break the contract are answered, not obeyed and not crashed by; what follows them
// works as before.
#include "programs.hpp"
#include "suite.hpp"

namespace kith::conformance {
namespace {

class misuse : public suite {
 protected:
  void SetUp() override {
    suite::SetUp();
    transaction(*rows, [&] {
      for (int id = 1; id <= 10; ++id) version(samples(), id).set(sample::whole, id).write(*rows);
    });
  }
  void TearDown() override {  // whatever was done, the store is as it was and usable
    if (!kept) return;
    if (!rows) rows = kept->connect();
    rows->rollback();
    EXPECT_EQ(all_shown(*rows, samples()).size(), 10u);
    put(11, 11);
    EXPECT_EQ(whole_of(*connect(), 11), 11);
    EXPECT_EQ(outcome([&] { kept->check(); }), "done");
  }
  scan_request all_samples() {
    scan_request request = scan_of(samples());
    return request;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, misuse, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(misuse, of_calls_outside_of_a_transaction) {
  EXPECT_EQ(outcome([&] { version(samples(), 20).write(*rows); }), "misuse");
  EXPECT_EQ(outcome([&] { rows->erase(samples(), {1}); }), "misuse");
  EXPECT_EQ(outcome([&] { rows->apply(samples()); }), "misuse");
  EXPECT_EQ(outcome([&] { rows->commit(); }), "misuse");
  EXPECT_EQ(outcome([&] { rows->savepoint(1); }), "misuse");
  EXPECT_EQ(outcome([&] { rows->release(1); }), "misuse");
  EXPECT_EQ(outcome([&] { rows->rollback_to(1); }), "misuse");
}

TEST_P(misuse, of_commit_after_the_end) {
  rows->begin(access::write);
  rows->commit();
  EXPECT_EQ(outcome([&] { rows->commit(); }), "misuse");
  rows->begin(access::write);
  rows->rollback();
  EXPECT_EQ(outcome([&] { rows->commit(); }), "misuse");
  EXPECT_EQ(outcome([&] { version(samples(), 20).write(*rows); }), "misuse");
}

TEST_P(misuse, of_begin_twice_leaves_the_first_one_open) {
  for (const access again : {access::read, access::write}) {
    rows->begin(access::write);
    version(samples(), 20).set(sample::whole, 20).write(*rows);
    EXPECT_EQ(outcome([&] { rows->begin(again); }), "misuse");
    EXPECT_EQ(whole_of(*rows, 20), 20);
    rows->rollback();
    EXPECT_EQ(whole_of(*rows, 20), std::nullopt);
    rows->begin(access::read);
    EXPECT_EQ(outcome([&] { rows->begin(again); }), "misuse");
    EXPECT_EQ(outcome([&] { rows->commit(); }), "done");
  }
}

TEST_P(misuse, what_reads_may_be_called_outside_of_a_transaction) {
  EXPECT_TRUE(rows->has(samples()));
  EXPECT_EQ(whole_of(*rows, 1), 1);
  EXPECT_EQ(rest_of(*rows->scan(all_samples())).size(), 10u);
  EXPECT_EQ(outcome([&] { rows->data_version(); }), "done");
  aggregate_request request;
  request.entity = &samples();
  const aggregate_request::measure count{aggregate::count, {}};
  request.measures = {&count, 1};
  EXPECT_EQ(outcome([&] { rows->aggregate(request, [](auto) {}); }), "done");
}

// A cursor that has lost its transaction is closed, or goes on as if nothing had happened.
TEST_P(misuse, of_a_cursor_after_its_transaction) {
  const auto read_on = [&](cursor& from) {
    const std::string result = outcome([&] {
      std::int64_t id = 2;
      while (const row_ptr r = from.next()) {
        EXPECT_EQ(r->id().value, id++);
        EXPECT_EQ(r->integer(sample::whole.slot()), r->id().value);
      }
      EXPECT_EQ(id, 11);
    });
    EXPECT_TRUE(result == "done" || result == "closed") << result;
  };
  for (const access mode : {access::read, access::write}) {
    for (const bool committed : {false, true}) {
      rows->begin(mode);
      const auto cursor = rows->scan(all_samples());
      ASSERT_TRUE(cursor->next());
      committed ? rows->commit() : rows->rollback();
      read_on(*cursor);
    }
  }
  // The same while another transaction of the connection is open, and by another thread's commit.
  rows->begin(access::read);
  const auto cursor = rows->scan(all_samples());
  ASSERT_TRUE(cursor->next());
  rows->rollback();
  rows->begin(access::write);
  read_on(*cursor);
  rows->rollback();
}

TEST_P(misuse, of_a_cursor_that_begin_overtakes) {
  const auto cursor = rows->scan(all_samples());  // outside of a transaction
  ASSERT_TRUE(cursor->next());
  const std::string begun = outcome([&] { rows->begin(access::write); });
  EXPECT_TRUE(begun == "done" || begun == "misuse" || begun == "busy") << begun;
  const std::string read = outcome([&] { rest_of(*cursor); });
  EXPECT_TRUE(read == "done" || read == "closed") << read;
  rows->rollback();
}

TEST_P(misuse, of_writing_while_a_cursor_is_open) {
  rows->begin(access::write);
  const auto cursor = rows->scan(all_samples());
  ASSERT_TRUE(cursor->next());
  version(samples(), rows->get(samples(), {5})).set(sample::whole, 50).write(*rows);
  rows->erase(samples(), {6});
  version(samples(), 12).set(sample::whole, 12).write(*rows);
  rows->savepoint(1);
  const std::string read = outcome([&] {
    std::int64_t last = 1;
    while (const row_ptr r = cursor->next()) {  // the old or the new ones, but in order
      EXPECT_GT(r->id().value, last);
      last = r->id().value;
    }
  });
  EXPECT_TRUE(read == "done" || read == "closed") << read;
  rows->rollback();
}

TEST_P(misuse, of_an_entity_without_a_table) {
  const model_ptr other = model_of<card>();
  const entity_type& cards = other->entity<card>();
  rows->begin(access::write);
  EXPECT_NE(outcome([&] { version(cards, 1).write(*rows); }), "done");
  // What reads answers that there is nothing, or that there is no table.
  outcome([&] { EXPECT_FALSE(rows->get(cards, {1})); });
  outcome([&] { EXPECT_FALSE(rows->scan(scan_of(cards))->next()); });
  EXPECT_FALSE(rows->has(cards));
  version(samples(), 12).write(*rows);
  rows->rollback();
}

TEST_P(misuse, of_a_connection_after_its_store) {
  const auto other = connect();
  rows->begin(access::write);
  version(samples(), 20).write(*rows);
  kept.reset();
  const auto answered = [](const std::string& result) {
    EXPECT_TRUE(result == "done" || result == "closed") << result;
  };
  answered(outcome([&] { whole_of(*rows, 1); }));
  answered(outcome([&] { rows->commit(); }));
  rows->rollback();
  answered(outcome([&] { whole_of(*other, 1); }));
  answered(outcome([&] { other->begin(access::read); }));
  other->rollback();
  rows.reset();
}

TEST_P(misuse, of_capabilities_that_are_not_declared) {
  if (!can().save) {
    EXPECT_EQ(outcome([&] { kept->save(); }), "unsupported");
  }
  rows->begin(access::write);
  if (!can().host_sql) {
    EXPECT_EQ(outcome([&] { rows->host_sql("select 1", {}, [](auto) {}); }), "unsupported");
  }
  rows->rollback();
  EXPECT_FALSE(can().name.empty());
  if (can().paths) {
    EXPECT_TRUE(can().conditions || can().orders);
  }
}

}  // namespace
}  // namespace kith::conformance
