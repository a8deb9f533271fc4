// SPDX-License-Identifier: Apache-2.0
//
// A host's own statements inside Kith's transaction. While one is prepared, an authorizer keeps it
// away from Kith's tables, from transactions and from settings.
#include <cstring>

#include "kith/core/text.hpp"
#include "storage/sqlite/connection.hpp"

namespace kith::inline v1::sqlite {

namespace {

bool is_ours(const char* table) {
  return table != nullptr && sqlite3_strnicmp(table, "kith_", 5) == 0;
}

}  // namespace

int host_may(void* of, int action, const char* first, const char* second, const char*,
             const char*) {
  auto& db = *static_cast<database*>(of);
  if (!db.host_runs) return SQLITE_OK;
  switch (action) {
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_PRAGMA:
      db.host_refused = "transactions, attached files and PRAGMAs are Kith's";
      return SQLITE_DENY;
    case SQLITE_ALTER_TABLE: db.host_alters = true; break;
    default: break;
  }
  if (is_ours(first) || is_ours(second)) {
    const char* name = is_ours(first) ? first : second;
    db.host_refused = std::string(name) +
                      " is a table of Kith; use records and queries, and keep what you need in a "
                      "table of your own";
    return SQLITE_DENY;
  }
  return SQLITE_OK;
}

namespace {

// Nobody asks the authorizer about the new name of a table: it is looked at afterwards.
class altering {
 public:
  explicit altering(database& db) : db_(db), before_(tables()) {
    db_.simple("SAVEPOINT alter_table", "run the host's statement");
  }
  altering(const altering&) = delete;
  ~altering() {
    if (done_) return;
    sqlite3_exec(db_.raw(), "ROLLBACK TO alter_table; RELEASE alter_table", nullptr, nullptr,
                 nullptr);
  }
  void finish() {
    if (tables() != before_) {
      throw error(error_code::denied,
                  "the statement was refused: names that begin with kith_ are "
                  "Kith's; give the table another one");
    }
    db_.simple("RELEASE alter_table", "run the host's statement");
    done_ = true;
  }

 private:
  std::int64_t tables() const {
    return number(db_.raw(),
                  "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'kith\\_%' "
                  "ESCAPE '\\'");
  }
  database& db_;
  std::int64_t before_;
  bool done_ = false;
};

}  // namespace

void sqlite_connection::host_sql(std::string_view statement_text, std::span<const cell> parameters,
                                 const host_row_sink& sink) {
  site_->check();
  if (site_->is_guest()) {
    throw error(error_code::unsupported,
                "the host has this connection itself: run the statement there, in the same "
                "transaction");
  }
  if (!open_) throw error(error_code::misuse, "a host's statement needs a transaction");
  struct host_on {
    explicit host_on(database& d) : db(d) {
      db.host_runs = true;
      db.host_refused.clear();
      db.host_alters = false;
    }
    ~host_on() { db.host_runs = false; }
    database& db;
  };
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  int code = SQLITE_OK;
  {
    const host_on now(*db_);
    code = sqlite3_prepare_v3(db_->raw(), statement_text.data(),
                              static_cast<int>(statement_text.size()), 0, &raw, &rest);
  }
  const prepared s(raw);
  if (code != SQLITE_OK && !db_->host_refused.empty()) {  // the code alone may be SQLITE_SCHEMA
    throw error(error_code::denied, "the statement was refused: " + db_->host_refused);
  }
  if ((code & 0xff) == SQLITE_ERROR) {
    throw error(error_code::query, "SQLite does not understand the statement: " +
                                       std::string(sqlite3_errmsg(db_->raw())) + "\n  " +
                                       shortened(statement_text, 200));
  }
  if (code != SQLITE_OK) fail(db_->raw(), code, "prepare the host's statement");
  if (s == nullptr) throw error(error_code::query, "the statement is empty");
  const std::string_view more =
      statement_text.substr(static_cast<std::size_t>(rest - statement_text.data()));
  if (more.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    throw error(error_code::query,
                "give one statement at a time; a second one begins at: " + shortened(more, 60));
  }
  if (!sqlite3_stmt_readonly(s.get())) require_writing();
  const int wanted = sqlite3_bind_parameter_count(s.get());
  if (wanted != static_cast<int>(parameters.size())) {
    throw error(error_code::query, "the statement has " + std::to_string(wanted) + " parameters; " +
                                       std::to_string(parameters.size()) + " values were given");
  }
  int place = 0;
  for (const cell& c : parameters) bind(s.get(), ++place, c);
  std::optional<altering> alters;
  if (db_->host_alters) alters.emplace(*db_);
  running r(s.get());
  std::vector<cell> row(static_cast<std::size_t>(sqlite3_column_count(s.get())));
  for (;;) {
    code = sqlite3_step(s.get());
    if (code == SQLITE_DONE) break;
    if ((code & 0xff) == SQLITE_CONSTRAINT) {
      throw error(error_code::invalid, "the host's statement breaks a constraint: " +
                                           std::string(sqlite3_errmsg(db_->raw())));
    }
    if ((code & 0xff) == SQLITE_ERROR) {
      throw error(error_code::query,
                  "the host's statement failed: " + std::string(sqlite3_errmsg(db_->raw())));
    }
    if (code != SQLITE_ROW) fail(db_->raw(), code, "run the host's statement");
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = cell_at(s.get(), static_cast<int>(i));
    if (sink) sink(row);
  }
  sqlite3_reset(s.get());
  if (alters) alters->finish();
}

}  // namespace kith::inline v1::sqlite
