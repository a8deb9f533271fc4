// SPDX-License-Identifier: Apache-2.0
//
// What must hold of a path before SQLite opens it, looked at without opening it: closing any other
// descriptor of the file would drop SQLite's locks.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace kith::inline v1::sqlite {

/// Which file a path named when it was opened.
struct file_identity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  bool exists() const noexcept { return inode != 0; }
  friend auto operator<=>(const file_identity&, const file_identity&) = default;
};

/// The same, and how many names (hard links) it has.
struct file_state {
  file_identity file;
  std::uint64_t names = 0;
};

/// The one name of the file, symbolic links followed; the file itself may be missing.
std::string canonical_path(const std::string& path);
file_state state_of(const std::string& path) noexcept;
inline file_identity identity_of(const std::string& path) noexcept { return state_of(path).file; }
/// error_code::storage for a file with several names (hard links), something that is no regular
/// file, or a network file system unless that is allowed.
void check_place(const std::string& path, bool allow_network);
std::uint64_t size_of(const std::string& path) noexcept;
/// Whether nobody at all can write there.
bool on_read_only_medium(const std::string& path) noexcept;
/// error_code::storage: what a file with several names cannot have.
[[noreturn]] void refuse_names(const std::string& path, std::uint64_t names);
/// The path as SQLite reads a URI, with a query behind it.
std::string uri_of(const std::string& path, std::string_view query);
/// A new store is for its owner only.
void keep_private(const std::string& path) noexcept;

}  // namespace kith::inline v1::sqlite
