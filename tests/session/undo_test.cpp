// SPDX-License-Identifier: Apache-2.0
//
// Undo: a change set is taken back by another one, unless later work stands in its way.
#include <gtest/gtest.h>

#include "core/session/state.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

class undoing : public suite {
 protected:
  // Runs a change and answers its sequence.
  std::int64_t did(const std::function<void()>& work) {
    work();
    return s->sequence();
  }
  std::int64_t together(const std::function<void()>& work) {
    transaction tx = s->write();
    work();
    tx.commit();
    return s->sequence();
  }
  // `field, field` of what was contested, or `record`; `done` and `nothing` where nothing was.
  static std::string told(const undo_result& r) {
    std::string text;
    for (const contested_change& c : r.contested) {
      text += text.empty() ? "" : ", ";
      text += c.field.empty() ? std::string(c.entity->name()) : c.field;
    }
    if (text.empty()) return r.sequence == 0 ? "nothing" : "done";
    return text + (r.sequence == 0 ? "" : "; the rest is done");
  }
  std::string taken_back(std::int64_t sequence, undo_mode mode = undo_mode::all) {
    std::string text;
    const std::string refused = outcome([&] { text = told(s->undo(sequence, mode)); });
    return refused == "done" ? text : refused;
  }
  std::string skipping(std::int64_t sequence) { return taken_back(sequence, undo_mode::skip); }

  record<client> now(const record<client>& r) { return s->get<client>(r.id()); }
  record<strict> now(const record<strict>& r) { return s->get<strict>(r.id()); }
  template <class E>
  bool live(const record<E>& r) {
    return !s->get<E>(r.id()).deleted();
  }
};
INSTANTIATE_TEST_SUITE_P(stores, undoing, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(undoing, is_a_change_set_that_names_the_one_it_takes_back) {
  const record<client> anna = s->add(client::name = "Анна", client::industry = "еда");
  const std::int64_t moved = did([&] { s->update(anna, client::industry = "лес"); });
  clock->advance(duration::of_hours(1));
  session petr = base->open_session({.actor = "пётр", .actor_id = {}, .zone = {}});
  const undo_result r = petr.undo(moved);
  EXPECT_EQ(r.sequence, moved + 1);
  EXPECT_EQ(r.records, 1u);
  EXPECT_TRUE(r.contested.empty());
  EXPECT_EQ(now(anna)[client::industry], "еда");
  const change_set set = s->changes(moved).at(0);
  EXPECT_EQ(set.undoes, moved);
  EXPECT_EQ(set.from, origin::undo);
  EXPECT_EQ(set.actor, "пётр");
  EXPECT_EQ(set.reason, "undo of " + std::to_string(moved));
  EXPECT_EQ(set.at, clock->now());
  EXPECT_EQ(feed(moved), std::vector<std::string>{"update client industry"});
}

TEST_P(undoing, takes_back_each_kind_of_change) {
  record<strict> r = s->add(strict::name = "n", strict::fee = eur(5), strict::code = "k");
  struct row {
    const char* what;
    std::function<void()> change;
    const char* feed;
  };
  record<strict> added;
  const row table[] = {
      {"an addition", [&] { added = s->add(strict::name = "m", strict::code = "new"); },
       "remove lab_strict"},
      {"an update", [&] { s->update(ref<strict>(r), strict::grade = 3, strict::brief = "b"); },
       "update lab_strict brief grade"},
      {"an amount", [&] { s->update(ref<strict>(r), strict::fee = money("7", "USD")); },
       "update lab_strict fee"},
      {"a value that is gone", [&] { s->update(ref<strict>(r), strict::fee = none); },
       "update lab_strict fee"},
      {"a value with a key", [&] { s->update(ref<strict>(r), strict::code = "J"); },
       "update lab_strict code"},
      {"a deletion", [&] { s->remove(r); }, "restore lab_strict"},
  };
  for (const row& one : table) {
    SCOPED_TRACE(one.what);
    const std::int64_t changed = did(one.change);
    EXPECT_EQ(taken_back(changed), "done");
    EXPECT_EQ(feed(changed), std::vector<std::string>{one.feed});
    const record<strict> back = now(r);
    EXPECT_FALSE(back.deleted());
    EXPECT_EQ(back[strict::fee], eur(5));
    EXPECT_FALSE(back.has(strict::grade));
    EXPECT_EQ(s->find_one(strict::code, "K")->id(), r.id()) << "found by its key";
  }
  EXPECT_FALSE(live(added));
  s->remove(r);
  EXPECT_EQ(taken_back(did([&] { s->restore(ref<strict>(r)); })), "done");
  EXPECT_FALSE(live(r)) << "a restoration";
}

TEST_P(undoing, is_taken_back_itself_and_again) {
  const record<strict> r = s->add(strict::name = "n", strict::grade = 1);
  const std::int64_t set = did([&] { s->update(ref<strict>(r), strict::grade = 2); });
  std::int64_t last = set;
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(taken_back(last), "done");
    ++last;
    EXPECT_EQ(now(r)[strict::grade], i % 2 == 0 ? 1 : 2);
  }
  EXPECT_EQ(taken_back(set + 1), "nothing") << "that undo is undone";
  EXPECT_EQ(taken_back(set), "done");
  EXPECT_EQ(now(r)[strict::grade], 1);
  EXPECT_EQ(taken_back(set), "nothing") << "it is taken back already";
  EXPECT_EQ(taken_back(set + 2), "conflict: grade contested") << "its set is taken back later";
  EXPECT_EQ(s->sequence(), last + 1) << "nothing to do is no change set";
}

TEST_P(undoing, is_contested_by_later_changes_of_the_same_field) {
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

TEST_P(undoing, of_an_addition_is_contested_by_whoever_used_the_record) {
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

TEST_P(undoing, of_several_leaves_what_others_hold_on_to) {
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

TEST_P(undoing, of_a_deletion_brings_all_back_that_went_along) {
  const record<node> root = s->add(node::name = "root");
  const record<node> child = s->add(node::name = "child", node::inside = root);
  const record<link> owned = s->add(link::follows = child);
  const record<link> cut = s->add(link::forgets = child);
  const std::int64_t set = did([&] { s->remove(root); });
  ASSERT_FALSE(live(owned));
  EXPECT_EQ(taken_back(set), "done");
  EXPECT_TRUE(live(root) && live(child) && live(owned));
  EXPECT_EQ(s->get<link>(cut.id())[link::forgets], child);
  EXPECT_EQ(taken_back(set + 1), "done");
  EXPECT_FALSE(live(root) || live(child) || live(owned));
  EXPECT_FALSE(s->get<link>(cut.id()).has(link::forgets));
}

TEST_P(undoing, that_would_break_a_constraint_is_contested) {
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

TEST_P(undoing, names_everything_that_is_contested) {
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

TEST_P(undoing, swaps_unique_values_back) {
  const record<strict> a = s->add(strict::name = "a", strict::code = "1");
  const record<strict> b = s->add(strict::name = "b", strict::code = "2");
  const std::int64_t set = together([&] {
    s->update(ref<strict>(a), strict::code = "-");
    s->update(ref<strict>(b), strict::code = "1");
    s->update(ref<strict>(a), strict::code = "2");
  });
  EXPECT_EQ(taken_back(set), "done");
  EXPECT_EQ(std::string(now(a)[strict::code]) + std::string(now(b)[strict::code]), "12");
  const std::int64_t replaced = together([&] {
    s->remove(a);
    s->add(strict::name = "c", strict::code = "1");
  });
  EXPECT_EQ(taken_back(replaced), "done");
  EXPECT_TRUE(live(a));
}

TEST_P(undoing, of_a_restoration_leaves_the_deleted_record_as_it_was) {
  const record<strict> r = s->add(strict::name = "n", strict::grade = 1);
  const std::int64_t removed = did([&] { s->remove(r); });
  const std::int64_t restored = together([&] {
    s->restore(ref<strict>(r));
    s->update(ref<strict>(r), strict::grade = 2);
  });
  EXPECT_EQ(taken_back(restored), "done");
  EXPECT_FALSE(live(r));
  const std::int64_t passed = together([&] {
    s->restore(ref<strict>(r));
    s->update(ref<strict>(r), strict::grade = 3);
    s->remove(r);
  });
  EXPECT_EQ(taken_back(passed), "done");
  EXPECT_EQ(taken_back(removed), "done");
  EXPECT_TRUE(live(r));
  EXPECT_EQ(now(r)[strict::grade], 1);
}

TEST_P(undoing, of_a_batch_tells_that_its_beginning_was_trimmed) {
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

TEST_P(undoing, runs_checks_but_neither_completions_nor_reactions) {
  std::string log;
  crm_options wanted;
  const auto note = [&log](const char* word) { return [&log, word](auto&) { log += word; }; };
  wanted.rules = {complete<strict>("c").writes(strict::brief).as(note("c")),
                  check<strict>("k").as(note("k")), react<strict>("r").as(note("r")),
                  react<strict>("u").also_on_undo().as(note("u"))};
  open(std::move(wanted));
  const record<strict> r = s->add(strict::name = "n", strict::grade = 1);
  const std::int64_t set = did([&] { s->update(r, strict::grade = 2); });
  EXPECT_EQ(log, "ckruckru");
  log.clear();
  EXPECT_EQ(taken_back(set), "done");
  EXPECT_EQ(log, "ku");
}

TEST_P(undoing, computes_what_is_stored_anew) {
  const record<folder> f = s->add(folder::factor = 2);
  const record<file> one = s->add(file::folder = f, file::pages = 10);
  const auto total = [&] { return s->get<folder>(f.id())[folder::total]; };
  ASSERT_EQ(total(), 20);
  const std::int64_t pages = did([&] { s->update(ref<file>(one), file::pages = 3); });
  const std::int64_t factor = did([&] { s->update(ref<folder>(f), folder::factor = 5); });
  ASSERT_EQ(total(), 15);
  EXPECT_EQ(taken_back(pages), "done") << "a sum that others changed meanwhile is no later work";
  EXPECT_EQ(total(), 50);
  EXPECT_EQ(taken_back(factor), "done");
  EXPECT_EQ(total(), 20);
}

TEST_P(undoing, inside_a_transaction_is_part_of_it) {
  const record<strict> r = s->add(strict::name = "n", strict::grade = 1, strict::brief = "a");
  const std::int64_t set =
      did([&] { s->update(ref<strict>(r), strict::grade = 2, strict::brief = "b"); });
  {
    transaction tx = s->write({.reason = "по просьбе"});
    EXPECT_EQ(s->undo(set).sequence, tx.sequence());
    EXPECT_EQ(now(r)[strict::grade], 1);
    EXPECT_EQ(outcome([&] { s->undo(set - 1); }), "misuse") << "a set tells of one undo";
  }
  EXPECT_EQ(now(r)[strict::grade], 2) << "gone with its transaction";
  transaction tx = s->write({.reason = "по просьбе"});
  transaction inner = s->write();
  s->undo(set);
  inner.rollback();
  s->update(ref<strict>(r), strict::brief = "c");
  EXPECT_EQ(skipping(set), "brief; the rest is done") << "changed in this transaction";
  s->add(node::name = "n");
  tx.commit();
  const change_set told_of = s->changes(set).at(0);
  EXPECT_EQ(told_of.undoes, set);
  EXPECT_EQ(told_of.reason, "по просьбе");
  EXPECT_EQ(told_of.from, origin::user);
  EXPECT_EQ(taken_back(set + 1), "done");
  EXPECT_EQ(now(r)[strict::grade], 2);
  EXPECT_EQ(now(r)[strict::brief], "b");
}

TEST_P(undoing, needs_a_change_set_that_can_be_taken_back) {
  const record<strict> r = s->add(strict::name = "n");
  const std::int64_t set = s->sequence();
  s->add_field("clients", {.name = "x_card"});
  const std::int64_t model_change = s->sequence();
  EXPECT_EQ(taken_back(0), "not_found");
  EXPECT_EQ(taken_back(-1), "not_found");
  EXPECT_EQ(taken_back(model_change + 1), "not_found");
  EXPECT_EQ(taken_back(model_change), "unsupported");
  EXPECT_EQ(taken_back(1), "unsupported") << "the store was made";
  const auto e = refusal([&] { s->undo(model_change); });
  EXPECT_NE(e->message().find("retire the field"), std::string::npos) << e->message();
  EXPECT_EQ(outcome([&] { s->undo_batch({5}); }), "not_found");
  {
    const transaction reading = s->read();
    EXPECT_EQ(taken_back(set), "read_only");
  }
  const transaction import = s->write({.from = origin::import, .batch = {5}});
  EXPECT_EQ(taken_back(set), "misuse") << "an import takes nothing back";
}

TEST_P(undoing, ends_where_the_feed_or_the_record_ends) {
  const record<strict> r = s->add(strict::name = "n", strict::grade = 1);
  const std::int64_t set = did([&] { s->update(ref<strict>(r), strict::grade = 2); });
  const std::int64_t other = did([&] { s->add(strict::name = "m"); });
  session::state& inside = s->internals();
  const auto without = [&](const entity_type& e, record_id id) {
    const transaction tx = s->write();
    inside.rows().erase(e, id);
    return taken_back(set) + ", " + skipping(set);
  };
  EXPECT_EQ(without(entity("lab_stricts"), r.id()), "conflict: contested, lab_strict");
  EXPECT_EQ(without(entity("change_sets"), {set}), "not_found, not_found");
  EXPECT_EQ(taken_back(set), "done");
  EXPECT_EQ(taken_back(other), "done");
}

TEST_P(undoing, of_large_sets_reads_all_their_pieces) {
  limits most;
  most.change_chunk_bytes = 200;
  crm_options wanted;
  wanted.limits = most;
  open(std::move(wanted));
  std::vector<record<node>> all;
  const std::int64_t set = together([&] {
    for (int i = 0; i < 50; ++i) all.push_back(s->add(node::name = "n"));
  });
  transaction tx = s->write();
  s->update(ref<node>(all[0]), node::name = "m");
  for (int i = 0; i < 30; ++i) s->add(node::name = "later");
  EXPECT_EQ(s->undo(set, undo_mode::skip).records, 49u) << "the first one was changed meanwhile";
  EXPECT_TRUE(live(all[0]));
  tx.commit();
}

}  // namespace
}  // namespace kith::lab
