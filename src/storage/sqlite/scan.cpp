// SPDX-License-Identifier: Apache-2.0
//
// Scans and aggregations as SQL statements.
#include "storage/sqlite/connection.hpp"

namespace kith::inline v1::sqlite {
namespace {

// Patterns are rewritten for the dialect: they live as long as the statement runs.
using patterns = std::vector<std::unique_ptr<std::string>>;

void bind_value(sqlite3_stmt* to, int place, const cell& c, bool is_pattern, patterns& kept) {
  if (!is_pattern) return bind(to, place, c);
  kept.push_back(std::make_unique<std::string>(sqlite_dialect.like_pattern(c.as_bytes())));
  bind(to, place, cell::text(*kept.back()));
}

void bind_all(sqlite3_stmt* to, std::span<const sql::parameter> values, patterns& kept) {
  int place = 0;
  for (const sql::parameter& p : values) bind_value(to, ++place, *p.value, p.is_pattern, kept);
}

class sqlite_cursor final : public cursor {
 public:
  sqlite_cursor(std::shared_ptr<site> of, std::shared_ptr<database> db, std::shared_ptr<turn> mine,
                const scan_request& request)
      : site_(std::move(of)),
        db_(std::move(db)),
        turn_(std::move(mine)),
        plan_(db_->plan_of(request)),
        statement_(db_->statement(plan_)) {
    using place = scan_plan::source::place;
    int at = 0;
    for (const scan_plan::source& s : plan_.values) {
      ++at;
      if (s.from == place::limit) {
        bind(statement_.get(), at, cell::integer(static_cast<std::int64_t>(request.limit)));
      } else if (s.from == place::after) {
        bind(statement_.get(), at, request.after[s.index]);
      } else {
        bind_value(statement_.get(), at, request.conditions[s.index].code[s.instruction].constant,
                   s.is_pattern, patterns_);
      }
    }
    // Outside a transaction the first step chooses the instant: it is the one of this call.
    if (sqlite3_get_autocommit(db_->raw()) != 0) first_ = sqlite3_step(statement_.get());
  }
  ~sqlite_cursor() override { statement_.give_back(); }

  std::uint64_t taken() const noexcept override { return plan_.taken; }
  bool ordered() const noexcept override { return plan_.ordered; }

  row_ptr next() override {
    if (ended_) return {};
    site_->check();
    const int code = first_ ? *std::exchange(first_, {}) : sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return plan_.rows.read(statement_.get());
    ended_ = true;
    if (code != SQLITE_DONE) fail(db_->raw(), code, "read records");
    return {};
  }

 private:
  std::shared_ptr<site> site_;
  std::shared_ptr<database> db_;
  std::shared_ptr<turn> turn_;
  scan_plan& plan_;
  patterns patterns_;
  checked_out statement_;
  std::optional<int> first_;  // what a step that was made ahead answered
  bool ended_ = false;
};

// One statement for a whole aggregation; null when a part of it has no exact SQL.
std::optional<sql::text> aggregate_text(sql::writer& writer, const aggregate_request& request) {
  sql::text text{"SELECT ", {}, nullptr};
  std::string group_by;
  for (std::size_t i = 0; i < request.groups.size(); ++i) {
    auto key = writer.expression(*request.entity, request.groups[i]);
    if (!key) return {};
    if (i != 0) text += ", ";
    text += std::move(*key);
    group_by += (i == 0 ? " GROUP BY " : ", ") + std::to_string(i + 1);
  }
  const char* between = request.groups.empty() ? "" : ", ";
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
  site_->check();
  return std::make_unique<sqlite_cursor>(site_, db_, take_turn(), request);
}

bool sqlite_connection::aggregate(const aggregate_request& request, const group_sink& sink) {
  site_->check();
  sql::writer writer(sqlite_dialect);
  const auto text = aggregate_text(writer, request);
  if (!text) return false;
  const auto mine = take_turn();
  const checked_out s = db_->statement(text->sql);
  patterns kept;
  bind_all(s.get(), text->values, kept);
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
