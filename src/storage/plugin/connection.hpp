// SPDX-License-Identifier: Apache-2.0
//
// A connection to a store of another make. It keeps the plug-in from calls out of order: those are
// answered here, the same for all plug-ins.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "kith/core/store.hpp"
#include "storage/plugin/call.hpp"
#include "storage/plugin/cells.hpp"
#include "storage/plugin/layout.hpp"

namespace kith::inline v1::plugin {

class plugin_cursor;

/// The plug-in's connection, and the cursors on it. Cursors share it.
struct line {
  explicit line(std::shared_ptr<site> to);
  line(const line&) = delete;
  line& operator=(const line&) = delete;
  ~line();

  /// Closes all cursors: what follows would take the rows from under them.
  void end_cursors() noexcept;
  /// The entity in C.
  layout_ptr layout_of(const entity_type& entity);

  std::shared_ptr<site> of;
  void* handle = nullptr;
  std::vector<plugin_cursor*> cursors;
  std::unordered_map<const entity_type*, layout_ptr> layouts;
};

/// Says error_code::damaged with the names of plug-in and function.
complaint complaint_of(const site& of, const char* function);

/// Opens a cursor on a line.
std::unique_ptr<cursor> open_cursor(std::shared_ptr<line> on, const scan_request& request);

class plugin_connection final : public connection {
 public:
  explicit plugin_connection(std::shared_ptr<site> to);
  ~plugin_connection() override;

  void begin(access mode) override;
  void commit() override;
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
  void host_sql(std::string_view text, std::span<const cell> parameters,
                const host_row_sink& sink) override;

 private:
  const ::kith_store_api& table() const { return line_->of->table; }
  /// Throws unless a write transaction is open; cursors end.
  void writes();
  void move_savepoint(std::uint32_t verb, int level);
  /// The new version with the keys that its change left out.
  row_ptr complete(const row_change& change);

  std::shared_ptr<line> line_;
  enum class open : std::uint8_t { nothing, to_read, to_write } open_ = open::nothing;
  int depth_ = 0;
};

}  // namespace kith::inline v1::plugin
