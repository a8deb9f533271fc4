// SPDX-License-Identifier: Apache-2.0
//
// The calls by which a program changes files, as this program defines them itself: SQLite's and
// Kith's calls come here. Each is passed on to the system, or fails, or is the last one.
//
//   io::watch(folder);                             // only what happens in it counts
//   io::arm({.at = 7, .how = io::manner::once, .error = EIO});
//   ...
//   const std::uint64_t calls = io::disarm();
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kith::faults::io {

/// Kinds of calls.
enum kind : unsigned {
  writing = 1,   ///< write, pwrite
  syncing = 2,   ///< fsync, fdatasync
  sizing = 4,    ///< ftruncate
  naming = 8,    ///< rename, unlink, mkdir, open that makes a file
  other = 16,    ///< close, chmod
  reading = 32,  ///< read, pread
  changing = writing | syncing | sizing | naming | other,
};

enum class manner {
  none,      ///< only counted
  once,      ///< call `at` fails
  for_ever,  ///< and all behind it
  torn,      ///< call `at`, a write, writes half; all behind it fail
  die,       ///< the process ends instead of call `at`
  cut,       ///< when `at` bytes were written, the rest and every later call have no effect
};

struct fault {
  std::uint64_t at = 0;  ///< from 1
  manner how = manner::none;
  int error = 0;
  unsigned kinds = changing;
};

/// The exit code of a process that ended at a call.
inline constexpr int died = 77;

void watch(const std::string& folder);
void arm(const fault& f);
/// Answers how many calls were counted.
std::uint64_t disarm();
/// Bytes written since arm().
std::uint64_t bytes();
/// Whether the fault has happened.
bool happened();

/// One call of a protocol that was recorded, reading left out: its name and what it was given.
struct step {
  std::string call;  ///< pwrite, fsync, rename, close, ..., mark
  std::string path, to;
  std::uint64_t offset = 0;
  std::string bytes;
};
/// Records from now on, until the next call of either; answers what was recorded.
void record();
std::vector<step> recorded();
/// A step of its own, with this path, while recording.
void mark(const std::string& what);

}  // namespace kith::faults::io
