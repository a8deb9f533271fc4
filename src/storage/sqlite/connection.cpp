// SPDX-License-Identifier: Apache-2.0
//
// Transactions, records and what a failed commit means.
#include "storage/sqlite/connection.hpp"

#include <algorithm>
#include <new>

namespace kith::inline v1::sqlite {

turn::turn(site& of) : site_(of) {
  if (!of.one_at_a_time.enter(of.options().busy_timeout_ms)) {
    throw error(error_code::busy,
                "another transaction holds the store for longer than the time-out of " +
                    std::to_string(of.options().busy_timeout_ms) + " ms");
  }
}

sqlite_connection::sqlite_connection(std::shared_ptr<site> of)
    : site_(std::move(of)),
      db_(site_->open_database()),
      unknown_(error_code::outcome_unknown,
               "the commit failed on the way to the disk; close the store, open it again and ask "
               "for the outcome of the operation key") {}

sqlite_connection::~sqlite_connection() {
  rollback();
  try {
    site_->check();
  } catch (...) {
    abandon();
  }
}

// In a forked child, closing would touch the parent's file: the memory is let go with the process.
void sqlite_connection::abandon() noexcept {
  if (site_->forked()) new std::shared_ptr<database>(std::move(db_));  // never freed, on purpose
}

std::shared_ptr<turn> sqlite_connection::take_turn() {
  std::shared_ptr<turn> mine;
  if (site_->in_memory()) {
    mine = mine_.lock();
    if (!mine) mine_ = mine = std::make_shared<turn>(*site_);
  }
  if (db_->owner == nullptr) finish_rollback();
  return mine;
}

// A transaction that SQLite could not take back for want of memory is nobody's, and still open.
void sqlite_connection::finish_rollback() {
  if (!site_->forked() && !db_->roll_back()) throw std::bad_alloc();
}

// ------------------------------------------------------------------------------------ transactions

void sqlite_connection::begin(access mode) {
  site_->check();
  if (open_) throw error(error_code::misuse, "this connection is in a transaction already");
  auto mine = take_turn();
  if (mode == access::write) {
    if (site_->options().read_only) {
      throw error(error_code::read_only, "the store was opened for reading");
    }
    site_->check_same_file();
    db_->simple("BEGIN IMMEDIATE", "begin to write");
  } else {
    db_->simple("BEGIN", "begin to read");
    try {
      db_->simple("SELECT rootpage FROM sqlite_schema LIMIT 1", "begin to read");  // the instant
    } catch (...) {
      db_->roll_back();
      throw;
    }
  }
  turn_ = std::move(mine);
  open_ = mode;
  db_->owner = this;
  latest_ = {};
  levels_ = 0;
}

void sqlite_connection::end() noexcept {
  open_.reset();
  if (db_->layout_changed) db_->layout_undone = true;  // else commit() said that it lasts
  db_->layout_changed = false;
  if (db_->owner == this) db_->owner = nullptr;
  turn_.reset();
}

void sqlite_connection::commit() {
  if (!open_) throw error(error_code::misuse, "there is no transaction to commit");
  site_->check();
  if (sqlite3_get_autocommit(db_->raw()) != 0) {
    end();
    throw error(error_code::retry, "the transaction was taken back after an earlier error");
  }
  const bool wrote = *open_ == access::write;
  const checked_out s = db_->statement("COMMIT");
  const int code = sqlite3_step(s.get());
  if (code != SQLITE_DONE) {
    if (!wrote) fail(db_->raw(), code, "end reading");
    commit_failed(code);
  }
  db_->layout_changed = false;
  end();
  if (wrote && !site_->in_memory()) site_->checkpoint_after(*db_);
}

// 0009-sqlite-file.md: busy and full are certain; no memory can be made certain; the rest is not.
void sqlite_connection::commit_failed(int code) {
  const int kind = code & 0xff;
  if (kind == SQLITE_BUSY || kind == SQLITE_FULL) {
    try {
      fail(db_->raw(), code, "commit");
    } catch (...) {
      rollback();
      throw;
    }
  }
  const char* const why = sqlite3_errstr(sqlite3_extended_errcode(db_->raw()));
  rollback();
  if (kind == SQLITE_NOMEM) {
    try {
      finish_rollback();
      if (is_there(latest_)) return;  // it had happened after all
      // A later commit writes over what the failed one may have left in the log.
      run(db_->raw(), "BEGIN IMMEDIATE; PRAGMA user_version = 1; COMMIT");
    } catch (...) {
      db_->roll_back();
      unknown_outcome(why);
    }
    throw std::bad_alloc();
  }
  unknown_outcome(why);
}

void sqlite_connection::unknown_outcome(const char* why) {
  site_->poison();
  try {
    throw error(error_code::outcome_unknown,
                "the commit failed on the way to the disk (" + std::string(why) +
                    "); close the store, open it again and ask for the outcome of the operation "
                    "key");
  } catch (const std::bad_alloc&) {
    throw unknown_;
  }
}

bool sqlite_connection::is_there(const written& latest) {
  if (latest.table.empty()) return false;
  const checked_out s = db_->statement("SELECT revision FROM " + latest.table + " WHERE id = ?");
  bind(s.get(), 1, cell::integer(latest.id));
  running r(s.get());
  return r.step("read") && sqlite3_column_int64(s.get(), 0) == latest.revision;
}

void sqlite_connection::rollback() noexcept {
  if (!open_) return;
  if (!site_->forked()) db_->roll_back();
  end();
}

void sqlite_connection::savepoint(int level) {
  require_writing();
  if (level != levels_ + 1) {
    throw error(error_code::misuse,
                "savepoints nest: the next level is " + std::to_string(levels_ + 1));
  }
  db_->simple(("SAVEPOINT s" + std::to_string(level)).c_str(), "set a savepoint");
  levels_ = level;
}

void sqlite_connection::require_level(int level) const {
  require_writing();
  if (level >= 1 && level <= levels_) return;
  throw error(error_code::misuse, "there is no savepoint of level " + std::to_string(level));
}

void sqlite_connection::release(int level) {
  require_level(level);
  db_->simple(("RELEASE s" + std::to_string(level)).c_str(), "release a savepoint");
  levels_ = level - 1;
}

void sqlite_connection::rollback_to(int level) {
  require_level(level);
  db_->simple(("ROLLBACK TO s" + std::to_string(level)).c_str(), "go back to a savepoint");
  levels_ = level;
  if (db_->layout_changed) db_->layout_undone = true;
}

std::uint64_t sqlite_connection::data_version() {
  unsigned version = 0;
  sqlite3_file_control(db_->raw(), "main", SQLITE_FCNTL_DATA_VERSION, &version);
  return version;
}

void sqlite_connection::require_writing() const {
  site_->check();
  if (!open_) throw error(error_code::misuse, "writing needs a write transaction");
  if (*open_ != access::write) {
    throw error(error_code::read_only, "this is a read transaction: begin one for writing");
  }
  if (sqlite3_get_autocommit(db_->raw()) != 0) {
    throw error(error_code::retry, "the transaction was taken back after an earlier error");
  }
}

// ----------------------------------------------------------------------------------------- records

row_ptr sqlite_connection::get(const entity_type& entity, record_id id, needed_cells cells) {
  site_->check();
  const auto mine = take_turn();
  const bool all = cells == needed_cells::with_keys;
  const checked_out s =
      db_->statement(entity, all ? database::purpose::get_all : database::purpose::get_values);
  sqlite3_bind_int64(s.get(), 1, id.value);
  running r(s.get());
  if (!r.step("read a record")) return {};
  return db_->row_of(s.get(), entity, db_->whole(entity, all));
}

void sqlite_connection::write(const row_change& change) {
  require_writing();
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
  const checked_out s = db_->statement(entity, database::purpose::erase);
  bind(s.get(), 1, cell::integer(id.value));
  running(s.get()).step("erase a record");
}

// ------------------------------------------------------------------------------------------ layout

bool sqlite_connection::has(const entity_type& entity) {
  site_->check();
  const auto mine = take_turn();
  return db_->has_table(sql::table_name(entity));
}

namespace {

std::string_view type_of(storage type) {
  switch (type) {
    case storage::integer: return "INTEGER";
    case storage::real: return "REAL";
    case storage::text: return "TEXT";
    default: return "BLOB";
  }
}

}  // namespace

void sqlite_connection::apply(const entity_type& entity) {
  require_writing();
  if (db_->has_table(sql::table_name(entity))) {
    add_columns(entity);
  } else {
    create_table(entity);
  }
  add_indexes(entity);
  db_->older_than_model = false;
  db_->layout_changed = true;
}

void sqlite_connection::create_table(const entity_type& entity) {
  if (!site_->in_memory()) {  // the first table makes the file Kith's, in the same transaction
    run(db_->raw(), ("PRAGMA application_id = " + std::to_string(application_id) +
                     "; PRAGMA user_version = " + std::to_string(file_format))
                        .c_str());
  }
  std::string text = "CREATE TABLE " + sql::table_name(entity) +
                     "(id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, created INTEGER NOT "
                     "NULL, deleted INTEGER, merged INTEGER, checksum INTEGER NOT NULL";
  for (const column& c : entity.columns) text += ", " + c.name + " " + std::string(type_of(c.type));
  run(db_->raw(), (text + ") STRICT").c_str());
}

void sqlite_connection::add_columns(const entity_type& entity) {
  const std::string table = sql::table_name(entity);
  const auto have = db_->table_columns(table);
  for (const column& c : entity.columns) {
    const auto found = std::find_if(have.begin(), have.end(),
                                    [&](const auto& column) { return column.first == c.name; });
    if (found == have.end()) {
      run(db_->raw(),
          ("ALTER TABLE " + table + " ADD COLUMN " + c.name + " " + std::string(type_of(c.type)))
              .c_str());
    } else if (found->second != type_of(c.type)) {
      throw error(error_code::model,
                  std::string(entity.name()) + "." + c.name + " is stored as " + found->second +
                      ", the model wants " + std::string(type_of(c.type)) +
                      "; a field's kind never changes: add another field",
                  {std::string(entity.name()), 0, c.name});
    }
  }
}

void sqlite_connection::add_indexes(const entity_type& entity) {
  for (const index_type& index : entity.indexes) {
    const std::string name = sql::index_name(entity, index);
    if (db_->has_index(name)) continue;
    const bool clustered = index.as == index_def::shape::clustered;
    std::string columns;
    for (const slot_number s : index.keys) {
      columns += (columns.empty() ? "" : ", ") + entity.columns[s].name;
    }
    if (clustered) columns += ", id";
    for (const slot_number s : index.shown) columns += ", " + entity.columns[s].name;
    const std::string text = std::string("CREATE ") +
                             (index.as == index_def::shape::exclusive ? "UNIQUE " : "") + "INDEX " +
                             name + " ON " + sql::table_name(entity) + "(" + columns +
                             ") WHERE deleted IS NULL";
    const int code = sqlite3_exec(db_->raw(), text.c_str(), nullptr, nullptr, nullptr);
    if ((code & 0xff) == SQLITE_CONSTRAINT) {
      throw error(error_code::exists,
                  "existing " + std::string(entity.plural()) + " have the same " +
                      std::string(index.fields.front()->name()) +
                      "; make them differ before it becomes unique",
                  {std::string(entity.name()), 0, std::string(index.fields.front()->name())});
    }
    if (code != SQLITE_OK) fail(db_->raw(), code, "make an index");
  }
}

}  // namespace kith::inline v1::sqlite
