// SPDX-License-Identifier: Apache-2.0
//
// A child commits numbered transactions and acknowledges each; it is killed at any moment; then the
// store must hold every acknowledged transaction whole, and the one in flight whole or not at all;
// its change feed has no gap, the history of what was touched last leads to what is there, and a
// verification finds nothing.
#include <gtest/gtest.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "support/process.hpp"
#include "support/world.hpp"

namespace kith::faults {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

/// What the child is doing, as the parent sees it.
struct progress {
  std::atomic<bool> inside{false};             ///< a commit, or a save
  std::atomic<std::int64_t> begun{-1};         ///< the transaction
  std::atomic<std::int64_t> entered{0};        ///< commits, or saves, of this child
  std::atomic<std::int64_t> took_ns{100'000};  ///< the latest of them
};

// The pipe on which the child acknowledges.
class acknowledgements {
 public:
  acknowledgements() {
    if (::pipe(ends_) != 0) throw std::bad_alloc();
  }
  ~acknowledgements() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  acknowledgements(const acknowledgements&) = delete;
  void give(std::int64_t number) const {
    if (::write(ends_[1], &number, sizeof number) != sizeof number) ::_exit(3);
  }
  /// The latest one, once nobody writes any more.
  std::int64_t latest(std::int64_t before, std::uint64_t& count) {
    ::close(ends_[1]);
    ends_[1] = -1;
    for (std::int64_t n = 0; ::read(ends_[0], &n, sizeof n) == sizeof n; ++count) before = n;
    return before;
  }

 private:
  int ends_[2];
};

template <class Work>
void timed(progress& seen, Work work) {
  const auto begin = steady_clock::now();
  ++seen.entered;
  seen.inside = true;
  work();
  seen.inside = false;
  seen.took_ns = nanoseconds(steady_clock::now() - begin).count();
}

// What a child does until it is killed.
struct workload {
  medium on;
  std::string path;
  int save_every;  ///< transactions, of a store that is saved; 0: commits last

  void run(progress& seen, const acknowledgements& pipe, bool with_extra) const {
    kith::crm base = open_world(on, path, with_extra);
    session s = open_session(base);
    std::int64_t number = last_work(s);
    const auto done = [&] {
      if (save_every == 0) return pipe.give(number);
      if (number % save_every != 0) return;
      timed(seen, [&] { base.save(); });
      pipe.give(number);
    };
    if (number < 0) {
      set_up(s);
      number = 0;
      done();
    }
    for (;;) {
      seen.begun = ++number;
      transaction tx = begin_work(s, number);
      if (save_every == 0) {
        timed(seen, [&] { tx.commit(); });
      } else {
        tx.commit();
      }
      done();
    }
  }
};

// Half of the instants are anywhere, half of them are a little behind the begin of a commit.
void wait_for_the_instant(const progress& seen, std::mt19937_64& chance) {
  const auto any = [&](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(chance);
  };
  if (chance() % 2 == 0) {
    std::this_thread::sleep_for(nanoseconds(any(40'000'000)));
    return;
  }
  const auto patience = steady_clock::now() + std::chrono::seconds(5);
  const std::int64_t target = 1 + any(12);
  while (seen.entered < target || !seen.inside) {
    if (steady_clock::now() > patience) return;
    std::this_thread::yield();
  }
  const auto until = steady_clock::now() + nanoseconds(any(seen.took_ns));
  while (steady_clock::now() < until) std::this_thread::yield();
}

class killing {
 public:
  killing(workload w, const folder& in, std::uint64_t kills) : work_(std::move(w)), in_(in) {
    result_.what = "kill -9, " + name_of(work_.on);
    std::mt19937_64 chance(20260302);
    for (std::uint64_t i = 0; i < kills && result_.clean(); ++i) once(chance);
    result_.print();
  }
  const tally& result() const { return result_; }

 private:
  void once(std::mt19937_64& chance) {
    if (last_ > 150) {  // a new store, so that looking through it stays quick
      in_.clear();
      last_ = -1;
    }
    const shared<progress> seen;
    acknowledgements pipe;
    const bool with_extra = last_ > 60;
    const int child = start_child([&] {
      try {
        work_.run(*seen, pipe, with_extra);
      } catch (...) {
        ::_exit(4);
      }
    });
    wait_for_the_instant(*seen, chance);
    ::kill(child, SIGKILL);
    const ending end = wait_for(child);
    if (end.signal != SIGKILL) ++result_.aborts;
    EXPECT_EQ(end.signal, SIGKILL) << "it ended by itself with " << end.code;
    ++result_.faults;
    result_.inside += seen->inside;
    const std::int64_t before = last_;
    const std::int64_t told = pipe.latest(last_, result_.acknowledged);
    look(told, std::max(seen->begun.load(), told), before, with_extra);
  }

  // Between what was acknowledged and what was begun, whole.
  void look(std::int64_t told, std::int64_t begun, std::int64_t before, bool with_extra) {
    try {
      kith::crm base = open_world(work_.on, work_.path, with_extra);
      session s = open_session(base);
      last_ = last_work(s);
      std::string problem = wrong(s, last_);
      if (problem.empty()) problem = wrong_history(s);
      if (problem.empty()) {
        const verification v = base.verify();
        if (!v.sound()) problem = v.found.front().entity + ": " + v.found.front().what;
      }
      EXPECT_EQ(problem, "") << "after transaction " << last_ << ", acknowledged: " << told;
      result_.half += !problem.empty();
    } catch (const std::exception& e) {
      ADD_FAILURE() << "opening it again: " << e.what();
      ++result_.half;
      return;
    }
    EXPECT_GE(last_, told) << "before: " << before;
    result_.lost += last_ < told;
    const bool possible =
        work_.save_every == 0 ? last_ <= told + 1 : last_ < 0 || last_ % work_.save_every == 0;
    EXPECT_TRUE(possible && last_ <= std::max<std::int64_t>(begun, 0))
        << "found " << last_ << ", acknowledged " << told << ", begun " << begun;
    result_.half += !possible;
    if (work_.on != medium::sqlite_file) return;
    const std::string said = integrity(work_.path);
    EXPECT_EQ(said, "");
    result_.half += !said.empty();
  }

  workload work_;
  const folder& in_;
  std::int64_t last_ = -1;
  tally result_;
};

void expect_mostly_inside(const tally& t) {
  EXPECT_TRUE(t.clean());
  EXPECT_GE(t.inside * 10, t.faults * 3) << "less than 30 % of the kills were inside a commit";
}

TEST(kill, a_sqlite_file_keeps_what_was_acknowledged) {
  const folder in("kill", folder::medium::disk);
  const killing k({medium::sqlite_file, in.file("store"), 0}, in, budget(80, 1000));
  expect_mostly_inside(k.result());
}

TEST(kill, a_snapshot_keeps_what_was_saved) {
  const folder in("kill-saved", folder::medium::disk);
  const killing k({medium::memory_file, in.file("store"), 3}, in, budget(40, 400));
  expect_mostly_inside(k.result());
}

}  // namespace
}  // namespace kith::faults
