// SPDX-License-Identifier: Apache-2.0
//
// Where the rows and cells of separated values begin and end: the one place that knows quotes.
// It looks at bytes of UTF-8 in memory, keeps nothing and copies nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace kith::inline v1::detail {

/// How cells are separated.
struct cell_marks {
  char delimiter = ',';
  char quote = '"';
  bool blank_after_delimiter = false;  ///< blanks behind a delimiter are no part of the cell
};

/// Finds rows, one by one.
class row_scanner {
 public:
  explicit row_scanner(cell_marks marks) : marks_(marks) {}

  enum class found : std::uint8_t { row, needs_more, open_quote, too_many_cells, end };

  /// Finds the first row at or behind `from` that is not wholly empty, and its cells. `last`: the
  /// text ends at `end`. After row, next() is where to go on; a cell that quotes() names still has
  /// its quotes, see unquote().
  found scan(const char* from, const char* end, bool last, std::vector<std::string_view>& cells);

  const char* next() const noexcept { return next_; }
  const char* row_begin() const noexcept { return begin_; }
  /// Line breaks between `from` and the row, and between `from` and next().
  std::uint64_t breaks_before() const noexcept { return before_; }
  std::uint64_t breaks() const noexcept { return breaks_; }
  /// After open_quote: line breaks before the quote, counted from `from`.
  std::uint64_t breaks_before_quote() const noexcept { return before_quote_; }
  /// Indexes of cells that are not plain views: doubled quotes, or text behind a closing quote.
  const std::vector<std::uint32_t>& quoted() const noexcept { return quoted_; }

  /// The text of a cell that quoted() names, written over the cell itself; its size.
  std::size_t unquote(char* cell, std::size_t size) const noexcept;

 private:
  found quoted_cell(const char*& at, const char* end, bool last,
                    std::vector<std::string_view>& cells);
  const char* end_of_plain(const char* at, const char* end) const noexcept;
  bool is_break(char c) const noexcept { return c == '\n' || c == '\r'; }

  cell_marks marks_;
  const char* begin_ = nullptr;
  const char* next_ = nullptr;
  std::uint64_t before_ = 0;
  std::uint64_t breaks_ = 0;
  std::uint64_t before_quote_ = 0;
  std::vector<std::uint32_t> quoted_;
};

/// Line breaks in a text: line feeds, or returns where there is none.
std::uint64_t line_breaks(std::string_view text) noexcept;

}  // namespace kith::inline v1::detail
