// SPDX-License-Identifier: Apache-2.0
//
// Which files a SQLite store opens, which it refuses, and that refusing writes nothing.
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sqlite_suite.hpp"

namespace kith::conformance {
namespace {

namespace fs = std::filesystem;

class sqlite_place : public sqlite_files {
 protected:
  void make() { write(*open(), 1, 20); }
  /// Refused with this code, a message that has these words, and no changed byte.
  void expect_refused(std::string_view code, const std::string& words, bool read_only = false) {
    const std::string before = bytes_of(file());
    const std::string log = bytes_of(file() + "-wal");
    const std::optional<error> e = refusal([&] { open(read_only); });
    ASSERT_TRUE(e) << "opened";
    EXPECT_EQ(name_of(e->code()), code) << e->message();
    EXPECT_NE(e->message().find(words), std::string::npos) << e->message();
    EXPECT_NE(e->message().find("shop.kith"), std::string::npos) << e->message();
    EXPECT_EQ(bytes_of(file()) == before, true) << "the file was written";
    EXPECT_EQ(bytes_of(file() + "-wal") == log, true) << "the log was written";
  }
  /// The file and its log as they are while a program that made them is running.
  void leave_with_log(const std::string& sql) {
    const std::string other = file("other");
    {
      const tool t(other);
      t.ask("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" + sql);
      fs::copy_file(other, file());
      fs::copy_file(other + "-wal", file() + "-wal");
    }
    ASSERT_GT(size_of(file() + "-wal"), 0u);
  }
};

TEST_F(sqlite_place, a_file_of_another_program_is_refused_unwritten) {
  const std::initializer_list<const char*> others{
      "CREATE TABLE t(x)",
      "PRAGMA application_id = 7",
      "PRAGMA application_id = 7; CREATE TABLE t(x); INSERT INTO t VALUES(1)",
      "CREATE TABLE kith_client(id)",  // without the id of the program it is not ours
      "PRAGMA journal_mode = WAL; CREATE TABLE t(x)",
  };
  for (const char* sql : others) {
    SCOPED_TRACE(sql);
    fs::remove(file());
    tool(file()).ask(sql);
    expect_refused("foreign", "another program");
    expect_refused("foreign", "another program", true);
  }
}

TEST_F(sqlite_place, the_log_of_another_program_stays_as_it_is) {
  leave_with_log("CREATE TABLE t(x); INSERT INTO t VALUES(randomblob(9000))");
  expect_refused("foreign", "another program");
}

TEST_F(sqlite_place, a_newer_format_is_refused_unwritten) {
  make();
  tool(file()).ask("PRAGMA user_version = 2");
  expect_refused("newer", "update the program");
  expect_refused("newer", "update the program", true);
}

TEST_F(sqlite_place, the_log_of_a_newer_format_stays_as_it_is) {
  leave_with_log(
      "PRAGMA application_id = 0x4b495448; PRAGMA user_version = 77; CREATE TABLE kith_client(id)");
  expect_refused("newer", "format 77");
}

TEST_F(sqlite_place, what_is_no_sqlite_file_is_refused_unwritten) {
  for (const std::string& bytes :
       {std::string("hello"), std::string(100, 'x'), std::string(20'000, '\0'),
        "SQLite format 3" + std::string(5000, 'x')}) {
    put_bytes(file(), bytes);
    const std::string code = outcome([&] { open(); });
    EXPECT_TRUE(code == "foreign" || code == "damaged") << code << " for " << bytes.substr(0, 20);
    EXPECT_EQ(bytes_of(file()) == bytes, true);
  }
}

TEST_F(sqlite_place, an_empty_file_becomes_a_store) {
  put_bytes(file(), "");
  make();
  EXPECT_EQ(number_of_samples(), 20);
}

TEST_F(sqlite_place, planted_triggers_are_refused) {
  make();
  tool(file()).ask("CREATE TRIGGER evil AFTER INSERT ON kith_sample BEGIN SELECT 1; END");
  const std::optional<error> e = refusal([&] { open(); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::damaged);
  EXPECT_NE(e->message().find("evil"), std::string::npos) << e->message();
}

TEST_F(sqlite_place, a_folder_or_a_device_is_refused) {
  fs::create_directory(file());
  EXPECT_EQ(outcome([&] { open(); }), "storage");
  EXPECT_EQ(outcome([] { open_sqlite({.path = "/dev/null"}); }), "storage");
  EXPECT_EQ(outcome([&] { open_sqlite({.path = file("no/such/folder/x")}); }), "storage");
}

TEST_F(sqlite_place, a_file_with_two_names_is_refused) {
  make();
  fs::create_hard_link(file(), file("second"));
  for (const char* name : {"shop.kith", "second"}) {
    const std::optional<error> e = refusal([&] { open_sqlite({.path = file(name)}); });
    ASSERT_TRUE(e);
    EXPECT_EQ(e->code(), error_code::storage);
    EXPECT_NE(e->message().find("hard links"), std::string::npos) << e->message();
  }
  fs::remove(file("second"));
  EXPECT_EQ(number_of_samples(), 20);
}

TEST_F(sqlite_place, symbolic_links_lead_to_one_file) {
  make();
  fs::create_directory(folder / "links");
  fs::create_symlink("../shop.kith", folder / "links" / "a");
  const auto direct = open();
  const auto linked = open_sqlite({.path = file("links/a"), .busy_timeout_ms = 50});
  const auto one = direct->connect(), other = linked->connect();
  one->begin(access::write);
  EXPECT_EQ(outcome([&] { other->begin(access::write); }), "busy") << "both are one file";
  one->rollback();
  write(*other, 21, 30);
  EXPECT_EQ(number_of_samples(*one), 30);
  EXPECT_FALSE(fs::exists(file("links/a-wal"))) << "the log is beside the file itself";
}

TEST_F(sqlite_place, a_file_that_was_removed_or_replaced_takes_no_writes) {
  make();
  for (const bool replaced : {false, true}) {
    const auto kept = open();
    const auto rows = kept->connect();
    EXPECT_EQ(number_of_samples(*rows), 20);
    const std::string old = file("old");
    fs::rename(file(), old);
    if (replaced) put_bytes(file(), "");
    const std::optional<error> e = refusal([&] { write(*rows, 100, 100); });
    ASSERT_TRUE(e);
    EXPECT_EQ(e->code(), error_code::storage);
    EXPECT_NE(e->message().find("replaced or removed"), std::string::npos) << e->message();
    EXPECT_EQ(outcome([&] { kept->connect()->begin(access::write); }), "storage")
        << "a new connection would be to another file";
    fs::rename(old, file());
    write(*rows, 100 + replaced, 100 + replaced);  // it is there again
    transaction(*rows, [&] { rows->erase(samples(), {100 + replaced}); });
  }
  EXPECT_EQ(number_of_samples(), 20);
}

TEST_F(sqlite_place, a_file_that_got_another_name_takes_no_writes_until_it_is_gone) {
  make();
  const auto kept = open();
  const auto rows = kept->connect();
  fs::create_hard_link(file(), file("second"));
  const std::optional<error> e = refusal([&] { write(*rows, 100, 100); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::storage);
  EXPECT_NE(e->message().find("remove the other names"), std::string::npos) << e->message();
  EXPECT_EQ(number_of_samples(*rows), 20) << "it can still be read";
  fs::remove(file("second"));
  write(*rows, 100, 100);
  EXPECT_EQ(number_of_samples(*rows), 21);
}

TEST_F(sqlite_place, a_new_file_is_for_its_owner_only) {
  make();
  struct stat s {};
  ASSERT_EQ(::stat(file().c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0600u);
  ::chmod(file().c_str(), 0640);
  open();
  ASSERT_EQ(::stat(file().c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0640u) << "what its owner chose stays";
}

// ------------------------------------------------------------------------------------ reading only

TEST_F(sqlite_place, opened_for_reading_makes_nothing) {
  EXPECT_EQ(outcome([&] { open(true); }), "not_found");
  EXPECT_TRUE(fs::is_empty(folder));
  put_bytes(file(), "");
  expect_refused("read_only", "open it for writing first", true);
}

TEST_F(sqlite_place, opened_for_reading_reads_and_writes_nothing) {
  make();
  const std::string before = bytes_of(file());
  {
    const auto kept = open(true);
    const auto rows = kept->connect();
    EXPECT_EQ(number_of_samples(*rows), 20);
    EXPECT_EQ(outcome([&] { rows->begin(access::write); }), "read_only");
    EXPECT_EQ(outcome([&] { rows->apply(samples()); }), "misuse");
    rows->begin(access::read);
    EXPECT_EQ(outcome([&] { rows->write({}); }), "read_only");
    EXPECT_EQ(outcome([&] { rows->erase(samples(), {1}); }), "read_only");
    EXPECT_EQ(outcome([&] { rows->host_sql("create table mine (x)", {}, {}); }), "read_only");
    rows->commit();
  }
  EXPECT_EQ(bytes_of(file()) == before, true);
}

TEST_F(sqlite_place, opened_for_reading_follows_a_writer) {
  make();
  const auto writer = open(), reader = open(true);
  const auto into = writer->connect(), from = reader->connect();
  EXPECT_EQ(number_of_samples(*from), 20);
  write(*into, 21, 22);
  EXPECT_EQ(number_of_samples(*from), 22);
}

// Readers and writers meet in a file beside the store: where it can neither be found nor made, the
// error says so. Root writes anywhere: the child that tries becomes nobody.
TEST_F(sqlite_place, a_folder_without_write_permission_is_refused_with_a_remedy) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  make();
  ::chmod(file().c_str(), 0444);
  ::chmod(folder.c_str(), 0555);
  const std::string answer = in_child([&]() -> std::string {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) return "cannot become nobody";
    std::string wrong;
    const std::string writing = outcome([&] { open(); });
    if (writing != "read_only" && writing != "storage") wrong += "for writing: " + writing + " ";
    const std::optional<error> e = refusal([&] { open(true); });
    if (!e || e->code() != error_code::read_only) return wrong + "for reading: no error";
    if (e->message().find("folder") == std::string::npos) wrong += e->message();
    return wrong;
  });
  ::chmod(folder.c_str(), 0755);
  EXPECT_EQ(answer, "");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 1) << "nothing was left behind";
}

TEST_F(sqlite_place, somebody_who_may_only_read_reads_beside_a_writer) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  make();
  ::chmod(file().c_str(), 0644);
  ::chmod(folder.c_str(), 0755);
  int go[2], done[2];
  ASSERT_EQ(::pipe(go) + ::pipe(done), 0);
  const auto writer = [&]() -> std::string {
    const auto kept = open();
    const auto rows = kept->connect();
    write(*rows, 21, 22);
    char c = 0;
    if (::write(go[1], "x", 1) != 1 || ::read(done[0], &c, 1) != 1) return "no signal";
    return "";
  };
  const auto reader = [&]() -> std::string {
    char c = 0;
    if (::read(go[0], &c, 1) != 1) return "no signal";
    std::string answer = "cannot become nobody";
    if (::setgid(65534) == 0 && ::setuid(65534) == 0) {
      answer = outcome([&] { answer = std::to_string(number_of_samples(*open(true))); });
      if (answer == "done") answer = std::to_string(number_of_samples(*open(true)));
    }
    return ::write(done[1], "x", 1) == 1 ? answer : "no signal";
  };
  EXPECT_EQ(in_children({writer, reader}), (std::vector<std::string>{"", "22"}));
  for (const int end : {go[0], go[1], done[0], done[1]}) ::close(end);
}

TEST_F(sqlite_place, a_medium_that_cannot_be_written_is_read) {
  const std::string disc = file("disc # 1?%");
  fs::create_directory(disc);
  if (::geteuid() != 0 || ::mount("kith", disc.c_str(), "tmpfs", 0, "size=4m") != 0) {
    GTEST_SKIP() << "nothing can be mounted here";
  }
  struct mounted {
    ~mounted() { ::umount2(path.c_str(), MNT_DETACH); }
    const std::string& path;
  } const until_the_end{disc};
  const std::string there = disc + "/shop.kith";
  write(*open_sqlite({.path = there}), 1, 20);
  ASSERT_EQ(::mount(nullptr, disc.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, "size=4m"), 0);
  EXPECT_EQ(number_of_samples(*open_sqlite({.path = there, .read_only = true})), 20);
  EXPECT_NE(outcome([&] { open_sqlite({.path = there}); }), "done");

  // Left by a program that was killed: without its log the file is not the store.
  ASSERT_EQ(::mount(nullptr, disc.c_str(), nullptr, MS_REMOUNT, "size=4m"), 0);
  put_bytes(there + "-wal", "a log");
  ASSERT_EQ(::mount(nullptr, disc.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, "size=4m"), 0);
  const std::optional<error> e = refusal([&] { open_sqlite({.path = there, .read_only = true}); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::storage);
  EXPECT_NE(e->message().find("not closed properly"), std::string::npos) << e->message();
}

}  // namespace
}  // namespace kith::conformance
