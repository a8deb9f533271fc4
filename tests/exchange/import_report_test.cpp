// SPDX-License-Identifier: Apache-2.0
//
// What is wrong is said with row, line, column, value and remedy, all of it; the rest goes on, and
// what was refused is not lost.
#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "lab.hpp"

namespace kith::lab {
namespace {

class import_report_test : public suite {
 protected:
  void TearDown() override { std::filesystem::remove(path); }
  std::string content() const {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
  const std::string path = std::filesystem::temp_directory_path() /
                           ("kith-refused-" + std::to_string(::getpid()) + ".csv");
};
INSTANTIATE_TEST_SUITE_P(stores, import_report_test, ::testing::ValuesIn(backends()),
                         name_of_backend);

TEST_P(import_report_test, everything_that_is_wrong_is_said_at_once) {
  const import_result r = import(
      "name,employees,kind,birth date,email,owner\n"
      ",many,firm,31.02.2026,nowhere,Zoe\n"
      "Omega,12,organisation,,a@x.ru,\n"
      "Alfa,-3,person,,,\n");
  EXPECT_EQ(
      told(r),
      "3 rows: 1 inserted, 2 refused\n"
      "row 1 (line 2) employees → employees 'many': 'many' is not a whole number such as 42\n"
      "row 1 (line 2) kind → kind 'firm': 'firm' is not one of person, organisation, household\n"
      "row 1 (line 2) birth date → birth_date '31.02.2026': '31.02.2026' is not a date such "
      "as 2026-03-31\n"
      "row 1 (line 2) owner → owner 'Zoe': no user is called 'Zoe'; add it first, or set "
      "create_missing for this column\n"
      "row 1 (line 2) name → name: is required; give a value that is not empty\n"
      "row 3 (line 4) employees → employees '-3': '-3' is less than 0; give at least that");
  EXPECT_EQ(list("clients", {"name"}), "Omega");
}

TEST_P(import_report_test, rows_of_the_wrong_shape) {
  EXPECT_EQ(
      told(import("name,city\nOmega\nAlfa,Omsk,\nBeta,Omsk,x\nGamma,Tara\n")),
      "4 rows: 2 inserted, 2 refused\n"
      "row 1 (line 2): the row has 1 cells, not 2; add the missing ones, or their delimiters\n"
      "row 3 (line 4) 3 'x': the row has 3 cells, not 2; quote cells that contain the "
      "delimiter");
}

TEST_P(import_report_test, a_cell_that_is_no_text_refuses_its_row) {
  EXPECT_EQ(told(import("name,город\nАльфа,Омск\nБета,То\xd1мск\nГамма,Тара\n")),
            "3 rows: 2 inserted, 1 refused\n"
            "row 2 (line 3) город 'То': byte 5 of the cell is not UTF-8 text; correct it, or name "
            "the file's encoding");
  EXPECT_EQ(told(import(std::string("name,city\nDelta,a\0b\n", 20))),
            "1 rows: 1 refused\nrow 1 (line 2) city 'a': byte 2 of the cell is not UTF-8 text; "
            "correct it, or name the file's encoding");
}

TEST_P(import_report_test, a_file_that_cannot_be_read_on_is_taken_so_far) {
  const import_result r = import("name,city\nOmega,Omsk\nAlfa,\"Tomsk\nBeta,Tara\n");
  EXPECT_EQ(told(r),
            "1 rows: 1 inserted, cut short\n"
            "row 2 (line 3): the quote that begins in line 3 is never closed; close it, "
            "or double the quotes inside of text");
  EXPECT_EQ(told(import("name,city\nBeta,Omsk\n" + std::string(5000, ',') + "\n")),
            "1 rows: 1 inserted, cut short\n"
            "row 2 (line 3): line 3 has more than 1000 cells; split the file, or correct the "
            "delimiter");
}

TEST_P(import_report_test, dates_and_numbers_with_two_meanings_are_not_guessed) {
  import_options o;
  o.entity = "deals";
  o.constants = {{"stage", "New"}};
  transaction tx = s->write();
  const auto way = s->add(pipeline::name = "Sales");
  s->add(stage::pipeline = way, stage::name = "New", stage::probability = 10);
  tx.commit();
  EXPECT_EQ(told(import("title;opened\nx;03/04/2026\n", o)),
            "1 rows: 1 refused\nrow 1 (line 2) opened → opened '03/04/2026': '03/04/2026' may have "
            "the day first or the month; say which with the dialect's dates");
  csv_dialect known;
  known.dates = text_format::date_order::dmy;
  EXPECT_EQ(told(import("title;opened\na;03/04/2026\n", o, known)), "1 rows: 1 inserted");
  EXPECT_EQ(told(import("title;opened\nb;03/04/2026\nc;30/04/2026\n", o)), "2 rows: 2 inserted");
  o.format.currency = *currency_code::parse("EUR");
  EXPECT_EQ(told(import("title;amount\nx;1,234\n", o)),
            "1 rows: 1 refused\nrow 1 (line 2) amount → amount '1,234': '1,234' may be a thousand "
            "or a fraction; say which with the dialect's decimal_point");
  EXPECT_EQ(told(import("title;amount\nd;1 234,50\ne;0,5\n", o)), "2 rows: 2 inserted");
  EXPECT_EQ(list("deals", {"title", "opened", "amount"}),
            "a|2026-04-03|; b|2026-04-03|; c|2026-04-30|; d||1234.50 EUR; e||0.50 EUR");
}

TEST_P(import_report_test, refused_rows_are_kept_for_repair) {
  import_options o;
  o.rejected_file = path;
  o.match = {"name"};
  const std::string good = "name,employees,note\nOmega,5,\"a, b\"\n";
  import(good, o);
  EXPECT_FALSE(std::filesystem::exists(path)) << "nothing was refused";
  EXPECT_EQ(
      import("name,employees,note\nOmega,5,\nAlfa,many,\"a, \"\"b\"\"\"\nBeta,7,=1+1\n,8,\n", o)
          .failed,
      2u);
  EXPECT_EQ(content(),
            "name,employees,note,import_error\n"
            "Alfa,many,\"a, \"\"b\"\"\",employees: 'many' is not a whole number such as 42\n"
            ",8,,\"name: nothing is given by which the client could be found; fill in name\"\n");
  std::string repaired = content();
  repaired.replace(repaired.find("many"), 4, "9");
  EXPECT_EQ(import(repaired, o).inserted, 1u);
  EXPECT_EQ(content(),
            "name,employees,note,import_error\n"
            ",8,,\"name: nothing is given by which the client could be found; fill in name\"\n");
  EXPECT_EQ(list("clients", {"name", "employees", "note"}, "order by name"),
            "Alfa|9|a, \"b\"; Beta|7|=1+1; Omega|5|a, b");
}

TEST_P(import_report_test, errors_are_kept_up_to_a_number_and_counted_all) {
  import_options o;
  o.most_errors = 2;
  std::size_t told_about = 0;
  o.rejected = [&](std::span<const std::string_view> cells, const std::string& why) {
    told_about += cells[0] == "x" && why.starts_with("employees: ") ? 1 : 0;
  };
  const import_result r = import("name,employees\nx,a\nx,b\nx,c\nx,d\n", o);
  EXPECT_EQ(r.failed, 4u);
  EXPECT_EQ(r.errors.size(), 2u);
  EXPECT_EQ(told_about, 4u);
}

TEST_P(import_report_test, values_that_are_taken_are_told_by_the_constraint) {
  import_options o;
  o.entity = "products";
  const std::string said = told(import("code,name\nA1,Oil\nA1,Filter\nA2,Pump\n", o));
  EXPECT_EQ(said.substr(0, said.find("A1': ")),
            "3 rows: 2 inserted, 1 refused\nrow 2 (line 3) code → code '");
}

}  // namespace
}  // namespace kith::lab
