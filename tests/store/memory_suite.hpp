// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the memory store share: its content seen from inside, and a folder for
// snapshots.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "conformance/suite.hpp"
#include "kith/storage/memory.hpp"
#include "storage/memory/connection.hpp"

namespace kith::conformance {

/// How much a table holds that readers may still need.
struct held {
  std::size_t records = 0;
  std::size_t versions = 0;
  std::size_t entries = 0;  ///< of all indexes
  friend bool operator==(const held&, const held&) = default;
};
inline void PrintTo(const held& h, std::ostream* out) {
  *out << h.records << " records, " << h.versions << " versions, " << h.entries << " entries";
}

inline held held_by(const memory::content& in) {
  held all;
  for (const memory::table* t : in.tables_at(memory::newest)) {
    all.records += t->records.size();
    t->records.forward(memory::least_id, [&](const memory::record& of) {
      for (const memory::version* v = &of.newest; v != nullptr; v = v->older.get()) ++all.versions;
      return true;
    });
    for (const auto& i : t->indexes) all.entries += i->entries.size();
  }
  return all;
}

class snapshot_folder {
 public:
  snapshot_folder() : path(temporary_folder() / ("kith-snapshot-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~snapshot_folder() {
    std::error_code ignored;
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(path, ignored);
  }
  snapshot_folder(const snapshot_folder&) = delete;
  std::string file(const std::string& name = "demo.snapshot") const { return path / name; }
  const std::filesystem::path path;
};

inline std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}
inline void replace_content(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace kith::conformance
