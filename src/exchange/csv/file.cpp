// SPDX-License-Identifier: Apache-2.0
//
// POSIX files.
#include "exchange/csv/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "kith/core/error.hpp"

namespace kith::inline v1::detail {
namespace {

[[noreturn]] void refuse_file(const char* doing, const std::string& path, int why) {
  const error_code code = why == ENOENT   ? error_code::not_found
                          : why == ENOSPC ? error_code::full
                                          : error_code::storage;
  throw error(code, std::string("cannot ") + doing + " " + path + ": " + std::strerror(why));
}

class descriptor {
 public:
  descriptor(int number, std::string path) : number_(number), path_(std::move(path)) {}
  descriptor(const descriptor&) = delete;
  ~descriptor() { ::close(number_); }
  std::size_t read(char* to, std::size_t room) const {
    for (;;) {
      const ssize_t got = ::read(number_, to, room);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) refuse_file("read", path_, errno);
    }
  }

 private:
  int number_;
  std::string path_;
};

}  // namespace

byte_source read_file(const std::string& path) {
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (number < 0) refuse_file("open", path, errno);
  auto file = std::make_shared<descriptor>(number, path);
  return [file](char* to, std::size_t room) { return file->read(to, room); };
}

new_file::new_file(std::string path) : path_(std::move(path)) {
  for (int attempt = 0; descriptor_ < 0; ++attempt) {
    part_ = path_ + ".part" + std::to_string(::getpid()) + "-" + std::to_string(attempt);
    descriptor_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && (errno != EEXIST || attempt == 100)) {
      const int why = errno;
      part_.clear();
      refuse_file("write", path_, why);
    }
  }
}

new_file::~new_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!part_.empty()) ::unlink(part_.c_str());
}

void new_file::refuse(const char* doing) const { refuse_file(doing, path_, errno); }

void new_file::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) refuse("write");
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

void new_file::finish() {
  if (::fsync(descriptor_) != 0) refuse("write");
  const int closing = std::exchange(descriptor_, -1);
  if (::close(closing) != 0) refuse("write");
  if (::rename(part_.c_str(), path_.c_str()) != 0) refuse("name");
  part_.clear();
}

}  // namespace kith::inline v1::detail
