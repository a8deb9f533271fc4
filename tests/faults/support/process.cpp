// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "environment.hpp"

namespace kith::faults {

namespace fs = std::filesystem;

int start_child(const std::function<void()>& work) {
  std::fflush(nullptr);
  const int child = ::fork();
  if (child != 0) return child;
  work();
  ::_exit(0);
}

ending wait_for(int child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) return {WTERMSIG(status), 0};
  return {0, WEXITSTATUS(status)};
}

ending in_child(const std::function<void()>& work) { return wait_for(start_child(work)); }

folder::folder(const std::string& name, medium on) {
  const fs::path memory("/dev/shm");
  const bool there = on == medium::memory && ::access(memory.c_str(), W_OK) == 0;
  path_ = (there ? memory : fs::temp_directory_path()) /
          ("kith-faults-" + name + "-" + std::to_string(::getpid()));
  clear();
}

folder::~folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void folder::clear() const {
  fs::remove_all(path_);
  fs::create_directories(path_);
}

void folder::become(const folder& other) const {
  clear();
  fs::copy(other.path_, path_);
}

std::size_t folder::files() const {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
}

bool long_form() {
  const char* const form = std::getenv("KITH_FAULTS");
  return form != nullptr && std::strcmp(form, "long") == 0;
}

std::uint64_t budget(std::uint64_t in_short, std::uint64_t in_long) {
  return long_form() ? in_long : rounds(in_short, 3);
}

void tally::print() const {
  char line[400];
  std::snprintf(line, sizeof line, "%s\t%llu\t%llu\t%llu\t%llu\t%llu\t%llu\t%llu\t%llu\t%llu",
                what.c_str(), static_cast<unsigned long long>(faults),
                static_cast<unsigned long long>(inside),
                static_cast<unsigned long long>(acknowledged),
                static_cast<unsigned long long>(refused), static_cast<unsigned long long>(unknown),
                static_cast<unsigned long long>(lost), static_cast<unsigned long long>(half),
                static_cast<unsigned long long>(aborts), static_cast<unsigned long long>(leaks));
  std::printf(
      "%s: %llu faults, %llu inside a commit, %llu acknowledged, %llu refused, %llu "
      "unknown; %llu lost, %llu half-written, %llu aborts, %llu leaks\n",
      what.c_str(), static_cast<unsigned long long>(faults),
      static_cast<unsigned long long>(inside), static_cast<unsigned long long>(acknowledged),
      static_cast<unsigned long long>(refused), static_cast<unsigned long long>(unknown),
      static_cast<unsigned long long>(lost), static_cast<unsigned long long>(half),
      static_cast<unsigned long long>(aborts), static_cast<unsigned long long>(leaks));
  if (const char* const file = std::getenv("KITH_FAULTS_REPORT")) {
    std::ofstream(file, std::ios::app) << line << '\n';
  }
}

}  // namespace kith::faults
