// SPDX-License-Identifier: Apache-2.0
//
// UTF-8: what is valid, how long it is, where it may be cut.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/code_points.hpp"
#include "kith/core/text.hpp"

namespace kith::lab {
namespace {

using namespace std::string_view_literals;

TEST(utf8, the_first_wrong_byte_is_told) {
  constexpr auto fine = std::string_view::npos;
  const std::vector<std::pair<std::string_view, std::size_t>> texts = {
      {"", fine},
      {"plain ascii, longer than eight bytes", fine},
      {"Иванова Анна Сергеевна", fine},
      {"日本 𐐀 \U0010FFFF \uD7FF \uE000 \u07FF \u0800 \uFFFF \U00010000", fine},
      {"a\0b"sv, 1},
      {"12345678\0"sv, 8},
      {"1234567\0"
       "9"sv,
       7},
      {"\0\x01\x01\x01\x01\x01\x01\x01"sv, 0},
      {"12345678\x80", 8},
      {"\x80", 0},
      {"\xBF", 0},
      {"ab\xC0\x80", 2},    // overlong NUL
      {"\xC1\xBF", 0},      // overlong in two
      {"\xE0\x80\xAF", 0},  // overlong in three
      {"\xE0\x9F\xBF", 0},
      {"\xF0\x80\x80\xAF", 0},  // overlong in four
      {"\xF0\x8F\xBF\xBF", 0},
      {"\xED\xA0\x80", 0},  // surrogates
      {"\xED\xBF\xBF", 0},
      {"\xF4\x90\x80\x80", 0},  // beyond U+10FFFF
      {"\xF5\x80\x80\x80", 0},
      {"\xFE", 0},
      {"\xFF", 0},
      {"ж\xD0", 2},  // cut short
      {"ж\xE2\x82", 2},
      {"ж\xF0\x90\x80", 2},
      {"\xD0\xD0\xB6", 0},  // a first byte in place of a next one
      {"\xE2\x82"
       "a",
       0},
      {"\xF0\x90\x80"
       "a",
       0},
  };
  for (const auto& [text, at] : texts) {
    EXPECT_EQ(invalid_utf8(text).value_or(fine), at) << testing::PrintToString(std::string(text));
  }
}

TEST(utf8, every_code_point_but_nul_is_valid) {
  std::size_t wrong = 0;
  for_each_code_point([&](char32_t c) {
    const std::string text = utf8_of(c);
    if (invalid_utf8(text).has_value() != (c == 0) || length_of(text) != 1) ++wrong;
  });
  EXPECT_EQ(wrong, 0U);
}

TEST(utf8, a_wrong_byte_is_found_wherever_it_stands) {
  for (const char wrong : {'\0', '\x80', '\xFF'}) {
    for (std::size_t at = 0; at < 40; ++at) {
      std::string text(40, '\x01');
      text[at] = wrong;
      EXPECT_EQ(invalid_utf8(text), at);
    }
  }
}

TEST(utf8, length_counts_code_points) {
  const std::vector<std::pair<std::string_view, std::size_t>> lengths = {
      {"", 0}, {"abc", 3}, {"жук", 3}, {"日本", 2}, {"𐐀", 1}, {"и\u0306", 2}, {"aж日𐐀", 4}};
  for (const auto& [text, length] : lengths) EXPECT_EQ(length_of(text), length) << text;
}

TEST(utf8, long_text_is_shortened_between_code_points) {
  struct row {
    std::string_view text;
    std::size_t most;
    std::string_view result;
  };
  const std::vector<row> rows = {
      {"", 0, ""},          {"", 5, ""},       {"abc", 0, "…"},     {"abc", 2, "ab…"},
      {"abc", 3, "abc"},    {"abc", 4, "abc"}, {"жуки", 3, "жук…"}, {"жуки", 4, "жуки"},
      {"日本語", 1, "日…"}, {"𐐀𐐁", 1, "𐐀…"},   {"𐐀𐐁", 2, "𐐀𐐁"},     {"aж日𐐀b", 4, "aж日𐐀…"},
  };
  for (const auto& [text, most, result] : rows) EXPECT_EQ(shortened(text, most), result) << text;
  EXPECT_EQ(shortened(std::string(60, 'x')), std::string(60, 'x'));
  EXPECT_EQ(shortened(std::string(61, 'x')), std::string(60, 'x') + "…");
}

}  // namespace
}  // namespace kith::lab
