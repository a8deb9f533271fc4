// SPDX-License-Identifier: Apache-2.0
//
// Tables, columns and indexes as a model wants them; what is there already stays, but for indexes
// of retired fields.
#include <algorithm>

#include "storage/sqlite/connection.hpp"

namespace kith::inline v1::sqlite {

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
  db_->scope().before_write();
  if (db_->has_table(sql::table_name(entity))) {
    add_columns(entity);
  } else {
    create_table(entity);
  }
  add_indexes(entity);
  for (const std::string& name : entity.retired_indexes) {
    run(db_->raw(), ("DROP INDEX IF EXISTS " + sql::index_name(entity, name)).c_str());
  }
  db_->older_than_model = false;
  db_->layout_changed = true;
}

void sqlite_connection::create_table(const entity_type& entity) {
  if (!site_->shares_one()) {  // the first table makes the file Kith's, in the same transaction
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
    const std::string name = sql::index_name(entity, index.name);
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
