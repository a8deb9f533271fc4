// SPDX-License-Identifier: Apache-2.0
//
// What all connections to one file share: where it is, whether it may still be used, and the
// discipline of checkpoints (docs/decisions/0009-sqlite-file.md): a checkpoint runs only while a
// connection of ours holds the write lock, so that it never overlaps a commit of any process.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "kith/storage/sqlite.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/file.hpp"
#include "storage/sqlite/queue.hpp"

namespace kith::inline v1::sqlite {

inline constexpr std::int64_t application_id = 0x4b495448;  // "KITH"
inline constexpr std::int64_t file_format = 1;              // PRAGMA user_version
inline constexpr int checkpoint_pages = 1000;               // pages in the log before a checkpoint

/// Lets one at a time through; unlike a mutex it may be left by another thread.
class turnstile {
 public:
  bool enter(int timeout_ms);
  void leave() noexcept;

 private:
  std::mutex mutex_;
  std::condition_variable free_;
  bool taken_ = false;
};

class site {
 public:
  /// `unchanging`: nobody writes the file meanwhile, so that it is read without locks.
  explicit site(sqlite_options given, bool unchanging = false);
  /// In a host's database; see guest.cpp.
  site(sqlite3* of_host, const sqlite_guest_options& given);
  ~site();
  site(const site&) = delete;

  const sqlite_options& options() const noexcept { return options_; }
  bool in_memory() const noexcept { return options_.path == ":memory:"; }
  bool is_guest() const noexcept { return host_ != nullptr; }
  /// All connections work on one handle, in turns.
  bool shares_one() const noexcept { return in_memory() || is_guest(); }

  /// Throws error_code::closed, poisoned or forked.
  void check() const;
  void poison() noexcept { poisoned_ = true; }
  bool forked() const noexcept;
  void close() noexcept { closed_ = true; }
  /// error_code::storage when the path names another file than the one that is open, or when the
  /// file has got another name. One stat(2), so that each write transaction can ask.
  void check_same_file() const;

  /// A connection with all settings made and read back.
  std::shared_ptr<database> open_database();
  /// Begins a write transaction when our turn comes; see begin.cpp. error_code::busy.
  void begin_to_write(database& on);
  /// Copies the log into the file when that is due and nobody writes. Never throws: the commit
  /// before it has succeeded.
  void checkpoint_after(database& committed) noexcept;
  /// store::backup; see backup.cpp.
  static void back_up(const std::shared_ptr<site>& from, const std::string& path,
                      const copy_check& check);

  /// store::compact; see compact.cpp.
  void compact();

  turnstile one_at_a_time;  ///< of a store whose connections share one handle

 private:
  handle open_handle();
  void verify(sqlite3* on);
  void check_identity(sqlite3* on);
  void make_settings(sqlite3* on);

  sqlite_options options_;
  sqlite3* const host_ = nullptr;
  const bool unchanging_;
  file_identity identity_;
  bool verified_ = false;
  std::atomic<bool> poisoned_{false};
  std::atomic<bool> closed_{false};
  unsigned generation_;
  std::shared_ptr<database> only_;  // of a store whose connections share one handle
  std::mutex checkpoint_mutex_;
  handle keeper_;  // holds the write lock during checkpoints
};

/// A file that nobody writes, as a store for reading.
std::unique_ptr<store> open_unchanging(const std::string& path);

}  // namespace kith::inline v1::sqlite
