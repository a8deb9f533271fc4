// SPDX-License-Identifier: Apache-2.0
//
// Statements and rows.
#include "storage/sqlite/database.hpp"

#include <algorithm>

namespace kith::inline v1::sqlite {
namespace {

// GLOB is case-sensitive, by code points, and finds an index for a prefix.
std::string like(std::string_view text, std::string_view pattern) {
  return "(" + std::string(text) + " GLOB " + std::string(pattern) + ")";
}

std::string like_pattern(std::string_view pattern) {
  std::string glob;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool escaped = pattern[i] == '\\' && i + 1 < pattern.size();
    const char c = pattern[escaped ? ++i : i];
    if (!escaped && c == '%') {
      glob += '*';
    } else if (!escaped && c == '_') {
      glob += '?';
    } else if (c == '*' || c == '?' || c == '[') {
      glob += std::string("[") + c + "]";
    } else {
      glob += c;
    }
  }
  return glob;
}

constexpr std::size_t most_texts = 500;  // prepared statements kept by text

}  // namespace

const sql::dialect sqlite_dialect{like, like_pattern};

checked_out& checked_out::operator=(checked_out&& other) noexcept {
  give_back();
  home_ = other.home_;
  statement_ = std::move(other.statement_);
  return *this;
}

void checked_out::give_back() noexcept {
  if (!statement_) return;
  sqlite3_reset(statement_.get());
  --home_->in_use;
  try {
    home_->idle.push_back(std::move(statement_));
  } catch (...) {
    statement_.reset();  // no memory to keep it: prepared again next time
  }
}

database::database(handle h)
    : handle_(std::move(h)), raw_(handle_.get()), scope_(own_transactions(*this)) {}
database::database(sqlite3* of_host) : raw_(of_host), scope_(host_transactions(*this)) {}
database::~database() = default;

namespace {

checked_out take(shelf& from, sqlite3* on, const std::string& text) {
  if (from.idle.empty()) {
    from.idle.reserve(2);
    return {from, prepare(on, text, true)};
  }
  prepared s = std::move(from.idle.back());
  from.idle.pop_back();
  return {from, std::move(s)};
}

}  // namespace

checked_out database::statement(const std::string& text) {
  auto found = by_text_.find(text);
  if (found == by_text_.end()) {
    if (by_text_.size() >= most_texts) {
      std::erase_if(by_text_, [](const auto& entry) { return entry.second.in_use == 0; });
    }
    found = by_text_.emplace(text, shelf{}).first;
  }
  return take(found->second, raw(), text);
}

checked_out database::statement(scan_plan& plan) { return take(plan.statements, raw(), plan.text); }

// A change of the model was taken back: another one may give the same number of columns other
// names.
void database::forget_layout() {
  for (auto& entry : by_entity_) outdated_.push_back(std::move(entry.second));
  by_entity_.clear();
  std::erase_if(by_shape_, [](const auto& entry) { return entry.second.statements.in_use == 0; });
  layout_undone = false;
}

database::entity_statements& database::statements_of(const entity_type& entity) {
  if (layout_undone) forget_layout();
  std::unique_ptr<entity_statements>& found = by_entity_[entity.number];
  if (!found || found->columns != entity.columns.size()) {
    // Statements in use go home to the old list, which must therefore stay.
    if (found) outdated_.push_back(std::move(found));
    found = std::make_unique<entity_statements>();
    found->columns = entity.columns.size();
  }
  return *found;
}

checked_out database::statement(const entity_type& entity, purpose what) {
  return statement(entity, statements_of(entity), what);
}

checked_out database::statement(const entity_type& entity, entity_statements& kept, purpose what) {
  shelf& of = kept.kept[static_cast<std::size_t>(what)];
  if (!of.idle.empty()) return take(of, raw(), {});
  try {
    return take(of, raw(), text_of(entity, what));
  } catch (const error&) {
    if (older_than_model || what == purpose::insert || what == purpose::erase) throw;
    older_than_model = true;  // a file that is about to be brought up to the model
    return take(of, raw(), text_of(entity, what));
  }
}

std::string database::text_of(const entity_type& entity, purpose what) {
  const std::string table = sql::table_name(entity);
  switch (what) {
    case purpose::get_values:
    case purpose::get_all:
      return "SELECT " + columns(entity, whole(entity, what == purpose::get_all), "") + " FROM " +
             table + " WHERE id = ?";
    case purpose::insert: {
      std::string names = "id, revision, created, deleted, merged, checksum";
      std::string marks = "?, ?, ?, ?, ?, ?";
      for (const column& c : entity.columns) {
        names += ", " + c.name;
        marks += ", ?";
      }
      return "INSERT INTO " + table + "(" + names + ") VALUES(" + marks + ")";
    }
    case purpose::erase: return "DELETE FROM " + table + " WHERE id = ?";
  }
  return {};
}

checked_out database::update_statement(const entity_type& entity,
                                       std::span<const slot_number> changed, bool lifecycle_too) {
  std::string key(reinterpret_cast<const char*>(changed.data()), changed.size_bytes());
  key += lifecycle_too ? 'l' : '-';
  entity_statements& of = statements_of(entity);
  auto found = of.updates.find(key);
  if (found == of.updates.end()) found = of.updates.emplace(key, shelf{}).first;
  if (!found->second.idle.empty()) return take(found->second, raw(), {});
  // `deleted` stands in every index's condition: naming it would rewrite all indexes.
  std::string text = "UPDATE " + sql::table_name(entity) + " SET revision = ?, checksum = ?";
  if (lifecycle_too) text += ", deleted = ?, merged = ?";
  for (const slot_number s : changed) text += ", " + entity.columns[s].name + " = ?";
  return take(found->second, raw(), text + " WHERE id = ?");
}

void database::simple(const char* text, std::string_view doing) {
  const checked_out s = statement(text);
  running(s.get()).step(doing);
}

// -------------------------------------------------------------------------------------------- rows

bool database::lacks(const entity_type& entity, const std::string& column) {
  // Only asked where a file is older than the model and may not be changed.
  const auto have = table_columns(sql::table_name(entity));
  return std::none_of(have.begin(), have.end(), [&](const auto& c) { return c.first == column; });
}

std::vector<slot_number> database::whole(const entity_type& entity, bool keys) {
  std::vector<slot_number> slots{id_slot,      revision_slot, created_slot,
                                 deleted_slot, merged_slot,   checksum_slot};
  for (slot_number s = 0; s < entity.columns.size(); ++s) {
    if (keys || entity.columns[s].role == part_role::value) slots.push_back(s);
  }
  return slots;
}

row_ptr database::get(const entity_type& entity, record_id id, bool keys) {
  entity_statements& of = statements_of(entity);
  const checked_out s = statement(entity, of, keys ? purpose::get_all : purpose::get_values);
  row_reader& reader = of.records[keys ? 1 : 0];
  if (!reader) reader = row_reader(entity, whole(entity, keys));
  sqlite3_bind_int64(s.get(), 1, id.value);
  running r(s.get());
  return r.step("read a record") ? reader.read(s.get()) : row_ptr{};
}

std::string database::columns(const entity_type& entity, std::span<const slot_number> slots,
                              std::string_view prefix) {
  std::string list;
  for (const slot_number s : slots) {
    if (!list.empty()) list += ", ";
    if (is_system_slot(s)) {
      list += prefix;
      list += sql::column_name(entity, s);
    } else {
      list += present(entity, entity.columns[s].name, prefix);
    }
  }
  return list;
}

// The column, or NULL where the file is older than the model and may not be changed.
std::string database::present(const entity_type& entity, const std::string& name,
                              std::string_view prefix) {
  if (older_than_model && lacks(entity, name)) return "NULL";
  return std::string(prefix) + name;
}

// ------------------------------------------------------------------------------------------ tables

bool database::has_table(const std::string& name) {
  const checked_out s = statement("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  bind(s.get(), 1, cell::text(name));
  return running(s.get()).step("read the schema");
}

bool database::has_index(const std::string& name) {
  const checked_out s = statement("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?");
  bind(s.get(), 1, cell::text(name));
  return running(s.get()).step("read the schema");
}

std::vector<std::pair<std::string, std::string>> database::table_columns(const std::string& name) {
  const checked_out s = statement("SELECT name, type FROM pragma_table_info(?)");
  bind(s.get(), 1, cell::text(name));
  running r(s.get());
  std::vector<std::pair<std::string, std::string>> columns;
  while (r.step("read the schema")) {
    columns.emplace_back(cell_at(s.get(), 0).as_bytes(), cell_at(s.get(), 1).as_bytes());
  }
  return columns;
}

}  // namespace kith::inline v1::sqlite
