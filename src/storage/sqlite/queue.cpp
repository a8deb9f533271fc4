// SPDX-License-Identifier: Apache-2.0
//
// Places are open-file-description locks: they belong to one open(), so that two threads wait in
// the same line, and closing the file touches no lock of SQLite's, which are on other files. The
// file's bytes hold the number that was given last; the lock on byte 0 is the door, behind which
// numbers are given and the file is removed.
#include "storage/sqlite/queue.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace kith::inline v1::sqlite {
namespace {

using std::chrono::steady_clock;

constexpr std::int64_t to_the_end = 0;
constexpr std::int64_t most_places = std::int64_t{1} << 62;  // what is beyond, nobody wrote

bool lock(int file, int command, short type, std::int64_t first, std::int64_t count,
          short* found = nullptr) noexcept {
  struct flock l {};
  l.l_type = type;
  l.l_whence = SEEK_SET;
  l.l_start = first;
  l.l_len = count;
  const bool done = ::fcntl(file, command, &l) == 0;
  if (found != nullptr) *found = done ? l.l_type : static_cast<short>(F_UNLCK);
  return done;
}

// Whether others have a place among these.
bool others_have(int file, std::int64_t first, std::int64_t count) noexcept {
  short found = F_UNLCK;
  lock(file, F_OFD_GETLK, F_WRLCK, first, count, &found);
  return found != F_UNLCK;
}

void rest(int microseconds) noexcept {
  const timespec step{0, microseconds * 1000L};
  ::nanosleep(&step, nullptr);
}

bool enter(int file, steady_clock::time_point until) noexcept {
  while (!lock(file, F_OFD_SETLK, F_WRLCK, 0, 1)) {
    const bool taken = errno == EAGAIN || errno == EACCES;  // else there are no such locks here
    if (!taken || steady_clock::now() >= until) return false;
    rest(100);
  }
  return true;
}

bool is_at(const std::string& path, int file) noexcept {
  struct stat there {};
  struct stat mine {};
  return ::stat(path.c_str(), &there) == 0 && ::fstat(file, &mine) == 0 &&
         there.st_ino == mine.st_ino && there.st_dev == mine.st_dev;
}

// Behind the door: the last one takes the file away.
void remove_if_left(const std::string& path, int file) noexcept {
  if (!others_have(file, 1, to_the_end) && is_at(path, file)) ::unlink(path.c_str());
}

// A child that was forked meanwhile has the file open, too: closing alone would not end the locks.
void let_go(int file) noexcept {
  lock(file, F_OFD_SETLK, F_UNLCK, 0, to_the_end);
  ::close(file);
}

}  // namespace

bool writers_queue::has_anybody() const noexcept {
  const int file = ::open(path_.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return false;
  const bool found = others_have(file, 1, to_the_end);
  // Left by somebody who was killed.
  if (!found && lock(file, F_OFD_SETLK, F_WRLCK, 0, 1)) remove_if_left(path_, file);
  let_go(file);
  return found;
}

writers_queue::place::place(const writers_queue& in, deadline until) noexcept : in_(in) {
  if (!take(until)) return;
  for (int step = 200; !is_first() && steady_clock::now() < until;
       step = std::min(step * 2, 2000)) {
    rest(step);
  }
}

// Whoever may write the store may wait in its line.
int writers_queue::place::open_file() const noexcept {
  struct stat store {};
  mode_t mode = 0600;
  if (::stat(in_.store_.c_str(), &store) == 0) mode = store.st_mode & 0666;
  const int file = ::open(in_.path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
  struct stat made {};
  const bool other = file >= 0 && ::fstat(file, &made) == 0 && (made.st_mode & 0666) != mode;
  if (other) (void)::fchmod(file, mode);  // that of another owner stays as it is
  return file;
}

bool writers_queue::place::take(deadline until) noexcept {
  for (;;) {
    const int file = open_file();
    if (file < 0) return false;
    const bool entered = enter(file, until);
    const bool again = entered && steady_clock::now() < until;
    if (again && !is_at(in_.path_, file)) {  // the last one was just taking it away
      let_go(file);
      continue;
    }
    std::int64_t number = 0;
    const bool known = entered && ::pread(file, &number, sizeof number, 0) >= 0 && number >= 0 &&
                       number < most_places;
    ++number;
    const bool mine = known && ::pwrite(file, &number, sizeof number, 0) == sizeof number &&
                      lock(file, F_OFD_SETLK, F_WRLCK, number, 1);
    if (!mine) {
      let_go(file);
      return false;
    }
    lock(file, F_OFD_SETLK, F_UNLCK, 0, 1);
    file_ = file;
    number_ = number;
    return true;
  }
}

bool writers_queue::place::is_first() const noexcept {
  return number_ == 1 || !others_have(file_, 1, number_ - 1);
}

writers_queue::place::~place() {
  if (file_ < 0) return;
  if (lock(file_, F_OFD_SETLK, F_WRLCK, 0, 1)) remove_if_left(in_.path_, file_);
  let_go(file_);
}

}  // namespace kith::inline v1::sqlite
