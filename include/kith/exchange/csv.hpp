// SPDX-License-Identifier: Apache-2.0
//
// Files of separated values, as programs and people really write them: any delimiter, with or
// without a byte order mark, UTF-8, UTF-16 or Windows-1251, decimal comma, dates of any order.
//
//   import_result r = import_csv(session, "clients.csv", {.entity = "clients"});
//   for (const import_error& e : r.errors) print(e.row, e.column, e.value, e.message);
//   export_csv(session.query("clients", "city = 'Омск'"), "omsk.csv");
//
// Cells that a spreadsheet would run as a formula are disarmed on export with an apostrophe, which
// the import takes away again; +7… and -5.00 stay as they are. Reading is streaming: memory does
// not grow with the file.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kith/core/query.hpp"
#include "kith/exchange/import.hpp"

namespace kith::inline v1 {

enum class text_encoding : std::uint8_t { utf8, utf16_le, utf16_be, windows_1251 };

/// Limits of a file: a row's bytes as UTF-8, and its cells. Reaching one is error_code::limit.
inline constexpr std::size_t csv_most_row_bytes = 1 << 20;
inline constexpr std::size_t csv_most_columns = 1000;

/// How a file is written. Whatever is left at its default is found out from the beginning of it.
struct csv_dialect {
  std::optional<char> delimiter;  ///< one of , ; tab |
  char quote = '"';
  std::optional<text_encoding> encoding;
  std::optional<char> decimal_point;
  std::optional<text_format::date_order> dates;
  bool header = true;  ///< the first row names the columns
};

/// Gives the next bytes: how many were put into the buffer, 0 at the end.
using byte_source = std::function<std::size_t(char* to, std::size_t room)>;
/// Takes bytes; throws when it cannot.
using byte_sink = std::function<void(std::string_view)>;

/// What sniff_csv() found, with every part decided.
struct csv_format {
  char delimiter = ',';
  char quote = '"';
  text_encoding encoding = text_encoding::utf8;
  bool byte_order_mark = false;
  bool blank_after_delimiter = false;  ///< after every one: `a, b`; it is no part of the cell
  text_format values;                  ///< decimal point and order of dates
  bool dates_ambiguous = false;        ///< 03/04/2026 occurs and nothing says which is the month
  bool numbers_ambiguous = false;      ///< 1,234 occurs and nothing says whether that is a thousand
};

/// Finds out how a file is written from its first bytes (64 KiB are plenty).
csv_format sniff_csv(std::string_view beginning, const csv_dialect& known = {});

/// Rows of a file, one by one, as UTF-8. RFC 4180, and what programs make of it: a quote inside an
/// unquoted cell is text, a missing closing quote ends at the end of the file with an error.
class csv_reader {
 public:
  csv_reader(byte_source from, csv_dialect known = {});
  csv_reader(csv_reader&&) noexcept;
  ~csv_reader();

  const csv_format& format() const noexcept;
  /// The cells of the next row; false at the end. They live until the next call.
  /// error_code::invalid with the line for a file that cannot be read on, error_code::limit for a
  /// row over 1 MiB or 1,000 cells. Lines without a character are no rows.
  bool next(std::vector<std::string_view>& cells);
  /// Whether all of the latest row is UTF-8 without NUL; its cells are given as they are.
  bool is_text() const noexcept;
  /// The line in the file where the latest row begins, from 1.
  std::uint64_t line() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Writes rows with the least quoting that reads back exactly.
class csv_writer {
 public:
  explicit csv_writer(byte_sink to, char delimiter = ',', bool disarm_formulas = true);
  ~csv_writer();
  void cell(std::string_view text);
  void end_row();
  /// Gives everything to the sink; the destructor does not.
  void flush();

 private:
  byte_sink to_;
  std::string buffer_;
  char delimiter_;
  bool disarm_;
  bool first_ = true;          // no cell of the row yet
  std::size_t row_begin_ = 0;  // in the buffer
};

/// The text with an apostrophe before it when a spreadsheet would take it for a formula
/// (it begins with = + - @ tab or a line break, and is no number, amount or telephone number);
/// rearm_formula() gives it back.
std::string disarm_formula(std::string_view text);
std::string_view rearm_formula(std::string_view text) noexcept;

/// Reads a file into an entity; see import.hpp.
import_result import_csv(session& into, const std::string& path, import_options options,
                         csv_dialect known = {});
import_result import_csv(session& into, byte_source from, import_options options,
                         csv_dialect known = {});

/// What is exported: columns by name (fields, paths, parts), all values of the entity by default.
struct csv_export_options {
  std::vector<std::string> columns{};  ///< `name`, `client.name`, `city`; empty: all
  char delimiter = ',';
  bool byte_order_mark = false;  ///< some spreadsheets read UTF-8 only with one
  bool labels = false;           ///< Russian labels instead of names in the header
  bool by_id = false;            ///< records and references by their ids, values in their parts
  std::function<bool(std::uint64_t rows)> progress{};  ///< false cancels
};

/// Writes the records of a query; how many. The file is complete or, on error, removed.
std::uint64_t export_csv(const any_query& what, const std::string& path,
                         csv_export_options options = {});
std::uint64_t export_csv(const any_query& what, const byte_sink& to,
                         csv_export_options options = {});

}  // namespace kith::inline v1
