// SPDX-License-Identifier: Apache-2.0
//
// UTF-16 and Windows-1251.
#include "exchange/csv/encoding.hpp"

#include <algorithm>

#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

// Bytes 0x80 to 0xff of Windows-1251: Unicode's MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1251.TXT
// (version 2.01). Byte 0x98, which that table leaves out, stays the control character U+0098, as
// in bestfit1251.txt and the WHATWG encoding standard.
constexpr char16_t cp1251[128] = {
    0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021,  // 80
    0x20AC, 0x2030, 0x0409, 0x2039, 0x040A, 0x040C, 0x040B, 0x040F,  // 88
    0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,  // 90
    0x0098, 0x2122, 0x0459, 0x203A, 0x045A, 0x045C, 0x045B, 0x045F,  // 98
    0x00A0, 0x040E, 0x045E, 0x0408, 0x00A4, 0x0490, 0x00A6, 0x00A7,  // A0
    0x0401, 0x00A9, 0x0404, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407,  // A8
    0x00B0, 0x00B1, 0x0406, 0x0456, 0x0491, 0x00B5, 0x00B6, 0x00B7,  // B0
    0x0451, 0x2116, 0x0454, 0x00BB, 0x0458, 0x0405, 0x0455, 0x0457,  // B8
    0x0410, 0x0411, 0x0412, 0x0413, 0x0414, 0x0415, 0x0416, 0x0417,  // C0
    0x0418, 0x0419, 0x041A, 0x041B, 0x041C, 0x041D, 0x041E, 0x041F,  // C8
    0x0420, 0x0421, 0x0422, 0x0423, 0x0424, 0x0425, 0x0426, 0x0427,  // D0
    0x0428, 0x0429, 0x042A, 0x042B, 0x042C, 0x042D, 0x042E, 0x042F,  // D8
    0x0430, 0x0431, 0x0432, 0x0433, 0x0434, 0x0435, 0x0436, 0x0437,  // E0
    0x0438, 0x0439, 0x043A, 0x043B, 0x043C, 0x043D, 0x043E, 0x043F,  // E8
    0x0440, 0x0441, 0x0442, 0x0443, 0x0444, 0x0445, 0x0446, 0x0447,  // F0
    0x0448, 0x0449, 0x044A, 0x044B, 0x044C, 0x044D, 0x044E, 0x044F,  // F8
};

constexpr unsigned char octet(char c) { return static_cast<unsigned char>(c); }

char* encode(unsigned code_point, char* to) noexcept {
  const auto tail = [](unsigned bits) { return static_cast<char>(0x80 | (bits & 0x3f)); };
  if (code_point < 0x80) {
    *to++ = static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    *to++ = static_cast<char>(0xc0 | code_point >> 6);
    *to++ = tail(code_point);
  } else if (code_point < 0x10000) {
    *to++ = static_cast<char>(0xe0 | code_point >> 12);
    *to++ = tail(code_point >> 6);
    *to++ = tail(code_point);
  } else {
    *to++ = static_cast<char>(0xf0 | code_point >> 18);
    *to++ = tail(code_point >> 12);
    *to++ = tail(code_point >> 6);
    *to++ = tail(code_point);
  }
  return to;
}

// Files have ASCII delimiters and line ends: in UTF-16 each is a NUL and a byte, always in the
// same order, and the first halves of other letters are small numbers. Text of other encodings has
// no NUL at all; a stray one is damage, not a sign.
std::optional<text_encoding> utf16_without_mark(std::string_view bytes) {
  std::size_t nul_even = 0;
  std::size_t nul_odd = 0;
  std::size_t letters_even = 0;
  std::size_t letters_odd = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == 0) ++(i % 2 == 0 ? nul_even : nul_odd);
    if (octet(bytes[i]) >= 0x30) ++(i % 2 == 0 ? letters_even : letters_odd);
  }
  if ((nul_odd + nul_even) * 64 < bytes.size()) return {};
  const std::size_t few = bytes.size() / 8;  // a quarter of the halves
  if (nul_odd > 4 * nul_even && letters_odd <= few) return text_encoding::utf16_le;
  if (nul_even > 4 * nul_odd && letters_even <= few) return text_encoding::utf16_be;
  return {};
}

bool looks_like_windows_1251(std::string_view bytes) {
  std::size_t high = 0;
  std::size_t letters = 0;
  for (const char c : bytes) {
    const unsigned char b = octet(c);
    if (b == 0) return false;
    high += b >= 0x80 ? 1 : 0;
    letters += b >= 0xc0 || b == 0xa8 || b == 0xb8 ? 1 : 0;
  }
  return letters * 10 >= high * 7;  // the rest: № « » — and no-break spaces
}

}  // namespace

std::size_t unfinished_bytes(std::string_view text) noexcept {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const unsigned char b = octet(text[text.size() - back]);
    if (b < 0x80) return 0;
    if (b < 0xc0) continue;
    const std::size_t size = b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
    return size > back ? back : 0;
  }
  return 0;
}

encoding_found find_encoding(std::string_view bytes, std::optional<text_encoding> known) {
  using enum text_encoding;
  const auto is = [&](text_encoding e) { return !known || *known == e; };
  if (is(utf8) && bytes.starts_with("\xef\xbb\xbf")) return {utf8, 3};
  if (is(utf16_le) && bytes.starts_with("\xff\xfe")) return {utf16_le, 2};
  if (is(utf16_be) && bytes.starts_with("\xfe\xff")) return {utf16_be, 2};
  if (known) return {*known, 0};
  if (const auto wide = utf16_without_mark(bytes)) return {*wide, 0};
  const std::string_view whole = bytes.substr(0, bytes.size() - unfinished_bytes(bytes));
  if (!invalid_utf8(whole)) return {utf8, 0};
  return {looks_like_windows_1251(bytes) ? windows_1251 : utf8, 0};
}

char* transcoder::put_unit(unsigned unit, char* to) noexcept {
  if (high_ != 0) {
    if (unit < 0xdc00 || unit > 0xdfff) {
      failed_ = true;
      return to;
    }
    const unsigned code_point = 0x10000 + ((high_ & 0x3ff) << 10) + (unit & 0x3ff);
    high_ = 0;
    return encode(code_point, to);
  }
  if (unit >= 0xd800 && unit < 0xdc00) {
    high_ = unit;
    return to;
  }
  failed_ = unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff);
  return failed_ ? to : encode(unit, to);
}

char* transcoder::put(std::string_view bytes, char* to) noexcept {
  if (failed_) return to;
  if (from_ == text_encoding::windows_1251) {
    for (const char c : bytes) {
      const unsigned char b = octet(c);
      if (b == 0) {
        failed_ = true;
        return to;
      }
      to = b < 0x80 ? (*to = c, to + 1) : encode(cp1251[b - 0x80], to);
    }
    return to;
  }
  for (const char c : bytes) {
    if (!have_byte_) {
      byte_ = octet(c);
      have_byte_ = true;
      continue;
    }
    have_byte_ = false;
    const unsigned first = byte_;
    const unsigned second = octet(c);
    to = put_unit(from_ == text_encoding::utf16_le ? second << 8 | first : first << 8 | second, to);
    if (failed_) return to;
  }
  return to;
}

std::string to_utf8(std::string_view bytes, text_encoding from) {
  if (from == text_encoding::utf8) return std::string(bytes);
  std::string text(transcoder::room_for(bytes.size()), '\0');
  transcoder t(from);
  text.resize(static_cast<std::size_t>(t.put(bytes, text.data()) - text.data()));
  return text;
}

}  // namespace kith::inline v1::detail
