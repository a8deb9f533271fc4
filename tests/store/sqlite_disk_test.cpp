// SPDX-License-Identifier: Apache-2.0
//
// The settings of a file, its log, and what happens when the disk does not do its duty.
#include <sys/mount.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <map>

#include "sqlite_suite.hpp"

namespace kith::conformance {
namespace {

// ---------------------------------------------------------------------------------- a failing disk

// SQLite's own way to files, but for the calls that fail when they are told to.
class failing_disk {
 public:
  failing_disk() {
    original() = sqlite3_vfs_find(nullptr);
    vfs_ = *original();
    vfs_.zName = "failing";
    vfs_.xOpen = open;
    sqlite3_vfs_register(&vfs_, 1);
    sync_result = write_result = SQLITE_OK;
  }
  ~failing_disk() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(original(), 1);
  }
  inline static std::atomic<int> sync_result{SQLITE_OK};
  inline static std::atomic<int> write_result{SQLITE_OK};

 private:
  static sqlite3_vfs*& original() {
    static sqlite3_vfs* found = nullptr;
    return found;
  }
  static int open(sqlite3_vfs*, const char* name, sqlite3_file* to, int flags, int* out) {
    const int code = original()->xOpen(original(), name, to, flags, out);
    if (code != SQLITE_OK) return code;
    // SQLite has tables of methods, one for each way of locking: each gets a copy of its own.
    static std::map<const sqlite3_io_methods*, sqlite3_io_methods> copies;
    const auto [found, is_new] = copies.emplace(to->pMethods, *to->pMethods);
    if (is_new) {
      real_sync() = to->pMethods->xSync;
      real_write() = to->pMethods->xWrite;
      found->second.xSync = [](sqlite3_file* f, int how) {
        return sync_result != SQLITE_OK ? sync_result.load() : real_sync()(f, how);
      };
      found->second.xWrite = [](sqlite3_file* f, const void* bytes, int size, sqlite3_int64 at) {
        return write_result != SQLITE_OK ? write_result.load() : real_write()(f, bytes, size, at);
      };
    }
    to->pMethods = &found->second;
    return code;
  }
  // They are the same for all files.
  static auto real_sync() -> int (*&)(sqlite3_file*, int) {
    static int (*found)(sqlite3_file*, int) = nullptr;
    return found;
  }
  static auto real_write() -> int (*&)(sqlite3_file*, const void*, int, sqlite3_int64) {
    static int (*found)(sqlite3_file*, const void*, int, sqlite3_int64) = nullptr;
    return found;
  }
  sqlite3_vfs vfs_;
};

class sqlite_disk : public sqlite_files {};

TEST_F(sqlite_disk, after_a_failed_sync_the_outcome_is_unknown_and_the_store_only_closes) {
  const failing_disk disk;
  auto kept = open();
  write(*kept, 1, 5);
  auto rows = kept->connect(), other = kept->connect();
  EXPECT_EQ(number_of_samples(*other), 5);
  rows->begin(access::write);
  version(samples(), 6).write(*rows);
  failing_disk::sync_result = SQLITE_IOERR_FSYNC;
  const std::optional<error> e = refusal([&] { rows->commit(); });
  failing_disk::sync_result = SQLITE_OK;  // the disk is well again: too late
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::outcome_unknown) << e->message();
  EXPECT_NE(e->message().find("open it again"), std::string::npos) << e->message();

  const std::initializer_list<std::pair<const char*, std::function<void()>>> calls{
      {"check", [&] { kept->check(); }},
      {"connect", [&] { kept->connect(); }},
      {"begin", [&] { rows->begin(access::write); }},
      {"read", [&] { rows->begin(access::read); }},
      {"get", [&] { other->get(samples(), {1}); }},
      {"scan", [&] { other->scan(scan_of(samples())); }},
      {"write", [&] { version(samples(), 7).write(*other); }},
  };
  for (const auto& [name, call] : calls) EXPECT_EQ(outcome(call), "poisoned") << name;
  rows.reset();
  other.reset();
  kept.reset();
  const std::int64_t found = number_of_samples();
  EXPECT_TRUE(found == 5 || found == 6) << found;
}

TEST_F(sqlite_disk, a_transaction_of_somebody_else_ends_with_the_poisoning) {
  const failing_disk disk;
  const auto kept = open();
  write(*kept, 1, 5);
  const auto rows = kept->connect(), reader = kept->connect();
  reader->begin(access::read);
  rows->begin(access::write);
  version(samples(), 6).write(*rows);
  failing_disk::sync_result = SQLITE_IOERR_FSYNC;
  EXPECT_EQ(outcome([&] { rows->commit(); }), "outcome_unknown");
  failing_disk::sync_result = SQLITE_OK;
  EXPECT_EQ(outcome([&] { reader->commit(); }), "poisoned");
  reader->rollback();
}

TEST_F(sqlite_disk, a_full_disk_stores_nothing_and_the_store_goes_on) {
  const failing_disk disk;
  const auto kept = open();
  write(*kept, 1, 5);
  const auto rows = kept->connect();
  rows->begin(access::write);
  version(samples(), 6).write(*rows);
  failing_disk::write_result = SQLITE_FULL;
  EXPECT_EQ(outcome([&] { rows->commit(); }), "full");
  EXPECT_EQ(number_of_samples(*rows), 5);
  failing_disk::write_result = SQLITE_OK;
  write(*rows, 7, 8);
  EXPECT_EQ(number_of_samples(*rows), 7);
}

TEST_F(sqlite_disk, a_disk_that_is_really_full) {
  const std::string small = file("small");
  std::filesystem::create_directory(small);
  if (::geteuid() != 0 || ::mount("kith", small.c_str(), "tmpfs", 0, "size=2m") != 0) {
    GTEST_SKIP() << "no small file system can be mounted here: " << std::strerror(errno);
  }
  struct mounted {
    ~mounted() { ::umount2(path.c_str(), MNT_DETACH); }
    const std::string& path;
  } const until_the_end{small};
  const auto kept = open_sqlite({.path = small + "/shop.kith"});
  write(*kept, 1, 5);
  const auto rows = kept->connect();
  const std::string large(200'000, 'x');
  std::int64_t last = 5;
  std::string answer = "done";
  while (answer == "done" && last < 100) {
    answer = outcome([&] {
      transaction(*rows,
                  [&] { version(samples(), last + 1).set(sample::exact, large).write(*rows); });
    });
    if (answer == "done") ++last;
  }
  EXPECT_EQ(answer, "full");
  EXPECT_GT(last, 5);
  EXPECT_EQ(number_of_samples(*rows), last);
  kept->check();
  EXPECT_EQ(outcome([&] { write(*rows, 1000, 1000); }) == "poisoned", false);
  EXPECT_EQ(rows->get(samples(), {last})->text(sample::exact.slot()).size(),
            last == 5 ? 0 : large.size());
}

// ------------------------------------------------------------------------------------ the settings

TEST_F(sqlite_disk, the_settings_are_those_that_keep_commits) {
  write(*open(), 1, 5);
  const auto kept = open();
  const auto rows = kept->connect();
  const auto setting = [&](const std::string& name) {
    std::string value;
    rows->begin(access::read);
    rows->host_sql("select * from pragma_" + name, {},
                   [&](std::span<const cell> cells) { value = shown(cells[0]); });
    rows->commit();
    return value;
  };
  EXPECT_EQ(setting("journal_mode"), "'wal'");
  EXPECT_EQ(setting("synchronous"), "2");
  EXPECT_EQ(setting("page_size"), "8192");
  EXPECT_EQ(setting("application_id"), std::to_string(0x4b495448));
  EXPECT_EQ(setting("user_version"), "1");
  EXPECT_EQ(setting("cell_size_check"), "1");
  EXPECT_EQ(setting("trusted_schema"), "0");
}

TEST_F(sqlite_disk, relaxed_durability_is_named_by_the_caller) {
  const auto kept = open_sqlite({.path = file(), .durability = sqlite_durability::relaxed});
  write(*kept, 1, 5);
  const auto rows = kept->connect();
  rows->begin(access::read);
  rows->host_sql("select * from pragma_synchronous", {},
                 [](std::span<const cell> cells) { EXPECT_EQ(cells[0].as_integer(), 1); });
  rows->commit();
}

TEST_F(sqlite_disk, all_connections_have_the_settings) {
  const auto kept = open();
  write(*kept, 1, 1);
  std::vector<std::unique_ptr<connection>> all;
  for (int i = 0; i < 5; ++i) all.push_back(kept->connect());
  for (const auto& rows : all) {
    rows->begin(access::read);
    rows->host_sql("select * from pragma_synchronous", {},
                   [](std::span<const cell> cells) { EXPECT_EQ(cells[0].as_integer(), 2); });
    rows->commit();
  }
}

// ----------------------------------------------------------------------------------------- the log

// Each commit writes some 30 KiB: 600 of them would make a log of 18 MiB.
class sqlite_log : public sqlite_files {
 protected:
  void SetUp() override {
    kept = open();
    apply(*kept);
    rows = kept->connect();
  }
  void commit(int times) {
    for (; times > 0; --times) {
      transaction(*rows, [&] {
        version(samples(), ++last).set(sample::exact, std::string(24'000, 'x')).write(*rows);
      });
    }
  }
  std::uint64_t log() const { return size_of(file() + "-wal"); }

  static constexpr std::uint64_t enough = std::uint64_t{12} << 20;
  std::unique_ptr<store> kept;
  std::unique_ptr<connection> rows;
  std::int64_t last = 0;
};

TEST_F(sqlite_log, stays_small_under_continuous_writes) {
  for (int i = 0; i < 6; ++i) {
    commit(100);
    EXPECT_LT(log(), enough);
  }
  EXPECT_GT(size_of(file()), std::uint64_t{8} << 20) << "and the file has the content";
  EXPECT_EQ(number_of_samples(*rows), last);
}

TEST_F(sqlite_log, stays_small_beside_readers_that_come_and_go) {
  const auto one = kept->connect(), other = kept->connect();
  one->begin(access::read);
  for (int i = 0; i < 30; ++i) {
    other->begin(access::read);
    EXPECT_EQ(number_of_samples(*other), last);
    commit(10);
    one->commit();
    commit(10);
    one->begin(access::read);
    EXPECT_EQ(number_of_samples(*one), last);
    other->commit();
  }
  one->commit();
  commit(1);
  EXPECT_EQ(number_of_samples(*rows), last);
  // There is always a reader: the log is copied, but it can only begin again when none needs it.
  commit(300);
  const std::uint64_t before = log();
  commit(300);
  EXPECT_EQ(log(), before) << "it is written from the front again";
}

TEST_F(sqlite_log, grows_while_a_reader_needs_it_and_no_longer) {
  commit(10);
  const auto reader = kept->connect();
  reader->begin(access::read);
  EXPECT_EQ(number_of_samples(*reader), 10);
  commit(500);
  EXPECT_EQ(number_of_samples(*reader), 10);
  const std::uint64_t grown = log();
  EXPECT_GT(grown, enough);
  reader->commit();
  EXPECT_EQ(number_of_samples(*reader), 510);
  commit(500);
  EXPECT_LE(log(), grown + (std::uint64_t{1} << 20));
  EXPECT_EQ(number_of_samples(*reader), 1010);
}

TEST_F(sqlite_log, is_gone_after_the_last_one_closed) {
  commit(10);
  rows.reset();
  kept.reset();
  EXPECT_FALSE(std::filesystem::exists(file() + "-wal"));
  EXPECT_EQ(tool(file()).ask("SELECT count(*) FROM kith_sample"), "10");
}

TEST_F(sqlite_log, one_large_transaction_is_whole) {
  transaction(*rows, [&] {
    for (int i = 0; i < 1000; ++i) {
      version(samples(), ++last).set(sample::exact, std::string(20'000, 'x')).write(*rows);
    }
  });
  commit(2);
  EXPECT_EQ(number_of_samples(*kept->connect()), last);
  const tool beside(file());
  EXPECT_EQ(beside.ask("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(beside.ask("SELECT count(*) FROM kith_sample"), "1002");
}

}  // namespace
}  // namespace kith::conformance
