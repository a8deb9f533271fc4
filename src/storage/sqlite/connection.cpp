// SPDX-License-Identifier: Apache-2.0
//
// Transactions, and what a failed commit means. Records are in records.cpp, tables in layout.cpp,
// questions in scan.cpp.
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
  lasts_ = false;
  if (site_->shares_one()) {
    mine = mine_.lock();
    if (!mine) mine_ = mine = std::make_shared<turn>(*site_);
  }
  if (db_->owner == nullptr) finish_rollback();
  return mine;
}

// A transaction that SQLite could not take back for want of memory is nobody's, and still open.
void sqlite_connection::finish_rollback() {
  if (!site_->forked() && !db_->scope().roll_back()) throw std::bad_alloc();
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
    site_->begin_to_write(*db_);
  } else {
    db_->scope().begin(mode);
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
  if (!db_->scope().is_open()) {
    rollback();
    throw error(error_code::retry, "the transaction was taken back after an earlier error");
  }
  const bool wrote = *open_ == access::write;
  const int code = db_->scope().commit();
  if (code != SQLITE_DONE) {
    if (!wrote) fail(db_->raw(), code, "end reading");
    commit_failed(code);
  }
  db_->layout_changed = false;
  lasts_ = !db_->scope().provisional();  // others may begin as soon as the turn is over
  end();
  if (wrote && !site_->shares_one()) site_->checkpoint_after(*db_);
}

// 0009-sqlite-file.md: busy and full are certain; no memory can be made certain; the rest is not.
void sqlite_connection::commit_failed(int code) {
  const int kind = code & 0xff;
  // Without a file nothing but SQLite's own state decides, and asking it needs no memory.
  if (site_->in_memory() && !db_->scope().taken_back() && sqlite3_get_autocommit(db_->raw()) != 0)
    return;
  if (kind == SQLITE_BUSY || kind == SQLITE_FULL || site_->in_memory()) {
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
      db_->scope().commit_once_more();
    } catch (...) {
      db_->scope().roll_back();
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
  if (!site_->forked()) db_->scope().roll_back();
  end();
}

void sqlite_connection::savepoint(int level) {
  require_writing();
  if (level != levels_ + 1) {
    throw error(error_code::misuse,
                "savepoints nest: the next level is " + std::to_string(levels_ + 1));
  }
  db_->simple(("SAVEPOINT kith_" + std::to_string(level)).c_str(), "set a savepoint");
  levels_ = level;
}

void sqlite_connection::require_level(int level) const {
  require_writing();
  if (level >= 1 && level <= levels_) return;
  throw error(error_code::misuse, "there is no savepoint of level " + std::to_string(level));
}

void sqlite_connection::release(int level) {
  require_level(level);
  db_->simple(("RELEASE kith_" + std::to_string(level)).c_str(), "release a savepoint");
  levels_ = level - 1;
}

void sqlite_connection::rollback_to(int level) {
  require_level(level);
  db_->simple(("ROLLBACK TO kith_" + std::to_string(level)).c_str(), "go back to a savepoint");
  levels_ = level;
  db_->scope().went_back();
  if (db_->layout_changed) db_->layout_undone = true;
}

std::uint64_t sqlite_connection::data_version() {
  const auto mine = site_->is_guest() ? take_turn() : nullptr;
  return db_->scope().data_version();
}

bool sqlite_connection::provisional() { return !lasts_ && db_->scope().provisional(); }

void sqlite_connection::require_writing() const {
  site_->check();
  if (!open_) throw error(error_code::misuse, "writing needs a write transaction");
  if (*open_ != access::write) {
    throw error(error_code::read_only, "this is a read transaction: begin one for writing");
  }
  if (!db_->scope().is_open()) {
    throw error(error_code::retry, "the transaction was taken back after an earlier error");
  }
}

}  // namespace kith::inline v1::sqlite
