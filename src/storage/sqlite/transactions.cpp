// SPDX-License-Identifier: Apache-2.0
//
// Transactions on a handle of Kith's own.
#include "storage/sqlite/transactions.hpp"

#include "storage/sqlite/database.hpp"

namespace kith::inline v1::sqlite {
namespace {

class own final : public transactions {
 public:
  // ROLLBACK must not need memory when it is needed; and SQLite tells of roll-backs of its own.
  explicit own(database& on) : db_(on), rollback_(prepare(on.raw(), "ROLLBACK", true)) {
    const auto hear = [](void* self) { static_cast<own*>(self)->taken_back_ = true; };
    sqlite3_rollback_hook(db_.raw(), hear, this);
  }
  ~own() override { sqlite3_rollback_hook(db_.raw(), nullptr, nullptr); }

  void begin(access mode) override {
    if (mode == access::write) return db_.simple("BEGIN IMMEDIATE", "begin to write");
    db_.simple("BEGIN", "begin to read");
    try {
      db_.simple("SELECT rootpage FROM sqlite_schema LIMIT 1", "begin to read");  // the instant
    } catch (...) {
      roll_back();
      throw;
    }
  }
  bool is_open() const noexcept override { return sqlite3_get_autocommit(db_.raw()) == 0; }
  int commit() override {
    const checked_out s = db_.statement("COMMIT");
    taken_back_ = false;
    return sqlite3_step(s.get());
  }
  bool roll_back() noexcept override {
    if (!is_open()) return true;
    sqlite3_step(rollback_.get());
    sqlite3_reset(rollback_.get());
    return !is_open();
  }
  std::uint64_t data_version() override {
    unsigned version = 0;
    sqlite3_file_control(db_.raw(), "main", SQLITE_FCNTL_DATA_VERSION, &version);
    return version;
  }
  void commit_once_more() override {
    run(db_.raw(), "BEGIN IMMEDIATE; PRAGMA user_version = 1; COMMIT");
  }
  bool taken_back() const noexcept override { return taken_back_; }

 private:
  database& db_;
  prepared rollback_;
  bool taken_back_ = false;
};

}  // namespace

std::unique_ptr<transactions> own_transactions(database& on) { return std::make_unique<own>(on); }

}  // namespace kith::inline v1::sqlite
