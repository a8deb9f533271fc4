// SPDX-License-Identifier: Apache-2.0
#include "arrow_read.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace kith::lab {
namespace {

template <class T>
T fixed(const ArrowArray& a, std::int64_t at, int buffer = 1) {
  T value;
  const auto* const bytes = static_cast<const char*>(a.buffers[buffer]);
  std::memcpy(&value, bytes + static_cast<std::size_t>(a.offset + at) * sizeof value, sizeof value);
  return value;
}

bool bit(const void* bits, std::int64_t at) {
  return (static_cast<const unsigned char*>(bits)[at / 8] >> (at % 8) & 1) != 0;
}

std::string number(double x) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, x).ptr};
}

// 16 bytes, least first, two's complement.
std::string decimal_text(const ArrowArray& a, std::int64_t at, int scale) {
  unsigned char bytes[16];
  std::memcpy(bytes, static_cast<const char*>(a.buffers[1]) + (a.offset + at) * 16, 16);
  const bool negative = (bytes[15] & 0x80) != 0;
  if (negative) {
    int carry = 1;
    for (unsigned char& b : bytes) {
      carry += static_cast<unsigned char>(~b);
      b = static_cast<unsigned char>(carry);
      carry >>= 8;
    }
  }
  std::string digits;
  for (bool more = true; more;) {
    int rest = 0;
    more = false;
    for (int i = 15; i >= 0; --i) {
      rest = rest * 256 + bytes[i];
      bytes[i] = static_cast<unsigned char>(rest / 10);
      more = more || bytes[i] != 0;
      rest %= 10;
    }
    digits += static_cast<char>('0' + rest);
  }
  while (digits.size() <= static_cast<std::size_t>(scale)) digits += '0';
  std::reverse(digits.begin(), digits.end());
  if (scale > 0) digits.insert(digits.size() - static_cast<std::size_t>(scale), ".");
  return (negative ? "-" : "") + digits;
}

std::string text_at(const ArrowArray& a, std::int64_t at) {
  const auto from = fixed<std::int32_t>(a, at);
  const auto to = fixed<std::int32_t>(a, at + 1);
  return {static_cast<const char*>(a.buffers[2]) + from, static_cast<std::size_t>(to - from)};
}

std::string error_text(ArrowArrayStream& s, int number) {
  const char* const why = s.get_last_error(&s);
  return std::to_string(number) + ": " + (why != nullptr ? why : "");
}

// What the specification demands of every array.
void check(const ArrowSchema& s, const ArrowArray& a) {
  ASSERT_NE(a.release, nullptr);
  ASSERT_EQ(s.n_children, a.n_children) << s.name;
  ASSERT_EQ(s.dictionary == nullptr, a.dictionary == nullptr) << s.name;
  const std::string format = s.format;
  ASSERT_EQ(a.n_buffers, format == "+s" ? 1 : format == "u" || format == "z" ? 3 : 2) << s.name;
  std::int64_t nulls = 0;
  for (std::int64_t i = 0; i < a.length; ++i) {
    nulls += a.buffers[0] != nullptr && !bit(a.buffers[0], a.offset + i);
  }
  ASSERT_EQ(nulls, a.null_count) << s.name;
  ASSERT_TRUE(nulls == 0 || (s.flags & ARROW_FLAG_NULLABLE) != 0) << s.name;
  for (std::int64_t i = 1; i < a.n_buffers; ++i) {
    ASSERT_NE(a.buffers[i], nullptr) << s.name;
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(a.buffers[i]) % 64, 0u) << s.name;
  }
  for (std::int64_t i = 0; i < a.n_children; ++i) {
    if (format == "+s") {
      ASSERT_GE(a.children[i]->length, a.length + a.offset) << s.name;
    }
    check(*s.children[i], *a.children[i]);
  }
}

}  // namespace

std::string schema_text(const ArrowSchema& s) {
  std::string text = std::string(s.name).empty() ? "" : std::string(s.name) + ": ";
  const std::string format = s.format;
  if (format.starts_with('+')) {
    text += format == "+s" ? "{" : "[";
    for (std::int64_t i = 0; i < s.n_children; ++i) {
      text += (i == 0 ? "" : ", ") + schema_text(*s.children[i]);
    }
    text += format == "+s" ? "}" : "]";
  } else {
    text += format;
  }
  if (s.dictionary != nullptr) text += "<" + schema_text(*s.dictionary) + ">";
  if ((s.flags & ARROW_FLAG_NULLABLE) == 0) text += "!";
  return text;
}

std::string value_text(const ArrowSchema& s, const ArrowArray& a, std::int64_t at) {
  if (a.buffers[0] != nullptr && !bit(a.buffers[0], a.offset + at)) return "∅";
  const std::string format = s.format;
  if (s.dictionary != nullptr) {
    return value_text(*s.dictionary, *a.dictionary, fixed<std::int32_t>(a, at));
  }
  if (format == "b") return bit(a.buffers[1], a.offset + at) ? "true" : "false";
  if (format == "l") return std::to_string(fixed<std::int64_t>(a, at));
  if (format == "g") return number(fixed<double>(a, at));
  if (format == "tdD") return date::from_days(fixed<std::int32_t>(a, at)).to_string();
  if (format == "tsu:UTC") return instant{fixed<std::int64_t>(a, at)}.to_string();
  if (format == "tDu") return std::to_string(fixed<std::int64_t>(a, at)) + "us";
  if (format.starts_with("d:38,")) return decimal_text(a, at, std::stoi(format.substr(5)));
  if (format == "u") return text_at(a, at);
  if (format == "z") {
    std::string hex;
    for (const unsigned char c : text_at(a, at)) {
      hex += "0123456789abcdef"[c >> 4];
      hex += "0123456789abcdef"[c & 15];
    }
    return "x" + hex;
  }
  std::string text = format == "+s" ? "{" : "[";
  if (format == "+s") {
    for (std::int64_t i = 0; i < a.n_children; ++i) {
      text += (i == 0 ? "" : ", ") + value_text(*s.children[i], *a.children[i], a.offset + at);
    }
    return text + "}";
  }
  if (format != "+l") return "?" + format;
  const auto from = fixed<std::int32_t>(a, at);
  for (std::int32_t i = from; i < fixed<std::int32_t>(a, at + 1); ++i) {
    text += (i == from ? "" : ", ") + value_text(*s.children[0], *a.children[0], i);
  }
  return text + "]";
}

stream_text read_stream(ArrowArrayStream& from, std::size_t most_batches) {
  stream_text t;
  ArrowSchema schema{};
  if (const int failed = from.get_schema(&from, &schema)) {
    t.error = error_text(from, failed);
    from.release(&from);
    return t;
  }
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    t.schema += (i == 0 ? "" : ", ") + schema_text(*schema.children[i]);
  }
  while (t.batches.size() < most_batches) {
    ArrowArray batch{};
    if (const int failed = from.get_next(&from, &batch)) {
      t.error = error_text(from, failed);
      EXPECT_EQ(batch.release, nullptr);
      break;
    }
    if (batch.release == nullptr) break;
    check(schema, batch);
    t.batches.push_back(static_cast<std::size_t>(batch.length));
    for (std::int64_t row = 0; row < batch.length; ++row) {
      std::string text;
      for (std::int64_t i = 0; i < batch.n_children; ++i) {
        text += (i == 0 ? "" : "|") +
                value_text(*schema.children[i], *batch.children[i], batch.offset + row);
      }
      t.rows.push_back(std::move(text));
    }
    batch.release(&batch);
    EXPECT_EQ(batch.release, nullptr);
  }
  schema.release(&schema);
  EXPECT_EQ(schema.release, nullptr);
  from.release(&from);
  EXPECT_EQ(from.release, nullptr);
  return t;
}

}  // namespace kith::lab
