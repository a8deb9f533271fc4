// SPDX-License-Identifier: Apache-2.0
//
// Scans and aggregations as SQL statements.
#include "storage/sqlite/connection.hpp"

namespace kith::inline v1::sqlite {
namespace {

void bind_all(sqlite3_stmt* to, std::span<const cell> values) {
  int place = 0;
  for (const cell& c : values) bind(to, ++place, c);
}

// What the statement selects. Lists do without the system cells that only single records need, and
// without those that say "live" when only live rows are asked for.
std::vector<slot_number> slots_of(const scan_request& request) {
  std::vector<slot_number> slots{id_slot};
  if (!request.slots.empty()) {
    for (const slot_number s : request.slots) {
      if (s != id_slot) slots.push_back(s);
    }
    return slots;
  }
  slots.push_back(revision_slot);
  if (request.rows != lifecycle::live) {
    slots.push_back(deleted_slot);
    slots.push_back(merged_slot);
  }
  for (slot_number s = 0; s < request.entity->columns.size(); ++s) {
    if (request.entity->columns[s].role == part_role::value) slots.push_back(s);
  }
  return slots;
}

class sqlite_cursor final : public cursor {
 public:
  sqlite_cursor(std::shared_ptr<site> of, std::shared_ptr<database> db, turn mine,
                const scan_request& request)
      : site_(std::move(of)), db_(std::move(db)), turn_(std::move(mine)), writer_(sqlite_dialect),
        entity_(*request.entity), slots_(slots_of(request)) {
    sql::text where = writer_.where(entity_, request.rows, request.conditions, taken_);
    auto order = writer_.order(entity_, request.order);
    ordered_ = order.has_value();
    sql::text text{"SELECT " + db_->columns(entity_, slots_, "t.") + " FROM " +
                       sql::table_name(entity_) + " t",
                   {}, nullptr};
    if (ordered_ && !request.after.empty()) {
      where += where.sql.empty() ? " WHERE " : " AND ";
      where += writer_.behind(entity_, request.order, request.after);
    }
    text += std::move(where);
    if (ordered_) text += std::move(*order);
    if (ordered_ && request.limit != 0 && took_all(request.conditions.size())) {
      text += " LIMIT ?";
      text.values.push_back(cell::integer(static_cast<std::int64_t>(request.limit)));
    }
    statement_ = db_->statement(text.sql);
    bind_all(statement_.get(), text.values);
  }
  ~sqlite_cursor() override { statement_.give_back(); }

  std::uint64_t taken() const noexcept override { return taken_; }
  bool ordered() const noexcept override { return ordered_; }

  row_ptr next() override {
    if (ended_) return {};
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return db_->row_of(statement_.get(), entity_, slots_);
    ended_ = true;
    if (code != SQLITE_DONE) {
      site_->check();
      fail(db_->raw(), code, "read records");
    }
    return {};
  }

 private:
  bool took_all(std::size_t conditions) const {
    if (conditions > 64) return false;
    return conditions == 64 ? taken_ == ~std::uint64_t{0}
                            : taken_ == (std::uint64_t{1} << conditions) - 1;
  }

  std::shared_ptr<site> site_;
  std::shared_ptr<database> db_;
  turn turn_;
  sql::writer writer_;  // the statement's values may point into it
  const entity_type& entity_;
  std::vector<slot_number> slots_;
  std::uint64_t taken_ = 0;
  bool ordered_ = false;
  bool ended_ = false;
  checked_out statement_;
};

// One statement for a whole aggregation; null when a part of it has no exact SQL.
std::optional<sql::text> aggregate_text(sql::writer& writer, const aggregate_request& request) {
  sql::text text{"SELECT ", {}, nullptr};
  std::string group_by;
  for (std::size_t i = 0; i < request.groups.size(); ++i) {
    auto key = writer.expression(*request.entity, request.groups[i]);
    if (!key) return {};
    text += std::move(*key);
    text += ", ";
    group_by += (i == 0 ? " GROUP BY " : ", ") + std::to_string(i + 1);
  }
  const char* between = "";
  for (const aggregate_request::measure& m : request.measures) {
    text += between;
    between = ", ";
    if (m.of.empty()) {
      if (m.what != aggregate::count) return {};
      text += "count(*)";
      continue;
    }
    auto of = writer.expression(*request.entity, m.of);
    if (!of) return {};
    switch (m.what) {
      case aggregate::count: text += "count("; break;
      case aggregate::sum: text += "sum("; break;
      case aggregate::min: text += "min("; break;
      case aggregate::max: text += "max("; break;
      default: return {};
    }
    text += std::move(*of);
    text += ")";
  }
  text += " FROM " + sql::table_name(*request.entity) + " t";
  std::uint64_t taken = 0;
  text += writer.where(*request.entity, request.rows, request.conditions, taken);
  const std::size_t conditions = request.conditions.size();
  if (conditions >= 64 || taken != (std::uint64_t{1} << conditions) - 1) return {};
  text += group_by;
  return text;
}

}  // namespace

std::unique_ptr<cursor> sqlite_connection::scan(const scan_request& request) {
  if (!open_) site_->check();
  return std::make_unique<sqlite_cursor>(site_, db_, take_turn(), request);
}

bool sqlite_connection::aggregate(const aggregate_request& request, const group_sink& sink) {
  if (!open_) site_->check();
  sql::writer writer(sqlite_dialect);
  const auto text = aggregate_text(writer, request);
  if (!text) return false;
  const turn mine = take_turn();
  const checked_out s = db_->statement(text->sql);
  bind_all(s.get(), text->values);
  running r(s.get());
  const int columns = sqlite3_column_count(s.get());
  // Kept until the end: a sum that overflows makes the whole answer void.
  std::vector<owned_cell> cells;
  for (;;) {
    const int code = sqlite3_step(s.get());
    if (code == SQLITE_DONE) break;
    if (code != SQLITE_ROW) {
      if ((code & 0xff) == SQLITE_ERROR) return false;  // integer overflow: the core has 128 bits
      fail(db_->raw(), code, "aggregate records");
    }
    for (int i = 0; i < columns; ++i) cells.emplace_back(cell_at(s.get(), i));
  }
  std::vector<cell> row(static_cast<std::size_t>(columns));
  for (std::size_t at = 0; at < cells.size(); at += row.size()) {
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = cells[at + i].view();
    sink(row);
  }
  return true;
}

}  // namespace kith::inline v1::sqlite
