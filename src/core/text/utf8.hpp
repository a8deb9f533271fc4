// SPDX-License-Identifier: Apache-2.0
//
// One code point at a time, for the sources beside this file. Bytes that are not UTF-8 are no
// error here: each of them counts as one character of its own and is written back as it was.
#pragma once

#include <cstddef>
#include <string_view>

namespace kith::inline v1::utf8 {

/// A byte b outside of UTF-8 is the code point stray_byte + b, beyond all of Unicode.
inline constexpr char32_t stray_byte = 0x110000;
/// The longest code point in bytes.
inline constexpr std::size_t most_bytes = 4;

/// A code point and how many bytes it took.
struct unit {
  char32_t code_point;
  std::size_t size;
};

/// A byte that is not the first of its code point.
constexpr bool continues(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// How many bytes a code point takes by its first byte, or 0 when no code point starts with it.
constexpr std::size_t size_by_first(unsigned char first) noexcept {
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/// No overlong form, no surrogate, nothing beyond U+10FFFF.
constexpr bool well_formed(char32_t code_point, std::size_t size) noexcept {
  if (size == 3) return code_point >= 0x800 && (code_point < 0xD800 || code_point > 0xDFFF);
  return size < 3 || (code_point >= 0x10000 && code_point <= 0x10FFFF);
}

/// The code point at `from`, which is before the end of `text`.
constexpr unit decode(std::string_view text, std::size_t from) noexcept {
  const auto first = static_cast<unsigned char>(text[from]);
  if (first < 0x80) return {first, 1};
  const unit stray = {stray_byte + first, 1};
  if (first >= 0xC2 && first < 0xE0) {  // Latin, Greek, Cyrillic: the loop below costs them a third
    if (text.size() - from < 2 || !continues(text[from + 1])) return stray;
    return {(first & 0x1FU) << 6 | (static_cast<unsigned char>(text[from + 1]) & 0x3FU), 2};
  }
  const std::size_t size = size_by_first(first);
  if (size == 0 || size > text.size() - from) return stray;
  char32_t code_point = first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if (!continues(text[from + i])) return stray;
    code_point = code_point << 6 | (static_cast<unsigned char>(text[from + i]) & 0x3FU);
  }
  return well_formed(code_point, size) ? unit{code_point, size} : stray;
}

/// Writes a code point, or a stray byte as it was, and returns where it ends.
constexpr char* encode(char32_t code_point, char* to) noexcept {
  if (code_point < 0x80 || code_point >= stray_byte) {
    *to++ = static_cast<char>(code_point & 0xFF);
    return to;
  }
  unsigned tails = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
  const unsigned mark = 0xF0U << (3 - tails) & 0xFFU;  // as many ones as bytes
  *to++ = static_cast<char>(mark | code_point >> (6 * tails));
  while (tails != 0) {
    --tails;
    *to++ = static_cast<char>(0x80U | (code_point >> (6 * tails) & 0x3FU));
  }
  return to;
}

}  // namespace kith::inline v1::utf8
