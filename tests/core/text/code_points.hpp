// SPDX-License-Identifier: Apache-2.0
//
// Text for tests: code points in and out, and numbers that are the same on every machine.
#pragma once

#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

namespace kith::lab {

/// One code point as UTF-8.
inline std::string utf8_of(char32_t c) {
  std::string text;
  const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) return {static_cast<char>(c)};
  text += static_cast<char>(c < 0x800     ? 0xC0 | c >> 6
                            : c < 0x10000 ? 0xE0 | c >> 12
                                          : 0xF0 | c >> 18);
  if (c >= 0x10000) tail(12);
  if (c >= 0x800) tail(6);
  tail(0);
  return text;
}

/// The code points of valid UTF-8.
inline std::u32string code_points(std::string_view text) {
  std::u32string result;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if ((byte & 0xC0) == 0x80) {
      result.back() = result.back() << 6 | (byte & 0x3F);
    } else {
      result += byte < 0x80   ? byte
                : byte < 0xE0 ? byte & 0x1F
                : byte < 0xF0 ? byte & 0xF
                              : byte & 7;
    }
  }
  return result;
}

/// Its code points in hexadecimal, to be read in a failure.
inline std::string spelled(std::string_view text) {
  std::ostringstream out;
  for (const char32_t c : code_points(text)) out << std::hex << static_cast<unsigned>(c) << ' ';
  return out.str();
}

/// Numbers that are the same on every machine.
class chance {
 public:
  explicit chance(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t limit) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state_ >> 33) % limit;
  }

 private:
  std::uint64_t state_;
};

template <class visitor>
void for_each_code_point(const visitor& visit) {
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c < 0xD800 || c > 0xDFFF) visit(c);
  }
}

}  // namespace kith::lab
