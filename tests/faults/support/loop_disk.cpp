// SPDX-License-Identifier: Apache-2.0
//
// mkfs and mount are the system's programs; the power is cut by FS_IOC_SHUTDOWN without a last
// flush of the file system's log.
#include "loop_disk.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include "process.hpp"

namespace kith::faults {
namespace {

constexpr std::uint32_t no_log_flush = 2;
const unsigned long shutdown_call = _IOR('X', 125, std::uint32_t);

bool run(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error("cannot " + what + ": " + std::generic_category().message(errno));
}

}  // namespace

std::string loop_disk::missing(const std::string& file_system) {
  if (::geteuid() != 0) return "mounting needs root";
  if (::access("/dev/loop-control", R_OK) != 0) return "there are no loop devices";
  if (!run("command -v mkfs." + file_system)) return "there is no mkfs." + file_system;
  try {  // a container may have all of it, and not the right to mount
    const folder in("loop-disk-" + file_system, folder::medium::disk);
    loop_disk disk(file_system, in.path());
    disk.mount();
    disk.cut_power();
    disk.unmount();
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return {};
}

loop_disk::loop_disk(const std::string& file_system, const std::filesystem::path& folder)
    : image_(folder / "disk.img"), mounted_at_(folder / "disk") {
  std::filesystem::create_directories(mounted_at_);
  const std::string image = "'" + image_.string() + "'";
  const std::string force = file_system == "xfs" ? "-f " : "-F ";
  if (!run("truncate -s 400M " + image) || !run("mkfs." + file_system + " -q " + force + image)) {
    throw std::runtime_error("cannot make a file system " + file_system);
  }
}

loop_disk::~loop_disk() {
  if (!is_mounted_) return;
  // Whoever still works there is let go of by a lazy unmount.
  for (int tries = 0; tries < 50; ++tries) {
    if (::umount2(mounted_at_.c_str(), 0) == 0) return;
    ::usleep(20'000);
  }
  ::umount2(mounted_at_.c_str(), MNT_DETACH);
}

void loop_disk::mount() {
  if (!run("mount -o loop '" + image_.string() + "' '" + mounted_at_.string() + "'")) {
    throw std::runtime_error("cannot mount " + image_.string());
  }
  is_mounted_ = true;
}

void loop_disk::unmount() {
  for (int tries = 0; ::umount2(mounted_at_.c_str(), 0) != 0; ++tries) {
    if (errno != EBUSY || tries == 250) fail("unmount " + mounted_at_.string());
    ::usleep(20'000);
  }
  is_mounted_ = false;
}

void loop_disk::cut_power() const {
  const int there = ::open(mounted_at_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (there < 0) fail("open " + mounted_at_.string());
  std::uint32_t how = no_log_flush;
  const int code = ::ioctl(there, shutdown_call, &how);
  const int why = errno;
  ::close(there);
  errno = why;
  if (code != 0) fail("cut the power of " + mounted_at_.string());
}

}  // namespace kith::faults
