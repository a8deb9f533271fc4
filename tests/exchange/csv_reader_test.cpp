// SPDX-License-Identifier: Apache-2.0
//
// Reading separated values: what a file's rows are, whatever it looks like.
#include "lab.hpp"

namespace kith::lab {
namespace {

std::string joined(const std::vector<std::string>& rows) {
  std::string text;
  for (const std::string& r : rows) text += (text.empty() ? "" : " / ") + r;
  return text;
}

TEST(csv_reader_test, rows_and_cells) {
  struct line {
    const char* file;
    const char* rows;
  };
  const line table[] = {
      {"", ""},
      {"a", "a"},
      {"a,b\n", "a¦b"},
      {"a,b\n1,2", "a¦b / 1¦2"},
      {"a,b\r\n1,2\r\n", "a¦b / 1¦2"},
      {"a,b\r1,2\r", "a¦b / 1¦2"},
      {"a,b\n1,2\r\n3,4\r5,6", "a¦b / 1¦2 / 3¦4 / 5¦6"},  // every line end in one file
      {"\n\na,b\n\n1,2\n\n", "a¦b / 1¦2"},                // empty lines are no rows
      {"a,b\n,\n", "a¦b / ¦"},
      {"a,b\n\"\",\n", "a¦b / ¦"},
      {"a,b\n\"1,2\",3\n", "a¦b / 1,2¦3"},
      {"a,b\n\"1\n2\",3\n", "a¦b / 1\n2¦3"},
      {"a,b\n\"he said \"\"no\"\"\",3\n", "a¦b / he said \"no\"¦3"},
      {"a,b\n2\" pipe,3\n", "a¦b / 2\" pipe¦3"},  // a quote inside an unquoted cell
      {"a,b\n\"x\"y,3\n", "a¦b / xy¦3"},          // text behind a closing quote
      {"a;b\n1,5;2\n", "a¦b / 1,5¦2"},
      {"a\tb\n1\t2,3\n", "a¦b / 1¦2,3"},
      {"a|b\n1|2\n", "a¦b / 1¦2"},
      {"a, b, c\n1, \"2, 3\", 4\n", "a¦b¦c / 1¦2, 3¦4"},  // blanks behind every delimiter
      {"'a','b'\n'1,2','3'\n", "a¦b / 1,2¦3"},            // single quotes
      {"\xef\xbb\xbf"
       "a,b\n1,2\n",
       "a¦b / 1¦2"},
      {"a,b\n\"1,2\n",
       "a¦b / !invalid: the quote that begins in line 2 is never closed; close it, "
       "or double the quotes inside of text"},
  };
  for (const line& l : table) {
    EXPECT_EQ(joined(rows_of(l.file)), l.rows) << l.file;
    EXPECT_EQ(joined(rows_of(l.file, {}, 1)), l.rows) << "byte by byte: " << l.file;
  }
}

TEST(csv_reader_test, lines_are_counted_as_an_editor_does) {
  csv_reader reader(bytes_of("a,b\r\n\r\n\"1\n2\n3\",x\n4,5\n"));
  std::vector<std::string_view> cells;
  std::string lines;
  while (reader.next(cells)) lines += std::to_string(reader.line()) + " ";
  EXPECT_EQ(lines, "1 3 6 ");
}

TEST(csv_reader_test, encodings) {
  const std::string text = "имя,город\nЁж «Ромашка» № 1,Омск\n";
  const std::string rows = "имя¦город / Ёж «Ромашка» № 1¦Омск";
  const std::string cp1251 =
      "\xe8\xec\xff,\xe3\xee\xf0\xee\xe4\n\xa8\xe6 \xab\xd0\xee\xec\xe0\xf8\xea\xe0\xbb \xb9 "
      "1,\xce\xec\xf1\xea\n";
  const struct {
    std::string file;
    text_encoding is;
  } table[] = {
      {text, text_encoding::utf8},
      {"\xef\xbb\xbf" + text, text_encoding::utf8},
      {"\xff\xfe" + in_utf16(text, false), text_encoding::utf16_le},
      {"\xfe\xff" + in_utf16(text, true), text_encoding::utf16_be},
      {in_utf16("name,city\nOmega,Omsk\n", false), text_encoding::utf16_le},
      {in_utf16("name,city\nOmega,Omsk\n", true), text_encoding::utf16_be},
      {cp1251, text_encoding::windows_1251},
  };
  for (const auto& line : table) {
    EXPECT_EQ(sniff_csv(line.file).encoding, line.is);
    for (const std::size_t piece : {1u, 2u, 3u, 7u, 4096u}) {
      const std::string found = joined(rows_of(line.file, {}, piece));
      EXPECT_TRUE(found == rows || found == "name¦city / Omega¦Omsk") << found;
    }
  }
  EXPECT_EQ(joined(rows_of("\xff\xfe" + in_utf16("a,b\n😀,1\n", false))), "a¦b / 😀¦1");
}

TEST(csv_reader_test, an_encoding_may_be_named) {
  csv_dialect known;
  known.encoding = text_encoding::windows_1251;
  EXPECT_EQ(joined(rows_of("a\n\xc0\n", known)), "a / А");
}

TEST(csv_reader_test, how_a_file_is_written) {
  struct line {
    const char* file;
    const char* found;  // delimiter, decimal point, order of dates, doubts
  };
  const line table[] = {
      {"a,b\n1.5,2026-03-31\n", ", . ymd"},
      {"a;b\n1,5;31.03.2026\n", "; , dmy"},
      {"a;b\n1 234,50;1.2.2026\n", "; , dmy"},
      {"a;b\n1.234,50;x\n", "; , ymd"},
      {"a,b\n\"1,234.50\",3/31/2026\n", ", . mdy"},
      {"a,b\n1,31/3/2026\n", ", . dmy"},
      {"a,b\n1,3/4/2026\n", ", . ymd, dates?"},
      {"a,b\n1,3/3/2026\n", ", . ymd"},  // the same either way
      {"a,b\n3/31/2026,31/3/2026\n", ", . dmy, dates?"},
      {"a;b\n1,234;x\n", "; . ymd, numbers?"},
      {"a;b\n1,234;0,5\n", "; , ymd"},
      {"a\tb\n1,234,567\tx\n", "t . ymd"},
  };
  for (const line& l : table) {
    const csv_format f = sniff_csv(l.file);
    constexpr const char* orders[] = {"ymd", "dmy", "mdy"};
    std::string found(1, f.delimiter == '\t' ? 't' : f.delimiter);
    found +=
        std::string(" ") + f.values.decimal_point + " " + orders[static_cast<int>(f.values.dates)];
    if (f.dates_ambiguous) found += ", dates?";
    if (f.numbers_ambiguous) found += ", numbers?";
    EXPECT_EQ(found, l.found) << l.file;
  }
}

TEST(csv_reader_test, hostile_files_give_typed_errors) {
  const std::string as_text = "is not UTF-16 text; save the file as UTF-8, or name its encoding";
  // Half a unit, half a surrogate pair, the second half alone.
  for (const std::string& tail :
       {std::string("x"), std::string("\x3d\xd8", 2), std::string("\x00\xdc\x31\x00", 4)}) {
    const auto rows = rows_of("\xff\xfe" + in_utf16("a,b\n1,", false) + tail);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[1], "!invalid: line 2 " + as_text);
  }
  // A NUL in UTF-8 is the business of its row.
  EXPECT_EQ(
      joined(rows_of(std::string("a,b\n1,2\n3,4\n5,x\0y\n", 18) + std::string(200, 'z'))).find('!'),
      std::string::npos);
  const std::string big(10 << 20, 'x');
  EXPECT_EQ(
      rows_of("a,b\n1,2\n3," + big + "\n").back(),
      "!limit: the row that begins in line 3 has more than 1 MiB; is a quote in it not closed?");
  EXPECT_EQ(
      rows_of("a,b\n1,2\n3,\"" + big + "\"\n").back(),
      "!limit: the row that begins in line 3 has more than 1 MiB; is a quote in it not closed?");
  EXPECT_EQ(rows_of("a,b\n1,2\n" + std::string(100'000, ',') + "\n").back(),
            "!limit: line 3 has more than 1000 cells; split the file, or correct the delimiter");
}

TEST(csv_reader_test, a_wrong_byte_is_the_business_of_its_row) {
  const std::string file =
      "имя,город\nАльфа,Омск\nБе\xff"
      "та,Томск\nГамма,Тара\nНу\xd0,1\nО,2\n";
  for (const std::size_t piece : {1u, 5u, 4096u}) {
    csv_reader reader(bytes_of(file, piece));
    std::vector<std::string_view> cells;
    std::string seen;
    while (reader.next(cells)) seen += reader.is_text() ? "+" : "-";
    EXPECT_EQ(seen, "++-+-+");
  }
}

TEST(csv_reader_test, formulas_are_disarmed_and_given_back) {
  struct line {
    const char* text;
    const char* written;
  };
  const line table[] = {
      {"=1+1", "'=1+1"},
      {"@SUM(A1)", "'@SUM(A1)"},
      {"+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"},
      {"-2+3", "'-2+3"},
      {"\t=1", "'\t=1"},
      {"'=1", "''=1"},
      {"+7 (3812) 12-34-56", nullptr},
      {"+79136543210", nullptr},
      {"-5.00", nullptr},
      {"-5,00 EUR", nullptr},
      {"-1e5", nullptr},
      {"plain", nullptr},
      {"", nullptr},
      {"'quoted'", nullptr},
      {"-", "'-"},
  };
  for (const line& l : table) {
    const std::string written = disarm_formula(l.text);
    EXPECT_EQ(written, l.written == nullptr ? l.text : l.written);
    EXPECT_EQ(rearm_formula(written), l.text);
  }
}

// Whatever is written is read back, by a reader that has to find out everything.
TEST(csv_reader_test, what_the_writer_writes_the_reader_reads) {
  const std::vector<std::vector<std::string>> rows = {
      {"a", "b", "c"},
      {"", "", ""},
      {" x ", "1;2", "3|4"},
      {"line\nbreak", "\r\n", "\""},
      {"'single'", ", ", "tab\t"},
      {"=1", "+7 913", "-5.00"},
      {"Ёж", "«»", "😀"},
  };
  for (const char delimiter : {',', ';', '\t', '|'}) {
    std::string file;
    csv_writer writer([&](std::string_view bytes) { file += bytes; }, delimiter);
    for (const auto& row : rows) {
      for (const std::string& cell : row) writer.cell(cell);
      writer.end_row();
    }
    writer.flush();
    csv_reader reader(bytes_of(file));
    std::vector<std::string_view> cells;
    for (const auto& row : rows) {
      ASSERT_TRUE(reader.next(cells));
      ASSERT_EQ(cells.size(), row.size());
      for (std::size_t i = 0; i < row.size(); ++i) EXPECT_EQ(rearm_formula(cells[i]), row[i]);
    }
    EXPECT_FALSE(reader.next(cells));
  }
}

}  // namespace
}  // namespace kith::lab
