// SPDX-License-Identifier: Apache-2.0
//
// What LIKE matches: a table, its definition, and patterns made to take long.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/text/code_points.hpp"
#include "kith/core/text.hpp"

namespace kith::lab {
namespace {

TEST(like, follows_the_table) {
  struct row {
    std::string_view text;
    std::string_view pattern;
    bool matches;
  };
  const std::vector<row> rows = {
      {"", "", true},
      {"", "%", true},
      {"", "%%", true},
      {"", "_", false},
      {"a", "", false},
      {"a", "a", true},
      {"a", "A", false},
      {"abc", "a%", true},
      {"abc", "%c", true},
      {"abc", "%b%", true},
      {"abc", "a_c", true},
      {"abc", "a_", false},
      {"abc", "____", false},
      {"abc", "%%%_%_%", true},
      {"жук", "_у_", true},
      {"жук", "___", true},
      {"жук", "______", false},
      {"жук", "%к", true},
      {"жук", "ж%", true},
      {"日本語", "_本_", true},
      {"𐐀", "_", true},
      {"aab", "%ab", true},
      {"aaab", "a%ab", true},
      {"abab", "%ab", true},
      {"ab", "%ab_", false},
      {"50%", "50\\%", true},
      {"500", "50\\%", false},
      {"a_b", "a\\_b", true},
      {"axb", "a\\_b", false},
      {"a\\b", "a\\\\b", true},
      {"ab", "a\\b", true},
      {"ж", "\\ж", true},
      {"a\\", "a\\", true},
      {"a", "a\\", false},
      {"a\\", "%\\", true},
      {"mississippi", "%iss%ip%", true},
      {"mississippi", "%iss%ipx%", false},
  };
  for (const auto& [text, pattern, matches] : rows) {
    EXPECT_EQ(like(text, pattern), matches) << text << " like " << pattern;
  }
}

/// LIKE as one would define it.
bool naive_like(std::u32string_view text, std::u32string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == U'%') {
    return naive_like(text, pattern.substr(1)) ||
           (!text.empty() && naive_like(text.substr(1), pattern));
  }
  if (text.empty()) return false;
  if (pattern[0] == U'_') return naive_like(text.substr(1), pattern.substr(1));
  const std::size_t escape = pattern[0] == U'\\' && pattern.size() > 1 ? 1 : 0;
  return text[0] == pattern[escape] && naive_like(text.substr(1), pattern.substr(escape + 1));
}

std::string random_text(chance& random, std::size_t most) {
  constexpr std::string_view letters[] = {"a", "б", "%", "_", "\\"};
  std::string text;
  for (std::size_t left = random.below(most + 1); left > 0; --left) {
    text += letters[random.below(std::size(letters))];
  }
  return text;
}

TEST(like, agrees_with_its_definition) {
  chance random(7);
  int matches = 0;
  for (int i = 0; i < 200000; ++i) {
    const std::string text = random_text(random, 7);
    const std::string pattern = random_text(random, 7);
    const bool expected = naive_like(code_points(text), code_points(pattern));
    ASSERT_EQ(like(text, pattern), expected) << text << " like " << pattern;
    matches += expected ? 1 : 0;
  }
  EXPECT_GT(matches, 10000);
}

TEST(like, hostile_patterns_take_no_more_than_their_product) {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "%a";
  EXPECT_FALSE(like(std::string(10000, 'a'), pattern + "b"));
  EXPECT_FALSE(like(std::string(10000, 'a'), "%" + std::string(1000, '_') + "b"));
}

TEST(like, folded_text_matches_folded_pattern) {
  EXPECT_TRUE(like(fold("Ёлкин Пётр"), fold("ё_кин%")));
  EXPECT_TRUE(like(fold("Андрей"), fold("андре_")));
  EXPECT_TRUE(like(fold("Андрей"), fold("%\u0415\u0438\u0306")));
}

}  // namespace
}  // namespace kith::lab
