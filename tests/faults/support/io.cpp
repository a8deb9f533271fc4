// SPDX-License-Identifier: Apache-2.0
//
// Calls of the C library, defined here once more: the program's definition comes before the
// library's. Each goes to the system by itself.
#undef _FORTIFY_SOURCE
#include "io.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstring>

namespace kith::faults::io {
namespace {

fault planned;
bool armed = false;
bool recording = false;
bool has_happened = false;
std::uint64_t calls = 0;
std::uint64_t written = 0;
std::string watched;
std::vector<step> steps;

bool active() noexcept { return armed || recording; }

std::string path_of(int file) {
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  char name[1024];
  const long size = ::syscall(SYS_readlinkat, AT_FDCWD, link.c_str(), name, sizeof name);
  return size < 0 ? std::string() : std::string(name, static_cast<std::size_t>(size));
}

bool is_watched(const std::string& path) {
  return !watched.empty() && path.compare(0, watched.size(), watched) == 0;
}

void note(const char* call, const std::string& path, const std::string& to = {},
          std::uint64_t offset = 0, std::string bytes = {}) {
  if (recording) steps.push_back({call, path, to, offset, std::move(bytes)});
}

// Whether this call is to fail now.
bool fails(kind what) {
  if (!armed || (planned.kinds & what) == 0) return false;
  ++calls;
  switch (planned.how) {
    case manner::none: return false;
    case manner::cut:
      if (!has_happened) return false;
      break;
    case manner::once:
      if (calls != planned.at) return false;
      break;
    case manner::torn:
    case manner::for_ever:
      if (calls < planned.at) return false;
      break;
    case manner::die:
      if (calls == planned.at) ::_exit(died);
      return false;
  }
  has_happened = true;
  errno = planned.error;
  return true;
}

// Bytes that a write may still write when it is to be cut; all by default.
std::size_t allowed(std::size_t size) {
  if (!armed) return size;
  if (planned.how == manner::cut && written + size > planned.at) {
    return static_cast<std::size_t>(planned.at - written);
  }
  return size;
}

template <class Call>
long write_with(int file, const void* bytes, std::size_t size, std::uint64_t offset, Call call) {
  if (!active()) return call(size);
  const std::string path = path_of(file);
  if (!is_watched(path)) return call(size);
  if (fails(writing)) {
    if (planned.how == manner::torn && calls == planned.at) call(size / 2);
    errno = planned.error;
    return -1;
  }
  const std::size_t now = allowed(size);
  if (now < size) {
    if (now > 0) call(now);
    written += now;
    has_happened = true;
    errno = planned.error;
    return -1;
  }
  const long done = call(size);
  if (done > 0) {
    written += static_cast<std::size_t>(done);
    note("pwrite", path, {}, offset,
         std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(done)));
  }
  return done;
}

template <class Call>
long by_file(kind what, const char* name, int file, Call call, std::uint64_t offset = 0) {
  if (!active()) return call();
  const std::string path = path_of(file);
  if (!is_watched(path)) return call();
  if (fails(what)) return -1;
  if (what != reading) note(name, path, {}, offset);
  return call();
}

template <class Call>
long by_name(const char* name, const char* path, const char* to, Call call) {
  if (!active() || !is_watched(path)) return call();
  if (fails(naming)) return -1;
  note(name, path, to);
  return call();
}

int open_file(const char* path, int flags, unsigned mode) {
  const auto call = [&] { return ::syscall(SYS_openat, AT_FDCWD, path, flags, mode); };
  if ((flags & O_CREAT) == 0) return static_cast<int>(call());
  return static_cast<int>(by_name("create", path, "", call));
}

}  // namespace

void watch(const std::string& folder) { watched = folder; }

void arm(const fault& f) {
  planned = f;
  calls = written = 0;
  has_happened = false;
  armed = true;
}

std::uint64_t disarm() {
  armed = false;
  return calls;
}

std::uint64_t bytes() { return written; }
bool happened() { return has_happened; }

void record() {
  steps.clear();
  recording = true;
}

void mark(const std::string& what) {
  if (recording) steps.push_back({"mark", what, {}, 0, {}});
}

std::vector<step> recorded() {
  recording = false;
  return std::move(steps);
}

}  // namespace kith::faults::io

using namespace kith::faults::io;

extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
  return write_with(file, bytes, size, 0,
                    [&](std::size_t n) { return ::syscall(SYS_write, file, bytes, n); });
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  return write_with(file, bytes, size, static_cast<std::uint64_t>(at),
                    [&](std::size_t n) { return ::syscall(SYS_pwrite64, file, bytes, n, at); });
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  return pwrite(file, bytes, size, at);
}
ssize_t read(int file, void* bytes, size_t size) {
  return by_file(reading, "read", file, [&] { return ::syscall(SYS_read, file, bytes, size); });
}
ssize_t pread(int file, void* bytes, size_t size, off_t at) {
  return by_file(reading, "pread", file,
                 [&] { return ::syscall(SYS_pread64, file, bytes, size, at); });
}
ssize_t pread64(int file, void* bytes, size_t size, off64_t at) {
  return pread(file, bytes, size, at);
}
int fsync(int file) {
  return static_cast<int>(
      by_file(syncing, "fsync", file, [&] { return ::syscall(SYS_fsync, file); }));
}
int fdatasync(int file) {
  return static_cast<int>(
      by_file(syncing, "fsync", file, [&] { return ::syscall(SYS_fdatasync, file); }));
}
int ftruncate(int file, off_t size) noexcept {
  return static_cast<int>(by_file(
      sizing, "ftruncate", file, [&] { return ::syscall(SYS_ftruncate, file, size); },
      static_cast<std::uint64_t>(size)));
}
int ftruncate64(int file, off64_t size) noexcept { return ftruncate(file, size); }
int fchmod(int file, mode_t mode) noexcept {
  return static_cast<int>(
      by_file(other, "fchmod", file, [&] { return ::syscall(SYS_fchmod, file, mode); }));
}
// Closes the file in any case, as Linux does.
int close(int file) {
  bool closed = false;
  const long code = by_file(other, "close", file, [&] {
    closed = true;
    return ::syscall(SYS_close, file);
  });
  if (!closed) ::syscall(SYS_close, file);
  if (!closed) errno = planned.error;
  return static_cast<int>(code);
}
int rename(const char* from, const char* to) noexcept {
  return static_cast<int>(by_name("rename", from, to, [&] {
    return ::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  }));
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned how) noexcept {
  return static_cast<int>(by_name("rename", from, to, [&] {
    return ::syscall(SYS_renameat2, from_folder, from, to_folder, to, how);
  }));
}
int unlink(const char* path) noexcept {
  return static_cast<int>(
      by_name("unlink", path, "", [&] { return ::syscall(SYS_unlinkat, AT_FDCWD, path, 0); }));
}
int mkdir(const char* path, mode_t mode) noexcept {
  return static_cast<int>(
      by_name("mkdir", path, "", [&] { return ::syscall(SYS_mkdirat, AT_FDCWD, path, mode); }));
}
int open(const char* path, int flags, ...) {
  unsigned mode = 0;
  if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
    va_list more;
    va_start(more, flags);
    mode = va_arg(more, unsigned);
    va_end(more);
  }
  return open_file(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  unsigned mode = 0;
  if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
    va_list more;
    va_start(more, flags);
    mode = va_arg(more, unsigned);
    va_end(more);
  }
  return open_file(path, flags | O_LARGEFILE, mode);
}

}  // extern "C"
