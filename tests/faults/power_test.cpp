// SPDX-License-Identifier: Apache-2.0
//
// Power cuts of a real file system: a child commits numbered transactions and acknowledges each;
// the disk goes away at any moment, and with it all that was not synced; mounted again, the store
// must hold every transaction that was acknowledged before the cut, and each one whole.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <random>
#include <thread>

#include "kith/exchange/csv.hpp"
#include "support/loop_disk.hpp"
#include "support/process.hpp"
#include "support/world.hpp"

namespace kith::faults {
namespace {

std::int64_t now_ns() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000L + t.tv_nsec;
}

// What the child acknowledged, and when.
struct acknowledged {
  static constexpr int most = 4096;
  struct one {
    std::int64_t number, at;
  } all[most];
  std::atomic<int> count{0};

  void give(std::int64_t number) {
    if (count == most) ::pause();  // until the power goes
    all[count] = {number, now_ns()};
    ++count;
  }
};

class cutting {
 public:
  cutting(medium on, const std::string& file_system, std::uint64_t cuts)
      : on_(on), in_("power-" + file_system, folder::medium::disk), disk_(file_system, in_.path()) {
    result_.what = "power cut, " + file_system + ", " + name_of(on);
    std::mt19937_64 chance(static_cast<std::mt19937_64::result_type>(now_ns()));
    const auto begin = now_ns();
    disk_.mount();
    for (std::uint64_t i = 0; i < cuts && result_.clean(); ++i) once(chance);
    result_.print();
    std::printf("  %.2f s a cut; the system ended %llu of the children\n",
                static_cast<double>(now_ns() - begin) / 1e9 / static_cast<double>(cuts),
                static_cast<unsigned long long>(bus_errors_));
  }
  const tally& result() const { return result_; }

 private:
  std::string file() const { return disk_.path() + "/store"; }

  void once(std::mt19937_64& chance) {
    if (last_ > 150) {  // a new store, so that looking through it stays quick
      for (const auto& old : std::filesystem::directory_iterator(disk_.path())) {
        if (old.path().filename() != "lost+found") std::filesystem::remove_all(old.path());
      }
      ::sync();
      last_ = -1;
    }
    const shared<acknowledged> told;
    const int child = start_child([&] { work(*told); });
    wait(chance);
    siginfo_t before{};
    ::waitid(P_PID, static_cast<id_t>(child), &before, WEXITED | WNOHANG | WNOWAIT);
    EXPECT_EQ(before.si_pid, 0) << "the child ended before the power did";
    const std::int64_t cut_at = now_ns();
    disk_.cut_power();
    ::kill(child, SIGKILL);
    const ending end = wait_for(child);
    disk_.unmount();
    disk_.mount();
    ++result_.faults;
    // Who learns that the disk is gone ends by itself; or the system ends it: SQLite maps the index
    // of its log into memory, and a page of that which is gone with the disk is a bus error.
    const bool expected = end.signal == SIGKILL || end.signal == SIGBUS || end.code == ended;
    EXPECT_TRUE(expected) << "signal " << end.signal << ", code " << end.code;
    result_.aborts += !expected;
    bus_errors_ += end.signal == SIGBUS;
    std::int64_t sure = last_;
    for (int i = 0; i < told->count; ++i) {
      if (told->all[i].at >= cut_at) break;
      sure = told->all[i].number;
      ++result_.acknowledged;
    }
    look(sure);
  }

  static constexpr int ended = 7;

  void work(acknowledged& told) const {
    try {
      crm_options given = options();
      given.random = {};  // keys of operations that no process before this one had
      kith::crm base = kith::open(place_of(on_, file()), std::move(given));
      session s = open_session(base);
      std::int64_t number = last_work(s);
      if (number < 0) {
        set_up(s);
        number = 0;
        keep(base, number, told);
      } else {
        end_aside(s, number);
      }
      for (;;) {
        begin_work(s, ++number).commit();
        keep(base, number, told);
        if (number % aside_every == 0) do_aside(base, s, number);
      }
    } catch (...) {
      ::_exit(ended);
    }
  }
  void keep(crm& base, std::int64_t number, acknowledged& told) const {
    if (on_ == medium::memory_file) {
      if (number % save_every != 0) return;
      base.save();
    }
    told.give(number);
  }
  static constexpr int save_every = 3;
  static constexpr int aside_every = 8;

  // Work that leaves nothing behind: an import that is undone, a person who is erased, a backup;
  // now and then the files are rewritten. Before the next transaction all of it is over.
  void do_aside(crm& base, kith::session& s, std::int64_t number) const {
    std::string text = "name,code\n";
    for (int i = 0; i < 20; ++i) {
      const std::string one = std::to_string(number) + " " + std::to_string(i);
      text += aside_name(number) + ",aside " + one + "\n";
    }
    std::size_t at = 0;
    const auto read = [&](char* to, std::size_t room) {
      const std::size_t n = text.copy(to, room, at);
      at += n;
      return n;
    };
    import_options o;
    o.entity = "products";
    o.chunk_rows = 8;
    const import_result r = import_csv(s, read, o);
    s.undo_batch(r.batch);
    s.erase(ref<contact>(s.add(contact::name = person_name{"Aside", "Anna", ""},
                               contact::note = aside_name(number))),
            {.reason = "asked for"});
    std::filesystem::remove(disk_.path() + "/copy");
    base.backup(disk_.path() + "/copy");
    if (number % (3 * aside_every) == 0) base.compact();
  }
  // What the child before this one could not finish.
  static void end_aside(kith::session& s, std::int64_t number) {
    s.find(product::name == aside_name(number)).remove();
    for (const record<contact>& c : s.find(contact::note == aside_name(number)).all()) {
      s.erase(ref<contact>(c));
    }
  }
  static std::string aside_name(std::int64_t number) { return "Aside " + std::to_string(number); }

  // What was over before a transaction that is there.
  static std::string wrong_aside(kith::session& s, std::int64_t last) {
    for (std::int64_t n = 0; n < last; n += aside_every) {
      if (s.find(contact::note == aside_name(n)).exists()) return "somebody erased is back";
      if (s.find(product::name == aside_name(n)).exists()) return "an import undone is back";
    }
    return {};
  }

  // Somebody else syncs one of the files now and then, so that they come to the disk in any order.
  void wait(std::mt19937_64& chance) const {
    const std::int64_t until = now_ns() + 10'000'000 + static_cast<long>(chance() % 250'000'000);
    while (now_ns() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      if (chance() % 2 == 0) continue;
      const int one = ::open((file() + (chance() % 2 == 0 ? "" : "-wal")).c_str(), O_RDONLY);
      if (one < 0) continue;
      ::fsync(one);
      ::close(one);
    }
  }

  void look(std::int64_t sure) {
    try {
      kith::crm base = open_world(on_, file());
      session s = open_session(base);
      last_ = last_work(s);
      std::string problem = wrong(s, last_);
      if (problem.empty()) problem = wrong_aside(s, last_);
      if (problem.empty() && result_.faults % 10 == 0) {
        const verification v = base.verify();
        if (!v.sound()) problem = v.found.front().what;
      }
      EXPECT_EQ(problem, "") << "after transaction " << last_ << ", acknowledged: " << sure;
      result_.half += !problem.empty();
      EXPECT_GE(last_, sure);
      result_.lost += last_ < sure;
    } catch (const std::exception& e) {
      ADD_FAILURE() << "opening it again: " << e.what();
      ++result_.half;
    }
  }

  medium on_;
  const folder in_;
  loop_disk disk_;
  std::int64_t last_ = -1;
  std::uint64_t bus_errors_ = 0;
  tally result_;
};

class power : public ::testing::TestWithParam<const char*> {
 protected:
  void cut(medium on, std::uint64_t in_short, std::uint64_t in_long) {
    const std::string why = loop_disk::missing(GetParam());
    if (!why.empty()) GTEST_SKIP() << "no power can be cut here: " << why;
    const cutting c(on, GetParam(), budget(in_short, in_long));
    EXPECT_TRUE(c.result().clean());
  }
};
INSTANTIATE_TEST_SUITE_P(file_systems, power, ::testing::Values("ext4", "xfs"),
                         [](const auto& p) { return std::string(p.param); });

TEST_P(power, a_sqlite_file_keeps_what_was_acknowledged) { cut(medium::sqlite_file, 5, 400); }
TEST_P(power, a_snapshot_keeps_what_was_saved) { cut(medium::memory_file, 3, 100); }

}  // namespace
}  // namespace kith::faults
