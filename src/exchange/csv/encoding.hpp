// SPDX-License-Identifier: Apache-2.0
//
// Bytes of a file to UTF-8: finding out how a file is encoded, and bringing it over piece by piece.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "kith/exchange/csv.hpp"

namespace kith::inline v1::detail {

/// How a file is encoded, and how many bytes its byte order mark has.
struct encoding_found {
  text_encoding encoding = text_encoding::utf8;
  std::size_t mark = 0;
};

/// A mark decides; then NULs in every other byte (UTF-16); then, when the bytes are no UTF-8 and
/// most of those beyond ASCII would be Cyrillic letters, Windows-1251.
encoding_found find_encoding(std::string_view beginning, std::optional<text_encoding> known);

/// The bytes at the end of UTF-8 text that may begin a character whose rest is still to come.
std::size_t unfinished_bytes(std::string_view text) noexcept;

/// Brings text of another encoding over to UTF-8, in pieces of any size.
class transcoder {
 public:
  explicit transcoder(text_encoding from) : from_(from) {}
  /// Room that `bytes` more bytes may need.
  static constexpr std::size_t room_for(std::size_t bytes) { return 3 * bytes + 8; }
  /// Writes to `to`, which has the room, and returns behind it. Nothing is written of a character
  /// that is not one, nor of what follows: see failed().
  char* put(std::string_view bytes, char* to) noexcept;
  /// The text has ended: half a character is left, or one was wrong before.
  bool failed_at_end() const noexcept { return failed_ || have_byte_ || high_ != 0; }
  bool failed() const noexcept { return failed_; }

 private:
  char* put_unit(unsigned unit, char* to) noexcept;

  text_encoding from_;
  bool failed_ = false;
  bool have_byte_ = false;  // the first half of a 16-bit unit
  unsigned char byte_ = 0;
  unsigned high_ = 0;  // the first half of a surrogate pair
};

/// All of a text as UTF-8, as far as it can be read.
std::string to_utf8(std::string_view bytes, text_encoding from);

}  // namespace kith::inline v1::detail
