// SPDX-License-Identifier: Apache-2.0
//
// A disk of a real file system in a file, which loses its power. Needs root and loop devices.
//
//   loop_disk disk("ext4", folder);
//   disk.mount();
//   ...                       // processes work in disk.path()
//   disk.cut_power();         // nothing reaches the disk any more, not even the file system's log
//   disk.unmount();
//   disk.mount();             // the file system recovers: what is there now was durable
#pragma once

#include <filesystem>
#include <string>

namespace kith::faults {

class loop_disk {
 public:
  /// Why there are none here; empty: there are.
  static std::string missing(const std::string& file_system);

  /// In a folder of the test's. Throws std::runtime_error when it cannot be made.
  loop_disk(const std::string& file_system, const std::filesystem::path& folder);
  /// Unmounts, whatever happened.
  ~loop_disk();
  loop_disk(const loop_disk&) = delete;

  std::string path() const { return mounted_at_; }
  void mount();
  void unmount();
  void cut_power() const;

 private:
  std::filesystem::path image_, mounted_at_;
  bool is_mounted_ = false;
};

}  // namespace kith::faults
