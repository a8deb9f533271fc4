// SPDX-License-Identifier: Apache-2.0
//
// Transactions on a host's handle, as savepoints of the host's (docs/decisions/0020-guest.md).
//
// The host may take back, with a roll-back or a savepoint of its own, anything at any time. So
// every write leaves a mark, a number that is never used again, in a row of its own: as long as the
// row has the mark of the latest write, nothing was taken back and nobody else wrote.
#include "storage/sqlite/guest.hpp"

#include "storage/sqlite/site.hpp"

namespace kith::inline v1::sqlite {
namespace {

class of_host final : public transactions {
 public:
  explicit of_host(database& on)
      : db_(on),
        back_(prepare(on.raw(), "ROLLBACK TO kith_transaction", true)),
        release_(prepare(on.raw(), "RELEASE kith_transaction", true)),
        rollback_(prepare(on.raw(), "ROLLBACK", true)),
        own_file_(is_own_file(on.raw())) {
    sqlite3_randomness(sizeof latest_, &latest_);
    latest_ &= 0x3fff'ffff'ffff'ffff;
  }

  void begin(access mode) override {
    if (mode == access::read) return pin();
    refuse_half();
    outermost_ = sqlite3_get_autocommit(db_.raw()) != 0;
    db_.simple("SAVEPOINT kith_transaction", "begin to write");
    open_ = true;
    try {
      take_write_lock();
      expected_ = mark();
      first_ = latest_ + 1;
      commits_ = commits();
    } catch (...) {
      roll_back();
      throw;
    }
  }

  bool is_open() const noexcept override {
    return pin_.get() != nullptr || (open_ && sqlite3_get_autocommit(db_.raw()) == 0);
  }

  int commit() override {
    if (pin_.get() != nullptr) {
      pin_ = {};
      return SQLITE_DONE;
    }
    require_whole();
    const int code = step(release_);
    // The host has released a savepoint around ours: all of it is in the host's transaction.
    const bool released = (code & 0xff) == SQLITE_ERROR && sqlite3_get_autocommit(db_.raw()) == 0;
    if (code != SQLITE_DONE && !released) return code;
    open_ = false;
    known_ = expected_;
    if (db_.layout_changed) {
      layout_ = layout();
      layout_in_doubt_ = layout_in_doubt_ || provisional();
    }
    return SQLITE_DONE;
  }

  bool roll_back() noexcept override {
    pin_ = {};
    if (!open_) return true;
    const bool ended = sqlite3_get_autocommit(db_.raw()) != 0;
    const int code = ended ? SQLITE_ERROR : step(back_);
    if ((code & 0xff) == SQLITE_ERROR) {  // the savepoint is gone with what the host ended
      open_ = false;
      note_half();
      return true;
    }
    if (code != SQLITE_DONE) return false;
    // Outside of a host's transaction the savepoint is the transaction. To release it would be a
    // commit, which waits for readers.
    open_ = step(outermost_ ? rollback_ : release_) != SQLITE_DONE;
    return !open_;
  }

  void before_write() override {
    const std::int64_t next = ++latest_;
    const checked_out s =
        db_.statement("UPDATE main.kith_file SET mark = ? WHERE id = 1 AND mark = ?");
    sqlite3_bind_int64(s.get(), 1, next);
    sqlite3_bind_int64(s.get(), 2, expected_);
    running(s.get()).step("write");
    if (sqlite3_changes(db_.raw()) != 1) taken_apart();
    expected_ = next;
    require_one_host_transaction();
  }

  void went_back() override { expected_ = mark(); }

  std::uint64_t data_version() override {
    const bool inside = open_ && sqlite3_get_autocommit(db_.raw()) == 0;
    const std::int64_t now = mark();
    if (!inside) refuse_half();
    if (now != (inside ? expected_ : known_)) see_layout();
    if (!inside) known_ = now;
    // Who writes a file of Kith's own as its owner leaves no marks.
    return static_cast<std::uint64_t>(now) ^ (own_file_ ? std::uint64_t{commits()} << 32 : 0);
  }

  bool provisional() const noexcept override { return sqlite3_get_autocommit(db_.raw()) == 0; }

  void commit_once_more() override {
    run(db_.raw(), "UPDATE main.kith_file SET mark = mark WHERE id = 1");
  }

 private:
  // A statement that is not at its end keeps the instant, whatever transactions come and go.
  void pin() {
    pin_ = db_.statement("SELECT rootpage FROM main.sqlite_schema UNION ALL SELECT 0");
    const int code = sqlite3_step(pin_.get());
    if (code == SQLITE_ROW) return;
    pin_ = {};
    fail(db_.raw(), code, "begin to read");
  }

  // A savepoint takes no lock: a write that changes nothing does, before anything is read. In a
  // host's transaction that has read before, SQLITE_BUSY_SNAPSHOT tells that others wrote since.
  void take_write_lock() {
    if (known_ == 0 && !has_guest(db_.raw())) return make_table();
    try {
      db_.simple("UPDATE main.kith_file SET mark = mark WHERE id = 0", "begin to write");
    } catch (const error&) {
      require_still_founded();
      throw;
    }
  }

  void make_table() {
    refuse_taken_names(db_.raw());
    run(db_.raw(),
        "CREATE TABLE IF NOT EXISTS main.kith_file(id INTEGER PRIMARY KEY, format INTEGER NOT "
        "NULL, mark INTEGER NOT NULL) STRICT");
    const checked_out s = db_.statement("INSERT OR IGNORE INTO main.kith_file VALUES (1, ?, ?)");
    sqlite3_bind_int64(s.get(), 1, file_format);
    sqlite3_bind_int64(s.get(), 2, ++latest_);
    running(s.get()).step("begin to write");
  }

  void require_still_founded() {
    if (known_ == 0 || has_guest(db_.raw())) return;
    throw error(error_code::closed,
                "the host took back the transaction in which the store was made; open it again");
  }

  std::int64_t mark() {
    if (known_ == 0 && !has_guest(db_.raw())) return 0;
    try {
      const checked_out s = db_.statement("SELECT mark FROM main.kith_file WHERE id = 1");
      running r(s.get());
      return r.step("read the store") ? sqlite3_column_int64(s.get(), 0) : 0;
    } catch (const error&) {
      require_still_founded();
      throw;
    }
  }

  std::uint32_t commits() {
    unsigned version = 0;
    sqlite3_file_control(db_.raw(), "main", SQLITE_FCNTL_DATA_VERSION, &version);
    return version;
  }

  void require_whole() {
    if (mark() != expected_) taken_apart();
    require_one_host_transaction();
  }

  [[noreturn]] void taken_apart() {
    throw error(error_code::retry,
                "the host took back what this transaction had written, or a part of it; roll it "
                "back and run it again");
  }

  void require_one_host_transaction() {
    if (commits() == commits_) return;
    throw error(error_code::misuse,
                "the host committed while a transaction of Kith was open; end Kith's first");
  }

  // What is left of a transaction whose savepoint is gone stands in the host's, without the change
  // set that would tell of it.
  void note_half() noexcept {
    try {
      const std::int64_t now = mark();
      if (now < first_ || now > latest_) return;
      half_first_ = first_;
      half_last_ = latest_;
    } catch (...) {  // nobody can tell: the next call asks again
      half_first_ = first_;
      half_last_ = latest_;
    }
  }
  void refuse_half() {
    if (half_last_ == 0) return;
    const std::int64_t now = mark();
    if (now < half_first_ || now > half_last_) {
      half_last_ = 0;  // taken back
      return;
    }
    throw error(error_code::misuse,
                "the host ended its transaction in the middle of one of Kith's, and what Kith had "
                "written of it has no change set: roll the host's transaction back; if it has "
                "committed, open the store again and see crm.verify()");
  }

  // Tables may have lost columns, or have got others, since their statements were prepared.
  void see_layout() {
    const std::int64_t now = layout();
    if (now == layout_ && !layout_in_doubt_) return;
    db_.layout_undone = true;
    layout_ = now;
    layout_in_doubt_ = false;
  }
  std::int64_t layout() { return number(db_.raw(), "PRAGMA main.schema_version"); }

  static int step(const prepared& s) noexcept {
    const int code = sqlite3_step(s.get());
    sqlite3_reset(s.get());
    return code;
  }

  database& db_;
  prepared back_;
  prepared release_;
  prepared rollback_;
  checked_out pin_;
  const bool own_file_;
  bool open_ = false;
  bool outermost_ = false;
  std::int64_t latest_ = 0;    // mark that was given out; numbers begin anywhere
  std::int64_t expected_ = 0;  // mark inside the open transaction
  std::int64_t known_ = 0;     // mark that was seen last outside of one; 0: no store yet
  std::int64_t first_ = 0;     // mark of the open transaction
  std::uint32_t commits_ = 0;  // on this handle, when it began
  std::int64_t layout_ = 0;
  bool layout_in_doubt_ = false;  // changed in a transaction that the host may take back
  std::int64_t half_first_ = 0;
  std::int64_t half_last_ = 0;
};

}  // namespace

std::unique_ptr<transactions> host_transactions(database& on) {
  return std::make_unique<of_host>(on);
}

}  // namespace kith::inline v1::sqlite
