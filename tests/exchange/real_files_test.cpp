// SPDX-License-Identifier: Apache-2.0
//
// Files of other people: csv-spectrum with the expected JSON of each, and data sets whose spelling
// has to be found out.
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "lab.hpp"

namespace kith::lab {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Objects of texts, as csv-spectrum has them; one, or an array of them.
class json_objects {
 public:
  using object = std::map<std::string, std::string>;
  static std::vector<object> read(const std::string& text) {
    json_objects from{text};
    return from.all();
  }

 private:
  explicit json_objects(const std::string& text) : text_(text) {}

  std::vector<object> all() {
    std::vector<object> found;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '{') found.push_back(one());
    }
    return found;
  }
  object one() {
    object o;
    std::string key;
    bool have_key = false;
    for (; text_.at(at_) != '}'; ++at_) {
      if (text_[at_] != '"') continue;
      std::string word = quoted();
      if (have_key) o[key] = word;
      if (!have_key) key = word;
      have_key = !have_key;
    }
    return o;
  }
  std::string quoted() {
    std::string word;
    for (++at_; text_.at(at_) != '"'; ++at_) {
      if (text_[at_] != '\\') {
        word += text_[at_];
        continue;
      }
      const char c = text_.at(++at_);
      if (c == 'u') {
        const auto unit = static_cast<unsigned>(std::stoul(text_.substr(at_ + 1, 4), nullptr, 16));
        word += static_cast<char>(0xe0 | unit >> 12);
        word += static_cast<char>(0x80 | (unit >> 6 & 0x3f));
        word += static_cast<char>(0x80 | (unit & 0x3f));
        at_ += 4;
      } else {
        word += c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
      }
    }
    return word;
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

// Where the expected values are not those of the file beside them: a number was made anonymous, and
// the file's line ends are no longer those that its name promises.
std::string expectation_of(const std::string& name, std::string json) {
  const auto replace = [&](const std::string& from, const std::string& to) {
    for (std::size_t at = json.find(from); at != std::string::npos; at = json.find(from, at)) {
      json.replace(at, from.size(), to);
    }
  };
  if (name == "location_coordinates") replace("1234567890", "2095257564");
  if (name == "newlines_crlf") replace("\\r\\n", "\\n");
  return json;
}

TEST(real_files_test, csv_spectrum) {
  const std::filesystem::path folder = real_data("csv-spectrum");
  if (folder.empty()) GTEST_SKIP() << "needs ../shared/data/csv-spectrum";
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "csvs")) {
    const std::string name = entry.path().stem().string();
    const auto expected =
        json_objects::read(expectation_of(name, content_of(folder / "json" / (name + ".json"))));
    csv_reader reader(bytes_of(content_of(entry.path())));
    std::vector<std::string_view> cells;
    ASSERT_TRUE(reader.next(cells));
    const std::vector<std::string> header(cells.begin(), cells.end());
    std::vector<json_objects::object> found;
    while (reader.next(cells)) {
      ASSERT_EQ(cells.size(), header.size()) << name;
      json_objects::object o;
      for (std::size_t i = 0; i < header.size(); ++i) o[header[i]] = cells[i];
      found.push_back(std::move(o));
    }
    EXPECT_EQ(found, expected) << name;
    ++files;
  }
  EXPECT_EQ(files, 12);
}

TEST(real_files_test, data_sets_are_read_whole) {
  struct line {
    const char* folder;
    const char* file;
    std::size_t rows;  // with the header
    std::size_t columns;
    const char* second;  // the second row, to its third cell
  };
  const line table[] = {
      {"febrl", "dataset1.csv", 1001, 11, "rec-223-org¦¦waller"},
      {"febrl", "dataset4a.csv", 5001, 11, "rec-1070-org¦michaela¦neumann"},
      {"febrl", "dataset4b.csv", 5001, 11, "rec-561-dup-0¦elton¦"},
      {"cdnow", "cdnow_customers_summary.csv", 2358, 4, "1¦2¦30.43"},
      {"cdnow", "cdnow_customers_summary_with_transactions.csv", 2358, 5, "1¦2¦30.43"},
      {"cdnow", "donations.csv", 23, 4, "0¦0¦6"},
      {"online-retail-day", "2010-12-01.csv", 3109, 8,
       "536365¦85123A¦WHITE HANGING HEART T-LIGHT HOLDER"},
      {"ru-cities", "city.csv", 1118, 24, "Респ Адыгея, г Адыгейск¦385200¦Россия"},
  };
  for (const line& l : table) {
    const std::string folder = real_data(l.folder);
    if (folder.empty()) GTEST_SKIP() << "needs ../shared/data/" << l.folder;
    csv_reader reader(bytes_of(content_of(std::filesystem::path(folder) / l.file)));
    std::vector<std::string_view> cells;
    std::size_t rows = 0;
    std::string second;
    while (reader.next(cells)) {
      ASSERT_EQ(cells.size(), l.columns) << l.file << " line " << reader.line();
      ASSERT_TRUE(reader.is_text()) << l.file << " line " << reader.line();
      if (++rows == 2) {
        second = std::string(cells[0]) + "¦" + std::string(cells[1]) + "¦" + std::string(cells[2]);
      }
    }
    EXPECT_EQ(rows, l.rows) << l.file;
    EXPECT_EQ(second, l.second) << l.file;
    EXPECT_FALSE(reader.format().dates_ambiguous) << l.file;
    EXPECT_FALSE(reader.format().numbers_ambiguous) << l.file;
  }
}

// Every town is a Windows-1251 text as well.
TEST(real_files_test, the_same_in_other_encodings) {
  const std::string folder = real_data("ru-cities");
  if (folder.empty()) GTEST_SKIP() << "needs ../shared/data/ru-cities";
  const std::string text = content_of(std::filesystem::path(folder) / "city.csv");
  const auto rows = rows_of(text);
  EXPECT_EQ(rows_of("\xff\xfe" + in_utf16(text, false)), rows);
  EXPECT_EQ(rows_of("\xfe\xff" + in_utf16(text, true)), rows);
}

}  // namespace
}  // namespace kith::lab
