// SPDX-License-Identifier: Apache-2.0
//
// The line of those who wait to write one file, in the order of their coming, over all processes.
// SQLite lets whoever asks first have the lock, and those who wait ask every few milliseconds: a
// writer that goes on and on, such as an import, would leave them nothing. So who finds the store
// taken, or others waiting, waits in a file beside it, `<store>-queue`, which is there only as long
// as somebody waits. A place is a lock on a byte of it and ends with its process. The line decides
// about turns only, never about what is written: where it cannot be made, nobody waits in it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace kith::inline v1::sqlite {

class writers_queue {
 public:
  using deadline = std::chrono::steady_clock::time_point;

  /// Of the store at this path.
  explicit writers_queue(const std::string& store) : store_(store), path_(store + "-queue") {}

  /// Whether somebody waits.
  bool has_anybody() const noexcept;

  /// Where one waits; left when it ends.
  class place {
   public:
    /// Goes to the end of the line and waits until nobody is before it, at most until then.
    place(const writers_queue& in, deadline until) noexcept;
    ~place();
    place(const place&) = delete;

   private:
    int open_file() const noexcept;
    bool take(deadline until) noexcept;
    bool is_first() const noexcept;

    const writers_queue& in_;
    int file_ = -1;  // none: the line could not be made
    std::int64_t number_ = 0;
  };

 private:
  const std::string& store_;
  const std::string path_;
};

}  // namespace kith::inline v1::sqlite
