// SPDX-License-Identifier: Apache-2.0
//
// Versions of records in memory: what readers need stays, and nothing else does.
#include <atomic>
#include <thread>

#include "memory_suite.hpp"

namespace kith::conformance {
namespace {

class memory_versions : public ::testing::Test {
 protected:
  memory_versions() {
    transaction(writer, [&] {
      for (const auto& e : model->entities()) writer.apply(*e);
    });
    fill(1, 20);
  }
  void fill(std::int64_t first, std::int64_t last) {
    transaction(writer, [&] {
      for (std::int64_t id = first; id <= last; ++id) {
        version(samples(), id).set(sample::whole, id).set(sample::words, "w").write(writer);
      }
    });
  }
  void change_all(std::int64_t by) {
    for (std::int64_t id = 1; id <= 20; ++id) {
      const row_ptr r = writer.get(samples(), {id}, needed_cells::with_keys);
      if (!r) continue;
      version(samples(), r).set(sample::whole, r->integer(sample::whole.slot()) + by).write(writer);
    }
  }
  const entity_type& samples() const { return model->entity<sample>(); }
  std::int64_t sum_seen_by(connection& reader) const {
    std::int64_t sum = 0;
    const auto found = reader.scan(scan_of(samples()));
    while (const row_ptr r = found->next()) sum += r->integer(sample::whole.slot());
    return sum;
  }

  model_ptr model = conformance_model();
  const std::shared_ptr<memory::content> in =
      std::make_shared<memory::content>(memory_options{.path = {}});
  const std::unique_ptr<connection> made = std::make_unique<memory::memory_connection>(in);
  connection& writer = *made;
};

TEST_F(memory_versions, a_rollback_leaves_no_trace) {
  const held before = held_by(*in);
  const auto all = all_shown(writer, samples());
  for (int times = 0; times < 3; ++times) {
    writer.begin(access::write);
    change_all(100);
    change_all(100);
    version(samples(), 77).set(sample::whole, 5).write(writer);
    writer.erase(samples(), {3});
    version(samples(), 3).set(sample::whole, 8).write(writer);
    version(samples(), writer.get(samples(), {4})).remove().write(writer);
    writer.erase(samples(), {77});
    EXPECT_FALSE(held_by(*in) == before);
    writer.rollback();
    EXPECT_EQ(held_by(*in), before);
    EXPECT_EQ(all_shown(writer, samples()), all);
  }
  EXPECT_FALSE(in->has_forgettable());
}

TEST_F(memory_versions, a_savepoint_that_is_taken_back_leaves_no_trace) {
  writer.begin(access::write);
  change_all(1);
  const held before = held_by(*in);
  const auto all = all_shown(writer, samples());
  writer.savepoint(1);
  change_all(1);
  writer.savepoint(2);
  change_all(1);
  writer.erase(samples(), {5});
  writer.release(2);
  version(samples(), 99).write(writer);
  writer.rollback_to(1);
  EXPECT_EQ(held_by(*in), before);
  EXPECT_EQ(all_shown(writer, samples()), all);
  writer.release(1);
  writer.commit();
  EXPECT_EQ(all_shown(writer, samples()), all);
}

TEST_F(memory_versions, nobody_reads_so_nothing_old_stays) {
  const held before = held_by(*in);
  for (int times = 0; times < 10; ++times) transaction(writer, [&] { change_all(1); });
  EXPECT_EQ(held_by(*in), before);
  transaction(writer, [&] {
    for (std::int64_t id = 1; id <= 20; ++id) writer.erase(samples(), {id});
  });
  EXPECT_EQ(held_by(*in), held{});
  EXPECT_FALSE(in->has_forgettable());
}

TEST_F(memory_versions, what_a_reader_needs_stays_until_it_ends) {
  const held before = held_by(*in);
  memory::memory_connection first(in), second(in);
  first.begin(access::read);
  transaction(writer, [&] { change_all(100); });
  second.begin(access::read);
  for (int times = 0; times < 5; ++times) transaction(writer, [&] { change_all(100); });
  transaction(writer, [&] { writer.erase(samples(), {7}); });
  EXPECT_EQ(sum_seen_by(first), 210);
  EXPECT_EQ(sum_seen_by(second), 210 + 2000);
  EXPECT_GT(held_by(*in).versions, before.versions);
  first.commit();
  EXPECT_EQ(sum_seen_by(second), 210 + 2000);
  second.commit();
  held after = before;
  after.records -= 1;
  after.versions -= 1;
  after.entries = held_by(*in).entries;
  EXPECT_EQ(held_by(*in), after);
  EXPECT_LT(after.entries, before.entries);
  EXPECT_FALSE(in->has_forgettable());
}

TEST_F(memory_versions, a_cursor_alone_keeps_its_instant_and_lets_it_go) {
  fill(100, 2000);  // more than a batch
  const held before = held_by(*in);
  memory::memory_connection reader(in);
  auto found = reader.scan(scan_of(samples()));
  ASSERT_TRUE(found->next());
  transaction(writer, [&] {
    for (std::int64_t id = 100; id <= 2000; ++id) writer.erase(samples(), {id});
  });
  EXPECT_EQ(rest_of(*found).size(), 20u + 1901u - 1u);
  EXPECT_LT(held_by(*in).records, before.records) << "gone with the last row";
  found = reader.scan(scan_of(samples()));
  transaction(writer, [&] { change_all(1); });
  found.reset();
  EXPECT_EQ(held_by(*in).versions, 20u);
}

TEST_F(memory_versions, a_reader_behind_many_commits_costs_only_what_it_sees) {
  memory::memory_connection reader(in);
  reader.begin(access::read);
  for (int times = 0; times < 50; ++times) transaction(writer, [&] { change_all(1); });
  EXPECT_EQ(sum_seen_by(reader), 210);
  reader.commit();
  transaction(writer, [&] { change_all(1); });
  EXPECT_EQ(held_by(*in).versions, 20u);
}

TEST_F(memory_versions, readers_see_one_instant_while_a_writer_commits) {
  // Every commit keeps the sum; what is half of a commit would show.
  std::atomic<bool> stop{false};
  std::atomic<int> looks{0}, wrong{0};
  std::vector<std::thread> readers;
  for (int n = 0; n < 2; ++n) {
    readers.emplace_back([&] {
      memory::memory_connection reader(in);
      while (!stop) {
        reader.begin(access::read);
        const std::int64_t sum = sum_seen_by(reader), again = sum_seen_by(reader);
        reader.commit();
        wrong += sum != 210 || again != 210;
        wrong += sum_seen_by(reader) != 210;  // a cursor alone, too
        ++looks;
      }
    });
  }
  for (int times = 0; times < 400 || looks < 50; ++times) {
    const std::int64_t from = 1 + times % 20, to = 1 + (times + 7) % 20;
    transaction(writer, [&] {
      for (const auto& [id, by] : {std::pair{from, -5}, std::pair{to, 5}}) {
        const row_ptr r = writer.get(samples(), {id}, needed_cells::with_keys);
        version(samples(), r)
            .set(sample::whole, r->integer(sample::whole.slot()) + by)
            .write(writer);
      }
    });
  }
  stop = true;
  for (std::thread& t : readers) t.join();
  EXPECT_EQ(wrong, 0);
  transaction(writer, [&] { change_all(0); });
  transaction(writer, [&] { change_all(1); });
  EXPECT_EQ(held_by(*in).versions, 20u);
}

TEST_F(memory_versions, a_layout_that_is_taken_back_leaves_no_trace) {
  const model_ptr cards = model_of<card>(), more = model_of<card_with_more>();
  writer.begin(access::write);
  writer.apply(cards->entity<card>());
  version(cards->entity<card>(), 500).set(card::points, 5).write(writer);
  writer.rollback();
  EXPECT_FALSE(writer.has(cards->entity<card>()));
  transaction(writer, [&] { writer.apply(cards->entity<card>()); });
  const held before = held_by(*in);
  writer.begin(access::write);
  writer.apply(more->entity<card_with_more>());
  writer.rollback();
  for (const memory::table* t : in->tables_at(memory::newest)) {
    if (t->name != "card") continue;
    EXPECT_EQ(t->columns.size(), cards->entity<card>().columns.size());
  }
  EXPECT_EQ(held_by(*in), before);
}

TEST_F(memory_versions, a_refused_write_leaves_no_trace) {
  const entity_type& badges = model->entity<badge>();
  transaction(writer, [&] {
    version(badges, 300).set(badge::number, 1).set(badge::code, "a").write(writer);
    version(badges, 301).set(badge::number, 2).set(badge::code, "b").write(writer);
  });
  const held before = held_by(*in);
  writer.begin(access::write);
  EXPECT_EQ(outcome([&] { version(badges, 302).set(badge::code, "b").write(writer); }), "exists");
  const row_ptr r = writer.get(badges, {300}, needed_cells::with_keys);
  EXPECT_EQ(outcome([&] {
              version(badges, r).set(badge::number, 9).set(badge::code, "b").write(writer);
            }),
            "exists");
  EXPECT_EQ(held_by(*in), before);
  writer.commit();
  EXPECT_EQ(held_by(*in), before);
}

}  // namespace
}  // namespace kith::conformance
