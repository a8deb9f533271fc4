// SPDX-License-Identifier: Apache-2.0
//
// A store's life is recorded call by call; then the power goes out after each of them, again and
// again, with more or less of what was not synced on the disk (support/crash_states.hpp). What is
// found must open, hold everything that was acknowledged before that call, and be exactly what
// some commit left: never half of one, never what was taken back.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <optional>
#include <unordered_map>

#include "kith/domain/system/import_batch.hpp"
#include "kith/exchange/csv.hpp"
#include "kith/storage/memory.hpp"
#include "kith/storage/sqlite.hpp"
#include "support/crash_states.hpp"
#include "support/io.hpp"
#include "support/process.hpp"
#include "support/world.hpp"

namespace kith::faults {
namespace {

/// A small model of its own, so that a state is quickly looked through.
struct card {
  static constexpr entity_def about{.name = "test_card", .plural = "test_cards"};
  static constexpr field<card, text> name{1,      "name",   required,   folded,
                                          unique, personal, "Anything."};
  static constexpr field<card, integer> number{2, "number", indexed, "Anything."};
  static constexpr field<card, ref<card>> above{3, "above", clear_on_delete, "A tree."};
  static constexpr field<card, text> note{4, "note", personal, "Long."};
  static constexpr auto fields = list(name, number, above, note);
};

/// What is opened, and what a power cut may take of it.
struct kind_of_store {
  medium on;
  sqlite_durability durability = sqlite_durability::full;
};

crm open_cards(const kind_of_store& k, const std::string& path) {
  crm_options o = options();
  o.random = {};
  o.entities = {describe<import_batch>(), describe<card>()};
  if (k.on == medium::memory_file) return {open_memory({.path = path}), std::move(o)};
  return {open_sqlite({.path = path, .durability = k.durability}), std::move(o)};
}

std::size_t digest_of(crm& base) {
  session s = open_session(base);
  return std::hash<std::string>()(contents(s));
}

// What happens, and what it was acknowledged to leave. Marks in the recorded steps: "kept 7" says
// that the content of number 7 lasts from here on, "copy 7 name" that a backup has it.
class life {
 public:
  life(const kind_of_store& k, const folder& in) : kind_(k), in_(in), path_(in.file("store")) {}

  void small() {
    open();
    for (int i = 0; i < 3; ++i) add(2);
    take_back();
    change(1);
    session().add_field("test_card", {.name = "x_colour"});
    kept();
    import();
    backup("copy-1");
    undo();
    close();
    open();
    remove();
    add(20);
    session().retire_field("test_card", "x_colour");
    kept();
    take_back();
    close();
    open();
    change(2);
    backup("copy-2");
    undo();
    erase();
    compact();
    import();
    close();
  }
  /// Long enough for a checkpoint while it is open.
  void large() {
    open();
    add(30);
    for (int i = 0; i < 14; ++i) change(12'000);
    add(1);
    change(1);
    close();
  }

  const std::vector<std::size_t>& states() const { return states_; }

 private:
  void open() {
    base_.emplace(open_cards(kind_, path_));
    session_.emplace(open_session(*base_));
    if (states_.empty()) kept();
  }
  void close() {
    session_.reset();
    base_.reset();
  }
  kith::session& session() { return *session_; }

  // What is there now lasts, or is made to.
  void kept() {
    if (kind_.on == medium::memory_file) base_->save();
    note();
  }
  void note() {
    states_.push_back(digest_of(*base_));
    io::mark("kept " + std::to_string(states_.size() - 1));
  }
  void backup(const std::string& name) {
    base_->backup(in_.file(name));
    io::mark("copy " + std::to_string(states_.size() - 1) + " " + name);
  }

  void add(int count) {
    transaction tx = session().write();
    for (int i = 0; i < count; ++i) {
      draft<card> d;
      ++next_;
      d.set(card::name = "Card " + std::to_string(next_), card::number = next_);
      if (const auto first = session().all<card>().first()) d.set(card::above = *first);
      session().add(d);
    }
    tx.commit();
    kept();
  }
  void change(int size) {
    transaction tx = session().write();
    for (const auto& c : session().all<card>().limit(30).all()) {
      ++next_;
      session().update(c, card::number = next_,
                       card::note = std::string(static_cast<std::size_t>(size + next_ % 7), 'n'));
    }
    tx.commit();
    kept();
  }
  void remove() {
    session().remove(*session().all<card>().order_by(descending(id_of<card>)).first());
    kept();
  }
  void take_back() {
    transaction tx = session().write();
    for (int i = 0; i < 20; ++i) {
      session().add(card::name = "Never " + std::to_string(next_++),
                    card::note = std::string(5000, 'x'));
    }
    tx.rollback();
  }
  void undo() {
    session().undo(session().sequence());
    kept();
  }
  void erase() {
    session().erase(ref<card>(*session().all<card>().first()), {.reason = "asked for"});
    kept();
  }
  // Rewrites the file and changes nothing that can be read.
  void compact() { base_->compact(); }
  void import() {
    std::string text = "name,number\n";
    for (int i = 0; i < 20; ++i) text += "Imported " + std::to_string(next_++) + ",7\n";
    std::size_t at = 0;
    import_options o;
    o.entity = "test_cards";
    o.chunk_rows = 8;
    const bool on_commit = kind_.on == medium::sqlite_file;
    o.each_row = [&](import_row& r) {
      if (r.number == 1 && on_commit) note();  // the record of the import
    };
    o.progress = [&](std::uint64_t) {
      if (on_commit) note();
      return true;
    };
    import_csv(
        session(),
        [&](char* to, std::size_t room) {
          const std::size_t n = text.copy(to, room, at);
          at += n;
          return n;
        },
        o);
    kept();
  }

  kind_of_store kind_;
  const folder& in_;
  std::string path_;
  std::optional<crm> base_;
  std::optional<kith::session> session_;
  std::vector<std::size_t> states_;
  int next_ = 0;
};

// All that is checked of one state.
class judge {
 public:
  judge(const kind_of_store& k, const std::vector<std::size_t>& states) : kind_(k) {
    for (std::size_t i = 0; i < states.size(); ++i) numbers_[states[i]] = static_cast<long>(i);
    EXPECT_EQ(numbers_.size(), states.size()) << "two commits left the same";
  }

  void note(const io::step& mark) {
    char name[40] = "";
    long number = 0;
    if (std::sscanf(mark.path.c_str(), "kept %ld", &number) == 1) kept_ = number;
    if (std::sscanf(mark.path.c_str(), "copy %ld %39s", &number, name) == 2) copies_[name] = number;
  }

  /// Empty: all is well.
  std::string judged(const folder& in, bool thoroughly) {
    try {
      std::string wrong = judged_store(in, thoroughly);
      for (const char* name : {"copy-1", "copy-2"}) {
        if (wrong.empty()) wrong = judged_copy(in, name);
      }
      return wrong;
    } catch (const std::exception& e) {
      return e.what();
    }
  }
  bool lost() const { return lost_; }

 private:
  long number_of(crm& base) const {
    const auto found = numbers_.find(digest_of(base));
    return found == numbers_.end() ? -1 : found->second;
  }

  std::string judged_store(const folder& in, bool thoroughly) {
    crm base = open_cards(kind_, in.file("store"));
    const long is = number_of(base);
    lost_ = is >= 0 && is < kept_;
    if (lost_ && kind_.durability == sqlite_durability::relaxed) return {};
    if (is < 0) return "what is there was never committed";
    if (is < kept_ || is > kept_ + 1) {
      return "content " + std::to_string(is) + " is there, acknowledged: " + std::to_string(kept_);
    }
    if (!thoroughly) return {};
    const verification v = base.verify();
    if (!v.sound()) return v.found.front().what;
    session s = open_session(base);
    s.add(card::name = "Afterwards");
    return s.find_one(card::name, "Afterwards") ? "" : "it takes no writes";
  }

  // A backup has its name only when it is whole.
  std::string judged_copy(const folder& in, const char* name) {
    const auto promised = copies_.find(name);
    if (!std::filesystem::exists(in.file(name))) {
      return promised == copies_.end() ? "" : std::string(name) + " is gone";
    }
    crm copy = open_cards(kind_, in.file(name));
    const long is = number_of(copy);
    if (is < 0) return std::string(name) + " was never the store";
    if (promised != copies_.end() && is != promised->second) return "another copy";
    return copy.verify().sound() ? "" : "a damaged copy";
  }

  kind_of_store kind_;
  std::unordered_map<std::size_t, long> numbers_;
  std::unordered_map<std::string, long> copies_;
  long kept_ = 0;
  bool lost_ = false;
};

tally explore(const std::string& what, const kind_of_store& k, void (life::*lives)(),
              std::uint64_t wanted) {
  const bool may_lose = k.durability == sqlite_durability::relaxed;
  const folder in("crash"), out("crash-state");
  io::watch(in.path());
  io::record();
  life one(k, in);
  (one.*lives)();
  const std::vector<io::step> steps = io::recorded();

  tally result;
  result.what = "power-cut states, " + what;
  power_cut cut(in.path());
  judge judged(k, one.states());
  std::mt19937_64 chance(20260302);
  const double each = static_cast<double>(wanted) / static_cast<double>(steps.size());
  const auto begin = std::chrono::steady_clock::now();
  double due = 0;
  bool opened = false;
  const auto clean = [&] { return result.half == 0 && (may_lose || result.lost == 0); };
  for (std::size_t i = 0; i < steps.size() && clean(); ++i) {
    cut.take(steps[i]);
    if (steps[i].call == "mark") {
      judged.note(steps[i]);
      opened = true;
    }
    for (due += each; due >= 1 && clean(); --due) {
      out.clear();
      cut.write_state(chance, out.path());
      const std::string wrong = judged.judged(out, result.faults % 20 == 0);
      ++result.faults;
      result.acknowledged += opened;
      result.lost += judged.lost();
      result.half += !wrong.empty() && !judged.lost();
      EXPECT_EQ(wrong, "") << "after step " << i << " of " << steps.size() << ": " << steps[i].call
                           << " " << steps[i].path << ", state " << result.faults;
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const std::uint64_t lost = result.lost;
  if (may_lose) {  // and it is to show
    std::printf("  %llu states lost what had been committed last\n",
                static_cast<unsigned long long>(lost));
    result.lost = 0;
  }
  result.print();
  std::printf("  %zu calls, %zu contents, %.1f s\n", steps.size(), one.states().size(),
              took.count());
  EXPECT_TRUE(result.clean());
  result.lost = lost;
  return result;
}

TEST(crash_states, a_sqlite_file_is_what_some_commit_left) {
  explore("SQLite file", {medium::sqlite_file}, &life::small, budget(400, 20'000));
}

TEST(crash_states, a_sqlite_file_during_its_checkpoints) {
  explore("SQLite file with checkpoints", {medium::sqlite_file}, &life::large, budget(100, 4000));
}

TEST(crash_states, a_snapshot_is_what_some_save_left) {
  explore("snapshot", {medium::memory_file}, &life::small, budget(200, 8000));
}

// What relaxed durability is for; and a proof that the states above are hard enough to show it.
TEST(crash_states, relaxed_durability_loses_the_latest_commits_and_nothing_else) {
  const tally t = explore("SQLite file, relaxed", {medium::sqlite_file, sqlite_durability::relaxed},
                          &life::small, budget(200, 4000));
  EXPECT_GT(t.lost, t.faults / 10);
}

}  // namespace
}  // namespace kith::faults
