// SPDX-License-Identifier: Apache-2.0
//
// What a store must do: keep rows, transactions and declared indexes. It knows cells, not kinds;
// entities, not rules. Whatever it does not take, the core does (docs/decisions/0007).
//
// To write one: derive from store and connection, pass tests/store (the conformance suite).
// A store is used by any thread; a connection by one thread at a time.
//
// Promises that every store keeps: a transaction is all or nothing; readers see one instant, the
// newest committed one when they began; a writer sees its own writes; writers are serial.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kith/core/model.hpp"
#include "kith/core/program.hpp"
#include "kith/core/row.hpp"

namespace kith::inline v1 {

/// What a store can do beyond the required minimum. Tests ask this, never a store's name.
struct capabilities {
  std::string_view name;
  enum class durability : std::uint8_t {
    in_process,  ///< gone with the process
    on_save,     ///< what save() wrote
    on_commit,   ///< a commit that returned survives a power cut
  };
  durability durable = durability::in_process;
  bool many_processes = false;  ///< several processes may open it at once
  bool parallel_reads = false;  ///< readers keep their instant while somebody writes; without it
                                ///< a read transaction keeps writers out
  bool read_only_open = false;
  bool host_sql = false;    ///< connection::host_sql works
  bool save = false;        ///< store::save works
  bool backup = false;      ///< store::backup works
  bool compact = false;     ///< store::compact works
  bool views = false;       ///< connection::define_view works
  bool guest = false;       ///< it lives in a database that a host opened: the host's transactions
                            ///< and durability are in force
  bool conditions = false;  ///< scan takes conditions
  bool paths = false;       ///< scan takes load_path in conditions and orders
  bool orders = false;      ///< scan takes orders
  bool aggregates = false;  ///< connection::aggregate takes requests
};

enum class access : std::uint8_t { read, write };

/// Which cells of a row will be read.
enum class needed_cells : std::uint8_t {
  values,  ///< what users gave; keys may be left out
  with_keys,
};

/// Which rows a scan delivers.
enum class lifecycle : std::uint8_t { live, deleted, all };

/// What is scanned. Spans live as long as the cursor.
struct scan_request {
  const entity_type* entity = nullptr;
  lifecycle rows = lifecycle::live;
  /// Conditions that must all hold. The store takes those it wants (cursor::taken()).
  std::span<const program> conditions;
  /// The wanted order; the row's id is always the last key, in the direction of the last term
  /// (ascending when there is none), so that an index read backwards serves a descending order.
  /// Every store takes an order by id alone, in both directions. Nulls come first ascending.
  std::span<const order_term> order;
  /// No order matters, not even that of the ids: a look-up.
  bool any_order = false;
  /// Deliver only rows behind this place: one cell for each order term, then the id.
  std::span<const cell> after;
  /// At most so many rows; 0: all. Only a store that took all conditions and the order counts.
  std::uint64_t limit = 0;
  /// The slots that will be read, system slots included; the id always is. Empty: id, revision,
  /// deleted, merged_into and all values, without keys. What conditions that were not taken, or an
  /// order that was not kept, read of the row is delivered, too.
  std::span<const slot_number> slots;
};

/// Rows one by one. The cursor sees one instant, whatever is written meanwhile by others; inside
/// a write transaction the core reads a cursor to its end before it writes.
class cursor {
 public:
  virtual ~cursor() = default;
  /// Bit i: condition i was taken. Conditions beyond 64 are the core's.
  virtual std::uint64_t taken() const noexcept = 0;
  /// Whether rows come in the wanted order and behind `after`; then `limit` counts when all
  /// conditions were taken.
  virtual bool ordered() const noexcept = 0;
  /// Null at the end.
  virtual row_ptr next() = 0;
};

/// A grouped aggregation over cells. Taken whole or not at all.
struct aggregate_request {
  struct measure {
    aggregate what = aggregate::count;  ///< count (of rows, or of values of `of`), sum, min, max
    program of;                         ///< empty: rows
  };
  const entity_type* entity = nullptr;
  lifecycle rows = lifecycle::live;
  std::span<const program> conditions;
  std::span<const program> groups;
  std::span<const storage> group_types;
  std::span<const measure> measures;
};
/// Receives each group: its key cells, then its measures. The order of groups is not defined.
using group_sink = std::function<void(std::span<const cell>)>;

/// A view for people and their reporting tools, as a store can build it.
struct view_definition {
  std::string name;  ///< `orders`
  const entity_type* entity = nullptr;
  struct column {
    std::string name;
    slot_number slot = no_slot;
    /// How the cell is shown: as it is; an integer of this scale as a decimal; days since
    /// 1970-01-01 as a date; microseconds as an instant; a number of a choice as its name; the
    /// name (its slot) of the record that a reference names.
    enum class shown : std::uint8_t {
      plain,
      decimal,
      date,
      instant,
      choice,
      name
    } as = shown::plain;
    unsigned scale = 0;
    slot_number scale_slot = no_slot;  ///< where the scale depends on the currency
    std::span<const choice_option> choices{};
    const entity_type* of = nullptr;  ///< whose record a reference names
    slot_number name_slot = no_slot;
  };
  std::vector<column> columns;
};

/// A host's own statement: rows of cells go to the sink.
using host_row_sink = std::function<void(std::span<const cell>)>;

/// A change of one record: the new version, and which slots differ from the old one. System cells
/// may differ always.
struct row_change {
  const entity_type* entity = nullptr;
  row_ptr before;                        ///< null: the record is new
  row_ptr after;                         ///< keys that did not change may be missing when `before`
                                         ///< came from this store without them
  std::span<const slot_number> changed;  ///< of an update; empty when only system cells differ
};

/// One line to the store, for one thread at a time. Calls outside begin() and commit() are misuse,
/// except get and scan, which then see the newest committed instant each.
class connection {
 public:
  virtual ~connection() = default;

  /// A write transaction waits for other writers, up to the store's time-out (error_code::busy).
  virtual void begin(access mode) = 0;
  /// Returns when the transaction is as durable as the store promises. error_code::busy, full and
  /// exists mean that nothing was stored; error_code::outcome_unknown that nobody can tell yet.
  virtual void commit() = 0;
  /// Whether what was committed here can still be taken back: the transaction of a host is open
  /// around it (capabilities::guest).
  virtual bool provisional() { return false; }
  /// Nothing happens when no transaction is open.
  virtual void rollback() noexcept = 0;
  /// Savepoints nest; `level` counts from 1.
  virtual void savepoint(int level) = 0;
  virtual void release(int level) = 0;
  virtual void rollback_to(int level) = 0;
  /// Changes whenever somebody else's commit has become visible to this connection. Meaningful
  /// right after a read.
  virtual std::uint64_t data_version() = 0;

  /// The current version, deleted ones included; null when there is none. Key cells are needed
  /// only where `cells` says so.
  virtual row_ptr get(const entity_type& entity, record_id id,
                      needed_cells cells = needed_cells::values) = 0;
  virtual std::unique_ptr<cursor> scan(const scan_request& request) = 0;
  /// False when the store does not take this request; then nothing went to the sink.
  virtual bool aggregate(const aggregate_request& request, const group_sink& sink);

  /// Adds or replaces a version. error_code::exists, with the other record, for a unique index.
  virtual void write(const row_change& change) = 0;
  /// Removes every trace of the current version.
  virtual void erase(const entity_type& entity, record_id id) = 0;

  /// Whether the store has a place for this entity's records.
  virtual bool has(const entity_type& entity) = 0;
  /// Adds what the store lacks of the entity: its table, columns, indexes. Retired unique indexes
  /// refuse nothing from then on. O(1) but for indexes on existing records. Part of the write
  /// transaction. error_code::model when a column exists with another class.
  virtual void apply(const entity_type& entity) = 0;
  /// Defines, or replaces, a view for reporting (a finished description, without kinds);
  /// error_code::unsupported without capabilities::views.
  virtual void define_view(const view_definition& view);
  /// Runs a host's statement inside the transaction; error_code::unsupported without
  /// capabilities::host_sql, error_code::denied when it touches Kith's tables.
  virtual void host_sql(std::string_view text, std::span<const cell> parameters,
                        const host_row_sink& sink);
};

/// Whether an update changes this slot; an addition changes all.
inline bool is_changed(const row_change& change, slot_number slot) {
  return !change.before ||
         std::find(change.changed.begin(), change.changed.end(), slot) != change.changed.end();
}
/// The error of a unique index: names the fields, the value and the record that has it.
error exists_already(const entity_type& entity, const index_type& index, const row& refused,
                     std::int64_t other);

class store;
/// Looks at a copy of a store, open for reading, before it gets its name; throws to refuse it.
using copy_check = std::function<void(std::unique_ptr<store> copy)>;
/// Is told what is wrong with a store's own structure, and what a person can do about it.
using damage_sink = std::function<void(std::string what, std::string remedy)>;

/// Where the rows are.
class store {
 public:
  virtual ~store() = default;
  virtual const capabilities& can() const noexcept = 0;
  /// A connection of its own or one that is idle. Any thread.
  virtual std::unique_ptr<connection> connect() = 0;
  /// The model changed: prepared statements of older layouts may be dropped.
  virtual void model_changed(const model& now);
  /// Writes everything to its file; error_code::unsupported where capabilities::save is false.
  virtual void save();
  /// Copies one instant to a new file, while others read and write. The file gets its name when all
  /// of it is on the disk and `check` did not object: whoever looks finds nothing or all of it.
  /// error_code::unsupported where capabilities::backup is false; exists, not_found, full, storage.
  virtual void backup(const std::string& path, const copy_check& check);
  /// Writes its files anew, so that nothing that was removed is left in them; error_code::busy,
  /// full, storage; unsupported where capabilities::compact is false.
  virtual void compact();
  /// Looks for damage in what only the store knows: pages, indexes. Damage is told, not thrown.
  virtual void verify(const damage_sink& found);
  /// Throws error_code::poisoned, closed or forked when the store cannot be used any more.
  virtual void check() const = 0;
};

}  // namespace kith::inline v1
