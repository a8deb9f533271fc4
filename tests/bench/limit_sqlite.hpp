// SPDX-License-Identifier: Apache-2.0
//
// What SQLite can do at best on this machine: the C API, statements prepared once, the visible
// columns and indexes only, no validation, no history, no checksums, no folded keys.
#pragma once

#include <sqlite3.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "customers.hpp"

namespace kith::bench {

class raw_statement {
 public:
  raw_statement(sqlite3* on, std::string_view sql) {
    if (sqlite3_prepare_v3(on, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement_, nullptr) != SQLITE_OK) {
      throw std::runtime_error(std::string(sqlite3_errmsg(on)) + " in " + std::string(sql));
    }
  }
  raw_statement(const raw_statement&) = delete;
  ~raw_statement() { sqlite3_finalize(statement_); }
  void bind(int place, std::int64_t n) { sqlite3_bind_int64(statement_, place, n); }
  void bind(int place, const std::string& t) {
    sqlite3_bind_text(statement_, place, t.data(), static_cast<int>(t.size()), SQLITE_STATIC);
  }
  bool step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    throw std::runtime_error(sqlite3_errmsg(sqlite3_db_handle(statement_)));
  }
  void run() {
    while (step()) {
    }
    reset();
  }
  void reset() { sqlite3_reset(statement_); }
  std::int64_t number(int column) { return sqlite3_column_int64(statement_, column); }
  void text(int column, std::string& to) {
    to.assign(reinterpret_cast<const char*>(sqlite3_column_text(statement_, column)),
              static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

class raw_file {
 public:
  /// `synchronous`: 2 for durable commits, 1 otherwise.
  explicit raw_file(const std::string& path, int synchronous = 1) {
    if (sqlite3_open_v2(path.c_str(), &handle_,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        nullptr) != SQLITE_OK) {
      throw std::runtime_error("cannot open " + path);
    }
    run("PRAGMA journal_mode = WAL; PRAGMA mmap_size = 8589934592; PRAGMA cache_size = -65536;"
        "PRAGMA temp_store = MEMORY; PRAGMA synchronous = " +
        std::to_string(synchronous));
  }
  raw_file(const raw_file&) = delete;
  ~raw_file() { sqlite3_close(handle_); }
  void run(const std::string& sql) {
    char* why = nullptr;
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &why) != SQLITE_OK) {
      throw std::runtime_error(std::string(why) + " in " + sql);
    }
  }
  sqlite3* raw() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

inline constexpr const char* raw_table =
    "CREATE TABLE customer(id INTEGER PRIMARY KEY, kind INT NOT NULL, status INT NOT NULL, "
    "owner INT NOT NULL, source INT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT "
    "NOT NULL, city TEXT NOT NULL, note TEXT NOT NULL, opened INT NOT NULL, updated INT NOT NULL, "
    "balance INT NOT NULL)";
inline constexpr const char* raw_indexes =
    "CREATE UNIQUE INDEX customer_email ON customer(email);"
    "CREATE INDEX customer_phone ON customer(phone);"
    "CREATE INDEX customer_list ON customer(status, city, updated)";
inline constexpr const char* raw_insert = "INSERT INTO customer VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)";
inline const std::string raw_select =
    "SELECT id, kind, status, owner, source, name, email, phone, city, note, opened, updated, "
    "balance FROM customer ";

inline void bind(raw_statement& s, const customer& c) {
  s.bind(1, c.id);
  s.bind(2, c.kind);
  s.bind(3, c.status);
  s.bind(4, c.owner);
  s.bind(5, c.source);
  s.bind(6, c.name);
  s.bind(7, c.email);
  s.bind(8, c.phone);
  s.bind(9, c.city);
  s.bind(10, c.note);
  s.bind(11, c.opened);
  s.bind(12, c.updated);
  s.bind(13, c.balance);
}

/// Into strings whose memory is used again.
inline void read(raw_statement& s, customer& c) {
  c.id = s.number(0);
  c.kind = s.number(1);
  c.status = s.number(2);
  c.owner = s.number(3);
  c.source = s.number(4);
  s.text(5, c.name);
  s.text(6, c.email);
  s.text(7, c.phone);
  s.text(8, c.city);
  s.text(9, c.note);
  c.opened = s.number(10);
  c.updated = s.number(11);
  c.balance = s.number(12);
}

}  // namespace kith::bench
