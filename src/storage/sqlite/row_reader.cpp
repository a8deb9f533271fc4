// SPDX-License-Identifier: Apache-2.0
//
// From a statement's columns to the cells of a row.
#include "storage/sqlite/row_reader.hpp"

#include <new>

namespace kith::inline v1::sqlite {
namespace {

void set(system_cells& to, slot_number slot, std::int64_t n) {
  switch (slot) {
    case id_slot: to.id = {n}; break;
    case revision_slot: to.revision = n; break;
    case created_slot: to.created = n; break;
    case deleted_slot: to.deleted = n; break;
    case merged_slot: to.merged_into = {n}; break;
    default: to.checksum = static_cast<std::uint64_t>(n); break;
  }
}

// No bytes: null, an empty blob, or no memory.
std::string_view without_bytes(sqlite3_stmt* at, int place, bool is_text) {
  if (sqlite3_column_type(at, place) != SQLITE_NULL) {
    if (is_text) throw std::bad_alloc();
    return "";
  }
  if (sqlite3_errcode(sqlite3_db_handle(at)) == SQLITE_NOMEM) throw std::bad_alloc();
  return {};
}

}  // namespace

row_reader::row_reader(const entity_type& entity, std::span<const slot_number> slots)
    : slots_(static_cast<unsigned>(entity.columns.size())) {
  std::uint16_t place = 0;
  for (const slot_number slot : slots) {
    const source from{slot, place++};
    if (is_system_slot(slot)) {
      system_.push_back(from);
      continue;
    }
    switch (entity.columns[slot].type) {
      case storage::integer: integers_.push_back(from); break;
      case storage::real: reals_.push_back(from); break;
      case storage::blob: texts_.push_back({from, false, {}}); break;
      default: texts_.push_back({from, true, {}}); break;
    }
  }
}

row_ptr row_reader::read(sqlite3_stmt* at) {
  system_cells system;
  for (const source& s : system_) set(system, s.slot, sqlite3_column_int64(at, s.place));
  // Texts stay with SQLite until they are copied into the row.
  std::size_t bytes = 0;
  for (text_source& t : texts_) {
    const int place = t.from.place;
    const void* const data = t.is_text ? static_cast<const void*>(sqlite3_column_text(at, place))
                                       : sqlite3_column_blob(at, place);
    if (data != nullptr) {
      t.bytes = {static_cast<const char*>(data),
                 static_cast<std::size_t>(sqlite3_column_bytes(at, place))};
      bytes += t.bytes.size();
    } else {
      t.bytes = without_bytes(at, place, t.is_text);
    }
  }
  row_writer to(system, slots_, bytes);
  for (const source& s : integers_) {
    const std::int64_t n = sqlite3_column_int64(at, s.place);
    // Zero may be null; everything else is not.
    if (n != 0 || sqlite3_column_type(at, s.place) != SQLITE_NULL) to.set(s.slot, n);
  }
  for (const source& s : reals_) {
    const double n = sqlite3_column_double(at, s.place);
    if (n != 0 || sqlite3_column_type(at, s.place) != SQLITE_NULL) to.set(s.slot, n);
  }
  for (const text_source& t : texts_) {
    if (t.bytes.data() != nullptr) to.set(t.from.slot, t.bytes);
  }
  return to.finish();
}

}  // namespace kith::inline v1::sqlite
