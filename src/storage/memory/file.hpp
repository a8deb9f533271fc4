// SPDX-License-Identifier: Apache-2.0
//
// The two ways in which a snapshot touches the disk. Reading takes the whole file at once, so that
// it is checked before anything is made of it. Writing goes to a new file beside the old one, which
// takes the old one's place only when all of it is on the disk: whoever opens the name finds one
// or the other, after a power cut, too.
#pragma once

#include <sodium/crypto_hash_sha256.h>
#include <sys/types.h>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <streambuf>
#include <string>
#include <string_view>

namespace kith::inline v1::memory {

using digest = std::array<unsigned char, crypto_hash_sha256_BYTES>;
digest digest_of(std::string_view bytes) noexcept;

struct file_bytes {
  std::unique_ptr<char[]> bytes;
  std::size_t size = 0;
  std::string_view view() const noexcept { return {bytes.get(), size}; }
};
/// Nothing when there is no such file; error_code::storage when it cannot be read, foreign when it
/// is not a file.
std::optional<file_bytes> read_file(const std::string& path);

/// A file in the making: a head of fixed size, which is known last, and a body that streams.
class replacing_file final : public std::streambuf {
 public:
  /// error_code::storage or full, also from every other function.
  replacing_file(const std::string& path, std::size_t head_size);
  /// Removes the new file unless finish() came to its end.
  ~replacing_file() override;
  replacing_file(const replacing_file&) = delete;

  /// Ends the body. Nothing may be written behind it.
  void end_body();
  std::size_t body_size() const noexcept { return size_; }
  const digest& body_digest() const noexcept { return digest_; }
  /// Makes the file durable and gives it its name.
  void finish(std::string_view head);

 protected:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* bytes, std::streamsize count) override;

 private:
  void put(const char* bytes, std::size_t size, off_t at);
  void flush();
  void make_name_durable();
  [[noreturn]] void fail(const char* doing, int code) const;

  std::string path_;      // where the file goes
  std::string new_path_;  // where it is made; empty once it has its name
  int file_ = -1;
  int held_ = -1;  // the same once more, until it has its name: see core/left_files.hpp
  off_t at_;
  std::size_t size_ = 0;
  crypto_hash_sha256_state hash_;
  digest digest_{};
  std::unique_ptr<char[]> buffer_;
};

/// Removes what saves that were interrupted left beside the file.
void remove_left_files(const std::string& path);

}  // namespace kith::inline v1::memory
