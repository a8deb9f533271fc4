// SPDX-License-Identifier: Apache-2.0
//
// Children that may die, memory that outlives them, and a folder of their own.
#pragma once

#include <sys/mman.h>

#include <filesystem>
#include <functional>
#include <new>
#include <string>

namespace kith::faults {

/// A value that parent and children see.
template <class T>
class shared {
 public:
  shared() {
    void* const room =
        ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) throw std::bad_alloc();
    value_ = new (room) T();
  }
  ~shared() { ::munmap(value_, sizeof(T)); }
  shared(const shared&) = delete;
  T* operator->() const noexcept { return value_; }
  T& operator*() const noexcept { return *value_; }

 private:
  T* value_;
};

/// How a child ended.
struct ending {
  int signal = 0;  ///< that killed it; 0: none
  int code = 0;
};

/// Forks; the child does the work and leaves without any destructor of the parent's.
int start_child(const std::function<void()>& work);
ending wait_for(int child);
ending in_child(const std::function<void()>& work);

/// A folder that is gone at the end.
class folder {
 public:
  /// On the disk, where a sync takes its time, or in memory, where it does not.
  enum class medium { disk, memory };
  explicit folder(const std::string& name, medium on = medium::memory);
  ~folder();
  folder(const folder&) = delete;
  void clear() const;
  const std::filesystem::path& path() const noexcept { return path_; }
  std::string file(const std::string& name) const { return path_ / name; }
  /// Everything in this folder becomes what is in the other one.
  void become(const folder& other) const;
  std::size_t files() const;

 private:
  std::filesystem::path path_;
};

/// Whether the long form was asked for: KITH_FAULTS=long.
bool long_form();
/// How much of `all` the form takes.
std::uint64_t budget(std::uint64_t in_short, std::uint64_t in_long);

/// One line of what was done, on the screen and in the file that KITH_FAULTS_REPORT names.
struct tally {
  std::string what;
  std::uint64_t faults = 0;  ///< injected, or kills
  std::uint64_t inside = 0;  ///< kills inside a commit
  std::uint64_t acknowledged = 0;
  std::uint64_t refused = 0;  ///< typed errors
  std::uint64_t unknown = 0;  ///< outcomes that nobody could tell
  std::uint64_t lost = 0;
  std::uint64_t half = 0;  ///< half-written, or otherwise wrong
  std::uint64_t aborts = 0;
  std::uint64_t leaks = 0;
  void print() const;
  /// Nothing bad happened.
  bool clean() const { return lost + half + aborts + leaks == 0; }
};

}  // namespace kith::faults
