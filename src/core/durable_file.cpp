// SPDX-License-Identifier: Apache-2.0
//
// POSIX calls, each checked.
#include "core/durable_file.hpp"

#include "core/left_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <new>
#include <system_error>
#include <utility>

namespace kith::inline v1::detail {
namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool is_there(const std::string& path) {
  struct stat about;
  return ::lstat(path.c_str(), &about) == 0;
}

[[noreturn]] void exists(const std::string& path) {
  throw error(error_code::exists,
              "there is '" + path + "' already; give a name that is not taken, or remove it first");
}

}  // namespace

void durable_file::fail(const char* doing, int code) const {
  if (code == ENOMEM) throw std::bad_alloc();
  const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
  throw error(full ? error_code::full : error_code::storage,
              std::string(doing) + " '" + path_ + "': " + std::generic_category().message(code) +
                  (full ? "; free some space and try again" : "; there is no new file"));
}

durable_file::durable_file(const std::string& path) : path_(path) {
  if (path.empty() || path.back() == '/' || path.find('\0') != std::string::npos) {
    throw error(error_code::invalid, "'" + path + "' is not the name of a file");
  }
  if (is_there(path)) exists(path);
  remove_left_files(path);
  for (int attempt = 0;; ++attempt) {
    made_at_ = name_in_making(path, attempt);
    file_ = ::open(made_at_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file_ >= 0) {
      if (hold_in_making(file_)) return;
      ::close(file_);
      continue;
    }
    if (errno == EEXIST && attempt < 1000) continue;
    const int code = errno;
    if (code == ENOENT || code == ENOTDIR) {
      throw error(error_code::not_found,
                  "there is no folder '" + folder_of(path) + "' for '" + path + "'; make it first");
    }
    fail("cannot make a new file beside", code);
  }
}

durable_file::~durable_file() {
  if (!made_at_.empty()) ::unlink(made_at_.c_str());
  if (file_ >= 0) ::close(file_);
}

void durable_file::replaced() noexcept {
  const int other = ::open(made_at_.c_str(), O_WRONLY | O_CLOEXEC);
  if (other < 0) return;  // found out when it is synced
  hold_in_making(other);
  ::close(std::exchange(file_, other));
}

void durable_file::sync(const std::string& path, int how, const char* doing) const {
  const int file = ::open(path.c_str(), how | O_CLOEXEC);
  if (file < 0) fail(doing, errno);
  const int code = ::fsync(file) == 0 || errno == EINVAL ? 0 : errno;
  const bool closed = ::close(file) == 0 || errno == EINTR;
  if (code != 0) fail(doing, code);
  if (!closed) fail(doing, errno);
}

void durable_file::give_name() const {
  if (::renameat2(AT_FDCWD, made_at_.c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE) == 0) {
    return;
  }
  if (errno == EEXIST) exists(path_);
  if (errno != EINVAL && errno != ENOSYS) fail("cannot name", errno);
  // A file system that cannot do both at once.
  if (is_there(path_)) exists(path_);
  if (::rename(made_at_.c_str(), path_.c_str()) != 0) fail("cannot name", errno);
}

void durable_file::keep() {
  sync(made_at_, O_WRONLY, "cannot make durable");
  give_name();
  made_at_.clear();
  try {
    sync(folder_of(path_), O_RDONLY | O_DIRECTORY, "the folder may forget");
  } catch (const error&) {
    ::unlink(path_.c_str());  // nobody may count on it
    throw;
  }
}

}  // namespace kith::inline v1::detail
