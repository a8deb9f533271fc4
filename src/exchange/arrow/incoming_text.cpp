// SPDX-License-Identifier: Apache-2.0
//
// Values of others as the text that kinds read: exact, in the spelling that has one meaning.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "exchange/arrow/incoming_values.hpp"

namespace kith::inline v1::detail {
namespace {

void append_number(std::string& to, std::int64_t n) {
  char digits[24];
  to.append(digits, std::to_chars(digits, digits + sizeof digits, n).ptr);
}

// With as many digits as tell it from its neighbours; without an exponent where it is short so.
template <class Real>
void append_real(std::string& to, Real x) {
  char digits[64];
  const Real size = std::abs(x);
  const bool short_enough = size == 0 || (size >= Real(1e-12) && size < Real(1e18));
  const auto end = short_enough
                       ? std::to_chars(digits, digits + sizeof digits, x, std::chars_format::fixed)
                       : std::to_chars(digits, digits + sizeof digits, x);
  to.append(digits, end.ptr);
}

// Two's complement of any width, least byte first, as decimal digits.
std::string digits_of_bytes(const unsigned char* bytes, int width, bool& negative) {
  std::string left(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(width));
  negative = (bytes[width - 1] & 0x80) != 0;
  int carry = 1;
  for (char& c : left) {
    if (!negative) break;
    carry += static_cast<unsigned char>(~c);
    c = static_cast<char>(carry);
    carry >>= 8;
  }
  std::string digits;
  do {
    unsigned rest = 0;
    for (auto c = left.rbegin(); c != left.rend(); ++c) {
      rest = rest << 8 | static_cast<unsigned char>(*c);
      *c = static_cast<char>(rest / 10);
      rest %= 10;
    }
    digits += static_cast<char>('0' + rest);
    while (!left.empty() && left.back() == 0) left.pop_back();
  } while (!left.empty());
  std::reverse(digits.begin(), digits.end());
  return digits;
}

constexpr std::int64_t most_seconds = std::int64_t{1} << 40;

}  // namespace

void arrow_array::append_decimal(std::int64_t at, std::string& to) const {
  const auto* const bytes =
      static_cast<const unsigned char*>(array_->buffers[1]) + (offset_ + at) * leaf_->width;
  bool negative = false;
  std::string digits = digits_of_bytes(bytes, leaf_->width, negative);
  if (leaf_->scale < 0 && digits != "0") {
    digits.append(static_cast<std::size_t>(-leaf_->scale), '0');
  }
  if (leaf_->scale > 0) {
    const auto scale = static_cast<std::size_t>(leaf_->scale);
    if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
    digits.insert(digits.size() - scale, 1, '.');
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
  }
  if (negative) to += '-';
  to += digits;
}

// ISO 8601, with all the digits that there are; a wall clock's midnight is its day.
void arrow_array::append_moment(std::int64_t at, std::string& to) const {
  std::int64_t n = 0;
  integer(at, n);
  const std::int64_t unit = leaf_->per_second;
  std::int64_t seconds = n / unit;
  std::int64_t fraction = n % unit;
  if (fraction < 0) {
    fraction += unit;
    --seconds;
  }
  const instant whole{seconds > most_seconds || seconds < -most_seconds ? INT64_MAX
                                                                        : seconds * 1'000'000};
  if (!whole.valid()) {
    to += "moment ";
    return append_number(to, n);
  }
  std::string text = whole.to_string();  // 2026-03-31T09:00:00Z
  text.pop_back();
  if (!leaf_->zoned && fraction == 0 && text.ends_with("T00:00:00")) text.resize(10);
  if (fraction != 0) {
    std::string digits = std::to_string(unit + fraction);
    digits[0] = '.';
    while (digits.back() == '0') digits.pop_back();
    text += digits;
  }
  to += text;
  if (leaf_->zoned) to += 'Z';
}

void arrow_array::append_length(std::int64_t at, std::string& to) const {
  std::int64_t n = 0;
  integer(at, n);
  wide microseconds = static_cast<wide>(n) * 1'000'000;
  if (microseconds % leaf_->per_second != 0 || !fits_int64(microseconds / leaf_->per_second)) {
    append_number(to, n);
    to += leaf_->per_second == 1'000'000'000 ? " nanoseconds" : " seconds";
    return;
  }
  to += duration{static_cast<std::int64_t>(microseconds / leaf_->per_second)}.to_string();
}

std::string_view arrow_array::text(std::int64_t at, std::string& room) const {
  if (leaf_->form == arrow_form::text) return bytes(at);
  room.clear();
  std::int64_t n = 0;
  switch (leaf_->form) {
    case arrow_form::whole:
      integer(at, n);
      append_number(room, n);
      break;
    case arrow_form::natural:
      if (integer(at, n)) {
        append_number(room, n);
      } else {
        room += std::to_string(static_cast<std::uint64_t>(n));
      }
      break;
    case arrow_form::boolean: room += truth(at) ? "true" : "false"; break;
    case arrow_form::real:
      if (leaf_->width == 4) {
        append_real(room, static_cast<float>(real(at)));
      } else {
        append_real(room, real(at));
      }
      break;
    case arrow_form::decimal: append_decimal(at, room); break;
    case arrow_form::days:
      integer(at, n);
      if (const date day = date::from_days(static_cast<std::int32_t>(n)); day.valid()) {
        room += day.to_string();
      } else {
        room += "day ";
        append_number(room, n);
      }
      break;
    case arrow_form::moments: append_moment(at, room); break;
    case arrow_form::length: append_length(at, room); break;
    case arrow_form::bytes: {
      constexpr std::string_view digits = "0123456789abcdef";
      for (const char c : bytes(at)) {
        room += digits[static_cast<unsigned char>(c) >> 4];
        room += digits[static_cast<unsigned char>(c) & 15];
      }
      break;
    }
    default: break;
  }
  return room;
}

}  // namespace kith::inline v1::detail
