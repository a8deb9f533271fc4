// SPDX-License-Identifier: Apache-2.0
//
// Folding: which spellings are one word, and which word comes first. fold_witness.txt is what
// Python thinks of it (src/core/text/make_fold_table.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/code_points.hpp"
#include "kith/core/text.hpp"

namespace kith::lab {
namespace {

using namespace std::string_view_literals;

/// A key as ordinary text again: the folded form before ё took its place.
std::string unordered(std::string_view key) {
  std::string text;
  for (const char32_t c : code_points(key)) {
    text += utf8_of(c == 0x436 ? 0x451 : c > 0x436 && c <= 0x451 ? c - 1 : c);
  }
  return text;
}

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

// ------------------------------------------------------------------------------------- the witness

std::filesystem::path witness_file() {
  return std::filesystem::path(KITH_TESTS_DIR) / "core" / "text" / "fold_witness.txt";
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

}  // namespace
}  // namespace kith::lab
