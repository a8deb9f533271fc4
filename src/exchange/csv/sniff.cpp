// SPDX-License-Identifier: Apache-2.0
//
// Finding out how a file is written, from its beginning. Each question is asked of the rows as the
// scanner sees them, so that the answer holds for the reading that follows.
#include <algorithm>
#include <array>

#include "exchange/csv/encoding.hpp"
#include "exchange/csv/scan.hpp"
#include "exchange/csv/spelling.hpp"
#include "kith/exchange/csv.hpp"

namespace kith::inline v1 {
namespace {

using detail::cell_marks;
using detail::row_scanner;

// In this order when two explain a file equally well: the rarer in text, the surer a sign.
constexpr std::array<char, 4> delimiters{'\t', ';', '|', ','};
constexpr std::size_t rows_for_delimiter = 200;
// A beginning as short as this is taken for the whole file: its last row counts.
constexpr std::size_t whole_file = 64 << 10;

// Calls `visit(cells, scanner)` for each row.
template <class Visit>
void each_row(std::string_view text, cell_marks marks, std::size_t most, Visit visit) {
  row_scanner scanner(marks);
  std::vector<std::string_view> cells;
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool whole = text.size() < whole_file;
  for (std::size_t rows = 0; rows < most; ++rows) {
    const bool last = whole || rows == 0;
    if (scanner.scan(at, end, last, cells) != row_scanner::found::row) return;
    at = scanner.next();
    visit(cells, scanner);
  }
}

// How well marks explain a text: the share of rows that have as many cells as most rows have.
struct fit {
  cell_marks marks;
  double share = 0;
};

// Whether a blank stands behind every delimiter of the rows.
class leading_blanks {
 public:
  void add(const std::vector<std::string_view>& cells, char quote) {
    for (std::size_t i = 1; i < cells.size(); ++i) {
      const bool quoted = cells[i].data()[-1] == quote;
      if (cells[i].empty() && !quoted) continue;
      if (quoted || cells[i].front() != ' ') everywhere_ = false;
      in_first_row_ = in_first_row_ || rows_ == 0;
    }
    ++rows_;
  }
  bool found() const { return everywhere_ && in_first_row_; }

 private:
  std::size_t rows_ = 0;
  bool in_first_row_ = false;
  bool everywhere_ = true;
};

fit fit_of(std::string_view text, cell_marks marks) {
  std::vector<std::size_t> counts;
  leading_blanks blanks;
  each_row(text, marks, rows_for_delimiter, [&](const auto& cells, const row_scanner&) {
    counts.push_back(cells.size());
    blanks.add(cells, marks.quote);
  });
  // The first row must be in parts: names of columns contain no decimal comma.
  if (counts.empty() || counts[0] == 1) return {marks, 0};
  if (!marks.blank_after_delimiter && blanks.found()) {
    marks.blank_after_delimiter = true;  // `a, "b, c"`: the quote begins behind the blank
    return fit_of(text, marks);
  }
  const auto rows = static_cast<double>(counts.size());
  std::sort(counts.begin(), counts.end());
  std::size_t most = 0;
  for (auto from = counts.begin(); from != counts.end();) {
    const auto to = std::upper_bound(from, counts.end(), *from);
    if (*from > 1) most = std::max(most, static_cast<std::size_t>(to - from));
    from = to;
  }
  return {marks, static_cast<double>(most) / rows};
}

// Single quotes quote only when no cell begins with a double one, and whatever begins with a
// single one ends with it, in the first row as well.
bool single_quotes(std::string_view text, char delimiter) {
  std::size_t quoted = 0;
  bool first_row = false;
  bool consistent = true;
  std::size_t rows = 0;
  each_row(text, {delimiter, '"', false}, rows_for_delimiter,
           [&](const auto& cells, const row_scanner& scanner) {
             for (std::size_t i = 0; i < cells.size(); ++i) {
               const bool first = cells[i].data() == text.data();
               if (!scanner.quoted().empty() || (!first && cells[i].data()[-1] == '"')) {
                 consistent = false;
               }
               if (!cells[i].starts_with('\'')) continue;
               ++quoted;
               first_row = first_row || rows == 0;
             }
             ++rows;
           });
  if (!consistent || !first_row || quoted < 2) return false;
  each_row(text, {delimiter, '\'', false}, rows_for_delimiter,
           [&](const auto& cells, const row_scanner& scanner) {
             for (const std::uint32_t i : scanner.quoted()) {
               consistent = consistent && cells[i].ends_with('\'');
             }
           });
  return consistent;
}

struct votes {
  std::size_t point = 0, comma = 0, either = 0;
  std::size_t day_first = 0, month_first = 0, unknown = 0;

  void add(std::string_view cell) {
    if (cell.empty() || cell.size() > 40) return;
    switch (detail::point_of(cell)) {
      case detail::point_sign::point: ++point; break;
      case detail::point_sign::comma: ++comma; break;
      case detail::point_sign::ambiguous: ++either; break;
      case detail::point_sign::none: break;
    }
    switch (detail::date_order_of(cell)) {
      case detail::date_sign::day_first: ++day_first; break;
      case detail::date_sign::month_first: ++month_first; break;
      case detail::date_sign::ambiguous: ++unknown; break;
      case detail::date_sign::none: break;
    }
  }
};

void find_spelling(std::string_view text, const csv_dialect& known, csv_format& format) {
  votes v;
  bool heading = known.header;
  each_row(text, {format.delimiter, format.quote, format.blank_after_delimiter}, text.size(),
           [&](const auto& cells, const row_scanner&) {
             if (!heading) {
               for (const std::string_view cell : cells) v.add(cell);
             }
             heading = false;
           });
  using order = text_format::date_order;
  format.values.decimal_point = known.decimal_point.value_or(v.comma > v.point ? ',' : '.');
  format.numbers_ambiguous = !known.decimal_point && v.comma == 0 && v.point == 0 && v.either != 0;
  const bool both = v.day_first != 0 && v.month_first != 0;
  format.values.dates = v.day_first >= v.month_first && v.day_first != 0 ? order::dmy
                        : v.month_first != 0                             ? order::mdy
                                                                         : order::ymd;
  format.dates_ambiguous =
      !known.dates && (both || (v.unknown != 0 && v.day_first == 0 && v.month_first == 0));
  if (known.dates) format.values.dates = *known.dates;
}

}  // namespace

csv_format sniff_csv(std::string_view beginning, const csv_dialect& known) {
  csv_format format;
  const detail::encoding_found e = detail::find_encoding(beginning, known.encoding);
  format.encoding = e.encoding;
  format.byte_order_mark = e.mark != 0;
  std::string held;
  std::string_view text = beginning.substr(e.mark);
  if (e.encoding != text_encoding::utf8) {
    held = detail::to_utf8(text, e.encoding);
    text = held;
  }
  fit best{{known.delimiter.value_or(','), known.quote, false}, 0};
  for (const char d : delimiters) {
    if (d != known.delimiter.value_or(d)) continue;
    const fit f = fit_of(text, {d, known.quote, false});
    if (f.share > best.share) best = f;
  }
  if (known.quote == '"' && single_quotes(text, best.marks.delimiter)) {
    best = fit_of(text, {best.marks.delimiter, '\'', false});
  }
  format.delimiter = best.marks.delimiter;
  format.quote = best.marks.quote;
  format.blank_after_delimiter = best.marks.blank_after_delimiter;
  find_spelling(text, known, format);
  return format;
}

}  // namespace kith::inline v1
