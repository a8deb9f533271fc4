// SPDX-License-Identifier: Apache-2.0
//
// Text: what is UTF-8, which spellings are one word, which word comes first, what LIKE matches.
// fold_witness.txt is what Python thinks of folding (src/core/text/make_fold_table.py).
#include "kith/core/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#ifndef KITH_TESTS_DIR
#  define KITH_TESTS_DIR ""
#endif

namespace kith {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

std::string utf8_of(char32_t c) {
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
std::u32string code_points(std::string_view text) {
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

std::string spelled(std::string_view text) {
  std::ostringstream out;
  for (const char32_t c : code_points(text)) out << std::hex << static_cast<unsigned>(c) << ' ';
  return out.str();
}

/// A key as ordinary text again: the folded form before ё took its place.
std::string unordered(std::string_view key) {
  std::string text;
  for (const char32_t c : code_points(key)) {
    text += utf8_of(c == 0x436 ? 0x451 : c > 0x436 && c <= 0x451 ? c - 1 : c);
  }
  return text;
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

// ---- folding ----

TEST(fold, different_spellings_of_a_word_have_one_key) {
  const std::vector<std::vector<std::string_view>> same = {
      {"client", "CLIENT", "Client", "cLIENT"},
      {"иванова анна", "ИВАНОВА АННА", "Иванова Анна"},
      {"ёлка", "ЁЛКА", "\u0435\u0308лка", "\u0415\u0308ЛКА"},
      {"йод", "ЙОД", "\u0438\u0306од", "\u0418\u0306ОД"},
      {"ѐ", "Ѐ", "\u0435\u0300", "\u0415\u0300"},
      {"ї", "Ї", "\u0456\u0308"},
      {"café", "CAFÉ", "cafe\u0301", "CAFE\u0301"},
      {"straße", "STRASSE", "STRAẞE", "strasse"},
      {"i\u0307", "İ", "I\u0307"},
      {"σοφός", "ΣΟΦΌΣ", "σοφόσ", "ΣΟΦΟ\u0301Σ"},
      {"office", "oﬃce", "OFFICE", "oﬀice"},
      {"ﬆ", "ﬅ", "ST"},
      {"k", "K", "\u212A"},
      {"å", "Å", "\u212B", "a\u030A"},
      {"ω", "Ω", "\u2126"},
      {"µ", "μ", "Μ"},
      {"ſ", "s", "S"},
      {"ⱥ", "Ⱥ"},
      {"\u1E69", "s\u0323\u0307", "s\u0307\u0323", "\u1E61\u0323", "\u1E62\u0307"},
      {"ᾳ\u0301", "ᾴ", "α\u0345\u0301", "α\u0301\u0345", "άι"},
      {"한국", "\u1112\u1161\u11AB\u1100\u116E\u11A8", "하\u11AB구\u11A8"},
      {"ქართული", "ᲥᲐᲠᲗᲣᲚᲘ"},
      {"𐐨", "𐐀"},
      {"\u05D0\u05B7", "\uFB2E"},
      {"\u8C48", "\uF900"},
  };
  for (const auto& spellings : same) {
    for (const std::string_view each : spellings) {
      EXPECT_EQ(spelled(fold(each)), spelled(fold(spellings.front()))) << each;
    }
  }
}

TEST(fold, different_words_have_different_keys) {
  const std::vector<std::pair<std::string_view, std::string_view>> different = {
      {"все", "всё"},       {"и", "й"},  {"ѐ", "ё"}, {"ѐ", "е"}, {"ж", "ё"},
      {"resume", "résumé"}, {"ı", "i"},  {"İ", "i"}, {"a", "а"}, {"o\u0323\u0301", "o\u0301"},
      {"가", "각"},         {"ss", "s"},
  };
  for (const auto& [one, other] : different) EXPECT_NE(fold(one), fold(other)) << one << other;
}

TEST(fold, keys_are_what_stores_have_kept) {
  const std::vector<std::pair<std::string_view, std::string_view>> keys = {
      {"", ""},
      {"Anna@Example.COM", "anna@example.com"},
      {"100 % _ \\", "100 % _ \\"},
      {"АБВГДЕ", "абвгде"},
      {"Ё", "ж"},
      {"Ж", "з"},
      {"Я", "ѐ"},
      {"Ѐ", "ё"},
      {"Straße", "strasse"},
      {"İ", "i\u0307"},
      {"E\u0323\u0302", "ệ"},
      {"\u0301", "\u0301"},
      {"\u0345", "ι"},
      {"日本", "日本"},
      {"a\0B"sv, "a\0b"sv},
  };
  for (const auto& [text, key] : keys) EXPECT_EQ(spelled(fold(text)), spelled(key)) << text;
}

TEST(fold, russian_alphabet_is_in_its_order) {
  const std::u32string alphabet = U"абвгдеёжзийклмнопрстуфхцчшщъыьэюя";
  const std::u32string capitals = U"АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ";
  std::vector<std::string> letters;
  for (std::size_t i = alphabet.size(); i-- > 0;) {
    letters.push_back(utf8_of(alphabet[i]));
    letters.push_back(utf8_of(capitals[i]));
  }
  std::stable_sort(letters.begin(), letters.end(),
                   [](const auto& a, const auto& b) { return fold(a) < fold(b); });
  std::string expected;
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    expected += utf8_of(alphabet[i]) + utf8_of(capitals[i]);
  }
  std::string sorted;
  for (const std::string& each : letters) sorted += each;
  EXPECT_EQ(sorted, expected);
}

TEST(fold, russian_words_are_in_their_order) {
  const std::vector<std::string_view> words = {"еда",  "Ежов",  "ель", "ещё",   "ея",  "Ёж",
                                               "ёлка", "Ёлкин", "жар", "Жуков", "яма", "Яр"};
  for (std::size_t i = 1; i < words.size(); ++i) {
    EXPECT_LT(fold(words[i - 1]), fold(words[i])) << words[i - 1] << ' ' << words[i];
  }
}

TEST(fold, every_code_point_has_a_valid_key_that_folds_to_itself) {
  std::size_t wrong = 0;
  for_each_code_point([&](char32_t c) {
    if (c == 0) return;
    const std::string key = fold(utf8_of(c));
    const bool good = !key.empty() && !invalid_utf8(key) && fold(unordered(key)) == key;
    if (!good && ++wrong < 10) ADD_FAILURE() << std::hex << static_cast<unsigned>(c);
  });
  EXPECT_EQ(wrong, 0U);
}

TEST(fold, key_of_a_code_point_does_not_depend_on_plain_neighbours) {
  std::size_t wrong = 0;
  for_each_code_point([&](char32_t c) {
    const std::string text = utf8_of(c);
    const std::string after = fold("№" + text);  // № neither changes nor composes
    const bool good = after == "№" + fold(text) && fold("№" + text + "№") == after + "№";
    if (!good && ++wrong < 10) ADD_FAILURE() << std::hex << static_cast<unsigned>(c);
  });
  EXPECT_EQ(wrong, 0U);
}

TEST(fold, keys_do_not_depend_on_where_a_character_stands_in_long_text) {
  const std::string composed = "й\u1E69가ё";
  const std::string apart = "\u0418\u0306S\u0307\u0323\u1100\u1161\u0415\u0308";
  for (std::size_t size = 0; size < 600; ++size) {
    const std::string plain(size, 'x');
    EXPECT_EQ(fold(plain + apart + plain), plain + fold(composed) + plain) << size;
    EXPECT_EQ(fold(plain + "жЖ" + plain), plain + "зз" + plain) << size;
  }
}

TEST(fold, long_runs_of_marks_are_sorted) {
  std::string mixed = "A";
  std::string below;
  std::string above;
  for (int i = 0; i < 5000; ++i) {
    mixed += "\u0301\u0323";
    below += "\u0323";
    above += "\u0301";
  }
  EXPECT_EQ(fold(mixed), fold("a" + below + above));
  EXPECT_EQ(length_of(fold(mixed)), 10000U);  // a and the first mark are one
}

TEST(fold, appends_without_an_allocation_when_there_is_room) {
  std::string out = "key:";
  out.reserve(1000);
  const char* place = out.data();
  append_fold(out, "Иванова Анна");
  append_fold(out, "Große \u0415\u0308");
  EXPECT_EQ(out, "key:" + fold("Иванова Анна") + fold("Große Ё"));
  EXPECT_EQ(out.data(), place);
}

TEST(fold, bytes_that_are_not_utf8_stay) {
  const std::vector<std::pair<std::string_view, std::string_view>> keys = {
      {"\xFF", "\xFF"},
      {"A\xD0", "a\xD0"},
      {"\xD0"sv
       "A",
       "\xD0"sv
       "a"},
      {"\xED\xA0\x80", "\xED\xA0\x80"},
      {"\xC0\x80Ж", "\xC0\x80з"},
      {"\xFF\u0306Б", "\xFF\u0306б"},
      {"\xF4\x90\x80\x80", "\xF4\x90\x80\x80"},
  };
  for (const auto& [text, key] : keys) EXPECT_EQ(fold(text), key);
}

TEST(fold, random_bytes_are_read_within_bounds) {
  chance random(1);
  constexpr std::string_view bytes = "aZ\xD0\xD1\xCC\x81\x86\x98\xB8\xE1\x84\x85\xF0\x90\x80\xFF";
  for (int i = 0; i < 20000; ++i) {
    const std::size_t size = random.below(12);
    const auto text = std::make_unique<char[]>(size);  // exactly as long, for the sanitizer
    for (std::size_t j = 0; j < size; ++j) text[j] = bytes[random.below(bytes.size())];
    const std::string_view view(text.get(), size);
    EXPECT_LE(fold(view).size(), 3 * size);
    EXPECT_LE(length_of(view), size);
    EXPECT_LE(shortened(view, 3).size(), size + 3);
    EXPECT_TRUE(like(view, "%"));
    EXPECT_TRUE(invalid_utf8(view) || !invalid_utf8(fold(view)));
  }
}

// ---- the witness ----

std::filesystem::path witness_file() {
  const std::filesystem::path tests = KITH_TESTS_DIR;
  const auto folder =
      tests.empty() ? std::filesystem::path(__FILE__).parent_path() : tests / "core";
  return folder / "fold_witness.txt";
}

std::string text_of_hex(std::istringstream in) {
  std::string text;
  for (std::uint32_t c = 0; in >> std::hex >> c;) text += utf8_of(c);
  return text;
}

TEST(fold, agrees_with_python) {
  std::ifstream file(witness_file());
  ASSERT_TRUE(file) << witness_file();
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const std::size_t arrow = line.find(" -> ");
    ASSERT_NE(arrow, std::string::npos) << line;
    const std::string text = text_of_hex(std::istringstream(line.substr(0, arrow)));
    const std::string key = text_of_hex(std::istringstream(line.substr(arrow + 4)));
    EXPECT_EQ(spelled(fold(text)), spelled(key)) << line;
    ++lines;
  }
  EXPECT_GT(lines, 4000U);
}

// ---- UTF-8 ----

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

// ---- LIKE ----

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

// ---- names ----

TEST(did_you_mean, offers_the_nearest) {
  const std::vector<std::string_view> fields = {"name",     "surname", "phone", "email",
                                                "birthday", "балл",    "name",  "named",
                                                "address",  "города",  "город"};
  const std::vector<std::pair<std::string_view, std::string_view>> questions = {
      {"phnoe", "did you mean phone?"},
      {"PHONE", "did you mean phone?"},
      {"emial", "did you mean email?"},
      {"nmae", "did you mean name?"},
      {"nam", "did you mean name or named?"},
      {"nama", "did you mean name?"},
      {"birth", "did you mean birthday?"},
      {"adres", "did you mean address?"},
      {"adress", "did you mean address?"},
      {"бал", "did you mean балл?"},
      {"ГОРОТ", "did you mean город or города?"},
      {"горо", "did you mean город or города?"},
      {"turnover", ""},
      {"x", ""},
      {"", ""},
  };
  for (const auto& [wrong, question] : questions) {
    EXPECT_EQ(did_you_mean(wrong, fields), question) << wrong;
  }
}

TEST(did_you_mean, offers_at_most_three) {
  const std::vector<std::string_view> fields = {"price_net", "price_gross", "price", "prices",
                                                "prize"};
  EXPECT_EQ(did_you_mean("pric", fields), "did you mean price, prices or price_net?");
}

TEST(did_you_mean, takes_nothing_long_for_a_name) {
  const std::string longest(64, 'x');
  const std::string longer(65, 'x');
  const std::vector<std::string_view> names = {longest, longer};
  EXPECT_EQ(did_you_mean(std::string(63, 'x'), names), "did you mean " + longest + "?");
  EXPECT_EQ(did_you_mean(longer, names), "");
  EXPECT_EQ(did_you_mean(std::string(1 << 20, 'x'), names), "");
  EXPECT_EQ(did_you_mean("x", {}), "");
}

}  // namespace
}  // namespace kith
