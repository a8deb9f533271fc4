// SPDX-License-Identifier: Apache-2.0
//
// The store contract on one SQLite connection.
#pragma once

#include "storage/sqlite/site.hpp"

namespace kith::inline v1::sqlite {

/// While a connection, with its cursors, works on a store without a file, which all connections
/// share.
class turn {
 public:
  explicit turn(site& of);
  turn(const turn&) = delete;
  ~turn() { site_.one_at_a_time.leave(); }

 private:
  site& site_;
};

class sqlite_connection final : public connection {
 public:
  explicit sqlite_connection(std::shared_ptr<site> of);
  ~sqlite_connection() override;

  void begin(access mode) override;
  void commit() override;
  bool provisional() override;
  void rollback() noexcept override;
  void savepoint(int level) override;
  void release(int level) override;
  void rollback_to(int level) override;
  std::uint64_t data_version() override;

  row_ptr get(const entity_type& entity, record_id id, needed_cells cells) override;
  std::unique_ptr<cursor> scan(const scan_request& request) override;
  bool aggregate(const aggregate_request& request, const group_sink& sink) override;

  void write(const row_change& change) override;
  void erase(const entity_type& entity, record_id id) override;

  bool has(const entity_type& entity) override;
  void apply(const entity_type& entity) override;
  void define_view(const view_definition& view) override;
  void host_sql(std::string_view text, std::span<const cell> parameters,
                const host_row_sink& sink) override;

  /// Copies what the open transaction sees into an empty file.
  void copy_to(const std::string& path);
  /// Tells what SQLite finds wrong, and what somebody hung on Kith's tables.
  void check_structure(const damage_sink& found);

 private:
  struct written {  // the latest write of the transaction, to find it again
    std::string table;
    std::int64_t id = 0;
    std::int64_t revision = 0;
  };
  std::shared_ptr<turn> take_turn();
  void finish_rollback();
  void end() noexcept;
  void abandon() noexcept;
  void require_writing() const;
  void require_level(int level) const;
  void insert(const row_change& change);
  void update(const row_change& change);
  void execute(sqlite3_stmt* s, const row_change& change, std::string_view doing);
  [[noreturn]] void taken_value(const row_change& change);
  void commit_failed(int code);
  [[noreturn]] void unknown_outcome(const char* why);
  bool is_there(const written& latest);
  void create_table(const entity_type& entity);
  void add_columns(const entity_type& entity);
  void add_indexes(const entity_type& entity);

  std::shared_ptr<site> site_;
  std::shared_ptr<database> db_;
  std::optional<access> open_;  // the transaction
  int levels_ = 0;              // savepoints in it
  std::shared_ptr<turn> turn_;  // of the transaction
  std::weak_ptr<turn> mine_;    // of the transaction or a cursor
  bool lasts_ = false;          // the commit that was the latest call
  written latest_;
  const error unknown_;  // made before memory may be short
};

/// Tells Kith's views from those that others make.
inline constexpr const char* view_mark = "/* a view of Kith */";

/// SQLite asks this while it prepares a statement; see host_sql.cpp.
int host_may(void* database, int action, const char* first, const char* second, const char*,
             const char*);

}  // namespace kith::inline v1::sqlite
