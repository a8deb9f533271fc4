// SPDX-License-Identifier: Apache-2.0
//
// What is there after closing and opening again: what was committed, or saved, and nothing else.
#include "kith/core/text.hpp"
#include "suite.hpp"

namespace kith::conformance {
namespace {

class durability : public suite {
 protected:
  void SetUp() override {
    suite::SetUp();
    if (!keeps_content()) GTEST_SKIP() << "the content is gone with the process";
  }
  void fill() {
    transaction(*rows, [&] {
      for (int id = 1; id <= 50; ++id) {
        version v(samples(), id);
        v.set(sample::whole, id).set(sample::words, "Слово " + std::to_string(id));
        if (id % 5 == 0) v.remove();
        v.write(*rows);
      }
      version(badges(), 100).set(badge::code, "taken").write(*rows);
      version(places(), 200).set(place::name, "Омск").write(*rows);
    });
    transaction(*rows, [&] {
      rows->erase(samples(), {1});
      version(samples(), rows->get(samples(), {2})).set(sample::whole, 222).write(*rows);
    });
  }
  std::vector<std::string> everything() {
    std::vector<std::string> all;
    for (const auto& e : model->entities()) {
      for (const std::string& r : all_shown(*rows, *e))
        all.push_back(std::string(e->name()) + " " + r);
    }
    return all;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, durability, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(durability, reopening_shows_what_was_committed) {
  fill();
  const auto before = everything();
  ASSERT_EQ(before.size(), 51u);
  for (int times = 0; times < 3; ++times) {
    reopen();
    EXPECT_EQ(everything(), before);
    for (const auto& e : model->entities()) EXPECT_TRUE(rows->has(*e));
  }
}

TEST_P(durability, keys_and_unique_indexes_are_there_after_reopening) {
  fill();
  reopen();
  const auto key = static_cast<slot_number>(sample::words.slot() + 1);
  EXPECT_EQ(rows->get(samples(), {7}, needed_cells::with_keys)->text(key), fold("СЛОВО 7"));
  rows->begin(access::write);
  const std::optional<error> e =
      refusal([&] { version(badges(), 101).set(badge::code, "taken").write(*rows); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::exists);
  EXPECT_EQ(e->record(), 100);
  rows->rollback();
  // And goes on to be written.
  transaction(*rows, [&] {
    for (const auto& entity : model->entities()) rows->apply(*entity);
  });
  put(60, 60);
  reopen();
  EXPECT_EQ(whole_of(*rows, 60), 60);
}

TEST_P(durability, what_was_not_committed_is_not_there) {
  fill();
  const auto before = everything();
  rows->begin(access::write);
  rows->erase(samples(), {2});
  version(samples(), 70).write(*rows);
  rows->savepoint(1);
  version(samples(), 71).write(*rows);
  if (can().save) {
    rows->rollback();
    kept->save();
    rows->begin(access::write);
    version(samples(), 72).write(*rows);
  }
  rows.reset();  // with the transaction open
  kept.reset();
  kept = of().reopen();
  rows = kept->connect();
  EXPECT_EQ(everything(), before);
}

TEST_P(durability, what_was_not_saved_is_not_there) {
  if (can().durable != capabilities::durability::on_save) GTEST_SKIP() << "a commit is enough";
  fill();
  const auto before = everything();
  kept->save();
  put(80, 80);
  rows.reset();
  kept.reset();
  kept = of().reopen();
  rows = kept->connect();
  EXPECT_EQ(everything(), before);
}

TEST_P(durability, saving_shows_one_instant_and_disturbs_nobody) {
  if (!can().save) GTEST_SKIP() << "a commit is enough";
  fill();
  const auto before = everything();
  const auto reader = connect();
  if (can().parallel_reads) reader->begin(access::read);
  kept->save();
  put(80, 80);
  kept->save();
  transaction(*rows, [&] { rows->erase(samples(), {80}); });
  kept->save();
  reader->rollback();
  EXPECT_EQ(everything(), before);
  reopen();
  EXPECT_EQ(everything(), before);
}

TEST_P(durability, a_new_place_is_empty) {
  fill();
  reopen();
  rows.reset();
  kept.reset();
  kept = of().fresh();
  rows = kept->connect();
  EXPECT_FALSE(rows->has(samples()));
}

TEST_P(durability, layouts_made_at_run_time_are_there) {
  const model_ptr wide = model_of<card>()->with(
      "cards", custom_field{.name = "x_extra", .kind = kind_id::text, .unique = true});
  const entity_type& cards = wide->entity<card>();
  const slot_number extra = cards.field("x_extra").field->slot;
  transaction(*rows, [&] {
    rows->apply(cards);
    version(cards, 1).set(extra, "mine").write(*rows);
  });
  reopen();
  EXPECT_TRUE(rows->has(cards));
  EXPECT_EQ(shown(cards, rows->get(cards, {1})), "1 live {x_extra='mine'}");
  rows->begin(access::write);
  EXPECT_EQ(outcome([&] { version(cards, 2).set(extra, "mine").write(*rows); }), "exists");
  rows->rollback();
}

TEST_P(durability, opened_for_reading_reads_and_refuses_to_write) {
  if (!can().read_only_open || !of().reopen_read_only) GTEST_SKIP() << "not offered";
  fill();
  const auto before = everything();
  if (can().save) kept->save();
  rows.reset();
  kept.reset();
  kept = of().reopen_read_only();
  rows = kept->connect();
  EXPECT_EQ(everything(), before);
  rows->begin(access::read);
  EXPECT_EQ(whole_of(*rows, 2), 222);
  rows->commit();
  EXPECT_EQ(outcome([&] { rows->begin(access::write); }), "read_only");
  rows->rollback();
  EXPECT_EQ(everything(), before);
}

// As another process would; a process of its own is the business of the fault tests.
TEST_P(durability, two_stores_on_one_place_share_it) {
  if (!can().many_processes) GTEST_SKIP() << "one process at a time";
  fill();
  const std::unique_ptr<store> second = of().reopen();
  const auto other = second->connect();
  EXPECT_EQ(whole_of(*other, 2), 222);
  other->get(samples(), {2});
  const std::uint64_t before = other->data_version();
  put(2, 3);
  EXPECT_EQ(whole_of(*other, 2), 3);
  EXPECT_NE(other->data_version(), before);
  rows->begin(access::write);
  EXPECT_EQ(outcome([&] { other->begin(access::write); }), "busy");
  version(samples(), rows->get(samples(), {2})).set(sample::whole, 4).write(*rows);
  rows->commit();
  put(*other, 2, 5);
  EXPECT_EQ(whole_of(*rows, 2), 5);
}

TEST_P(durability, a_reader_in_one_store_keeps_its_instant_while_another_one_writes) {
  if (!can().many_processes || !can().parallel_reads) GTEST_SKIP() << "not offered";
  fill();
  const std::unique_ptr<store> second = of().reopen();
  const auto other = second->connect();
  other->begin(access::read);
  put(2, 3);
  EXPECT_EQ(whole_of(*other, 2), 222);
  other->commit();
  EXPECT_EQ(whole_of(*other, 2), 3);
}

}  // namespace
}  // namespace kith::conformance
