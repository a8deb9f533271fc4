// SPDX-License-Identifier: Apache-2.0
//
// Making a backup, ended or failing at each call that changes files: there is a whole backup, or
// none; and what fails leaves nothing behind.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <random>
#include <thread>

#include "environment.hpp"
#include "support/io.hpp"
#include "support/process.hpp"
#include "support/world.hpp"

namespace kith::faults {
namespace {

constexpr std::uint64_t step = sanitized ? 2 : 1;  // of the calls

class backup_faults : public ::testing::TestWithParam<medium> {
 protected:
  backup_faults() {
    kith::crm base = open_world(GetParam(), in_.file("store"));
    session s = open_session(base);
    set_up(s);
    for (std::int64_t n = 1; n <= 12; ++n) begin_work(s, n).commit();
    if (base.can().save) base.save();
    io::watch(to_.path());
  }
  ~backup_faults() override {
    result_.print();
    EXPECT_TRUE(result_.clean());
  }

  kith::crm opened() const { return open_world(GetParam(), in_.file("store")); }
  bool is_there() const { return std::filesystem::exists(to_.file("copy")); }

  /// What is at the backup's name is a whole store.
  void look(const std::string& where) {
    ++result_.faults;
    if (!is_there()) return;
    ++result_.acknowledged;
    try {
      kith::crm copy = open_world(GetParam(), to_.file("copy"));
      session s = open_session(copy);
      const verification v = copy.verify();
      const std::string problem = v.sound() ? wrong(s, 12) : v.found.front().what;
      EXPECT_EQ(problem, "") << where;
      result_.half += !problem.empty();
    } catch (const std::exception& e) {
      ADD_FAILURE() << where << ": " << e.what();
      ++result_.half;
    }
  }

  const folder in_{"backup"};
  const folder to_{"backup-copies"};
  tally result_;
};
INSTANTIATE_TEST_SUITE_P(media, backup_faults,
                         ::testing::Values(medium::sqlite_file, medium::memory_file),
                         [](const auto& m) { return name_of(m.param); });

TEST_P(backup_faults, ended_at_each_call) {
  result_.what = "backup, the process ends at each call, " + name_of(GetParam());
  for (std::uint64_t at = 1;; at += step) {
    to_.clear();
    const ending end = in_child([&] {
      kith::crm base = opened();
      io::arm({at, io::manner::die, 0, io::changing});
      base.backup(to_.file("copy"));
    });
    ASSERT_EQ(end.signal, 0);
    look("call " + std::to_string(at));
    if (end.code != io::died) break;
  }
  EXPECT_TRUE(is_there());
  EXPECT_GT(result_.faults, 6u);
}

TEST_P(backup_faults, failing_at_each_call) {
  result_.what = "backup, each call fails, " + name_of(GetParam());
  kith::crm base = opened();
  for (const int code : {EIO, ENOSPC}) {
    for (const io::manner how : {io::manner::once, io::manner::for_ever}) {
      for (std::uint64_t at = 1;; at += step) {
        to_.clear();
        std::optional<error_code> refused;
        io::arm({at, how, code, io::changing & ~unsigned{io::other}});
        try {
          base.backup(to_.file("copy"));
        } catch (const error& e) {
          refused = e.code();
        }
        const bool happened = io::happened();
        io::disarm();
        const std::string where = "call " + std::to_string(at) + ", " + std::strerror(code);
        look(where);
        if (!happened) break;
        ++result_.refused;
        if (refused) {
          const bool typed = refused == error_code::full || refused == error_code::storage ||
                             refused == error_code::damaged;
          EXPECT_TRUE(typed) << where << ": " << name_of(*refused);
          // Where even removing fails, something may stay; never under the name.
          EXPECT_FALSE(is_there() && how == io::manner::once) << where;
          result_.half += is_there() && how == io::manner::once;
          EXPECT_EQ(how == io::manner::once ? to_.files() : 0u, 0u) << where;
        }
      }
    }
  }
  to_.clear();
  base.backup(to_.file("copy"));
  look("nothing fails");
  EXPECT_TRUE(is_there());
}

TEST_P(backup_faults, killed_at_any_moment) {
  result_.what = "kill -9, backup, " + name_of(GetParam());
  std::mt19937_64 chance(20260302);
  for (std::uint64_t i = 0; i < budget(12, 200) && result_.clean(); ++i) {
    to_.clear();
    const int child = start_child([&] {
      kith::crm base = opened();
      for (;;) {
        base.backup(to_.file("copy"));
        std::filesystem::remove(to_.file("copy"));
      }
    });
    std::this_thread::sleep_for(std::chrono::microseconds(5000 + chance() % 60'000));
    ::kill(child, SIGKILL);
    EXPECT_EQ(wait_for(child).signal, SIGKILL);
    look("kill " + std::to_string(i));
  }
}

// What a killed backup left goes with the next one; what is somebody's, or not ours, stays.
TEST_P(backup_faults, the_next_one_removes_what_a_killed_one_left) {
  result_.what = "files left by killed backups, " + name_of(GetParam());
  std::uint64_t left = 0;
  for (std::uint64_t at = 1;; at += step) {
    to_.clear();
    const ending end = in_child([&] {
      kith::crm base = opened();
      io::arm({at, io::manner::die, 0, io::changing});
      base.backup(to_.file("copy"));
    });
    left += to_.files() - is_there();
    if (end.code != io::died) break;
    std::filesystem::remove(to_.file("copy"));
    opened().backup(to_.file("copy"));
    EXPECT_EQ(to_.files(), 1u) << "the process ended at call " << at;
    look("a backup after call " + std::to_string(at));
  }
  EXPECT_GT(left, 3u);
}

TEST_P(backup_faults, the_next_one_leaves_what_is_not_left_over) {
  result_.what = "files beside a backup, " + name_of(GetParam());
  const std::initializer_list<const char*> others{
      ".copy.new", ".copy.1-.new",   ".copy.-1.new",        ".copy.1-2.news",  "copy.1-2.new",
      ".copy",     ".other.1-2.new", ".copy.other.1-2.new", ".my copy.1-2.new"};
  for (const char* name : others) std::ofstream(to_.file(name)) << "mine";
  std::filesystem::create_directory(to_.file(".copy.1-3.new"));
  const std::string held = to_.file(".copy.1-4.new");
  std::ofstream(held) << "somebody is making it";
  const int maker = ::open(held.c_str(), O_RDONLY);
  ASSERT_EQ(::flock(maker, LOCK_EX), 0);
  opened().backup(to_.file("copy"));
  look("others");
  EXPECT_EQ(to_.files(), others.size() + 3);
  ::close(maker);
  std::filesystem::remove(to_.file("copy"));
  opened().backup(to_.file("copy"));
  EXPECT_EQ(to_.files(), others.size() + 2) << "nobody is making it any more";
}

}  // namespace
}  // namespace kith::faults
