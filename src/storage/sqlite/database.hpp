// SPDX-License-Identifier: Apache-2.0
//
// One SQLite connection: its settings, its prepared statements, built once and kept, and rows to
// and from them. Used by one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "kith/core/store.hpp"
#include "storage/sql/text.hpp"
#include "storage/sqlite/handle.hpp"
#include "storage/sqlite/row_reader.hpp"
#include "storage/sqlite/transactions.hpp"

namespace kith::inline v1::sqlite {

/// How SQLite writes what sql::writer asks of a dialect.
extern const sql::dialect sqlite_dialect;

/// Statements of one text: the idle ones, and how many are in use.
struct shelf {
  std::vector<prepared> idle;
  int in_use = 0;
};

/// A statement that is in use; given back, reset, when it leaves the scope.
class checked_out {
 public:
  checked_out() = default;
  checked_out(shelf& home, prepared s) : home_(&home), statement_(std::move(s)) { ++home_->in_use; }
  checked_out(checked_out&&) noexcept = default;
  checked_out& operator=(checked_out&& other) noexcept;
  ~checked_out() { give_back(); }
  sqlite3_stmt* get() const noexcept { return statement_.get(); }
  void give_back() noexcept;

 private:
  shelf* home_ = nullptr;
  prepared statement_;
};

/// How requests of one shape are asked: everything but the values.
struct scan_plan {
  /// Where the value of a `?` comes from.
  struct source {
    enum class place : std::uint8_t { condition, after, limit } from = place::condition;
    bool is_pattern = false;
    std::uint16_t index = 0;  ///< of the condition, or of the cell in `after`
    std::uint16_t instruction = 0;
  };
  std::string text;
  shelf statements;
  std::vector<source> values;
  row_reader rows;
  std::uint64_t taken = 0;
  bool ordered = false;
};

class database {
 public:
  /// Takes an open handle.
  explicit database(handle h);
  /// Works on a handle that a host opened and will close.
  explicit database(sqlite3* of_host);
  ~database();

  sqlite3* raw() const noexcept { return raw_; }
  /// How transactions are made here.
  transactions& scope() noexcept { return *scope_; }

  /// A statement of this text: an idle one, or prepared now.
  checked_out statement(const std::string& text);
  /// The same, remembered by entity and purpose.
  enum class purpose : std::uint8_t { get_values, get_all, insert, erase };
  checked_out statement(const entity_type& entity, purpose what);
  checked_out update_statement(const entity_type& entity, std::span<const slot_number> changed,
                               bool lifecycle_too);
  void simple(const char* text, std::string_view doing);
  /// The plan for a request: made once for each shape.
  scan_plan& plan_of(const scan_request& request);
  checked_out statement(scan_plan& plan);

  /// The columns of these slots, with a prefix each, in this order.
  std::string columns(const entity_type& entity, std::span<const slot_number> slots,
                      std::string_view prefix);
  /// One record with its system cells and values, and the keys where they are wanted; or null.
  row_ptr get(const entity_type& entity, record_id id, bool keys);

  bool has_table(const std::string& name);
  std::vector<std::pair<std::string, std::string>> table_columns(const std::string& name);
  bool has_index(const std::string& name);

  int wal_pages = 0;              ///< in the log after the latest commit
  int patience_ms = 0;            ///< how long to wait for other writers
  bool older_than_model = false;  ///< columns may be missing and are read as null
  bool host_runs = false;         ///< a host's statement is being prepared: see host_sql.cpp
  std::string host_refused;
  bool host_alters = false;     ///< … and may give a table another name
  bool layout_changed = false;  ///< by the transaction that is open here
  bool layout_undone = false;   ///< what is kept may name columns that went back
  const void* owner = nullptr;  ///< the connection whose transaction is open here

 private:
  struct entity_statements {
    std::size_t columns = 0;                         ///< of the layout they were made for
    row_reader records[2];                           // without and with keys
    shelf kept[4];                                   // by purpose
    std::unordered_map<std::string, shelf> updates;  // by which slots change
  };
  entity_statements& statements_of(const entity_type& entity);
  checked_out statement(const entity_type& entity, entity_statements& kept, purpose what);
  std::vector<slot_number> whole(const entity_type& entity, bool keys);
  void forget_layout();
  std::string text_of(const entity_type& entity, purpose what);
  std::string present(const entity_type& entity, const std::string& name,
                      std::string_view prefix = {});
  bool lacks(const entity_type& entity, const std::string& column);

  handle handle_;  // null when it is a host's
  sqlite3* raw_;
  std::unordered_map<std::string, shelf> by_text_;
  std::unordered_map<std::string, scan_plan> by_shape_;
  std::string shape_;  // scratch of plan_of()
  std::unordered_map<std::uint16_t, std::unique_ptr<entity_statements>> by_entity_;
  std::vector<std::unique_ptr<entity_statements>> outdated_;
  std::unique_ptr<transactions> scope_;  // its statements go before the others
};

}  // namespace kith::inline v1::sqlite
