// SPDX-License-Identifier: Apache-2.0
//
// A file that comes into being whole: made under a name of its own beside the place where it will
// be, and named when all of it is on the disk. Whoever looks for it finds nothing or all of it,
// after a power cut, too.
//
//   durable_file copy(path);              // error_code::exists, not_found: nothing is made
//   write_to(copy.made_at());
//   copy.keep();                      // synced, named, unless somebody took the name meanwhile
#pragma once

#include <string>

#include "kith/core/error.hpp"

namespace kith::inline v1::detail {

class durable_file {
 public:
  /// Makes an empty file that only its owner may read and write, and removes what makers of the
  /// same file left who were killed.
  explicit durable_file(const std::string& path);
  /// Removes what was not kept.
  ~durable_file();
  durable_file(const durable_file&) = delete;

  const std::string& made_at() const noexcept { return made_at_; }
  /// To be called when another file took its place at made_at().
  void replaced() noexcept;
  /// Makes the file and its name durable. error_code::exists, full, storage.
  void keep();

 private:
  [[noreturn]] void fail(const char* doing, int code) const;
  void sync(const std::string& path, int how, const char* doing) const;
  void give_name() const;

  std::string path_;
  std::string made_at_;  // empty once it has its name
  int file_ = -1;        // held while it is in the making
};

}  // namespace kith::inline v1::detail
