// SPDX-License-Identifier: Apache-2.0
//
// has() and apply(): tables that come, grow, get indexes, and go back with their transaction.
#include "programs.hpp"
#include "suite.hpp"

namespace kith::conformance {
namespace {

class layouts : public suite {
 protected:
  const model_ptr first = model_of<card>();
  const model_ptr more = model_of<card_with_more>();
  const model_ptr indexed = model_of<card_with_index>();
  const model_ptr exclusive = model_of<card_with_unique>();
  const model_ptr wrong = model_of<card_with_contradiction>();
  const entity_type& cards = first->entity<card>();
  const entity_type& cards_with_more = more->entity<card_with_more>();
  const entity_type& cards_with_index = indexed->entity<card_with_index>();
  const entity_type& cards_with_unique = exclusive->entity<card_with_unique>();

  void apply(const entity_type& e) {
    transaction(*rows, [&] { rows->apply(e); });
  }
  void add_cards(std::initializer_list<const char*> titles) {
    transaction(*rows, [&] {
      std::int64_t id = 0;
      for (const char* title : titles) {
        version v(cards, ++id);
        v.set(card::title, title).set(card::points, id * 10).write(*rows);
      }
    });
  }
  // Live rows with these points.
  std::vector<std::int64_t> with_points(connection& through, const entity_type& e, std::int64_t n) {
    const program condition = call(op::equal, {load(e, card::points.slot()), constant(n)});
    const std::vector<slot_number> slots = all_slots(e);
    scan_request request = scan_of(e);
    request.conditions = {&condition, 1};
    request.slots = slots;
    residual rest(through, *first);
    const auto cursor = through.scan(request);
    std::vector<std::int64_t> ids;
    while (const row_ptr r = cursor->next()) {
      if (rest.passes(request, cursor->taken(), *r)) ids.push_back(r->id().value);
    }
    return ids;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, layouts, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(layouts, have_no_place_before_apply) {
  EXPECT_TRUE(rows->has(samples()));  // by suite::SetUp()
  EXPECT_FALSE(rows->has(cards));
  const auto other = connect();
  rows->begin(access::write);
  EXPECT_FALSE(rows->has(cards));
  rows->apply(cards);
  EXPECT_TRUE(rows->has(cards));
  version(cards, 1).set(card::title, "One").write(*rows);  // usable at once
  EXPECT_EQ(shown(cards, rows->get(cards, {1})), "1 live {title='One'}");
  if (can().parallel_reads) {
    EXPECT_FALSE(other->has(cards));
  }
  rows->commit();
  EXPECT_TRUE(rows->has(cards));
  EXPECT_TRUE(other->has(cards));
  EXPECT_EQ(shown(cards, other->get(cards, {1})), "1 live {title='One'}");
}

TEST_P(layouts, may_be_applied_again_and_again) {
  apply(cards);
  add_cards({"A", "B"});
  const auto before = all_shown(*rows, cards);
  for (int i = 0; i < 3; ++i) apply(cards);
  transaction(*rows, [&] {
    for (int i = 0; i < 3; ++i) rows->apply(cards);
    for (const auto& e : model->entities()) rows->apply(*e);
  });
  EXPECT_EQ(all_shown(*rows, cards), before);
}

TEST_P(layouts, go_back_with_their_transaction) {
  rows->begin(access::write);
  rows->apply(cards);
  version(cards, 1).set(card::title, "One").write(*rows);
  rows->rollback();
  EXPECT_FALSE(rows->has(cards));
  apply(cards);
  EXPECT_TRUE(all_shown(*rows, cards).empty());
  add_cards({"A"});
  rows->begin(access::write);
  rows->apply(cards_with_more);
  version v(cards_with_more, rows->get(cards_with_more, {1}));
  v.set(card_with_more::colour, "red").write(*rows);
  rows->rollback();
  EXPECT_EQ(all_shown(*rows, cards), std::vector<std::string>{"1 live {title='A', points=10}"});
  apply(cards_with_more);
  EXPECT_EQ(shown(cards_with_more, rows->get(cards_with_more, {1})),
            "1 live {title='A', points=10}");
}

TEST_P(layouts, go_back_with_their_savepoint) {
  apply(cards);
  add_cards({"A"});
  rows->begin(access::write);
  rows->savepoint(1);
  rows->apply(cards_with_more);
  rows->apply(cards_with_unique);
  version(cards_with_more, 2).set(card_with_more::colour, "red").write(*rows);
  rows->rollback_to(1);
  version(cards, 3).set(card::title, "A").write(*rows);  // not unique any more
  rows->savepoint(2);
  rows->apply(cards_with_more);
  rows->release(2);
  rows->release(1);
  version(cards_with_more, 4).set(card_with_more::colour, "blue").write(*rows);
  rows->commit();
  EXPECT_EQ(all_shown(*connect(), cards_with_more),
            (std::vector<std::string>{"1 live {title='A', points=10}", "3 live {title='A'}",
                                      "4 live {colour='blue'}"}));
}

TEST_P(layouts, a_new_column_is_null_in_old_rows) {
  apply(cards);
  add_cards({"A", "B"});
  apply(cards_with_more);
  EXPECT_EQ(
      all_shown(*rows, cards_with_more),
      (std::vector<std::string>{"1 live {title='A', points=10}", "2 live {title='B', points=20}"}));
  transaction(*rows, [&] {
    version old(cards_with_more, rows->get(cards_with_more, {1}));
    old.set(card_with_more::colour, "Red").set(card_with_more::width, 1.5);
    old.set(card_with_more::image, "bytes").write(*rows);
    version made(cards_with_more, 3);
    made.set(card_with_more::title, "C").set(card_with_more::colour, "Blue").write(*rows);
  });
  const auto other = connect();
  for (connection* c : {rows.get(), other.get()}) {
    EXPECT_EQ(shown(cards_with_more, c->get(cards_with_more, {1}, needed_cells::with_keys), true),
              "1 live {title='A', title_key='a', points=10, colour='Red', colour_key='red', "
              "width=1.5, image=\"bytes\"}");
    EXPECT_EQ(shown(cards_with_more, c->get(cards_with_more, {2})),
              "2 live {title='B', points=20}");
    EXPECT_EQ(all_shown(*c, cards_with_more).size(), 3u);
  }
}

TEST_P(layouts, an_older_description_still_reads) {
  apply(cards);
  add_cards({"A"});
  const auto old_reader = connect();
  EXPECT_EQ(shown(cards, old_reader->get(cards, {1})), "1 live {title='A', points=10}");
  EXPECT_EQ(with_points(*old_reader, cards, 10), std::vector<std::int64_t>{1});
  apply(cards_with_more);
  transaction(*rows, [&] {
    version v(cards_with_more, 2);
    v.set(card_with_more::title, "B").set(card_with_more::colour, "red").write(*rows);
  });
  for (connection* c : {rows.get(), old_reader.get()}) {
    EXPECT_EQ(all_shown(*c, cards),
              (std::vector<std::string>{"1 live {title='A', points=10}", "2 live {title='B'}"}));
    EXPECT_EQ(with_points(*c, cards, 10), std::vector<std::int64_t>{1});
  }
}

TEST_P(layouts, a_writer_with_an_older_description_keeps_what_it_does_not_know) {
  apply(cards_with_more);
  transaction(*rows, [&] {
    version v(cards_with_more, 1);
    v.set(card_with_more::title, "A").set(card_with_more::colour, "red").write(*rows);
  });
  transaction(*rows,
              [&] { version(cards, rows->get(cards, {1})).set(card::points, 5).write(*rows); });
  EXPECT_EQ(shown(cards_with_more, rows->get(cards_with_more, {1})),
            "1 live {title='A', points=5, colour='red'}");
}

TEST_P(layouts, readers_keep_their_instant_while_a_table_grows) {
  apply(cards);
  add_cards({"A"});
  if (!can().parallel_reads) GTEST_SKIP() << "readers keep writers out";
  const auto reader = connect();
  reader->begin(access::read);
  apply(cards_with_more);
  transaction(*rows, [&] { rows->erase(cards, {1}); });
  EXPECT_EQ(all_shown(*reader, cards), std::vector<std::string>{"1 live {title='A', points=10}"});
  reader->commit();
  EXPECT_TRUE(all_shown(*reader, cards_with_more).empty());
}

TEST_P(layouts, a_new_index_knows_the_old_rows) {
  apply(cards);
  add_cards({"A", "B", "C", "D"});
  transaction(*rows,
              [&] { version(cards, rows->get(cards, {4})).set(card::points, 20).write(*rows); });
  apply(cards_with_index);
  EXPECT_EQ(with_points(*rows, cards_with_index, 20), (std::vector<std::int64_t>{2, 4}));
  transaction(*rows, [&] {
    version(cards_with_index, rows->get(cards_with_index, {2}))
        .set(card_with_index::points, 30)
        .write(*rows);
    version(cards_with_index, 5).set(card_with_index::points, 20).write(*rows);
  });
  EXPECT_EQ(with_points(*rows, cards_with_index, 20), (std::vector<std::int64_t>{4, 5}));
  EXPECT_EQ(with_points(*rows, cards_with_index, 30), (std::vector<std::int64_t>{2, 3}));
}

TEST_P(layouts, a_new_unique_index_holds_for_the_old_rows) {
  apply(cards);
  add_cards({"A", "B"});
  transaction(*rows, [&] { version(cards, 3).write(*rows); });  // null
  transaction(*rows, [&] { version(cards, 4).set(card::title, "a").remove().write(*rows); });
  apply(cards_with_unique);
  rows->begin(access::write);
  const std::optional<error> e = refusal(
      [&] { version(cards_with_unique, 5).set(card_with_unique::title, "b").write(*rows); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::exists);
  EXPECT_EQ(e->record(), 2);
  const row_ptr deleted = rows->get(cards_with_unique, {4});
  EXPECT_EQ(outcome([&] { version(cards_with_unique, deleted).restore().write(*rows); }), "exists");
  rows->rollback();
}

TEST_P(layouts, a_unique_index_on_duplicates_is_refused_and_changes_nothing) {
  apply(cards);
  add_cards({"A", "B", "a"});
  const auto before = all_shown(*rows, cards);
  rows->begin(access::write);
  version(cards, 4).set(card::title, "D").write(*rows);
  const std::string refused = outcome([&] { rows->apply(cards_with_unique); });
  EXPECT_TRUE(refused == "exists" || refused == "model") << refused;
  EXPECT_EQ(all_shown(*rows, cards).size(), 4u);
  // Without the index: one more duplicate is no problem. With the duplicates gone, nor is the
  // index.
  EXPECT_EQ(outcome([&] { version(cards, 5).set(card::title, "A").write(*rows); }), "done");
  rows->erase(cards, {5});
  rows->erase(cards, {4});
  rows->commit();
  EXPECT_EQ(all_shown(*rows, cards), before);
  transaction(*rows, [&] { rows->erase(cards, {3}); });
  EXPECT_EQ(outcome([&] { apply(cards_with_unique); }), "done");
  rows->begin(access::write);
  EXPECT_EQ(outcome([&] { version(cards, 6).set(card::title, "b").write(*rows); }), "exists");
  rows->rollback();
}

TEST_P(layouts, a_column_of_another_class_is_refused_and_changes_nothing) {
  apply(cards);
  add_cards({"A"});
  const entity_type& contradiction = wrong->entity<card_with_contradiction>();
  rows->begin(access::write);
  EXPECT_EQ(outcome([&] { rows->apply(contradiction); }), "model");
  version(cards, 2).set(card::points, 5).write(*rows);
  rows->commit();
  EXPECT_EQ(all_shown(*rows, cards),
            (std::vector<std::string>{"1 live {title='A', points=10}", "2 live {points=5}"}));
}

TEST_P(layouts, may_all_be_made_in_one_transaction) {
  transaction(*rows, [&] {
    rows->apply(cards);
    version(cards, 1).set(card::title, "A").write(*rows);
    rows->apply(cards_with_more);
    version(cards_with_more, 2).set(card_with_more::colour, "red").write(*rows);
    rows->apply(cards_with_unique);
    EXPECT_EQ(outcome([&] { version(cards, 3).set(card::title, "a").write(*rows); }), "exists");
  });
  EXPECT_EQ(all_shown(*rows, cards_with_more),
            (std::vector<std::string>{"1 live {title='A'}", "2 live {colour='red'}"}));
}

TEST_P(layouts, prepared_for_an_older_model_may_be_dropped) {
  apply(cards);
  add_cards({"A"});
  const auto other = connect();
  std::unique_ptr<cursor> open;
  if (can().parallel_reads) open = other->scan(scan_of(cards));
  apply(cards_with_more);
  kept->model_changed(*more);
  if (open) {
    EXPECT_EQ(rest_of(*open).size(), 1u);
  }
  open.reset();
  for (connection* c : {rows.get(), other.get()}) {
    EXPECT_EQ(shown(cards_with_more, c->get(cards_with_more, {1})),
              "1 live {title='A', points=10}");
    EXPECT_EQ(whole_of(*c, 1), std::nullopt);
  }
}

// Fields described in C++ come before those added at run time: a later one moves them.
TEST_P(layouts, know_columns_by_name_after_reopening) {
  if (!keeps_content()) GTEST_SKIP() << "the content is gone with the process";
  const custom_field region{.name = "x_region", .kind = kind_id::text};
  const model_ptr before = first->with("cards", region);
  const entity_type& old_cards = before->entity<card>();
  apply(old_cards);
  transaction(*rows, [&] {
    const field_place place = old_cards.field("x_region");
    version(old_cards, 1).set(card::title, "A").set(place.field->slot, "north").write(*rows);
  });
  reopen();
  const model_ptr after = more->with("cards", region);
  const entity_type& new_cards = after->entity<card_with_more>();
  ASSERT_NE(old_cards.field("x_region").field->slot, new_cards.field("x_region").field->slot);
  apply(new_cards);
  EXPECT_EQ(shown(new_cards, rows->get(new_cards, {1})), "1 live {title='A', x_region='north'}");
  transaction(*rows, [&] {
    version(new_cards, rows->get(new_cards, {1})).set(card_with_more::colour, "red").write(*rows);
  });
  reopen();
  EXPECT_EQ(shown(new_cards, rows->get(new_cards, {1})),
            "1 live {title='A', colour='red', x_region='north'}");
}

}  // namespace
}  // namespace kith::conformance
