// SPDX-License-Identifier: Apache-2.0
//
// A commit whose answer is lost: the sync fails, once or for ever, or the process ends on the way.
// Opened again, outcome_of() says what the file says, and the same work with the same key, done
// again without asking, is done once. KITH_OUTCOMES says how many answers are lost.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "support/io.hpp"
#include "support/process.hpp"
#include "support/world.hpp"

namespace kith::faults {
namespace {

std::uint64_t wanted() {
  const char* const given = std::getenv("KITH_OUTCOMES");
  return given == nullptr ? budget(200, 10'000) : std::strtoull(given, nullptr, 10);
}

class lost_answers {
 public:
  explicit lost_answers(const folder& in) : path_(in.file("store")) {
    io::watch(in.path());
    kith::crm base = open();
    session s = open_session(base);
    counter_ = ref<client>(s.add(client::name = "Counter", client::employees = 0));
  }

  /// Counts once more, and loses the answer; the way depends on the number.
  void lose(std::uint64_t number) {
    const std::string key = "work " + std::to_string(number);
    const std::int64_t before = counted();
    const auto calls = static_cast<std::uint64_t>(number / 3 % 12 + 1);
    switch (number % 3) {
      case 0: fails(key, {1 + number / 3 % 2, io::manner::once, EIO, io::syncing}); break;
      case 1: fails(key, {1 + number / 3 % 2, io::manner::for_ever, EIO, io::changing}); break;
      default: ends(key, {calls, io::manner::die, 0, io::changing}); break;
    }
    ++result.faults;
    look(key, before);
    again(key, before);
  }

  tally result;
  std::uint64_t there = 0;  ///< lost answers of commits that had happened

 private:
  kith::crm open() const { return open_world(medium::sqlite_file, path_); }

  void count(session& s, const std::string& key) const {
    transaction tx = s.write({.operation_key = key});
    if (tx.already_done()) return;
    const record<client> now = s.get(counter_);
    s.update(now, client::employees = now[client::employees] + 1);
    tx.commit();
  }

  void fails(const std::string& key, const io::fault& f) {
    {
      kith::crm base = open();
      session s = open_session(base);
      io::arm(f);
      try {
        count(s, key);
        ++result.acknowledged;
        told_ = true;
      } catch (const error& e) {
        told_ = false;
        e.code() == error_code::outcome_unknown ? ++result.unknown : ++result.refused;
        certain_ = e.code() != error_code::outcome_unknown;
      }
    }
    io::disarm();  // the disk goes on failing until all is closed
  }

  void ends(const std::string& key, const io::fault& f) {
    const ending end = in_child([&] {
      kith::crm base = open();
      session s = open_session(base);
      io::arm(f);
      count(s, key);
      ::_exit(0);
    });
    told_ = end.code == 0;
    certain_ = false;
    end.code == 0 ? ++result.acknowledged : ++result.unknown;
    if (end.signal != 0 || (end.code != 0 && end.code != io::died)) ++result.aborts;
  }

  std::int64_t counted() const {
    kith::crm base = open();
    return open_session(base).get(counter_)[client::employees];
  }

  bool in_file(const std::string& key) const {
    sqlite3* file = nullptr;
    sqlite3_stmt* s = nullptr;
    sqlite3_open_v2(path_.c_str(), &file, SQLITE_OPEN_READWRITE, nullptr);
    sqlite3_prepare_v2(file, "SELECT 1 FROM kith_change_set WHERE operation = ?", -1, &s, nullptr);
    sqlite3_bind_text(s, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
    const bool found = sqlite3_step(s) == SQLITE_ROW;
    sqlite3_finalize(s);
    sqlite3_close(file);
    return found;
  }

  void look(const std::string& key, std::int64_t before) {
    const bool found = in_file(key);
    there += found && !told_;
    kith::crm base = open();
    EXPECT_EQ(base.outcome_of(key) == outcome::committed, found) << key;
    session s = open_session(base);
    const std::int64_t now = s.get(counter_)[client::employees];
    EXPECT_EQ(now, before + found) << key << ": the record and its key are one";
    result.half += now != before + found;
    result.lost += told_ && !found;
    EXPECT_FALSE(told_ && !found) << key << " was acknowledged";
    EXPECT_FALSE(!told_ && certain_ && found) << key << " was refused for certain";
    result.half += !told_ && certain_ && found;
  }

  void again(const std::string& key, std::int64_t before) {
    kith::crm base = open();
    session s = open_session(base);
    for (int i = 0; i < 2; ++i) count(s, key);
    const std::int64_t now = s.get(counter_)[client::employees];
    EXPECT_EQ(now, before + 1) << key;
    result.half += now != before + 1;
  }

  std::string path_;
  ref<client> counter_;
  bool told_ = false;
  bool certain_ = false;
};

TEST(outcome, of_a_commit_whose_answer_was_lost_is_known_and_never_repeated) {
  const folder in("outcome");
  lost_answers run(in);
  run.result.what = "lost answers, sqlite_file";
  const std::uint64_t all = wanted();
  for (std::uint64_t i = 0; run.result.unknown < all && i < all * 3; ++i) {
    run.lose(i);
    if (!run.result.clean() || ::testing::Test::HasFailure()) break;
  }
  run.result.print();
  EXPECT_TRUE(run.result.clean());
  EXPECT_GE(run.result.unknown, all);
  EXPECT_GT(run.there, 0u) << "some of them had happened";
}

}  // namespace
}  // namespace kith::faults
