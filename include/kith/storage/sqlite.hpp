// SPDX-License-Identifier: Apache-2.0
//
// The embedded default: one SQLite file, many processes, every commit on the disk before it
// returns. Tables are called kith_<entity>; a host's own tables may live beside them.
//
//   kith::crm crm(kith::open_sqlite({.path = "shop.kith"}), std::move(options));
//
// The settings and the discipline of locks and checkpoints: docs/decisions/0009-sqlite-file.md.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kith/core/store.hpp"

struct sqlite3;

namespace kith::inline v1 {

/// What a power cut may take.
enum class sqlite_durability : std::uint8_t {
  full,     ///< nothing that was committed
  relaxed,  ///< the latest commits, from the end; never one from the middle
};

struct sqlite_options {
  std::string path{};  ///< of the file; ":memory:" for none
  bool read_only = false;
  int busy_timeout_ms = 10'000;  ///< how long a writer waits for another one
  sqlite_durability durability = sqlite_durability::full;
  bool allow_network_file_system = false;  ///< their locks do not hold; refused otherwise
};

/// error_code::foreign for a file of another program, newer for one of a newer version, not_found
/// for one that is only to be read and is not there, forked for one that the parent process had
/// open when it was forked, damaged, storage, busy, read_only. A foreign or newer file is refused
/// before a byte is written.
std::unique_ptr<store> open_sqlite(sqlite_options options);

/// The loaded files (of libraries, of the program) that contain an SQLite, the one that Kith uses
/// first. More than one is a danger: when two copies have one database open, either one's close
/// takes the other's locks away, and what both write is lost or corrupt. Kith and its host, or
/// Python's sqlite3 module, use the same one when all are linked to the system's shared library.
/// Reads the constants of everything that is loaded: milliseconds. Linux only; empty elsewhere.
std::vector<std::string> sqlite_copies();

/// A store inside a database that the host opened, on the host's own connection: no PRAGMA, hook,
/// BEGIN or COMMIT is Kith's; a transaction of Kith is a SAVEPOINT in the host's, and lasts when
/// the host commits. Nothing is cached across calls that the host could take back. The host keeps
/// the connection open longer than the crm, and uses both in one thread at a time (docs/decisions/
/// 0020-guest.md).
struct sqlite_guest_options {
  /// Accepts a database whose settings can lose or corrupt what was committed: synchronous OFF,
  /// or NORMAL outside of WAL, no journal on the disk, a mapped file, and, before SQLite 3.51.3,
  /// WAL with automatic checkpoints. Refused otherwise (error_code::storage).
  bool accept_weak_durability = false;
};
/// error_code::foreign where the host has names that begin with kith_, damaged where somebody hung
/// triggers on Kith's tables, newer, storage (settings, UTF-16), misuse for a null pointer.
std::unique_ptr<store> open_sqlite_guest(::sqlite3* database, sqlite_guest_options options = {});

}  // namespace kith::inline v1
