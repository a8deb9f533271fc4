// SPDX-License-Identifier: Apache-2.0
//
// flock(2): unlike the locks of fcntl(2) it does not end when the process closes the file through
// another descriptor, as SQLite does that writes a backup.
#include "core/left_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>

namespace kith::inline v1::detail {
namespace {

constexpr std::string_view end_of_name = ".new";

bool strip(std::string_view& text, std::string_view end) noexcept {
  if (!text.ends_with(end)) return false;
  text.remove_suffix(end.size());
  return true;
}

bool strip_digits(std::string_view& text) noexcept {
  const std::size_t before = text.size();
  while (!text.empty() && text.back() >= '0' && text.back() <= '9') text.remove_suffix(1);
  return text.size() < before;
}

// `.name.123-0.new`, or that of such a file in its turn, and nothing else.
bool is_in_making(std::string_view file, std::string_view name) noexcept {
  const bool is = strip(file, end_of_name) && strip_digits(file) && strip(file, "-") &&
                  strip_digits(file) && strip(file, ".") && file.starts_with('.');
  if (!is) return false;
  file.remove_prefix(1);
  return file == name || is_in_making(file, name);
}

void remove_if_left(int folder, const char* file) noexcept {
  const int opened = ::openat(folder, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (opened < 0) return;
  struct stat about {};
  const bool plain = ::fstat(opened, &about) == 0 && S_ISREG(about.st_mode);
  if (plain && ::flock(opened, LOCK_EX | LOCK_NB) == 0) ::unlinkat(folder, file, 0);
  ::close(opened);
}

}  // namespace

std::string name_in_making(const std::string& path, int number) {
  const std::size_t slash = path.rfind('/') + 1;  // 0 when there is none
  return path.substr(0, slash) + "." + path.substr(slash) + "." + std::to_string(::getpid()) + "-" +
         std::to_string(number) + std::string(end_of_name);
}

bool hold_in_making(int file) noexcept {
  // On a file system without such locks nothing is ever taken for left over either.
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) return errno != EWOULDBLOCK;
  struct stat about {};
  return ::fstat(file, &about) != 0 || about.st_nlink > 0;
}

void remove_left_files(const std::string& path) noexcept {
  try {
    const std::size_t slash = path.rfind('/') + 1;
    const std::string folder = slash == 0 ? "." : path.substr(0, slash);
    const auto close = [](DIR* d) { ::closedir(d); };
    const std::unique_ptr<DIR, decltype(close)> all(::opendir(folder.c_str()), close);
    if (!all) return;
    const std::string_view name = std::string_view(path).substr(slash);
    while (const dirent* const one = ::readdir(all.get())) {
      if (is_in_making(one->d_name, name)) remove_if_left(::dirfd(all.get()), one->d_name);
    }
  } catch (...) {  // no memory: the next one removes it
  }
}

}  // namespace kith::inline v1::detail
