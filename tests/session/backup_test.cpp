// SPDX-License-Identifier: Apache-2.0
//
// Backups: one instant while others write, verified before they have their name; and what is said
// where one cannot be made.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "environment.hpp"
#include "kith/storage/memory.hpp"
#include "kith/storage/sqlite.hpp"
#include "scratch.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

class backups_of : public suite {
 protected:
  void SetUp() override {
    if (!base->can().backup) GTEST_SKIP() << "this store cannot be copied";
  }
  /// The kind of store that reads the copy.
  std::unique_ptr<store> opened(const std::string& path, bool read_only = false) {
    if (base->can().guest && !read_only) return open_sqlite_guest(host_of(path));
    if (base->can().host_sql || base->can().guest) {
      return open_sqlite({.path = path, .read_only = read_only});
    }
    return open_memory({.path = path, .read_only = read_only});
  }
  /// A host opens the copy with settings of its own.
  sqlite3* host_of(const std::string& path) {
    sqlite3* opened = nullptr;
    EXPECT_EQ(sqlite3_open(path.c_str(), &opened), SQLITE_OK);
    sqlite3_wal_autocheckpoint(opened, 0);
    hosts_.emplace_back(opened, sqlite3_close_v2);
    return opened;
  }
  std::string findings(kith::crm& of) {
    std::string text;
    for (const damage& d : of.verify().found) text += d.entity + ": " + d.what + "\n";
    return text;
  }
  std::string file(const std::string& name) { return in_.file(name); }

  scratch_folder in_{"backup"};
  std::vector<std::unique_ptr<sqlite3, int (*)(sqlite3*)>> hosts_;
};
INSTANTIATE_TEST_SUITE_P(stores, backups_of, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(backups_of, are_stores_like_any_other) {
  const auto anna = s->add(client::name = "Анна");
  s->update(anna, client::city = "Омск");
  base->backup(file("copy"));
  EXPECT_EQ(in_.files(), "copy");
  struct stat about;
  ASSERT_EQ(::stat(file("copy").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  s->add(client::name = "Пётр");
  {
    kith::crm copy(opened(file("copy")), completed({}));
    session t = copy.open_session();
    EXPECT_EQ(t.all<client>().count(), 1u);
    EXPECT_EQ(t.sequence(), s->sequence() - 1);
    EXPECT_EQ(findings(copy), "");
    t.add(client::name = "Ева");
    EXPECT_EQ(t.all<client>().count(), 2u);
    EXPECT_EQ(findings(copy), "");
    if (copy.can().save) copy.save();
  }
  kith::crm again(opened(file("copy"), true), completed({.read_only = true}));
  EXPECT_EQ(again.open_session().all<client>().count(), 2u);
  EXPECT_EQ(s->all<client>().count(), 2u) << "the store itself knows nothing of it";
}

TEST_P(backups_of, of_backups_are_the_same_again) {
  s->add(client::name = "Анна");
  base->backup(file("first"));
  kith::crm copy(opened(file("first"), true), completed({.read_only = true}));
  copy.backup(file("second"));
  kith::crm second(opened(file("second"), true), completed({.read_only = true}));
  EXPECT_EQ(second.open_session().sequence(), s->sequence());
}

TEST_P(backups_of, never_take_the_place_of_a_file) {
  base->backup(file("copy"));
  EXPECT_EQ(outcome([&] { base->backup(file("copy")); }), "exists");
  std::ofstream(file("letter")) << "Dear Anna";
  EXPECT_EQ(outcome([&] { base->backup(file("letter")); }), "exists");
  std::filesystem::create_symlink(file("nowhere"), file("link"));
  EXPECT_EQ(outcome([&] { base->backup(file("link")); }), "exists");
  std::filesystem::create_directory(file("folder"));
  EXPECT_EQ(outcome([&] { base->backup(file("folder")); }), "exists");
  EXPECT_EQ(in_.files(), "copy folder letter link");
}

TEST_P(backups_of, say_where_they_cannot_be_made) {
  const struct {
    const char* path;
    const char* answer;
  } rows[] = {
      {"missing/copy", "not_found"},
      {"letter/copy", "not_found"},
      {"folder/", "invalid"},
  };
  std::ofstream(file("letter")) << "Dear Anna";
  for (const auto& r : rows) {
    EXPECT_EQ(outcome([&] { base->backup(file(r.path)); }), r.answer) << r.path;
  }
  EXPECT_EQ(outcome([&] { base->backup(""); }), "invalid");
  EXPECT_EQ(outcome([&] { base->backup(file(std::string(300, 'n'))); }), "storage");
  EXPECT_EQ(outcome([&] { base->backup("/proc/copy"); }), "not_found");
  EXPECT_EQ(in_.files(), "letter");
}

TEST_P(backups_of, leave_open_transactions_alone) {
  if (!base->can().parallel_reads) GTEST_SKIP() << "a reader keeps writers out";
  transaction tx = s->write();
  s->add(client::name = "Анна");
  base->backup(file("copy"));
  tx.commit();
  kith::crm copy(opened(file("copy"), true), completed({.read_only = true}));
  EXPECT_EQ(copy.open_session().all<client>().count(), 0u);
  EXPECT_EQ(s->all<client>().count(), 1u);
}

// Two clients' numbers of employees change places with each commit: their sum never does.
TEST_P(backups_of, are_of_one_instant_while_others_write) {
  const auto one = s->add(client::name = "one", client::employees = 1000);
  const auto two = s->add(client::name = "two", client::employees = 0);
  std::atomic<bool> stop{false};
  std::atomic<int> commits{0};
  std::vector<std::thread> writers;
  for (int t = 0; t < 2; ++t) {
    writers.emplace_back([&, t] {
      session own = base->open_session();
      for (int i = t; !stop; i += 2) {
        try {
          transaction tx = own.write();
          own.update(ref<client>(one), client::employees = 1000 - i % 1000);
          own.add(client::name = "n" + std::to_string(i), client::employees = i % 7);
          own.update(ref<client>(two), client::employees = i % 1000);
          tx.commit();
          ++commits;
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
        } catch (const error& e) {
          if (e.code() != error_code::busy) throw;
        }
      }
    });
  }
  int made = 0;
  for (int round = 0; round < static_cast<int>(rounds(12, 4)); ++round) {
    const std::string path = file("copy" + std::to_string(round));
    const int before = commits;
    for (int wait = 0; commits < before + 3 && wait < 500; ++wait) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    const std::string answer = outcome([&] { base->backup(path); });
    if (answer == "busy") continue;  // of a store whose connections wait for each other
    EXPECT_EQ(answer, "done");
    ++made;
    kith::crm copy(opened(path, true), completed({.read_only = true}));
    session t = copy.open_session();
    EXPECT_EQ(
        t.get(ref<client>(one))[client::employees] + t.get(ref<client>(two))[client::employees],
        1000);
    EXPECT_EQ(findings(copy), "");
    // One change set each: one made the store, two made the clients, then the writers'.
    EXPECT_EQ(t.all<client>().count(), 2 + static_cast<std::uint64_t>(t.sequence()) - 3);
    EXPECT_GE(t.sequence(), before);
  }
  stop = true;
  for (std::thread& w : writers) w.join();
  EXPECT_GT(made, 0);
  EXPECT_GT(commits, 0);
}

class stores_without_backup : public suite {};
INSTANTIATE_TEST_SUITE_P(stores, stores_without_backup, ::testing::ValuesIn(backends()),
                         name_of_backend);

TEST_P(stores_without_backup, say_so) {
  if (base->can().backup) GTEST_SKIP() << "this store can be copied";
  EXPECT_EQ(outcome([&] { base->backup("copy"); }), "unsupported");
}

// ------------------------------------------------------------------------------- of a file of ours

crm_options options() {
  return {.entities = all_entities(), .clock = std::make_shared<manual_clock>(morning)};
}

TEST(backups_of_files, are_not_made_over_the_store) {
  const scratch_folder in("own");
  kith::crm sqlite(open_sqlite({.path = in.file("store")}), options());
  kith::crm memory(open_memory({.path = in.file("snapshot")}), options());
  EXPECT_EQ(outcome([&] { sqlite.backup(in.file("store")); }), "exists");
  EXPECT_EQ(outcome([&] { sqlite.backup(in.file("./store")); }), "exists");
  EXPECT_EQ(outcome([&] { memory.backup(in.file("snapshot")); }), "exists")
      << "which was not saved yet";
  EXPECT_FALSE(std::filesystem::exists(in.file("snapshot")));
}

// SQLite would take what lies beside a file for its log.
TEST(backups_of_files, are_not_made_beside_a_log_of_another_file) {
  const scratch_folder in("log");
  kith::crm base(open_sqlite({.path = in.file("store")}), options());
  for (const char* end : {"-wal", "-journal"}) {
    std::ofstream(in.file(std::string("copy") + end)) << "of another file";
    EXPECT_EQ(outcome([&] { base.backup(in.file("copy")); }), "exists") << end;
    std::filesystem::remove(in.file(std::string("copy") + end));
  }
  EXPECT_EQ(outcome([&] { base.backup(in.file("copy")); }), "done");
}

TEST(backups_of_files, keep_the_hosts_own_tables) {
  const scratch_folder in("host");
  kith::crm base(open_sqlite({.path = in.file("store")}), options());
  {
    session s = base.open_session();
    transaction tx = s.write();
    tx.sql("CREATE TABLE host_notes(id INTEGER PRIMARY KEY, note TEXT)");
    tx.sql("INSERT INTO host_notes(note) VALUES('as it was')");
    tx.commit();
  }
  base.backup(in.file("copy"));
  kith::crm copy(open_sqlite({.path = in.file("copy")}), options());
  session t = copy.open_session();
  transaction tx = t.read();
  std::string found;
  tx.sql("SELECT note FROM host_notes", {},
         [&](std::span<const cell> row) { found = row[0].as_bytes(); });
  EXPECT_EQ(found, "as it was");
}

}  // namespace
}  // namespace kith::lab
