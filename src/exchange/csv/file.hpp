// SPDX-License-Identifier: Apache-2.0
//
// Files as sources and sinks of bytes.
#pragma once

#include <memory>
#include <string>

#include "kith/exchange/csv.hpp"

namespace kith::inline v1::detail {

/// Reads a file from its beginning. error_code::not_found, or storage when the system refuses.
byte_source read_file(const std::string& path);

/// A file that appears under its name only when it is complete.
class new_file {
 public:
  explicit new_file(std::string path);
  new_file(const new_file&) = delete;
  /// Removes what was written, unless finish() was called.
  ~new_file();
  void write(std::string_view bytes);
  /// Brings it to the disk and gives it its name, in place of a file that has it.
  void finish();

 private:
  [[noreturn]] void refuse(const char* doing) const;
  std::string path_;
  std::string part_;  // the name until then
  int descriptor_ = -1;
};

}  // namespace kith::inline v1::detail
