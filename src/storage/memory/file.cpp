// SPDX-License-Identifier: Apache-2.0
//
// POSIX calls, each checked.
#include "storage/memory/file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <new>
#include <system_error>

#include "core/left_files.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::memory {
namespace {

constexpr std::size_t buffer_size = std::size_t{256} << 10;

[[noreturn]] void refuse(const std::string& path, const char* doing, int code) {
  if (code == ENOMEM) throw std::bad_alloc();
  const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
  throw error(full ? error_code::full : error_code::storage,
              std::string(doing) + " " + path + ": " + std::generic_category().message(code));
}

class descriptor {
 public:
  explicit descriptor(int file) : file_(file) {}
  descriptor(const descriptor&) = delete;
  ~descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  int operator*() const noexcept { return file_; }

 private:
  int file_;
};

// Through a symbolic link to the file it means.
std::string real_name(const std::string& path) {
  std::error_code none;
  const auto real = std::filesystem::canonical(path, none);
  if (none == std::errc::not_enough_memory) throw std::bad_alloc();
  return none ? path : real.string();
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

digest digest_of(std::string_view bytes) noexcept {
  digest d;
  crypto_hash_sha256(d.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return d;
}

std::optional<file_bytes> read_file(const std::string& path) {
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (*file < 0 && errno == ENOENT) return {};
  struct stat about;
  if (*file < 0 || ::fstat(*file, &about) != 0) refuse(path, "cannot open", errno);
  if (!S_ISREG(about.st_mode)) {
    throw error(error_code::foreign, path + " is not a snapshot: it is not a file");
  }
  file_bytes all;
  all.size = static_cast<std::size_t>(about.st_size);
  all.bytes = std::make_unique_for_overwrite<char[]>(all.size);
  for (std::size_t done = 0; done < all.size;) {
    const ssize_t n = ::read(*file, all.bytes.get() + done, all.size - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) refuse(path, "cannot read", errno);
    if (n == 0) all.size = done;  // shorter than it was
    done += static_cast<std::size_t>(n);
  }
  return all;
}

// ----------------------------------------------------------------------------------------- writing

replacing_file::replacing_file(const std::string& path, std::size_t head_size)
    : path_(real_name(path)),
      at_(static_cast<off_t>(head_size)),
      buffer_(std::make_unique_for_overwrite<char[]>(buffer_size)) {
  crypto_hash_sha256_init(&hash_);
  setp(buffer_.get(), buffer_.get() + buffer_size);
  mode_t mode = 0600;
  struct stat old;
  if (::stat(path_.c_str(), &old) == 0) mode = old.st_mode & 0777;
  detail::remove_left_files(path_);
  for (int attempt = 0; file_ < 0; ++attempt) {
    new_path_ = detail::name_in_making(path_, attempt);
    file_ = ::open(new_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file_ >= 0 && !detail::hold_in_making(file_)) {
      ::close(file_);
      file_ = -1;
      continue;
    }
    if (file_ >= 0 || (errno == EEXIST && attempt < 1000)) continue;
    const int code = errno;
    new_path_.clear();
    fail("cannot make a new file beside", code);
  }
  if (mode != 0600 && ::fchmod(file_, mode) != 0) {
    const int code = errno;
    ::close(file_);
    ::unlink(new_path_.c_str());
    fail("cannot set the permissions of the new", code);
  }
}

replacing_file::~replacing_file() {
  if (file_ >= 0) ::close(file_);
  if (held_ >= 0) ::close(held_);
  if (!new_path_.empty()) ::unlink(new_path_.c_str());
}

void replacing_file::fail(const char* doing, int code) const { refuse(path_, doing, code); }

void replacing_file::put(const char* bytes, std::size_t size, off_t at) {
  while (size > 0) {
    const ssize_t n = ::pwrite(file_, bytes, size, at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail("cannot write the new", n < 0 ? errno : ENOSPC);
    bytes += n;
    at += n;
    size -= static_cast<std::size_t>(n);
  }
}

void replacing_file::flush() {
  const auto size = static_cast<std::size_t>(pptr() - pbase());
  crypto_hash_sha256_update(&hash_, reinterpret_cast<const unsigned char*>(pbase()), size);
  put(pbase(), size, at_);
  at_ += static_cast<off_t>(size);
  size_ += size;
  setp(buffer_.get(), buffer_.get() + buffer_size);
}

replacing_file::int_type replacing_file::overflow(int_type c) {
  flush();
  if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
  return traits_type::not_eof(c);
}

std::streamsize replacing_file::xsputn(const char* bytes, std::streamsize count) {
  for (std::streamsize left = count; left > 0;) {
    const std::streamsize now = std::min<std::streamsize>(left, epptr() - pptr());
    std::memcpy(pptr(), bytes, static_cast<std::size_t>(now));
    pbump(static_cast<int>(now));
    bytes += now;
    left -= now;
    if (pptr() == epptr()) flush();
  }
  return count;
}

void replacing_file::end_body() {
  flush();
  crypto_hash_sha256_final(&hash_, digest_.data());
}

void replacing_file::finish(std::string_view head) {
  put(head.data(), head.size(), 0);
  if (::fsync(file_) != 0) fail("cannot make the new file durable for", errno);
  held_ = ::fcntl(file_, F_DUPFD_CLOEXEC, 0);
  const int file = file_;
  file_ = -1;
  if (::close(file) != 0 && errno != EINTR) fail("cannot write the new", errno);
  if (::rename(new_path_.c_str(), path_.c_str()) != 0) fail("cannot replace", errno);
  new_path_.clear();
  make_name_durable();
}

void replacing_file::make_name_durable() {
  const descriptor folder(::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const bool done = *folder >= 0 && (::fsync(*folder) == 0 || errno == EINVAL);
  if (!done) fail("the folder may forget the new", errno);
}

// `.name.<process>-<attempt>.new` of a process that has ended, or of this one, which is not saving.
void remove_left_files(const std::string& path) {
  const std::filesystem::path real(real_name(path));
  const std::string begin = "." + real.filename().string() + ".";
  std::error_code none;
  for (const auto& f : std::filesystem::directory_iterator(folder_of(real.string()), none)) {
    const std::string name = f.path().filename().string();
    if (!name.starts_with(begin) || !name.ends_with(".new")) continue;
    const std::string process = name.substr(begin.size(), name.find('-', begin.size()));
    const pid_t id = static_cast<pid_t>(std::strtol(process.c_str(), nullptr, 10));
    const bool ended = id > 0 && ::kill(id, 0) != 0 && errno == ESRCH;
    if (id == ::getpid() || ended) std::filesystem::remove(f.path(), none);
  }
}

}  // namespace kith::inline v1::memory
