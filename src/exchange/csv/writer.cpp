// SPDX-License-Identifier: Apache-2.0
//
// The writer: cells into a buffer, the buffer into the sink.
#include <array>
#include <utility>

#include "exchange/csv/formula.hpp"
#include "kith/exchange/csv.hpp"

namespace kith::inline v1 {
namespace {

constexpr std::size_t buffer_size = 64 << 10;

constexpr std::array<bool, 256> table_of(std::string_view characters) {
  std::array<bool, 256> table{};
  for (const char c : characters) table[static_cast<unsigned char>(c)] = true;
  return table;
}
bool is_in(const std::array<bool, 256>& table, char c) {
  return table[static_cast<unsigned char>(c)];
}

// Any of the delimiters is quoted: then a reader that has to find out which one it is cannot be
// misled. So are beginnings that could be taken for something else: blanks behind a delimiter,
// single quotes, a byte order mark.
constexpr auto quoted = table_of(",;\t|\"\n\r");
constexpr auto quoted_at_front = table_of(" '\xef");
constexpr auto begins_formula = table_of("=+-@\t\r\n'");

bool is_plain(std::string_view text, char delimiter) {
  if (is_in(quoted_at_front, text.front()) || text.back() == ' ') return false;
  for (const char c : text) {
    if (is_in(quoted, c) || c == delimiter) return false;
  }
  return true;
}

}  // namespace

csv_writer::csv_writer(byte_sink to, char delimiter, bool disarm_formulas)
    : to_(std::move(to)), delimiter_(delimiter), disarm_(disarm_formulas) {
  buffer_.reserve(buffer_size + 1024);
}

csv_writer::~csv_writer() = default;

void csv_writer::cell(std::string_view text) {
  if (!first_) buffer_ += delimiter_;
  first_ = false;
  if (text.empty()) return;
  const bool dangerous = disarm_ && is_in(begins_formula, text.front()) && detail::is_formula(text);
  if (!dangerous && is_plain(text, delimiter_)) {
    buffer_ += text;
    return;
  }
  buffer_ += dangerous ? "\"'" : "\"";
  for (std::size_t at = 0;;) {
    const std::size_t quote = text.find('"', at);
    buffer_ += text.substr(at, quote - at);
    if (quote == std::string_view::npos) break;
    buffer_ += "\"\"";
    at = quote + 1;
  }
  buffer_ += '"';
}

void csv_writer::end_row() {
  // A row of one empty cell would be an empty line, which is no row.
  if (!first_ && buffer_.size() == row_begin_) buffer_ += "\"\"";
  buffer_ += '\n';
  first_ = true;
  row_begin_ = buffer_.size();
  if (buffer_.size() >= buffer_size) flush();
}

void csv_writer::flush() {
  if (buffer_.empty()) return;
  const bool nothing_yet = buffer_.size() == row_begin_;  // of the row that is being written
  to_(buffer_);
  buffer_.clear();
  row_begin_ = nothing_yet ? 0 : std::string::npos;
}

}  // namespace kith::inline v1
