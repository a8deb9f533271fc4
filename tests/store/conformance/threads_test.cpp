// SPDX-License-Identifier: Apache-2.0
//
// A store is used by many threads, each with a connection of its own: no torn instants, no lost
// updates, nothing for the thread sanitizer to report.
#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "suite.hpp"

namespace kith::conformance {
namespace {

constexpr std::int64_t accounts = 20;
constexpr std::int64_t total = accounts * 100;

class threads : public suite {
 protected:
  void SetUp() override {
    suite::SetUp();
    transaction(*rows, [&] {
      for (std::int64_t id = 1; id <= accounts; ++id) {
        version(samples(), id).set(sample::whole, 100).write(*rows);
      }
    });
  }

  // Runs each on a thread of its own until the time is over.
  void run_for(std::chrono::milliseconds time, const std::vector<std::function<void()>>& works) {
    std::atomic<bool> over{false};
    std::vector<std::thread> running;
    for (const auto& work : works) {
      running.emplace_back([&] {
        while (!over && !HasFailure()) work();
      });
    }
    std::this_thread::sleep_for(time);
    over = true;
    for (std::thread& t : running) t.join();
  }

  std::int64_t sum_by_scan(connection& through) {
    scan_request request = scan_of(samples());
    const slot_number slots[] = {sample::whole.slot()};
    request.slots = slots;
    std::int64_t sum = 0;
    const auto cursor = through.scan(request);
    while (const row_ptr r = cursor->next()) sum += r->integer(sample::whole.slot());
    return sum;
  }
  std::int64_t sum_by_get(connection& through, std::int64_t last) {
    std::int64_t sum = 0;
    for (std::int64_t id = 1; id <= last; ++id) {
      const row_ptr r = through.get(samples(), {id});
      if (r && r->live()) sum += r->integer(sample::whole.slot());
    }
    return sum;
  }
  // Moves an amount between two records, in one of several ways, or changes its mind.
  void transfer(connection& through, std::mt19937& random, std::int64_t& last_id) {
    const auto below = [&](std::int64_t n) { return static_cast<std::int64_t>(random() % n); };
    through.begin(access::write);
    std::int64_t made = 0;
    for (int moves = 0; moves < 3; ++moves) {
      const row_ptr from = through.get(samples(), {1 + below(last_id)}, needed_cells::with_keys);
      const row_ptr to = through.get(samples(), {1 + below(last_id)}, needed_cells::with_keys);
      if (!from || !to || from->id() == to->id() || !from->live() || !to->live()) continue;
      const std::int64_t amount = below(10);
      version(samples(), to)
          .set(sample::whole, to->integer(sample::whole.slot()) + amount)
          .write(through);
      if (moves == 0 && below(4) == 0) return through.rollback();  // half done
      const std::int64_t rest = from->integer(sample::whole.slot()) - amount;
      version(samples(), from).set(sample::whole, rest).write(through);
      if (moves == 1 && below(8) == 0) {  // its successor takes the place of a record
        const row_ptr old = through.get(samples(), from->id(), needed_cells::with_keys);
        below(2) == 0 ? through.erase(samples(), old->id())
                      : static_cast<void>(version(samples(), old).remove().write(through));
        version(samples(), last_id + ++made).set(sample::whole, rest).write(through);
      }
    }
    through.commit();
    last_id += made;
  }
  // Busy is an answer that a store may give where readers and writers exclude each other.
  bool done(const std::function<void()>& work, bool may_be_busy) {
    const std::optional<error> e = refusal(work);
    if (e && !(may_be_busy && e->code() == error_code::busy)) ADD_FAILURE() << e->what();
    return !e;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, threads, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(threads, readers_see_whole_transactions_while_a_writer_writes) {
  const bool exclusive = !can().parallel_reads;
  std::atomic<std::int64_t> last_id{accounts};
  std::atomic<int> reads{0};
  std::atomic<int> commits{0};
  const auto reader = [&] {
    const auto own = connect();
    for (int i = 0; i < 10; ++i) {
      const bool read = done(
          [&] {
            own->begin(access::read);
            EXPECT_EQ(sum_by_scan(*own), total);
            EXPECT_EQ(sum_by_get(*own, last_id + 50), total);
            EXPECT_EQ(sum_by_scan(*own), total);
            own->commit();
            EXPECT_EQ(sum_by_scan(*own), total) << "a cursor is of one instant, too";
          },
          exclusive);
      own->rollback();
      reads += read;
    }
  };
  std::mt19937 random(7);
  const auto writing = connect();
  const auto writer = [&] {
    std::int64_t last = last_id;
    commits += done([&] { transfer(*writing, random, last); }, exclusive);
    writing->rollback();
    last_id = last;
  };
  run_for(std::chrono::milliseconds(exclusive ? 300 : 500),
          {reader, reader, reader, reader, writer});
  EXPECT_GT(reads, 0);
  EXPECT_GT(commits, 0);
  EXPECT_EQ(sum_by_scan(*rows), total);
}

TEST_P(threads, writers_lose_no_update) {
  constexpr int writers = 3;
  constexpr int times = 25;
  std::vector<std::thread> running;
  for (int n = 0; n < writers; ++n) {
    running.emplace_back([&] {
      const auto own = connect();
      for (int i = 0; i < times;) {
        const bool counted = done(
            [&] {
              transaction(*own, [&] {
                const row_ptr r = own->get(samples(), {1});
                const std::int64_t next = r->integer(sample::whole.slot()) + 1;
                version(samples(), r).set(sample::whole, next).write(*own);
              });
            },
            true);
        if (counted) ++i;
        if (HasFailure()) return;
      }
    });
  }
  for (std::thread& t : running) t.join();
  EXPECT_EQ(whole_of(*rows, 1), 100 + writers * times);
}

TEST_P(threads, connections_come_and_go) {
  const auto visitor = [&] {
    const auto own = connect();
    done([&] { EXPECT_EQ(sum_by_scan(*own), total); }, !can().parallel_reads);
    done([&] { own->begin(access::read); }, !can().parallel_reads);
    // Some go without a word.
  };
  const auto writing = connect();
  const auto writer = [&] {
    done([&] { put(*writing, 1, 100); }, !can().parallel_reads);
    done([&] { kept->check(); }, false);
  };
  run_for(std::chrono::milliseconds(200), {visitor, visitor, visitor, writer});
}

TEST_P(threads, tables_grow_while_others_read) {
  const model_ptr first = model_of<card>();
  const model_ptr more = model_of<card_with_more>();
  const entity_type& cards = first->entity<card>();
  const entity_type& wide = more->entity<card_with_more>();
  transaction(*rows, [&] {
    rows->apply(cards);
    version(cards, 1).set(card::points, 5).write(*rows);
  });
  std::atomic<bool> grown{false};
  const auto reader = [&] {
    const auto own = connect();
    for (int i = 0; i < 10; ++i) {
      done(
          [&] {
            const row_ptr r = own->get(cards, {1});
            EXPECT_TRUE(r && r->integer(card::points.slot()) == 5);
            EXPECT_EQ(sum_by_scan(*own), total);
          },
          !can().parallel_reads);
    }
  };
  const auto writing = connect();
  const auto grow = [&] {
    if (grown) return std::this_thread::yield();
    grown =
        done([&] { transaction(*writing, [&] { writing->apply(wide); }); }, !can().parallel_reads);
    kept->model_changed(*more);
  };
  run_for(std::chrono::milliseconds(100), {reader, reader, grow});
  EXPECT_TRUE(grown);
  EXPECT_EQ(shown(wide, rows->get(wide, {1})), "1 live {points=5}");
}

TEST_P(threads, saving_while_others_write_saves_one_instant) {
  if (!can().save || !of().reopen) GTEST_SKIP() << "a commit is enough";
  std::mt19937 random(11);
  std::int64_t last = accounts;
  const auto writing = connect();
  const auto writer = [&] {
    done([&] { transfer(*writing, random, last); }, !can().parallel_reads);
    writing->rollback();
  };
  const auto saver = [&] { done([&] { kept->save(); }, !can().parallel_reads); };
  run_for(std::chrono::milliseconds(200), {writer, saver});
  rows.reset();
  kept.reset();  // the connection that wrote may outlive its store
  kept = of().reopen();
  rows = kept->connect();
  EXPECT_EQ(sum_by_scan(*rows), total);
}

}  // namespace
}  // namespace kith::conformance
