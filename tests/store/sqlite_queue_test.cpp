// SPDX-License-Identifier: Apache-2.0
//
// Writers of one file wait in the order of their coming; and what is wrong with the line costs
// time, never a write.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <mutex>
#include <thread>

#include "sqlite_suite.hpp"
#include "storage/sqlite/queue.hpp"

namespace kith::conformance {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class sqlite_queue : public sqlite_files {
 protected:
  std::string line() const { return file() + "-queue"; }
  bool is_there() const { return fs::exists(line()); }
  /// How many were given.
  std::int64_t places() const {
    std::int64_t number = 0;
    std::ifstream(line(), std::ios::binary).read(reinterpret_cast<char*>(&number), sizeof number);
    return number;
  }
  static steady_clock::time_point in(int ms) { return steady_clock::now() + milliseconds(ms); }
  static long ms_of(const std::function<void()>& work) {
    const auto begin = steady_clock::now();
    work();
    return static_cast<long>((steady_clock::now() - begin) / milliseconds(1));
  }
};

TEST_F(sqlite_queue, a_lone_writer_makes_no_file) {
  write(*open(), 1, 10);
  EXPECT_FALSE(is_there());
  EXPECT_EQ(number_of_samples(), 10);
  EXPECT_FALSE(is_there());
}

TEST_F(sqlite_queue, each_gets_its_turn_in_the_order_of_coming) {
  write(*open(), 1, 1);
  const auto kept = open_sqlite({.path = file()});
  const auto first = kept->connect();
  first->begin(access::write);
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      const auto rows = kept->connect();
      rows->begin(access::write);
      {
        const std::lock_guard lock(mutex);
        order.push_back(i);
      }
      rows->rollback();
    });
    const auto patience = in(10'000);
    while (places() <= i && steady_clock::now() < patience) std::this_thread::yield();
  }
  EXPECT_TRUE(is_there());
  first->rollback();
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5}));
  EXPECT_FALSE(is_there()) << "the last one takes it away";
}

TEST_F(sqlite_queue, who_writes_on_and_on_lets_others_in) {
  write(*open(), 1, 1);
  int go[2];
  ASSERT_EQ(::pipe(go), 0);
  const auto busy = [&]() -> std::string {  // the lock is free for no longer than a call takes
    const auto kept = open();
    const auto rows = kept->connect();
    if (::write(go[1], "xxx", 3) != 3) return "no signal";
    for (int i = 0; i < 30; ++i) {
      rows->begin(access::write);
      std::this_thread::sleep_for(milliseconds(20));
      rows->rollback();
    }
    return "";
  };
  const auto other = [&]() -> std::string {
    char c = 0;
    if (::read(go[0], &c, 1) != 1) return "no signal";
    const auto kept = open();
    const auto rows = kept->connect();
    std::this_thread::sleep_for(milliseconds(5));
    const long took = ms_of([&] {
      for (int i = 0; i < 3; ++i) {
        rows->begin(access::write);
        rows->rollback();
      }
    });
    return took < 400 ? "" : "three turns took " + std::to_string(took) + " ms";
  };
  for (const std::string& answer : in_children({busy, other, other, other})) EXPECT_EQ(answer, "");
  EXPECT_FALSE(is_there());
  ::close(go[0]);
  ::close(go[1]);
}

TEST_F(sqlite_queue, is_for_those_who_may_write_the_store) {
  write(*open(), 1, 1);
  for (const mode_t mode : {0600u, 0660u}) {
    ::chmod(file().c_str(), mode);
    const std::string path = file();
    const sqlite::writers_queue queue(path);
    const sqlite::writers_queue::place mine(queue, in(1000));
    struct stat s {};
    ASSERT_EQ(::stat(line().c_str(), &s), 0);
    EXPECT_EQ(s.st_mode & 0777, mode);
  }
}

TEST_F(sqlite_queue, who_was_killed_while_it_waited_holds_up_nobody) {
  write(*open(), 1, 1);
  in_child([&]() -> std::string {
    const std::string path = file();
    const sqlite::writers_queue queue(path);
    const sqlite::writers_queue::place mine(queue, in(1000));
    ::kill(::getpid(), SIGKILL);
    return "";
  });
  EXPECT_TRUE(is_there());
  const auto kept = open();
  EXPECT_LT(ms_of([&] { write(*kept, 2, 2); }), 500);
  EXPECT_FALSE(is_there()) << "what was left is taken away";
}

TEST_F(sqlite_queue, a_place_that_stays_costs_a_second_and_no_write) {
  write(*open(), 1, 1);
  const auto kept = open_sqlite({.path = file(), .busy_timeout_ms = 5000});
  const std::string path = file();
  const sqlite::writers_queue queue(path);
  const sqlite::writers_queue::place stuck(queue, in(100));
  const long took = ms_of([&] { write(*kept, 2, 2); });
  EXPECT_GE(took, 900);
  EXPECT_LT(took, 5000);
  EXPECT_EQ(number_of_samples(), 2);
}

TEST_F(sqlite_queue, where_no_line_can_be_made_writers_do_without) {
  write(*open(), 1, 1);
  fs::create_directory(line());
  const auto kept = open();
  const auto one = kept->connect(), other = kept->connect();
  one->begin(access::write);
  std::thread waiting([&] { write(*other, 2, 2); });
  std::this_thread::sleep_for(milliseconds(30));
  one->rollback();
  waiting.join();
  EXPECT_EQ(number_of_samples(), 2);
}

TEST_F(sqlite_queue, what_lies_there_is_not_believed) {
  write(*open(), 1, 1);
  for (const std::string& bytes : {std::string("hello, world"), std::string(8, '\xff'),
                                   std::string("\xff\xff\xff\xff\xff\xff\xff\x7f")}) {
    std::ofstream(line(), std::ios::binary) << bytes;
    const auto kept = open();
    const auto one = kept->connect(), other = kept->connect();
    one->begin(access::write);
    std::ofstream(line(), std::ios::binary) << bytes;
    const std::int64_t before = number_of_samples(*one);
    std::thread waiting([&] { write(*other, before + 1, before + 1); });
    std::this_thread::sleep_for(milliseconds(30));
    one->rollback();
    waiting.join();
    EXPECT_EQ(number_of_samples(), before + 1);
    fs::remove(line());
  }
}

}  // namespace
}  // namespace kith::conformance
