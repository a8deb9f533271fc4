// SPDX-License-Identifier: Apache-2.0
//
// Looking at files from outside.
#include "storage/sqlite/file.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <new>

#include "kith/core/error.hpp"

namespace kith::inline v1::sqlite {
namespace {

// statfs(2), f_type of file systems over a network.
constexpr std::array<std::uint32_t, 9> network_types{
    0x6969 /* NFS */,      0x517b /* SMB */,     0xff534d42 /* CIFS */,
    0xfe534d42 /* SMB2 */, 0x5346414f /* AFS */, 0x73757245 /* Coda */,
    0x00c36400 /* Ceph */, 0x01021997 /* 9P */,  0x47504653 /* GPFS */};

}  // namespace

std::string canonical_path(const std::string& path) {
  std::error_code problem;
  const auto name = std::filesystem::weakly_canonical(path, problem);
  if (problem == std::errc::not_enough_memory) throw std::bad_alloc();
  if (problem) {
    throw error(error_code::storage,
                "cannot resolve the path '" + path + "': " + problem.message());
  }
  return name.string();
}

file_state state_of(const std::string& path) noexcept {
  struct stat s {};
  if (stat(path.c_str(), &s) != 0) return {};
  return {{s.st_dev, s.st_ino}, s.st_nlink};
}

void refuse_names(const std::string& path, std::uint64_t names) {
  throw error(error_code::storage,
              "'" + path + "' has " + std::to_string(names) +
                  " names (hard links); its journal would belong to one of them only: copy the "
                  "file and open the copy, or remove the other names");
}

void check_place(const std::string& path, bool allow_network) {
  struct stat s {};
  if (stat(path.c_str(), &s) == 0) {
    if (!S_ISREG(s.st_mode)) {
      throw error(error_code::storage, "'" + path + "' is not a file");
    }
    if (s.st_nlink > 1) refuse_names(path, s.st_nlink);
  }
  const auto folder = std::filesystem::path(path).parent_path();
  struct statfs system {};
  if (allow_network || statfs(folder.empty() ? "." : folder.c_str(), &system) != 0) return;
  const auto type = static_cast<std::uint32_t>(system.f_type);
  if (std::find(network_types.begin(), network_types.end(), type) != network_types.end()) {
    throw error(error_code::storage,
                "'" + path +
                    "' is on a network file system, whose locks do not hold; use a local "
                    "disk (or sqlite_options.allow_network_file_system)");
  }
}

std::uint64_t size_of(const std::string& path) noexcept {
  struct stat s {};
  return stat(path.c_str(), &s) == 0 ? static_cast<std::uint64_t>(s.st_size) : 0;
}

bool on_read_only_medium(const std::string& path) noexcept {
  struct statvfs system {};
  return statvfs(path.c_str(), &system) == 0 && (system.f_flag & ST_RDONLY) != 0;
}

std::string uri_of(const std::string& path, std::string_view query) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      constexpr std::string_view digits = "0123456789abcdef";
      uri += '%';
      uri += digits[static_cast<unsigned char>(c) >> 4];
      uri += digits[static_cast<unsigned char>(c) & 15];
    } else {
      uri += c;
    }
  }
  return (uri += '?') += query;
}

void keep_private(const std::string& path) noexcept { (void)chmod(path.c_str(), 0600); }

}  // namespace kith::inline v1::sqlite
