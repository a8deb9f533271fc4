// SPDX-License-Identifier: Apache-2.0
//
// Opening, settings and checkpoints.
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/guest.hpp"

#include <pthread.h>
#include <time.h>

#include <chrono>
#include <map>

#include "core/forks.hpp"
#include "core/interruption.hpp"

namespace kith::inline v1::sqlite {
namespace {

// The files that are open in this process, or were in its parent when it was forked. SQLite in the
// child would take the parent's locks for its own: nobody would know that the child is there, and
// the parent, as the last one to close, would remove the log under it. So the child cannot have
// what its parent had open.
class open_files {
 public:
  static open_files& all() {
    static open_files only;
    return only;
  }
  bool of_parent(const file_identity& file) {
    const std::lock_guard lock(mutex_);
    const auto found = counts_.lower_bound({file, 0});
    return found != counts_.end() && found->first.first == file &&
           found->first.second < detail::forks;
  }
  void add(const file_identity& file) {
    const std::lock_guard lock(mutex_);
    ++counts_[{file, detail::forks}];
  }
  void remove(const file_identity& file) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find({file, detail::forks});
    if (found != counts_.end() && --found->second == 0) counts_.erase(found);
  }

 private:
  open_files() {
    detail::fork_generation();
    pthread_atfork([] { all().mutex_.lock(); }, [] { all().mutex_.unlock(); },
                   [] { all().mutex_.unlock(); });
  }
  std::mutex mutex_;
  std::map<std::pair<file_identity, unsigned>, int> counts_;  // by file and generation
};

unsigned fork_generation() {
  open_files::all();
  return detail::fork_generation();
}

// Waits in short steps, so that a writer among many is not overlooked for long.
int wait_for_others(void* data, int tries) {
  static constexpr int steps_us[] = {100, 200, 500, 1000};
  constexpr int last = static_cast<int>(std::size(steps_us)) - 1;
  // The steps before this one, added up.
  long waited_us = 0;
  for (int i = 0; i < tries && i < last; ++i) waited_us += steps_us[i];
  if (tries > last) waited_us += static_cast<long>(tries - last) * steps_us[last];
  if (waited_us >= *static_cast<const int*>(data) * 1000L) return 0;
  const timespec step{0, steps_us[std::min(tries, last)] * 1000L};
  nanosleep(&step, nullptr);
  return 1;
}

int note_pages(void* of, sqlite3*, const char*, int pages) {
  static_cast<database*>(of)->wal_pages = pages;
  return SQLITE_OK;
}

}  // namespace

bool turnstile::enter(int timeout_ms) {
  std::unique_lock lock(mutex_);
  if (!free_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [this] { return !taken_; })) {
    return false;
  }
  taken_ = true;
  return true;
}

void turnstile::leave() noexcept {
  const std::lock_guard lock(mutex_);
  taken_ = false;
  free_.notify_one();
}

site::site(sqlite_options given, bool unchanging)
    : options_(std::move(given)), unchanging_(unchanging), generation_(fork_generation()) {
  if (in_memory()) return;
  options_.path = canonical_path(options_.path);
  check_place(options_.path, options_.allow_network_file_system);
}

site::~site() {
  if (forked()) {
    (void)keeper_.release();  // the parent's
  } else if (verified_ && !in_memory()) {
    open_files::all().remove(identity_);
  }
}

site::site(sqlite3* of_host, const sqlite_guest_options& given)
    : host_(of_host), unchanging_(false), generation_(fork_generation()) {
  check_host(of_host, given);
  const char* const name = sqlite3_db_filename(of_host, "main");
  options_.path = name == nullptr ? "" : name;
  options_.busy_timeout_ms = static_cast<int>(number(of_host, "PRAGMA busy_timeout"));
}

bool site::forked() const noexcept {
  return detail::forks.load(std::memory_order_relaxed) != generation_;
}

void site::check() const {
  if (forked()) {
    throw error(error_code::forked, "the store was opened by the parent process; open it again");
  }
  if (poisoned_.load(std::memory_order_relaxed)) {
    throw error(error_code::poisoned,
                "a write to the disk failed; close the store, check the disk and open it again");
  }
  if (closed_.load(std::memory_order_relaxed)) {
    throw error(error_code::closed, "the store has been closed");
  }
}

void site::check_same_file() const {
  if (shares_one()) return;
  const file_state now = state_of(options_.path);
  if (now.file == identity_ && now.names > 1) refuse_names(options_.path, now.names);
  if (now.file == identity_) return;
  throw error(error_code::storage, "'" + options_.path +
                                       "' was replaced or removed while it was open; close the "
                                       "store and open it again");
}

handle site::open_handle() {
  int how = options_.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  std::string name = options_.path;
  // Where no lock file can be made, or none is needed.
  if (unchanging_ || (options_.read_only && on_read_only_medium(name))) {
    if (size_of(name + "-wal") != 0) {
      throw error(error_code::storage,
                  "'" + name +
                      "' was not closed properly, and its medium cannot be written: copy "
                      "the file and '" +
                      name + "-wal' to another place, and open them there");
    }
    name = uri_of(name, "immutable=1");
    how |= SQLITE_OPEN_URI;
  }
  sqlite3* made = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &made,
                                   how | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  handle h(made);
  if (code != SQLITE_OK) fail(made, code, "open '" + options_.path + "'");
  constexpr int steps = 500;  // of SQLite's machine, some 10 us
  sqlite3_progress_handler(
      made, steps, [](void*) { return detail::stop_wanted() ? 1 : 0; }, nullptr);
  return h;
}

// Whose file is it? Nothing is written before this is known; nor is, at the close of a file that
// is refused, the log of its owner copied into it.
void site::verify(sqlite3* on) {
  const bool has_log = !in_memory() && size_of(options_.path + "-wal") != 0;
  if (has_log) sqlite3_db_config(on, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  try {
    check_identity(on);
  } catch (const error& e) {
    if (e.code() != error_code::read_only || !options_.read_only || size_of(options_.path) == 0) {
      throw;
    }
    throw error(
        error_code::read_only,
        "'" + options_.path +
            "' cannot be read in a folder that cannot be written: readers "
            "and writers meet in a file beside it. Make the folder writable, or copy the file");
  }
  if (has_log) sqlite3_db_config(on, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
}

void site::check_identity(sqlite3* on) {
  const std::int64_t whose = number(on, "PRAGMA application_id");
  if (whose == application_id) {
    const std::int64_t format = number(on, "PRAGMA user_version");
    if (format > file_format) {
      throw error(error_code::newer, "'" + options_.path + "' has file format " +
                                         std::to_string(format) + ", this Kith knows " +
                                         std::to_string(file_format) + ": update the program");
    }
    const std::string trigger =
        text(on,
             "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name LIKE 'kith\\_%' "
             "ESCAPE '\\'");
    if (!trigger.empty()) {
      throw error(error_code::damaged,
                  "somebody added the trigger '" + trigger + "' to Kith's tables; drop it");
    }
    return;
  }
  if (has_guest(on)) {
    if (options_.read_only) return;
    throw error(error_code::foreign,
                "'" + options_.path +
                    "' is a database of another program, with Kith as its guest: open it with "
                    "that program's settings and open_guest(), or for reading");
  }
  const bool empty = whose == 0 && number(on, "SELECT count(*) FROM sqlite_schema") == 0;
  if (!empty) {
    throw error(error_code::foreign, "'" + options_.path +
                                         "' is a SQLite file of another program; give Kith a file "
                                         "of its own");
  }
  if (options_.read_only) {
    throw error(error_code::read_only,
                "'" + options_.path + "' is empty; open it for writing first");
  }
}

void site::make_settings(sqlite3* on) {
  sqlite3_db_config(on, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(on, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_limit(on, SQLITE_LIMIT_ATTACHED, 0);
  if (in_memory()) {
    run(on, "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON");
    return;
  }
  const bool is_wal = text(on, "PRAGMA journal_mode") == "wal";
  if (!is_wal && !options_.read_only) {
    if (number(on, "PRAGMA page_count") == 0) run(on, "PRAGMA page_size = 8192");
    run(on, "PRAGMA journal_mode = WAL");
  }
  run(on, options_.durability == sqlite_durability::full ? "PRAGMA synchronous = FULL"
                                                         : "PRAGMA synchronous = NORMAL");
  run(on,
      "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"
      "PRAGMA cache_size = -49152");
  const std::int64_t wanted = options_.durability == sqlite_durability::full ? 2 : 1;
  const bool made = number(on, "PRAGMA synchronous") == wanted &&
                    (options_.read_only || is_wal || text(on, "PRAGMA journal_mode") == "wal");
  if (!made) {
    throw error(error_code::storage, "SQLite did not take the settings that make '" +
                                         options_.path + "' safe (WAL, synchronous FULL)");
  }
}

std::shared_ptr<database> site::open_database() {
  check();
  const std::lock_guard lock(checkpoint_mutex_);
  if (only_) return only_;
  if (is_guest()) return only_ = std::make_shared<database>(host_);
  const file_identity old = in_memory() ? file_identity{} : identity_of(options_.path);
  const bool existed = in_memory() || old.exists();
  if (!existed && options_.read_only) {
    throw error(error_code::not_found, "there is no file '" + options_.path + "'");
  }
  if (open_files::all().of_parent(old)) {
    throw error(error_code::forked,
                "'" + options_.path +
                    "' was open in the parent process when this one was forked: "
                    "close it before the fork, or run another program");
  }
  auto made = std::make_shared<database>(open_handle());
  sqlite3* const on = made->raw();
  made->patience_ms = options_.busy_timeout_ms;
  made->older_than_model = options_.read_only;
  sqlite3_busy_handler(on, wait_for_others, &made->patience_ms);
  if (!verified_) {
    verify(on);
    if (!existed) keep_private(options_.path);
  }
  make_settings(on);
  sqlite3_wal_hook(on, note_pages, made.get());  // and no checkpoints by SQLite itself
  sqlite3_set_authorizer(on, host_may, made.get());
  if (!verified_ && !in_memory()) {
    identity_ = identity_of(options_.path);
    open_files::all().add(identity_);
  }
  verified_ = true;
  if (in_memory()) only_ = made;
  return made;
}

void site::checkpoint_after(database& committed) noexcept {
  if (committed.wal_pages < checkpoint_pages) return;
  const std::unique_lock lock(checkpoint_mutex_, std::try_to_lock);
  if (!lock) return;
  try {
    if (!keeper_) {
      keeper_ = open_handle();
      make_settings(keeper_.get());
      sqlite3_wal_autocheckpoint(keeper_.get(), 0);
    }
    if (sqlite3_exec(keeper_.get(), "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) != SQLITE_OK) {
      return;  // somebody writes: next time
    }
    int left = 0;
    int done = 0;
    const int code =
        sqlite3_wal_checkpoint_v2(committed.raw(), "main", SQLITE_CHECKPOINT_PASSIVE, &left, &done);
    sqlite3_exec(keeper_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    // Whoever cannot take it back lets go of the lock by closing.
    if (sqlite3_get_autocommit(keeper_.get()) == 0) keeper_.reset();
    if ((code & 0xff) == SQLITE_IOERR) poison();
    if (code == SQLITE_OK && left == done) committed.wal_pages = 0;
  } catch (...) {
    keeper_.reset();  // no memory, or the file is gone: the log just grows a little longer
  }
}

}  // namespace kith::inline v1::sqlite
