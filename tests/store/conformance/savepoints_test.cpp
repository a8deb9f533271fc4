// SPDX-License-Identifier: Apache-2.0
//
// Savepoints: what is rolled back to one is as if it had never been, at any depth, in any order.
#include "suite.hpp"

namespace kith::conformance {
namespace {

constexpr int deepest = 5;

class savepoints : public suite {
 protected:
  void SetUp() override {
    suite::SetUp();
    put(100, 0);
  }
  // One record that every level changes, one that only this level has.
  void write_at(int level) {
    version(samples(), rows->get(samples(), {100})).set(sample::whole, level).write(*rows);
    version(samples(), level).set(sample::whole, level).write(*rows);
  }
  void begin_with_levels(int levels) {
    rows->begin(access::write);
    for (int level = 1; level <= levels; ++level) {
      rows->savepoint(level);
      write_at(level);
    }
  }
  // What is there: the records of the levels, and the value of the common record.
  std::string state(connection& through) {
    std::string text;
    scan_request request = scan_of(samples());
    const auto found = through.scan(request);
    while (const row_ptr r = found->next()) {
      text += std::to_string(r->id().value) + "=" +
              std::to_string(r->integer(sample::whole.slot())) + " ";
    }
    return text;
  }
  // What is to be there when the levels up to this one are.
  static std::string levels(int kept) {
    std::string text;
    for (int level = 1; level <= kept; ++level) {
      text += std::to_string(level) + "=" + std::to_string(level) + " ";
    }
    return text + "100=" + std::to_string(kept) + " ";
  }
};
INSTANTIATE_TEST_SUITE_P(stores, savepoints, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(savepoints, end_one_by_one_in_every_combination) {
  for (unsigned released = 0; released < 1u << deepest; ++released) {
    begin_with_levels(deepest);
    int left = deepest;
    for (int level = deepest; level >= 1; --level) {
      if ((released >> (level - 1) & 1) == 0) {
        rows->rollback_to(level);
        left = level - 1;
      }
      rows->release(level);
      ASSERT_EQ(state(*rows), levels(left)) << "released " << released << ", level " << level;
    }
    rows->commit();
    ASSERT_EQ(state(*connect()), levels(left)) << "released " << released;
    transaction(*rows, [&] {  // as it was
      for (int level = 1; level <= deepest; ++level) rows->erase(samples(), {level});
      version(samples(), rows->get(samples(), {100})).set(sample::whole, 0).write(*rows);
    });
  }
}

TEST_P(savepoints, a_rollback_to_an_outer_one_takes_the_inner_ones_along) {
  for (int outer = 1; outer <= deepest; ++outer) {
    begin_with_levels(deepest);
    rows->rollback_to(outer);
    EXPECT_EQ(state(*rows), levels(outer - 1)) << outer;
    // The savepoint itself is still open, the inner ones are not.
    write_at(outer);
    rows->savepoint(outer + 1);
    rows->rollback_to(outer + 1);
    EXPECT_EQ(state(*rows), levels(outer)) << outer;
    rows->rollback_to(outer);
    EXPECT_EQ(state(*rows), levels(outer - 1)) << outer;
    rows->rollback();
    EXPECT_EQ(state(*rows), levels(0)) << outer;
  }
}

TEST_P(savepoints, a_release_of_an_outer_one_keeps_what_the_inner_ones_did) {
  for (int outer = 1; outer <= deepest; ++outer) {
    begin_with_levels(deepest);
    rows->release(outer);
    EXPECT_EQ(state(*rows), levels(deepest)) << outer;
    rows->savepoint(outer);  // its place is free again
    rows->erase(samples(), {100});
    rows->rollback_to(outer);
    EXPECT_EQ(state(*rows), levels(deepest)) << outer;
    if (outer > 1) rows->rollback_to(outer - 1);
    if (outer > 1) {
      EXPECT_EQ(state(*rows), levels(outer - 2)) << outer;
    }
    rows->rollback();
  }
}

TEST_P(savepoints, may_follow_each_other) {
  rows->begin(access::write);
  for (int i = 1; i <= 5; ++i) {
    rows->savepoint(1);
    write_at(i);
    if (i > 3) rows->rollback_to(1);
    rows->release(1);
  }
  rows->commit();
  EXPECT_EQ(state(*rows), levels(3));
}

TEST_P(savepoints, may_be_rolled_back_to_again_and_again) {
  rows->begin(access::write);
  write_at(1);
  rows->savepoint(1);
  for (int i = 0; i < 5; ++i) {
    write_at(2);
    rows->rollback_to(1);
    EXPECT_EQ(state(*rows), levels(1));
  }
  rows->commit();
  EXPECT_EQ(state(*rows), levels(1));
}

TEST_P(savepoints, end_with_their_transaction) {
  begin_with_levels(3);
  rows->rollback();
  EXPECT_EQ(state(*rows), levels(0));
  begin_with_levels(3);
  rows->commit();
  EXPECT_EQ(state(*connect()), levels(3));
  begin_with_levels(0);
  rows->savepoint(1);  // counts from 1 again
  rows->rollback_to(1);
  rows->commit();
  EXPECT_EQ(state(*rows), levels(3));
}

TEST_P(savepoints, take_back_deletions_erasures_and_unique_values) {
  const auto badge_of = [&](std::int64_t id, std::string_view code) {
    version(badges(), id).set(badge::code, code).write(*rows);
  };
  transaction(*rows, [&] {
    badge_of(1, "a");
    badge_of(2, "b");
    badge_of(3, "c");
  });
  const auto before = all_shown(*rows, badges());
  rows->begin(access::write);
  rows->savepoint(1);
  version(badges(), rows->get(badges(), {1})).remove().write(*rows);
  badge_of(4, "a");
  rows->erase(badges(), {2});
  badge_of(5, "b");
  version(badges(), rows->get(badges(), {3})).set(badge::code, "d").write(*rows);
  badge_of(6, "c");
  rows->rollback_to(1);
  EXPECT_EQ(all_shown(*rows, badges()), before);
  // The old values are taken again, the new ones are free again.
  EXPECT_EQ(outcome([&] { badge_of(7, "a"); }), "exists");
  EXPECT_EQ(outcome([&] { badge_of(8, "b"); }), "exists");
  EXPECT_EQ(outcome([&] { badge_of(9, "c"); }), "exists");
  EXPECT_EQ(outcome([&] { badge_of(10, "d"); }), "done");
  rows->commit();
  EXPECT_EQ(all_shown(*rows, badges()).size(), before.size() + 1);
}

TEST_P(savepoints, a_refused_write_inside_one_spoils_nothing) {
  transaction(*rows, [&] { version(badges(), 1).set(badge::code, "a").write(*rows); });
  rows->begin(access::write);
  version(badges(), 2).set(badge::code, "b").write(*rows);
  rows->savepoint(1);
  version(badges(), 3).set(badge::code, "c").write(*rows);
  EXPECT_EQ(outcome([&] { version(badges(), 4).set(badge::code, "a").write(*rows); }), "exists");
  EXPECT_TRUE(rows->get(badges(), {3}));
  rows->rollback_to(1);
  rows->release(1);
  EXPECT_FALSE(rows->get(badges(), {3}));
  rows->commit();
  EXPECT_EQ(all_shown(*rows, badges()),
            (std::vector<std::string>{"1 live {code='a'}", "2 live {code='b'}"}));
}

TEST_P(savepoints, with_another_level_than_the_next_are_misuse) {
  rows->begin(access::write);
  EXPECT_EQ(outcome([&] { rows->savepoint(2); }), "misuse");
  EXPECT_EQ(outcome([&] { rows->savepoint(0); }), "misuse");
  EXPECT_EQ(outcome([&] { rows->release(1); }), "misuse");
  EXPECT_EQ(outcome([&] { rows->rollback_to(1); }), "misuse");
  rows->savepoint(1);
  EXPECT_EQ(outcome([&] { rows->savepoint(1); }), "misuse");
  EXPECT_EQ(outcome([&] { rows->rollback_to(2); }), "misuse");
  write_at(1);
  rows->commit();
  EXPECT_EQ(state(*rows), levels(1));
}

}  // namespace
}  // namespace kith::conformance
