// SPDX-License-Identifier: Apache-2.0
//
// Undo: a change set is taken back by another one.
#include "core/session/state.hpp"
#include "undo_suite.hpp"

namespace kith::lab {
namespace {

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
