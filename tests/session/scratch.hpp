// SPDX-License-Identifier: Apache-2.0
//
// A folder for files of a test, gone at the end.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "store/backends.hpp"

namespace kith::lab {

class scratch_folder {
 public:
  explicit scratch_folder(const std::string& name)
      : path_(conformance::temporary_folder() /
              ("kith-" + name + "-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;

  std::string file(const std::string& name) const { return path_ / name; }
  /// Names of the files in it, in order.
  std::string files() const {
    std::vector<std::string> names;
    for (const auto& f : std::filesystem::directory_iterator(path_)) {
      names.push_back(f.path().filename());
    }
    std::sort(names.begin(), names.end());
    std::string all;
    for (const std::string& n : names) all += (all.empty() ? "" : " ") + n;
    return all;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace kith::lab
