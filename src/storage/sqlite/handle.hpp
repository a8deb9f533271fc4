// SPDX-License-Identifier: Apache-2.0
//
// SQLite's handles with owners, and its codes as errors of ours.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>

#include "kith/core/cell.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::sqlite {

struct close_handle {
  void operator()(sqlite3* h) const noexcept { sqlite3_close_v2(h); }
  void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
};
using handle = std::unique_ptr<sqlite3, close_handle>;
using prepared = std::unique_ptr<sqlite3_stmt, close_handle>;

/// Throws what a code means: std::bad_alloc, or error_code::busy, full, storage, damaged, …
/// `doing` completes "cannot …".
[[noreturn]] void fail(sqlite3* on, int code, std::string_view doing);

/// Whether a code tells of a sync that failed: what reached the disk is then unknown.
bool is_failed_sync(int extended_code) noexcept;

prepared prepare(sqlite3* on, std::string_view sql, bool lasting);
/// Runs statements without results.
void run(sqlite3* on, const char* sql);
/// The first column of the first row, or 0.
std::int64_t number(sqlite3* on, const char* sql);
std::string text(sqlite3* on, const char* sql);

/// Binds without copying: the cell's bytes must live until the statement is reset.
void bind(sqlite3_stmt* to, int place, const cell& c);
/// The cell lives until the next step.
cell cell_at(sqlite3_stmt* of, int place);
/// The same of a column that holds text or blobs only.
cell bytes_at(sqlite3_stmt* of, int place, storage type);

/// Resets a statement when it leaves the scope.
class running {
 public:
  explicit running(sqlite3_stmt* s) : statement_(s) {}
  ~running() { sqlite3_reset(statement_); }
  running(const running&) = delete;
  sqlite3_stmt* get() const noexcept { return statement_; }
  /// True for a row, false at the end.
  bool step(std::string_view doing);

 private:
  sqlite3_stmt* statement_;
};

}  // namespace kith::inline v1::sqlite
