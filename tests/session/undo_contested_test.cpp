// SPDX-License-Identifier: Apache-2.0
//
// Undo where later work stands in its way: nothing is done, or the rest and a report.
#include "core/session/state.hpp"
#include "undo_suite.hpp"

namespace kith::lab {
namespace {

class contested_undo : public undoing {};
INSTANTIATE_TEST_SUITE_P(stores, contested_undo, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(contested_undo, is_contested_by_later_changes_of_the_same_field) {
  struct row {
    const char* what;
    std::function<void(const record<strict>&)> later;
    const char* all;
    const char* skip;
    int grade;
  };
  const auto set_grade = [&](int to) {
    return [this, to](const record<strict>& r) { s->update(ref<strict>(r), strict::grade = to); };
  };
  const row table[] = {
      {"nothing", [](const auto&) {}, "done", "", 1},
      {"another field",
       [&](const auto& r) { s->update(ref<strict>(r), strict::share = decimal("0.5")); }, "done",
       "", 1},
      {"the same field", set_grade(3), "conflict: grade", "grade; the rest is done", 3},
      {"away and back",
       [&](const auto& r) {
         set_grade(3)(r);
         set_grade(2)(r);
       },
       "conflict: grade", "grade; the rest is done", 2},
      {"away and back at once",
       [&](const auto& r) {
         together([&] {
           set_grade(3)(r);
           set_grade(2)(r);
         });
       },
       "done", "", 1},
      {"away, and that undone",
       [&](const auto& r) {
         set_grade(3)(r);
         s->undo(s->sequence());
       },
       "done", "", 1},
      {"away, undone, and done again",
       [&](const auto& r) {
         set_grade(3)(r);
         s->undo(s->sequence());
         s->undo(s->sequence());
       },
       "conflict: grade", "grade; the rest is done", 3},
      {"deleted", [&](const auto& r) { s->remove(r); }, "conflict: brief", "brief, grade", 2},
      {"deleted and restored",
       [&](const auto& r) {
         s->remove(r);
         s->restore(ref<strict>(r));
       },
       "done", "", 1},
  };
  for (const row& one : table) {
    SCOPED_TRACE(one.what);
    const record<strict> r = s->add(strict::name = "n", strict::grade = 1, strict::brief = "a");
    const std::int64_t set =
        did([&] { s->update(ref<strict>(r), strict::grade = 2, strict::brief = "b"); });
    one.later(r);
    const std::int64_t before = s->sequence();
    EXPECT_EQ(taken_back(set).substr(0, 15), std::string(one.all).substr(0, 15));
    if (*one.skip != '\0') {
      EXPECT_EQ(s->sequence(), before) << "nothing was written";
      EXPECT_EQ(skipping(set), one.skip);
    }
    EXPECT_EQ(now(r)[strict::grade], one.grade);
    EXPECT_EQ(now(r)[strict::brief], live(r) ? "a" : "b");
  }
}

TEST_P(contested_undo, of_an_addition_is_contested_by_whoever_used_the_record) {
  struct row {
    const char* what;
    std::function<void(const record<node>&)> later;
    const char* all;
  };
  const row table[] = {
      {"nobody", [](const auto&) {}, "done"},
      {"changed", [&](const auto& n) { s->update(n, node::name = "m"); }, "conflict: contested"},
      {"deleted", [&](const auto& n) { s->remove(n); }, "nothing"},
      {"held", [&](const auto& n) { s->add(link::holds = n); }, "conflict: contested"},
      {"named, to be cut loose", [&](const auto& n) { s->add(link::forgets = n); },
       "conflict: contested"},
      {"owned", [&](const auto& n) { s->add(link::follows = n); }, "conflict: contested"},
      {"owned by any reference",
       [&](const auto& n) {
         s->add(link::anything = any_ref{entity("lab_node").number, n.id()});
       },
       "conflict: contested"},
      {"remembered", [&](const auto& n) { s->add(link::keeps = n); }, "done"},
      {"held and let go", [&](const auto& n) { s->remove(s->add(link::holds = n)); }, "done"},
  };
  for (const row& one : table) {
    SCOPED_TRACE(one.what);
    record<node> n;
    const std::int64_t set = did([&] { n = s->add(node::name = "n"); });
    one.later(n);
    EXPECT_EQ(taken_back(set), one.all);
    EXPECT_EQ(live(n), std::string(one.all) == "conflict: contested");
  }
}

TEST_P(contested_undo, of_several_leaves_what_others_hold_on_to) {
  record<node> a, b, c;
  const std::int64_t set = together([&] {
    a = s->add(node::name = "a");
    b = s->add(node::name = "b", node::inside = a);
    c = s->add(node::name = "c");
    s->update(ref<node>(a), node::inside = b);
  });
  const record<link> holder = s->add(link::holds = b);
  EXPECT_EQ(outcome([&] { s->undo(set); }), "conflict: contested");
  const undo_result r = s->undo(set, undo_mode::skip);
  EXPECT_EQ(r.records, 1u);
  ASSERT_EQ(r.contested.size(), 2u);
  EXPECT_EQ(r.contested[0].id, a.id());
  EXPECT_EQ(r.contested[0].why, "is named by inside of the lab_node " +
                                    std::to_string(b.id().value) +
                                    ", which stays; delete or change that first");
  EXPECT_TRUE(live(a) && live(b));
  EXPECT_FALSE(live(c));
  s->remove(holder);
  EXPECT_EQ(taken_back(set), "done");
  EXPECT_FALSE(live(a) || live(b));
}

TEST_P(contested_undo, that_would_break_a_constraint_is_contested) {
  struct row {
    const char* what;
    std::function<std::int64_t()> change;
    const char* skip;
    const char* why;
  };
  const row table[] = {
      {"a unique value was taken",
       [&] {
         const record<strict> r = s->add(strict::name = "a", strict::code = "x1");
         const std::int64_t set =
             did([&] { s->update(r, strict::code = "x2", strict::grade = 2); });
         s->add(strict::name = "b", strict::code = "X1");
         return set;
       },
       "code; the rest is done", "x1"},
      {"a unique value was taken while it was deleted",
       [&] {
         const record<strict> r = s->add(strict::name = "a", strict::code = "y1");
         const std::int64_t set = did([&] { s->remove(r); });
         s->add(strict::name = "b", strict::code = "Y1");
         return set;
       },
       "lab_strict", "y1"},
      {"what a reference named was deleted",
       [&] {
         const record<client> anna = s->add(client::name = "Анна");
         const record<strict> r = s->add(strict::name = "a", strict::buyer = anna);
         const std::int64_t set =
             did([&] { s->update(ref<strict>(r), strict::buyer = none, strict::grade = 2); });
         s->remove(anna);
         return set;
       },
       "buyer; the rest is done", "deleted client"},
      {"the owner of a deleted record was deleted",
       [&] {
         const record<node> root = s->add(node::name = "root");
         const record<node> child = s->add(node::name = "child", node::inside = root);
         const std::int64_t set = did([&] { s->remove(child); });
         s->remove(root);
         return set;
       },
       "lab_node", "restore it"},
      {"a tree would be a circle",
       [&] {
         const record<strict> a = s->add(strict::name = "a");
         const record<strict> b = s->add(strict::name = "b", strict::parent = a);
         const std::int64_t set = did([&] { s->update(ref<strict>(b), strict::parent = none); });
         s->update(ref<strict>(a), strict::parent = b);
         return set;
       },
       "parent", "back to the record itself"},
      {"a value is set once",
       [&] {
         const record<strict> r = s->add(strict::name = "a");
         return did([&] { s->update(r, strict::seal = "17", strict::grade = 2); });
       },
       "seal; the rest is done", "set once"},
      {"history stays", [&] { return did([&] { s->add(entry::what = "x"); }); }, "lab_entry",
       "is history and stays"},
  };
  for (const row& one : table) {
    SCOPED_TRACE(one.what);
    const std::int64_t set = one.change();
    const std::int64_t before = s->sequence();
    EXPECT_EQ(outcome([&] { s->undo(set); }).substr(0, 8), "conflict");
    EXPECT_EQ(s->sequence(), before);
    const undo_result r = s->undo(set, undo_mode::skip);
    EXPECT_EQ(told(r), one.skip);
    ASSERT_EQ(r.contested.size(), 1u);
    EXPECT_NE(r.contested[0].why.find(one.why), std::string::npos) << r.contested[0].why;
  }
}

TEST_P(contested_undo, names_everything_that_is_contested) {
  const record<strict> a = s->add(strict::name = "a");
  const record<strict> b = s->add(strict::name = "b");
  const std::int64_t set = together([&] {
    s->update(ref<strict>(a), strict::grade = 1, strict::brief = "a");
    s->update(ref<strict>(b), strict::grade = 1);
  });
  s->update(ref<strict>(a), strict::grade = 2, strict::brief = "x");
  s->update(ref<strict>(b), strict::grade = 2);
  const auto e = refusal([&] { s->undo(set); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::conflict);
  EXPECT_EQ(shown(e->violations()), "brief contested, grade contested, grade contested");
  EXPECT_EQ(e->violations()[2].value, std::to_string(b.id().value));
  EXPECT_EQ(e->violations()[2].message, "record " + std::to_string(b.id().value) +
                                            ": was changed later, by change set " +
                                            std::to_string(set + 2) + "; take that one back first");
}

TEST_P(contested_undo, of_a_batch_tells_that_its_beginning_was_trimmed) {
  const record<strict> r = s->add(strict::name = "n", strict::grade = 1);
  const record_id batch =
      s->add(import_batch::format = "csv", import_batch::entity = "lab_strict").id();
  std::int64_t last = 0;
  for (const int grade : {2, 3}) {
    clock->advance(duration::of_hours(1));
    transaction tx = s->write({.from = origin::import, .batch = batch});
    s->update(ref<strict>(r), strict::grade = grade);
    tx.commit();
    last = s->sequence();
  }
  EXPECT_EQ(outcome([&] {
              const transaction tx = s->write();
              s->undo_batch(batch);
              EXPECT_EQ(now(r)[strict::grade], 1);
            }),
            "done");
  transaction tx = s->write();
  for (std::int64_t n = 1; n < last; ++n) {
    s->internals().rows().erase(entity("change_sets"), {n});
  }
  EXPECT_EQ(outcome([&] { s->undo_batch(batch); }), "conflict: contested");
  const undo_result some = s->undo_batch(batch, undo_mode::skip);
  ASSERT_EQ(some.contested.size(), 1u);
  EXPECT_EQ(some.contested[0].id, batch);
  EXPECT_EQ(some.contested[0].why.substr(0, 14), "may have begun");
  EXPECT_EQ(now(r)[strict::grade], 2);
}

}  // namespace
}  // namespace kith::lab
