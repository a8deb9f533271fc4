// SPDX-License-Identifier: Apache-2.0
//
// What the tests of SQLite files share: a folder, stores in it, records, children, and SQLite
// itself as another program would use it.
//
//   write(*open(), 1, 10);                     // ten samples
//   EXPECT_EQ(number_of_samples(), 10);
//   EXPECT_EQ(outcome([&] { open(); }), "foreign");
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/suite.hpp"
#include "kith/storage/sqlite.hpp"

namespace kith::conformance {

class sqlite_files : public ::testing::Test {
 protected:
  sqlite_files();
  ~sqlite_files() override;

  std::string file(const std::string& name = "shop.kith") const { return folder / name; }
  /// Opens shop.kith.
  std::unique_ptr<store> open(bool read_only = false) const;
  /// The tables of the model, in a transaction.
  void apply(store& to) const;
  /// Samples with these ids and their whole number; one transaction for each when asked for.
  void write(store& to, std::int64_t first, std::int64_t last) const;
  void write(connection& to, std::int64_t first, std::int64_t last) const;
  std::int64_t number_of_samples() const;
  std::int64_t number_of_samples(store& in) const;
  std::int64_t number_of_samples(connection& from) const;
  const entity_type& samples() const { return model->entity<sample>(); }

  model_ptr model = conformance_model();
  std::filesystem::path folder;
};

/// All bytes. Only for files that nobody in this process has open.
std::string bytes_of(const std::string& path);
void put_bytes(const std::string& path, const std::string& bytes);
std::uint64_t size_of(const std::string& path);

/// SQLite as another program uses it.
class tool {
 public:
  explicit tool(const std::string& path, int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  ~tool() { sqlite3_close(handle_); }
  tool(const tool&) = delete;
  sqlite3* raw() const { return handle_; }
  /// The first column of all rows, one below the other.
  std::string ask(const std::string& sql, int column = 0) const;

 private:
  sqlite3* handle_ = nullptr;
};

/// Does the work in a child, which ends without any destructor of the parent's. Empty when all is
/// well; otherwise what went wrong.
std::string in_child(const std::function<std::string()>& work);
/// The same for several children at once.
std::vector<std::string> in_children(const std::vector<std::function<std::string()>>& work);

}  // namespace kith::conformance
