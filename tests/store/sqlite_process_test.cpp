// SPDX-License-Identifier: Apache-2.0
//
// Several processes: a child with its parent's store, and writers on one file.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "sqlite_suite.hpp"

namespace kith::conformance {
namespace {

class sqlite_process : public sqlite_files {
 protected:
  /// As another process sees it: which one holds the lock of writers.
  pid_t holder_of_the_write_lock() const {
    const int shared_memory = ::open((file() + "-shm").c_str(), O_RDWR);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = 120;  // WAL_WRITE_LOCK in SQLite's file format
    lock.l_len = 1;
    if (::fcntl(shared_memory, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return 0;
    return lock.l_pid;
  }
};

TEST_F(sqlite_process, a_child_cannot_use_the_store_of_its_parent) {
  const auto kept = open();
  write(*kept, 1, 5);
  const auto rows = kept->connect(), idle = kept->connect();
  rows->begin(access::write);
  version(samples(), 6).write(*rows);
  const std::string answer = in_child([&] {
    const std::initializer_list<std::pair<const char*, std::function<void()>>> calls{
        {"check", [&] { kept->check(); }},
        {"connect", [&] { kept->connect(); }},
        {"get", [&] { idle->get(samples(), {1}); }},
        {"scan", [&] { idle->scan(scan_of(samples())); }},
        {"has", [&] { idle->has(samples()); }},
        {"begin", [&] { idle->begin(access::write); }},
        {"read", [&] { idle->begin(access::read); }},
        {"get in the transaction", [&] { rows->get(samples(), {1}); }},
        {"scan in the transaction", [&] { rows->scan(scan_of(samples())); }},
        {"write", [&] { version(samples(), 7).write(*rows); }},
        {"erase", [&] { rows->erase(samples(), {1}); }},
        {"apply", [&] { rows->apply(samples()); }},
        {"savepoint", [&] { rows->savepoint(1); }},
        {"host_sql", [&] { rows->host_sql("select 1", {}, {}); }},
        {"commit", [&] { rows->commit(); }},
    };
    std::string wrong;
    for (const auto& [name, call] : calls) {
      const std::string result = outcome(call);
      if (result != "forked") wrong += std::string(name) + ": " + result + "; ";
    }
    return wrong;
  });
  EXPECT_EQ(answer, "");
  rows->commit();
  EXPECT_EQ(number_of_samples(*idle), 6);
}

TEST_F(sqlite_process, a_child_that_closes_takes_no_lock_from_its_parent) {
  auto kept = open();
  write(*kept, 1, 5);
  auto rows = kept->connect();
  rows->begin(access::write);
  version(samples(), 6).write(*rows);
  EXPECT_EQ(in_child([&] {
              rows->rollback();
              rows.reset();
              kept.reset();
              return std::string();
            }),
            "");
  EXPECT_EQ(in_child([&] { return std::to_string(holder_of_the_write_lock()); }),
            std::to_string(::getpid()))
      << "somebody else still finds the file locked";
  rows->commit();
  EXPECT_EQ(number_of_samples(*rows), 6);
}

// SQLite of the child would believe that it has the locks of its parent: nobody would know that
// the child reads, and the parent, as the last one, would remove the log.
TEST_F(sqlite_process, a_child_cannot_open_what_its_parent_had_open) {
  auto kept = open();
  write(*kept, 1, 5);
  EXPECT_EQ(
      in_child([&] {
        const std::optional<error> e = refusal([&] { open(); });
        if (!e) return std::string("opened");
        if (e->code() != error_code::forked) return e->message();
        kept.reset();
        return std::string(outcome([&] { open(); }) == "forked" ? "" : "opened after closing");
      }),
      "");
  kept.reset();
  EXPECT_EQ(in_child([&] { return std::to_string(number_of_samples()); }), "5")
      << "what was closed before is nobody's";
}

TEST_F(sqlite_process, writers_lose_nothing_and_wait_for_each_other) {
  write(*open(), 1, 1);
  constexpr int processes = 4, commits = 60;
  std::vector<std::function<std::string()>> work;
  for (int p = 0; p < processes; ++p) {
    work.push_back([&, p]() -> std::string {
      const auto kept = open_sqlite({.path = file(), .busy_timeout_ms = 20'000});
      const auto rows = kept->connect();
      for (int i = 0; i < commits; ++i) {
        transaction(*rows, [&] {  // reads what it writes: a lost update would show
          const row_ptr counter = rows->get(samples(), {1});
          version(samples(), counter)
              .set(sample::whole, counter->integer(sample::whole.slot()) + 1)
              .write(*rows);
          version(samples(), 1000 * (p + 1) + i).write(*rows);
        });
      }
      return "";
    });
  }
  for (const std::string& answer : in_children(work)) EXPECT_EQ(answer, "");
  const auto kept = open();
  const auto rows = kept->connect();
  EXPECT_EQ(rows->get(samples(), {1})->integer(sample::whole.slot()), 1 + processes * commits);
  EXPECT_EQ(number_of_samples(*rows), 1 + processes * commits);
  EXPECT_EQ(tool(file()).ask("PRAGMA integrity_check"), "ok");
}

TEST_F(sqlite_process, a_reader_sees_whole_transactions_of_another_process) {
  write(*open(), 1, 2);
  const auto sum_is_kept = [&](connection& rows) {
    rows.begin(access::read);
    const std::int64_t sum = rows.get(samples(), {1})->integer(sample::whole.slot()) +
                             rows.get(samples(), {2})->integer(sample::whole.slot());
    rows.commit();
    return sum == 3;
  };
  const auto move = [&]() -> std::string {
    const auto kept = open();
    const auto rows = kept->connect();
    for (int i = 1; i <= 200; ++i) {
      transaction(*rows, [&] {
        for (const std::int64_t id : {1, 2}) {
          const row_ptr r = rows->get(samples(), {id});
          const std::int64_t by = id == 1 ? i : -i;
          version(samples(), r)
              .set(sample::whole, r->integer(sample::whole.slot()) + by)
              .write(*rows);
        }
      });
    }
    return "";
  };
  const auto look = [&]() -> std::string {
    const auto kept = open();
    const auto rows = kept->connect();
    for (int i = 0; i < 1000; ++i) {
      if (!sum_is_kept(*rows)) return "half a transaction";
    }
    return "";
  };
  for (const std::string& answer : in_children({move, look, look})) EXPECT_EQ(answer, "");
}

TEST_F(sqlite_process, a_process_that_is_killed_leaves_what_it_committed) {
  write(*open(), 1, 10);
  in_child([&]() -> std::string {
    const auto kept = open();
    const auto rows = kept->connect();
    write(*rows, 11, 20);
    rows->begin(access::write);
    version(samples(), 21).write(*rows);
    ::kill(::getpid(), SIGKILL);
    return "";
  });
  EXPECT_EQ(number_of_samples(), 20);
}

}  // namespace
}  // namespace kith::conformance
