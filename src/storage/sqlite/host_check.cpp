// SPDX-License-Identifier: Apache-2.0
//
// What a host's settings may lose, and what stands in its database already.
#include "storage/sqlite/guest.hpp"
#include "storage/sqlite/site.hpp"

namespace kith::inline v1::sqlite {
namespace {

// SQLite before 3.51.3 can lose what is in the log when a checkpoint overlaps a commit.
constexpr int first_safe_checkpoints = 3'051'003;

struct host_settings {
  explicit host_settings(sqlite3* on)
      : journal(text(on, "PRAGMA main.journal_mode")),
        synchronous(number(on, "PRAGMA main.synchronous")),
        checkpoint_pages(number(on, "PRAGMA wal_autocheckpoint")),
        mapped(number(on, "PRAGMA main.mmap_size")),
        alone(text(on, "PRAGMA main.locking_mode") == "exclusive") {
    const char* const name = sqlite3_db_filename(on, "main");
    in_file = name != nullptr && *name != '\0';
  }
  std::string journal;
  std::int64_t synchronous;  // 0 off, 1 normal, 2 full, 3 extra
  std::int64_t checkpoint_pages;
  std::int64_t mapped;
  bool alone;
  bool in_file = false;
};

// What is weak, and its remedy; empty when nothing is.
std::string weakness(const host_settings& s) {
  if (!s.in_file) return {};
  if (s.synchronous == 0) return "synchronous is OFF; set it to FULL";
  if (s.journal == "off" || s.journal == "memory") {
    return "there is no journal on the disk; set journal_mode to WAL or TRUNCATE";
  }
  if (s.synchronous == 1 && s.journal != "wal") {
    return "synchronous is NORMAL without WAL; set it to FULL, or journal_mode to WAL";
  }
  if (s.mapped > 0) return "the file is mapped into memory; set mmap_size to 0";
  const bool overlap = s.journal == "wal" && s.checkpoint_pages > 0 && !s.alone;
  if (overlap && sqlite3_libversion_number() < first_safe_checkpoints) {
    return std::string("this SQLite (") + sqlite3_libversion() +
           ") can lose commits that an automatic checkpoint overlaps; set wal_autocheckpoint to 0 "
           "and checkpoint while nobody writes, set journal_mode to TRUNCATE, or use SQLite 3.51.3";
  }
  return {};
}

void refuse_planted(sqlite3* on) {
  const std::string planted =
      text(on,
           "SELECT type || ' ' || name FROM (SELECT * FROM main.sqlite_schema UNION ALL "
           "SELECT * FROM temp.sqlite_schema) WHERE type = 'trigger' AND tbl_name LIKE 'kith\\_%' "
           "ESCAPE '\\'");
  const std::string hiding =
      text(on,
           "SELECT type || ' ' || name FROM temp.sqlite_schema WHERE name LIKE 'kith\\_%' "
           "ESCAPE '\\'");
  for (const std::string& what : {planted, hiding}) {
    if (what.empty()) continue;
    throw error(error_code::damaged,
                "somebody added the " + what + " to Kith's tables, or before them; drop it");
  }
}

}  // namespace

bool has_guest(sqlite3* on) {
  return number(on, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'kith_file'") != 0;
}

bool is_own_file(sqlite3* on) { return number(on, "PRAGMA main.application_id") == application_id; }

void refuse_taken_names(sqlite3* on) {
  if (is_own_file(on)) return;
  const std::string taken =
      text(on, "SELECT name FROM main.sqlite_schema WHERE name LIKE 'kith\\_%' ESCAPE '\\'");
  if (taken.empty()) return;
  throw error(error_code::foreign, "the database has a '" + taken +
                                       "' that is not Kith's; names that begin with kith_ are "
                                       "Kith's: give it another one");
}

namespace {

void check_format(sqlite3* on) {
  std::int64_t format = 0;
  if (has_guest(on)) {
    format = number(on, "SELECT format FROM main.kith_file WHERE id = 1");
  } else if (is_own_file(on)) {
    format = number(on, "PRAGMA main.user_version");
  } else {
    refuse_taken_names(on);
  }
  if (format <= file_format) return;
  throw error(error_code::newer, "Kith's tables in the host's database have format " +
                                     std::to_string(format) + ", this Kith knows " +
                                     std::to_string(file_format) + ": update the program");
}

}  // namespace

void check_host(sqlite3* on, const sqlite_guest_options& accepted) {
  if (on == nullptr) throw error(error_code::misuse, "give an open sqlite3* of the host");
  if (text(on, "PRAGMA main.encoding") != "UTF-8") {
    throw error(error_code::storage,
                "the host's database keeps text as UTF-16, which SQLite orders otherwise; make one "
                "with PRAGMA encoding = 'UTF-8'");
  }
  const std::string weak = accepted.accept_weak_durability ? "" : weakness(host_settings(on));
  if (!weak.empty()) {
    throw error(error_code::storage,
                "the host's database can lose or corrupt what was committed: " + weak +
                    " (or accept it: accept_weak_durability)");
  }
  refuse_planted(on);
  check_format(on);
}

bool keeps_commits(sqlite3* on) {
  const host_settings s(on);
  if (!s.in_file) return false;
  return weakness(s).empty();
}

}  // namespace kith::inline v1::sqlite
