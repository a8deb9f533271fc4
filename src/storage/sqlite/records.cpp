// SPDX-License-Identifier: Apache-2.0
//
// Single records: read, written, removed.
#include <algorithm>

#include "storage/sqlite/connection.hpp"

namespace kith::inline v1::sqlite {

row_ptr sqlite_connection::get(const entity_type& entity, record_id id, needed_cells cells) {
  site_->check();
  const auto mine = take_turn();
  return db_->get(entity, id, cells == needed_cells::with_keys);
}

void sqlite_connection::write(const row_change& change) {
  require_writing();
  db_->scope().before_write();
  if (change.before) {
    update(change);
  } else {
    insert(change);
  }
  latest_ = {sql::table_name(*change.entity), change.after->id().value,
             change.after->system().revision};
}

namespace {

void bind_optional(sqlite3_stmt* to, int place, std::int64_t value) {
  bind(to, place, value == 0 ? cell::null() : cell::integer(value));
}

}  // namespace

void sqlite_connection::insert(const row_change& change) {
  const entity_type& e = *change.entity;
  const system_cells& system = change.after->system();
  const checked_out s = db_->statement(e, database::purpose::insert);
  sqlite3_bind_int64(s.get(), 1, system.id.value);
  sqlite3_bind_int64(s.get(), 2, system.revision);
  sqlite3_bind_int64(s.get(), 3, system.created);
  bind_optional(s.get(), 4, system.deleted);
  bind_optional(s.get(), 5, system.merged_into.value);
  sqlite3_bind_int64(s.get(), 6, static_cast<std::int64_t>(system.checksum));
  for (slot_number slot = 0; slot < e.columns.size(); ++slot) {
    bind(s.get(), 7 + slot, change.after->at(slot, e.columns[slot].type));
  }
  execute(s.get(), change, "add a record");
}

void sqlite_connection::update(const row_change& change) {
  const entity_type& e = *change.entity;
  const system_cells& system = change.after->system();
  const system_cells& old = change.before->system();
  const bool lifecycle_too = system.deleted != old.deleted || system.merged_into != old.merged_into;
  const checked_out s = db_->update_statement(e, change.changed, lifecycle_too);
  int place = 1;
  sqlite3_bind_int64(s.get(), place++, system.revision);
  sqlite3_bind_int64(s.get(), place++, static_cast<std::int64_t>(system.checksum));
  if (lifecycle_too) {
    bind_optional(s.get(), place++, system.deleted);
    bind_optional(s.get(), place++, system.merged_into.value);
  }
  for (const slot_number slot : change.changed) {
    bind(s.get(), place++, change.after->at(slot, e.columns[slot].type));
  }
  sqlite3_bind_int64(s.get(), place, system.id.value);
  execute(s.get(), change, "change a record");
  if (sqlite3_changes(db_->raw()) != 1) {
    throw error(error_code::damaged,
                "the " + std::string(e.name()) + " " + std::to_string(system.id.value) +
                    " that was to be changed is not there",
                {std::string(e.name()), system.id.value, {}});
  }
}

void sqlite_connection::execute(sqlite3_stmt* s, const row_change& change, std::string_view doing) {
  const int code = sqlite3_step(s);
  sqlite3_reset(s);
  if (code == SQLITE_DONE) return;
  if ((code & 0xff) == SQLITE_CONSTRAINT) taken_value(change);
  if (is_failed_sync(sqlite3_extended_errcode(db_->raw()))) site_->poison();
  fail(db_->raw(), code, doing);
}

// A unique index refused the row: which one, and who has the value?
void sqlite_connection::taken_value(const row_change& change) {
  const entity_type& e = *change.entity;
  const std::string why = sqlite3_errmsg(db_->raw());
  for (const index_type& index : e.indexes) {
    if (index.as != index_def::shape::exclusive) continue;
    std::string text =
        "SELECT id FROM " + sql::table_name(e) + " WHERE deleted IS NULL AND id <> ?1";
    // What did not change need not be in the row that was given.
    for (const slot_number slot : index.keys) {
      const std::string& name = e.columns[slot].name;
      text += " AND " + name + " = ";
      text += is_changed(change, slot)
                  ? "?"
                  : "(SELECT " + name + " FROM " + sql::table_name(e) + " WHERE id = ?1)";
    }
    const checked_out s = db_->statement(text);
    bind(s.get(), 1, cell::integer(change.after->id().value));
    int place = 2;
    for (const slot_number slot : index.keys) {
      if (!is_changed(change, slot)) continue;
      bind(s.get(), place++, change.after->at(slot, e.columns[slot].type));
    }
    running r(s.get());
    if (!r.step("look for the record with the same value")) continue;
    const std::int64_t other = sqlite3_column_int64(s.get(), 0);
    throw exists_already(e, index, *change.after, other);
  }
  throw error(error_code::exists, "cannot write a " + std::string(e.name()) + ": " + why,
              {std::string(e.name()), change.after->id().value, {}});
}

void sqlite_connection::erase(const entity_type& entity, record_id id) {
  require_writing();
  db_->scope().before_write();
  const checked_out s = db_->statement(entity, database::purpose::erase);
  bind(s.get(), 1, cell::integer(id.value));
  running(s.get()).step("erase a record");
}

}  // namespace kith::inline v1::sqlite
