// SPDX-License-Identifier: Apache-2.0
//
// Copies of a store, and what SQLite says of the store's own structure. Both read through a
// connection of their own, in one read transaction: writers go on, and never make a copy start
// over.
//
// SQLite's backup API copies pages as they are: 82 MB in 0.2 s; VACUUM INTO, which writes every row
// anew, takes 0.4 s and gives rows of a host's tables without a key of their own other rowids. One
// step does it all: between steps a copy would have to keep up with writers.
#include "core/durable_file.hpp"
#include "core/remedies.hpp"
#include "storage/sqlite/connection.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace kith::inline v1::sqlite {
namespace {

// The header's versions for writing and reading; 2: with a log beside the file (fileformat2.html).
constexpr int header_versions = 18;

void set_log_mode(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool done = file >= 0 && ::pwrite(file, "\2\2", 2, header_versions) == 2;
  const bool closed = file >= 0 && ::close(file) == 0;
  if (!done || !closed) throw error(error_code::storage, "cannot write '" + path + "'");
}

// What lies beside the name would be taken for the copy's.
void refuse_left_log(const std::string& path) {
  for (const char* end : {"-wal", "-journal"}) {
    if (::access((path + end).c_str(), F_OK) != 0) continue;
    throw error(error_code::exists, "there is '" + path + end +
                                        "' of another file, which would spoil the copy; remove it "
                                        "or give another name");
  }
}

}  // namespace

void sqlite_connection::copy_to(const std::string& path) {
  sqlite3* made = nullptr;
  // Nobody else knows the file: no locks, no journal, and synced by whoever made it.
  int code = sqlite3_open_v2(
      uri_of(path, "nolock=1").c_str(), &made,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  const handle to(made);
  if (code != SQLITE_OK) fail(made, code, "make the copy");
  run(made, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY");
  sqlite3_backup* const copying = sqlite3_backup_init(made, "main", db_->raw(), "main");
  if (copying == nullptr) fail(made, sqlite3_errcode(made), "make the copy");
  code = sqlite3_backup_step(copying, -1);
  const int ended = sqlite3_backup_finish(copying);
  if (code != SQLITE_DONE) fail(made, ended == SQLITE_OK ? code : ended, "make the copy");
  if (ended != SQLITE_OK) fail(made, ended, "make the copy");
  if (!site_->in_memory()) return;
  run(made, ("PRAGMA application_id = " + std::to_string(application_id) +
             "; PRAGMA user_version = " + std::to_string(file_format))
                .c_str());
}

void site::back_up(const std::shared_ptr<site>& from, const std::string& path,
                   const copy_check& check) {
  from->check();
  if (!from->in_memory() && !from->options().path.empty() &&
      canonical_path(path) == from->options().path) {
    throw error(error_code::exists, "'" + path + "' is the store itself; give another name");
  }
  refuse_left_log(path);
  detail::durable_file copy(path);
  {
    sqlite_connection reader(from);
    reader.begin(access::read);
    if (reader.provisional()) {
      throw error(error_code::misuse,
                  "a backup would have what the host may still take back; let the host commit "
                  "first");
    }
    reader.copy_to(copy.made_at());
    reader.rollback();
  }
  if (from->in_memory()) set_log_mode(copy.made_at());
  if (check) check(open_unchanging(copy.made_at()));
  copy.keep();
}

// -------------------------------------------------------------------------------------- structure

namespace {

void check_pages(sqlite3* on, const damage_sink& found) {
  const prepared s = prepare(on, "PRAGMA integrity_check(1000)", false);
  running r(s.get());
  while (r.step("check the file")) {
    const cell c = cell_at(s.get(), 0);
    const std::string what = c.is_null() ? "" : std::string(c.as_bytes());
    if (what == "ok") continue;
    const bool index = what.find("index") != std::string::npos;
    found("SQLite's integrity check: " + what,
          index ? "questions may overlook records: restore the newest backup that verifies, or run "
                  "REINDEX with the sqlite3 tool while nobody has the file open"
                : detail::restore_backup);
  }
}

void check_foreign_objects(sqlite3* on, const damage_sink& found) {
  const prepared s = prepare(on,
                             "SELECT type, name FROM sqlite_schema WHERE "
                             "(type = 'trigger' AND tbl_name LIKE 'kith\\_%' ESCAPE '\\') OR "
                             "(type = 'view' AND sql LIKE '%kith\\_%' ESCAPE '\\' AND "
                             "instr(sql, ?) = 0)",
                             false);
  bind(s.get(), 1, cell::text(view_mark));
  running r(s.get());
  while (r.step("read the schema")) {
    const std::string type(cell_at(s.get(), 0).as_bytes());
    const std::string name(cell_at(s.get(), 1).as_bytes());
    found("somebody added the " + type + " '" + name + "' to Kith's tables",
          "drop it with the sqlite3 tool: DROP " + type + " \"" + name + "\"");
  }
}

}  // namespace

void sqlite_connection::check_structure(const damage_sink& found) {
  check_pages(db_->raw(), found);
  check_foreign_objects(db_->raw(), found);
}

}  // namespace kith::inline v1::sqlite
