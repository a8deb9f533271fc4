// SPDX-License-Identifier: Apache-2.0
//
// Rows of text into records, whatever format they come from. Columns are found by name, label or
// synonym, or mapped; references are found by natural key, by a named field, or by another system's
// key; a second run changes what the first one added.
//
//   import_options o{.entity = "clients", .match = {"@shop"}};
//   o.columns = {{"CustomerID", "@shop"}, {"CompanyName", "name"}, {"City", "city"},
//                {"ContactName", "employments.contact", {.create_missing = true}}};
//
// Every refused cell is reported with row, column, value and remedy; the rest of the file goes on.
// Rows are committed in chunks, all under one import_batch, so that the whole can be found again.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kith/core/session.hpp"

namespace kith::inline v1 {

/// What happens to a column's text before it becomes a value.
struct column_options {
  std::map<std::string, std::string> translate{};  ///< other texts for some texts
  std::optional<decimal> times{};                  ///< numbers are multiplied: 0.15 into 15 %
  bool create_missing = false;                     ///< a reference that names nobody adds a record
  std::optional<currency_code> currency{};         ///< of amounts that name none
};

/// Where a column goes:
///
/// ```
///   name, city, amount, name.last_name   a field, a flat part, a part
///   client                     a reference, found by any natural key of the client
///   client.tax_id              a reference, found by this field of the client
///   client@shop                a reference, found by what `shop` calls the client
///   @shop                      what `shop` calls the record itself (an external_ref)
///   emails                     an owned record by its shorthand; several columns: several records
///   emails.label, employments.contact, employments.title   fields of one owned record
///   (empty)                    nowhere
/// ```
struct column_mapping {
  std::string column;  ///< its header, or its number from 1 when there is none
  std::string to;
  column_options how{};
};

/// A row that is about to be written; a hook may change what was read:
/// `if (r.text("Stage") == "Lost") r.set(deal::lost_reason = "not said");`
struct import_row {
  std::uint64_t number = 0;  ///< of the row, from 1, the header not counted
  /// The text of a column, by header or number; empty when there is none.
  std::function<std::string_view(std::string_view column)> text;
  any_draft* record = nullptr;

  template <class E, class T, class V>
  void set(const assignment<E, T, V>& a) {
    detail::assign<E>(*record, a);
  }
};

struct import_options {
  std::string entity{};
  std::vector<column_mapping> columns{};           ///< columns not named here are found by name
  bool only_mapped = false;                        ///< … or ignored
  std::map<std::string, std::string> constants{};  ///< where to → text, for every row
  /// How a row finds the record it changes: fields, or "@source". Empty: every row adds a record.
  std::vector<std::string> match{};
  enum class mode : std::uint8_t { upsert, insert_only, update_only };
  mode how = mode::upsert;
  bool empty_clears = false;         ///< an empty cell makes the value null; else it leaves it
  bool dry_run = false;              ///< everything is checked, nothing is kept
  std::string reason{};              ///< of the change sets; the file's name by default
  std::size_t chunk_rows = 5000;     ///< rows per transaction
  std::size_t most_errors = 10'000;  ///< that are kept; all are counted
  text_format format{};              ///< zone and default currency; the rest is found out
  /// Before the record is checked. A kith::error that it throws refuses the row.
  std::function<void(import_row&)> each_row{};
  std::function<bool(std::uint64_t rows)> progress{};  ///< after each chunk; false cancels
  /// Takes every refused row, its cells as they were, and why it was refused.
  std::function<void(std::span<const std::string_view> cells, const std::string& why)> rejected{};
  /// A CSV file that is made when a row is refused: the refused rows, and behind each why, in a
  /// column that an import leaves out. Repaired, it is imported like the first one.
  std::string rejected_file{};
};

/// One thing that is wrong with one row.
struct import_error {
  std::uint64_t row = 0;   ///< from 1, the header not counted
  std::uint64_t line = 0;  ///< in the file
  std::string column;      ///< its header; empty when it is about the whole row
  std::string field;       ///< where it was to go
  std::string value;       ///< shortened
  std::string message;     ///< with the remedy
};

struct import_result {
  std::uint64_t rows = 0;
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t failed = 0;
  std::vector<import_error> errors;     ///< the first ones, in the order of the rows
  record_id batch;                      ///< import_batch; none after a dry run
  bool cancelled = false;               ///< by progress
  bool cut_short = false;               ///< the rest cannot be read: the last error says why
  std::vector<column_mapping> columns;  ///< what each column became
  std::vector<std::string> ignored_columns;
};

/// What a source cannot know about its values: such values are refused, not guessed.
struct import_doubts {
  bool dates = false;    ///< whether 03/04/2026 has the day first
  bool numbers = false;  ///< whether 1,234 is more than a thousand
};

/// Rows of text from any format. next() throws error_code::invalid or limit where the rest cannot
/// be read; a cell that is no UTF-8 is given as it is.
class row_source_of_text {
 public:
  virtual ~row_source_of_text() = default;
  virtual const std::vector<std::string>& headers() = 0;  ///< empty: columns have no names
  virtual bool next(std::vector<std::string_view>& cells) = 0;
  /// Puts the latest row's value of a column that holds no texts, where it is of the field's own
  /// sort and fits exactly. Else the cell is read as text.
  virtual bool put(std::size_t /*column*/, const field_type&, cell_sink&) const { return false; }
  virtual std::uint64_t line() const = 0;
  /// Whether the latest row is known to be UTF-8 without NUL; else the import looks.
  virtual bool is_text() const { return false; }
  virtual std::string name() const = 0;         ///< of the file
  virtual std::string format_name() const = 0;  ///< csv
  virtual import_doubts doubts() const { return {}; }
};

/// Reads all rows into an entity. error_code::not_found and invalid for options that cannot be
/// meant; what is wrong with rows is in the result.
import_result import_rows(session& into, row_source_of_text& from, import_options options);

}  // namespace kith::inline v1
