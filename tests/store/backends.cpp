// SPDX-License-Identifier: Apache-2.0
//
// The list of stores under test. One entry for each way in which a store may be opened.
#include "backends.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <ostream>
#include <stdexcept>

#include "c_table.hpp"
#include "conformance/plain_store.hpp"
#include "kith/storage/memory.hpp"
#include "kith/storage/sqlite.hpp"

namespace kith::conformance {

// These tests are about meaning; what a disk loses is the business of the fault tests.
std::filesystem::path temporary_folder() {
  const std::filesystem::path memory("/dev/shm");
  return ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
}

namespace {

// A folder that fresh() empties and that is gone at the end.
class place {
 public:
  explicit place(const std::string& name)
      : folder_(temporary_folder() / ("kith-store-" + name + "-" + std::to_string(getpid()))) {}
  place(const place&) = delete;
  place& operator=(const place&) = delete;
  ~place() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string made() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    return path();
  }
  std::string path() const { return folder_ / "content"; }

 private:
  std::filesystem::path folder_;
};

// A store in a file: open(path, read_only).
template <class Open>
backend in_file(const std::string& name, Open open) {
  const auto where = std::make_shared<place>(name);
  return {name, [=] { return open(where->made(), false); },
          [=] { return open(where->path(), false); }, [=] { return open(where->path(), true); }};
}

// A host, as a program of today opens its database, and the guest on it. Opened again, it is
// another program on the same file: the one before may still be there, and goes when a new file is
// made.
class host {
 public:
  explicit host(const std::string& name) : where_(name) {}

  std::unique_ptr<store> open(bool fresh) {
    if (fresh) connections_.clear();
    const std::string path = fresh ? where_.made() : where_.path();
    sqlite3* made = nullptr;
    const int code = sqlite3_open(path.c_str(), &made);
    connections_.emplace_back(made, sqlite3_close_v2);
    sqlite3_busy_timeout(made, busy_timeout_ms);
    if (code != SQLITE_OK ||
        sqlite3_exec(made,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                     "PRAGMA wal_autocheckpoint = 0; "
                     "CREATE TABLE IF NOT EXISTS invoices(id INTEGER PRIMARY KEY)",
                     nullptr, nullptr, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(made));
    }
    return open_sqlite_guest(made);
  }

 private:
  place where_;
  std::vector<std::unique_ptr<sqlite3, int (*)(sqlite3*)>> connections_;
};

backend guest_of(const std::string& name) {
  const auto owner = std::make_shared<host>(name);
  return {name, [=] { return owner->open(true); }, [=] { return owner->open(false); }};
}

// The memory store behind the table of C functions, as a plug-in would be.
backend through_c(const std::string& name) {
  export_store(name, [](const std::string& path, const plugin_options& how) {
    return open_memory(
        {.path = path, .busy_timeout_ms = how.busy_timeout_ms, .read_only = how.read_only});
  });
  return in_file(name, [name](const std::string& path, bool read_only) {
    return open_plugin(exported_table(), name + ":" + path,
                       {.busy_timeout_ms = busy_timeout_ms, .read_only = read_only});
  });
}

}  // namespace

const std::vector<backend>& backends() {
  static const std::vector<backend> all{
      {"plain", [] { return make_plain_store(busy_timeout_ms); }},
      {"memory", [] { return open_memory({.path = {}, .busy_timeout_ms = busy_timeout_ms}); }},
      in_file("memory_snapshot",
              [](const std::string& path, bool read_only) {
                return open_memory(
                    {.path = path, .busy_timeout_ms = busy_timeout_ms, .read_only = read_only});
              }),
      {"sqlite_memory",
       [] { return open_sqlite({.path = ":memory:", .busy_timeout_ms = busy_timeout_ms}); }},
      in_file("sqlite_file",
              [](const std::string& path, bool read_only) {
                return open_sqlite(
                    {.path = path, .read_only = read_only, .busy_timeout_ms = busy_timeout_ms});
              }),
      guest_of("sqlite_guest"),
      through_c("memory_through_c"),
  };
  return all;
}

const backend& in_turn(const backend& parameter) { return parameter; }

void PrintTo(const backend& b, std::ostream* out) { *out << b.name; }

}  // namespace kith::conformance
