// SPDX-License-Identifier: Apache-2.0
//
// Whether text is UTF-8, how long it is, and its beginning.
#include "core/text/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "kith/core/text.hpp"

namespace kith::inline v1 {

namespace {

constexpr std::uint64_t low_bits = 0x0101010101010101;
constexpr std::uint64_t high_bits = 0x8080808080808080;

/// Eight bytes at once: neither a NUL nor anything beyond ASCII among them. A borrow can only call
/// innocent bytes suspicious, and only above a NUL.
bool plain_ascii(const char* eight) noexcept {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, eight, sizeof bytes);
  return (((bytes - low_bits) | bytes) & high_bits) == 0;
}

/// Where the first `most` code points end.
std::size_t end_of(std::string_view text, std::size_t most) noexcept {
  std::size_t at = 0;
  while (at < text.size() && (utf8::continues(text[at]) || most-- > 0)) ++at;
  return at;
}

}  // namespace

std::optional<std::size_t> invalid_utf8(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8 && plain_ascii(text.data() + at)) {
      at += 8;
      continue;
    }
    const auto first = static_cast<unsigned char>(text[at]);
    if (first - 1u < 0x7fu) {  // ASCII without NUL
      ++at;
      continue;
    }
    if (first >= 0xc2 && first < 0xe0 && at + 1 < text.size() && utf8::continues(text[at + 1])) {
      at += 2;  // Cyrillic, Greek, Latin with marks
      continue;
    }
    const utf8::unit next = utf8::decode(text, at);
    if (next.code_point == 0 || next.code_point >= utf8::stray_byte) return at;
    at += next.size;
  }
  return std::nullopt;
}

std::size_t length_of(std::string_view text) noexcept {
  const auto tails = std::count_if(text.begin(), text.end(), utf8::continues);
  return text.size() - static_cast<std::size_t>(tails);
}

std::string shortened(std::string_view text, std::size_t most) {
  const std::size_t end = end_of(text, most);
  std::string result(text.substr(0, end));
  if (end < text.size()) result += "…";
  return result;
}

}  // namespace kith::inline v1
