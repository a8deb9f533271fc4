// SPDX-License-Identifier: Apache-2.0
//
// Unique indexes: at most one live record has the values; null equals nothing; a refusal names the
// other record and spoils nothing.
#include "suite.hpp"

namespace kith::conformance {
namespace {

class unique_indexes : public suite {
 protected:
  using change = std::function<void(version&)>;

  version next(std::int64_t id) {
    const row_ptr r = rows->get(badges(), {id}, needed_cells::with_keys);
    return r ? version(badges(), r) : version(badges(), id);
  }
  // In a transaction of its own.
  std::string write(std::int64_t id, const change& what) {
    return outcome([&] {
      transaction(*rows, [&] {
        version v = next(id);
        what(v);
        v.write(*rows);
      });
    });
  }
  static change code(const char* text) {
    return [=](version& v) { v.set(badge::code, text); };
  }
  static change deleted() {
    return [](version& v) { v.remove(); };
  }
  static change restored() {
    return [](version& v) { v.restore(); };
  }
  static change seat(const char* area, std::int64_t number) {
    return [=](version& v) { v.set(badge::area, area).set(badge::seat, number); };
  }
  static change fee(std::int64_t amount, const char* currency) {
    return [=](version& v) {
      v.set(badge::fee, amount);
      v.set(static_cast<slot_number>(badge::fee.slot() + 1), currency);
    };
  }
};
INSTANTIATE_TEST_SUITE_P(stores, unique_indexes, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(unique_indexes, refuse_a_second_live_record_with_the_value) {
  struct row {
    std::string field;
    change taken, same, other;
  };
  const auto set = [](const auto& field, auto value) {
    return change([&field, value](version& v) { v.set(field, value); });
  };
  const row table[] = {
      {"number", set(badge::number, 7), set(badge::number, 7), set(badge::number, 8)},
      {"number", set(badge::number, 0), set(badge::number, 0), set(badge::number, -1)},
      {"code", set(badge::code, "a"), set(badge::code, "a"), set(badge::code, "A")},
      {"code", set(badge::code, ""), set(badge::code, ""), set(badge::code, " ")},
      {"code", set(badge::code, "é"), set(badge::code, "é"), set(badge::code, "e\u0301")},
      {"nick", set(badge::nick, "Елка"), set(badge::nick, "ЕЛКА"), set(badge::nick, "Ёлка")},
      {"nick", set(badge::nick, "Straße"), set(badge::nick, "STRASSE"), set(badge::nick, "Stra")},
      {"weight", set(badge::weight, 1.5), set(badge::weight, 1.5), set(badge::weight, 1.25)},
      {"weight", set(badge::weight, 0.0), set(badge::weight, -0.0), set(badge::weight, 5e-324)},
      {"print", set(badge::print, std::string("\0a", 2)), set(badge::print, std::string("\0a", 2)),
       set(badge::print, std::string("\0b", 2))},
      {"fee", fee(100, "EUR"), fee(100, "EUR"), fee(100, "USD")},
      {"fee", fee(100, "EUR"), fee(100, "EUR"), fee(101, "EUR")},
      {"area", seat("Hall", 1), seat("HALL", 1), seat("Hall", 2)},
      {"area", seat("Hall", 1), seat("hall", 1), seat("Hall 2", 1)},
  };
  for (const row& r : table) {
    ASSERT_EQ(write(1, r.taken), "done") << r.field;
    rows->begin(access::write);
    version v(badges(), 2);
    r.same(v);
    const std::optional<error> e = refusal([&] { v.write(*rows); });
    rows->rollback();
    ASSERT_TRUE(e) << r.field;
    EXPECT_EQ(name_of(e->code()), "exists") << r.field;
    EXPECT_EQ(e->record(), 1) << "the other record, for " << r.field;
    EXPECT_EQ(e->entity(), "badge");
    EXPECT_NE(e->field().find(r.field), std::string::npos) << e->field();
    EXPECT_EQ(write(2, r.other), "done") << r.field;
    transaction(*rows, [&] {
      rows->erase(badges(), {1});
      rows->erase(badges(), {2});
    });
  }
}

TEST_P(unique_indexes, let_null_be_as_often_as_it_likes) {
  for (std::int64_t id = 1; id <= 5; ++id) EXPECT_EQ(write(id, [](version&) {}), "done");
  // In a compound index one null is enough.
  EXPECT_EQ(write(6, [](version& v) { v.set(badge::area, "Hall"); }), "done");
  EXPECT_EQ(write(7, [](version& v) { v.set(badge::area, "Hall"); }), "done");
  EXPECT_EQ(write(8, [](version& v) { v.set(badge::seat, 1); }), "done");
  EXPECT_EQ(write(9, [](version& v) { v.set(badge::seat, 1); }), "done");
  EXPECT_EQ(write(6, [](version& v) { v.set(badge::seat, 1); }), "done");
  EXPECT_EQ(write(7, [](version& v) { v.set(badge::seat, 1); }), "exists");
  EXPECT_EQ(write(6, [](version& v) { v.set(badge::seat, nullptr); }), "done");
  EXPECT_EQ(write(7, [](version& v) { v.set(badge::seat, 1); }), "done");
}

TEST_P(unique_indexes, let_a_record_keep_its_own_values) {
  EXPECT_EQ(write(1, code("a")), "done");
  EXPECT_EQ(write(1, [](version& v) { v.set(badge::note, "changed"); }), "done");
  EXPECT_EQ(write(1, code("b")), "done");
  EXPECT_EQ(write(1, code("a")), "done");
}

TEST_P(unique_indexes, check_updates) {
  EXPECT_EQ(write(1, code("a")), "done");
  EXPECT_EQ(write(2, code("b")), "done");
  EXPECT_EQ(write(2, code("a")), "exists");
  EXPECT_EQ(shown(badges(), rows->get(badges(), {2})), "2 live {code='b'}");
  EXPECT_EQ(write(1, code("c")), "done");
  EXPECT_EQ(write(2, code("a")), "done");
}

TEST_P(unique_indexes, a_refusal_leaves_the_transaction_as_it_was) {
  EXPECT_EQ(write(1, code("a")), "done");
  rows->begin(access::write);
  version(badges(), 2).set(badge::code, "b").write(*rows);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(outcome([&] {
                version(badges(), 3).set(badge::number, 3).set(badge::code, "a").write(*rows);
              }),
              "exists");
    EXPECT_FALSE(rows->get(badges(), {3}));
    EXPECT_EQ(outcome([&] { next(2).set(badge::code, "a").set(badge::note, "x").write(*rows); }),
              "exists");
    EXPECT_EQ(shown(badges(), rows->get(badges(), {2})), "2 live {code='b'}");
  }
  // The refused record took nothing: its other unique value is free.
  version(badges(), 4).set(badge::number, 3).write(*rows);
  rows->commit();
  EXPECT_EQ(
      all_shown(*rows, badges()),
      (std::vector<std::string>{"1 live {code='a'}", "2 live {code='b'}", "4 live {number=3}"}));
}

TEST_P(unique_indexes, hold_inside_one_transaction) {
  rows->begin(access::write);
  version(badges(), 1).set(badge::code, "a").write(*rows);
  const std::optional<error> e =
      refusal([&] { version(badges(), 2).set(badge::code, "a").write(*rows); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::exists);
  EXPECT_EQ(e->record(), 1);
  next(1).set(badge::code, "b").write(*rows);
  EXPECT_EQ(outcome([&] { version(badges(), 2).set(badge::code, "a").write(*rows); }), "done");
  EXPECT_EQ(outcome([&] { next(1).set(badge::code, "a").write(*rows); }), "exists");
  rows->commit();
}

TEST_P(unique_indexes, deletion_frees_the_value_and_restoring_takes_it_again) {
  EXPECT_EQ(write(1, code("a")), "done");
  EXPECT_EQ(write(1, deleted()), "done");
  EXPECT_EQ(write(2, code("a")), "done");
  EXPECT_EQ(write(1, restored()), "exists");
  EXPECT_FALSE(rows->get(badges(), {1})->live());
  EXPECT_EQ(write(2, deleted()), "done");
  EXPECT_EQ(write(1, restored()), "done");
  EXPECT_EQ(write(2, restored()), "exists");
  EXPECT_EQ(write(3, code("a")), "exists");
}

TEST_P(unique_indexes, restoring_is_checked_for_keys_that_were_not_given_again) {
  const auto nick = [](version& v) { v.set(badge::nick, "Ёжик"); };
  EXPECT_EQ(write(1, nick), "done");
  EXPECT_EQ(write(1, deleted()), "done");
  EXPECT_EQ(write(2, nick), "done");
  rows->begin(access::write);
  const row_ptr without_keys = rows->get(badges(), {1}, needed_cells::values);
  const std::optional<error> e =
      refusal([&] { version(badges(), without_keys).restore().write(*rows); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::exists);
  EXPECT_EQ(e->record(), 2);
  EXPECT_EQ(e->field(), "nick");
  const row_ptr other = rows->get(badges(), {2}, needed_cells::values);
  version(badges(), other).remove().write(*rows);
  EXPECT_EQ(outcome([&] { version(badges(), without_keys).restore().write(*rows); }), "done");
  rows->commit();
  EXPECT_EQ(write(3, nick), "exists");
}

TEST_P(unique_indexes, do_not_hold_among_deleted_records) {
  for (std::int64_t id = 1; id <= 3; ++id) {
    EXPECT_EQ(write(id, code("a")), "done");
    EXPECT_EQ(write(id, deleted()), "done");
  }
  EXPECT_EQ(write(2, [](version& v) { v.set(badge::note, "still deleted"); }), "done");
  EXPECT_EQ(write(4, code("b")), "done");
  EXPECT_EQ(write(4, deleted()), "done");
  EXPECT_EQ(write(4, code("a")), "done") << "a change of a deleted record";
  EXPECT_EQ(write(4, restored()), "done");
  EXPECT_EQ(write(1, restored()), "exists");
}

TEST_P(unique_indexes, erasure_frees_the_value) {
  EXPECT_EQ(write(1, code("a")), "done");
  transaction(*rows, [&] { rows->erase(badges(), {1}); });
  EXPECT_EQ(write(2, code("a")), "done");
  rows->begin(access::write);
  rows->erase(badges(), {2});
  EXPECT_EQ(outcome([&] { version(badges(), 3).set(badge::code, "a").write(*rows); }), "done");
  rows->rollback();
  EXPECT_EQ(write(3, code("a")), "exists");
}

TEST_P(unique_indexes, two_values_change_places_by_way_of_a_third) {
  EXPECT_EQ(write(1, code("a")), "done");
  EXPECT_EQ(write(2, code("b")), "done");
  transaction(*rows, [&] {
    next(1).set(badge::code, nullptr).write(*rows);
    next(2).set(badge::code, "a").write(*rows);
    next(1).set(badge::code, "b").write(*rows);
  });
  EXPECT_EQ(shown(badges(), rows->get(badges(), {1})), "1 live {code='b'}");
  EXPECT_EQ(shown(badges(), rows->get(badges(), {2})), "2 live {code='a'}");
}

TEST_P(unique_indexes, what_was_rolled_back_is_free) {
  rows->begin(access::write);
  version(badges(), 1).set(badge::code, "a").write(*rows);
  rows->rollback();
  EXPECT_EQ(write(2, code("a")), "done");
}

TEST_P(unique_indexes, several_at_once_name_one_that_is_taken) {
  EXPECT_EQ(write(1, [](version& v) { v.set(badge::number, 1).set(badge::code, "a"); }), "done");
  EXPECT_EQ(write(2, [](version& v) { v.set(badge::number, 2).set(badge::code, "b"); }), "done");
  rows->begin(access::write);
  const std::optional<error> e = refusal(
      [&] { version(badges(), 3).set(badge::number, 2).set(badge::code, "c").write(*rows); });
  rows->rollback();
  ASSERT_TRUE(e);
  EXPECT_EQ(e->record(), 2);
  EXPECT_EQ(e->field(), "number");
}

TEST_P(unique_indexes, hold_for_every_connection) {
  EXPECT_EQ(write(1, code("a")), "done");
  const auto other = connect();
  other->begin(access::write);
  EXPECT_EQ(outcome([&] { version(badges(), 2).set(badge::code, "a").write(*other); }), "exists");
  other->rollback();
}

TEST_P(unique_indexes, hold_among_many_records) {
  transaction(*rows, [&] {
    for (int i = 1; i <= 200; ++i) version(badges(), i).set(badge::number, i * 7).write(*rows);
  });
  rows->begin(access::write);
  for (int i = 1; i <= 200; i += 13) {
    const std::optional<error> e =
        refusal([&] { version(badges(), 1000).set(badge::number, i * 7).write(*rows); });
    ASSERT_TRUE(e);
    EXPECT_EQ(e->record(), i);
  }
  rows->rollback();
}

}  // namespace
}  // namespace kith::conformance
