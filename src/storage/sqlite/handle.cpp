// SPDX-License-Identifier: Apache-2.0
//
// SQLite's handles and codes.
#include "storage/sqlite/handle.hpp"

#include <new>

namespace kith::inline v1::sqlite {

bool is_failed_sync(int code) noexcept {
  return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC ||
         code == SQLITE_IOERR_TRUNCATE;
}

void fail(sqlite3* on, int code, std::string_view doing) {
  const int extended = on != nullptr ? sqlite3_extended_errcode(on) : code;
  const std::string why = on != nullptr && (sqlite3_errcode(on) & 0xff) == (code & 0xff)
                              ? sqlite3_errmsg(on)
                              : sqlite3_errstr(code);
  const std::string what = "cannot " + std::string(doing) + ": " + why;
  switch (code & 0xff) {
    case SQLITE_NOMEM: throw std::bad_alloc();
    case SQLITE_BUSY:
      if (extended == SQLITE_BUSY_SNAPSHOT) {
        throw error(error_code::retry,
                    what +
                        "; others have committed since the host's transaction first read: take "
                        "it back and run it again");
      }
      [[fallthrough]];
    case SQLITE_LOCKED:
      throw error(error_code::busy,
                  what + "; another writer holds the store for longer than the time-out");
    case SQLITE_READONLY: throw error(error_code::read_only, what);
    case SQLITE_FULL:
      throw error(error_code::full, what + "; nothing was stored, free some space and try again");
    case SQLITE_CORRUPT:
      throw error(error_code::damaged, what + "; restore a backup, or verify the file");
    case SQLITE_NOTADB: throw error(error_code::foreign, what + "; give the path of a Kith store");
    case SQLITE_TOOBIG: throw error(error_code::limit, what);
    case SQLITE_INTERRUPT: throw error(error_code::interrupted, what);
    case SQLITE_AUTH: throw error(error_code::denied, what);
    default:
      throw error(error_code::storage, what + " (SQLite code " + std::to_string(extended) + ")");
  }
}

prepared prepare(sqlite3* on, std::string_view sql, bool lasting) {
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v3(on, sql.data(), static_cast<int>(sql.size()),
                                      lasting ? SQLITE_PREPARE_PERSISTENT : 0, &made, nullptr);
  if (code != SQLITE_OK) fail(on, code, "prepare a statement");
  return prepared(made);
}

void run(sqlite3* on, const char* sql) {
  const int code = sqlite3_exec(on, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(on, code, "set up the store");
}

std::int64_t number(sqlite3* on, const char* sql) {
  const prepared s = prepare(on, sql, false);
  running r(s.get());
  return r.step("read the store") ? sqlite3_column_int64(s.get(), 0) : 0;
}

std::string text(sqlite3* on, const char* sql) {
  const prepared s = prepare(on, sql, false);
  running r(s.get());
  if (!r.step("read the store")) return {};
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(s.get(), 0));
  return bytes == nullptr ? std::string() : std::string(bytes);
}

void bind(sqlite3_stmt* to, int place, const cell& c) {
  // A null pointer would bind null: empty bytes have an address, too.
  const char* const bytes =
      c.has_bytes() && c.as_bytes().data() != nullptr ? c.as_bytes().data() : "";
  int code = SQLITE_OK;
  switch (c.type()) {
    case storage::null: code = sqlite3_bind_null(to, place); break;
    case storage::integer: code = sqlite3_bind_int64(to, place, c.as_integer()); break;
    case storage::real: code = sqlite3_bind_double(to, place, c.as_real()); break;
    case storage::text:
      code = sqlite3_bind_text64(to, place, bytes, c.as_bytes().size(), SQLITE_STATIC, SQLITE_UTF8);
      break;
    case storage::blob:
      code = sqlite3_bind_blob64(to, place, bytes, c.as_bytes().size(), SQLITE_STATIC);
      break;
  }
  if (code != SQLITE_OK) fail(sqlite3_db_handle(to), code, "bind a value");
}

cell bytes_at(sqlite3_stmt* of, int place, storage type) {
  const bool is_text = type == storage::text;
  const void* const data = is_text ? static_cast<const void*>(sqlite3_column_text(of, place))
                                   : sqlite3_column_blob(of, place);
  if (data == nullptr) {  // null, an empty blob, or no memory
    const int is = sqlite3_column_type(of, place);
    if (is == SQLITE_NULL) {
      if (sqlite3_errcode(sqlite3_db_handle(of)) == SQLITE_NOMEM) throw std::bad_alloc();
      return cell::null();
    }
    if (is_text) throw std::bad_alloc();
    return cell::blob("");
  }
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(of, place));
  const std::string_view bytes(static_cast<const char*>(data), size);
  return is_text ? cell::text(bytes) : cell::blob(bytes);
}

cell cell_at(sqlite3_stmt* of, int place) {
  switch (sqlite3_column_type(of, place)) {
    case SQLITE_INTEGER: return cell::integer(sqlite3_column_int64(of, place));
    case SQLITE_FLOAT: return cell::real(sqlite3_column_double(of, place));
    case SQLITE_TEXT: return bytes_at(of, place, storage::text);
    case SQLITE_BLOB: return bytes_at(of, place, storage::blob);
    default: return cell::null();
  }
}

bool running::step(std::string_view doing) {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  fail(sqlite3_db_handle(statement_), code, doing);
}

}  // namespace kith::inline v1::sqlite
