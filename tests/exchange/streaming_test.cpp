// SPDX-License-Identifier: Apache-2.0
//
// Memory does not grow with the file: a process that imports many times as many rows needs hardly
// more at its peak. Each import runs in a process of its own. The short form finds and refuses the
// same records again and again; KITH_STREAM_ROWS=10000000 adds as many to a file, against 100,000.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "environment.hpp"
#include "kith/storage/memory.hpp"
#include "kith/storage/sqlite.hpp"
#include "lab.hpp"

namespace kith::lab {
namespace {

// A file that is made up while it is read: row n is about client n, or n modulo `different`.
byte_source clients(std::uint64_t rows, std::uint64_t different) {
  return [rows, different, next = std::uint64_t{0},
          rest = std::string("id,name,city,email,note\n")](char* to, std::size_t room) mutable {
    while (rest.size() < room && next < rows) {
      const std::string n = std::to_string(++next % different);
      rest += (next % 50 == 0 ? std::string() : n) + ",Client " + n + ",Omsk,c" + n +
              "@example.org,\"something, perhaps\"\n";
    }
    const std::size_t size = std::min(room, rest.size());
    std::memcpy(to, rest.data(), size);
    rest.erase(0, size);
    return size;
  };
}

std::uint64_t peak_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtoull(line.c_str() + 6, nullptr, 10);
  }
  return 0;
}

// No test that is switched off: the body of the child process whose peak of memory the tests below
// measure. They run it by its name, in a process of its own.
TEST(streaming_test, DISABLED_one_import) {
  const std::uint64_t rows = number_in("KITH_STREAM_CHILD", 1000);
  const bool in_file = std::getenv("KITH_STREAM_FILE") != nullptr;
  const std::string path = std::filesystem::temp_directory_path() /
                           ("kith-stream-" + std::to_string(::getpid()) + ".kith");
  {
    crm_options o;
    o.entities.assign(standard_entities.begin(), standard_entities.end());
    crm base(in_file ? open_sqlite({.path = path}) : open_memory({}), std::move(o));
    session s = base.open_session({.actor = "anna", .actor_id = {}, .zone = {}});
    import_options options;
    options.entity = "clients";
    options.columns = {{"id", "@shop"}};
    options.match = {"@shop"};
    options.most_errors = 100;
    const import_result r = import_csv(s, clients(rows, in_file ? rows + 1 : 500), options);
    EXPECT_EQ(r.rows, rows);
    EXPECT_EQ(r.failed, rows / 50) << told(r).substr(0, 500);
  }
  if (in_file) std::filesystem::remove(path);
  std::printf("peak %llu\n", static_cast<unsigned long long>(peak_kilobytes()));
}

std::uint64_t peak_of(std::uint64_t rows, bool in_file) {
  const std::string command =
      std::string(in_file ? "KITH_STREAM_FILE=1 " : "") +
      "KITH_STREAM_CHILD=" + std::to_string(rows) + " '" +
      std::filesystem::read_symlink("/proc/self/exe").string() +
      "' --gtest_also_run_disabled_tests --gtest_filter=streaming_test.DISABLED_one_import";
  std::FILE* output = ::popen(command.c_str(), "r");
  if (output == nullptr) return 0;
  std::uint64_t peak = 0;
  char line[512];
  while (std::fgets(line, sizeof line, output) != nullptr) {
    if (std::strncmp(line, "peak ", 5) == 0) peak = std::strtoull(line + 5, nullptr, 10);
  }
  return ::pclose(output) == 0 ? peak : 0;
}

void compare(std::uint64_t few, std::uint64_t many, bool in_file) {
#ifdef KITH_SANITIZED
  GTEST_SKIP() << "the sanitizer keeps what was freed";
#endif
  const std::uint64_t small = peak_of(few, in_file);
  const std::uint64_t large = peak_of(many, in_file);
  std::printf("%llu rows: %llu kB, %llu rows: %llu kB\n", static_cast<unsigned long long>(few),
              static_cast<unsigned long long>(small), static_cast<unsigned long long>(many),
              static_cast<unsigned long long>(large));
  ASSERT_GT(small, 0u);
  EXPECT_LE(large, small + 10'240);
}

TEST(streaming_test, memory_does_not_grow_with_the_rows) { compare(5'000, 100'000, false); }

TEST(streaming_test, memory_does_not_grow_with_the_file) {
  const std::uint64_t many = number_in("KITH_STREAM_ROWS", 0);
  if (many == 0) GTEST_SKIP() << "the long form: KITH_STREAM_ROWS=1000000 or more";
  compare(100'000, many, true);
}

}  // namespace
}  // namespace kith::lab
