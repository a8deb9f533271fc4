// SPDX-License-Identifier: Apache-2.0
//
// The reader: one buffer that rows are looked for in, filled from the source as it runs dry. Other
// encodings are brought over on the way in. UTF-8 is checked there: a wrong byte is the business of
// its row, not of the file.
#include <algorithm>
#include <cstring>

#include "exchange/csv/encoding.hpp"
#include "exchange/csv/scan.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"
#include "kith/exchange/csv.hpp"

namespace kith::inline v1 {
namespace {

constexpr std::size_t chunk = 256 << 10;
constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

// Bytes that grow without being cleared first.
class byte_buffer {
 public:
  char* data() noexcept { return bytes_.get(); }
  void reserve(std::size_t size, std::size_t keep) {
    if (size <= capacity_) return;
    const std::size_t room = std::max(size, 2 * capacity_);
    std::unique_ptr<char[]> more(new char[room]);
    if (keep != 0) std::memcpy(more.get(), bytes_.get(), keep);
    bytes_ = std::move(more);
    capacity_ = room;
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
};

std::string in_line(std::uint64_t line) { return "line " + std::to_string(line); }

}  // namespace

struct csv_reader::state {
  state(byte_source source, csv_dialect known) : from(std::move(source)) { open(known); }

  void open(const csv_dialect& known);
  bool next(std::vector<std::string_view>& cells);

  byte_source from;
  csv_format format;
  std::uint64_t line = 0;  // of the latest row
  bool is_text = true;     // the latest row

 private:
  using found = detail::row_scanner::found;

  std::size_t read(char* to, std::size_t room);
  void fill();
  void check_new_text();
  void find_wrong_byte(std::size_t first, std::size_t end);
  [[noreturn]] void unreadable();
  [[noreturn]] void never_closed() const;
  [[noreturn]] void too_long() const;
  const char* at() { return buffer.data() + begin; }

  detail::row_scanner scanner{{}};
  detail::transcoder bring{text_encoding::utf8};
  byte_buffer buffer;
  byte_buffer raw;              // of other encodings
  std::size_t begin = 0;        // of what was not read as rows
  std::size_t checked = 0;      // whole characters up to here
  std::size_t wrong = nowhere;  // the first byte behind `begin` that is no text
  std::size_t filled = 0;
  bool at_end = false;   // the source has no more
  bool damaged = false;  // what follows `checked` cannot be brought over
  std::uint64_t next_line = 1;
};

std::size_t csv_reader::state::read(char* to, std::size_t room) {
  std::size_t size = 0;
  while (size < room && !at_end) {
    const std::size_t got = from(to + size, room - size);
    at_end = got == 0;
    size += got;
  }
  return size;
}

// The first chunk decides how the file is written.
void csv_reader::state::open(const csv_dialect& known) {
  buffer.reserve(2 * chunk, 0);
  filled = read(buffer.data(), chunk);
  const std::string_view beginning(buffer.data(), filled);
  format = sniff_csv(beginning, known);
  scanner = detail::row_scanner({format.delimiter, format.quote, format.blank_after_delimiter});
  bring = detail::transcoder(format.encoding);
  const std::size_t mark = detail::find_encoding(beginning, format.encoding).mark;
  if (format.encoding == text_encoding::utf8) {
    begin = checked = mark;
  } else {
    const std::string bytes(beginning.substr(mark));
    buffer.reserve(detail::transcoder::room_for(bytes.size()), 0);
    filled = static_cast<std::size_t>(bring.put(bytes, buffer.data()) - buffer.data());
  }
  check_new_text();
}

// Puts the rest of the latest row to the front and the next chunk behind it.
void csv_reader::state::fill() {
  if (begin != 0) {
    std::memmove(buffer.data(), buffer.data() + begin, filled - begin);
    filled -= begin;
    checked -= begin;
    if (wrong != nowhere) wrong -= begin;
    begin = 0;
  }
  if (format.encoding == text_encoding::utf8) {
    buffer.reserve(filled + chunk, filled);
    filled += read(buffer.data() + filled, chunk);
  } else {
    raw.reserve(chunk, 0);
    const std::size_t size = read(raw.data(), chunk);
    buffer.reserve(filled + detail::transcoder::room_for(size), filled);
    char* const end = bring.put({raw.data(), size}, buffer.data() + filled);
    filled = static_cast<std::size_t>(end - buffer.data());
  }
  check_new_text();
}

void csv_reader::state::check_new_text() {
  if (format.encoding != text_encoding::utf8) {  // made here, and right
    checked = filled;
    damaged = at_end ? bring.failed_at_end() : bring.failed();
    return;
  }
  const std::string_view text(buffer.data() + checked, filled - checked);
  const std::size_t whole = at_end ? text.size() : text.size() - detail::unfinished_bytes(text);
  if (wrong == nowhere) find_wrong_byte(checked, checked + whole);
  checked += whole;
}

void csv_reader::state::find_wrong_byte(std::size_t first, std::size_t end) {
  const auto bad = invalid_utf8({buffer.data() + first, end - first});
  wrong = bad ? first + *bad : nowhere;
}

bool csv_reader::state::next(std::vector<std::string_view>& cells) {
  for (;;) {
    const bool last = at_end && !damaged;
    const found f = scanner.scan(at(), buffer.data() + checked, last, cells);
    if (f == found::row) break;
    if (f == found::end) return false;
    line = next_line + scanner.breaks_before();
    if (f == found::too_many_cells) {
      throw error(error_code::limit, in_line(line) + " has more than " +
                                         std::to_string(csv_most_columns) +
                                         " cells; split the file, or correct the delimiter");
    }
    if (f == found::open_quote) never_closed();
    if (damaged) unreadable();
    begin = static_cast<std::size_t>(scanner.row_begin() - buffer.data());
    next_line = line;  // empty lines are behind us
    if (checked - begin > csv_most_row_bytes) too_long();
    fill();
  }
  const auto size = static_cast<std::size_t>(scanner.next() - scanner.row_begin());
  line = next_line + scanner.breaks_before();
  if (size > csv_most_row_bytes + 2) too_long();
  for (const std::uint32_t i : scanner.quoted()) {
    char* const cell = buffer.data() + (cells[i].data() - buffer.data());
    cells[i] = {cell, scanner.unquote(cell, cells[i].size())};
  }
  next_line += scanner.breaks();
  begin = static_cast<std::size_t>(scanner.next() - buffer.data());
  is_text = wrong >= begin;
  if (!is_text) find_wrong_byte(begin, checked);
  return true;
}

void csv_reader::state::unreadable() {
  const std::uint64_t where = next_line + detail::line_breaks({at(), checked - begin});
  const bool wide = format.encoding != text_encoding::windows_1251;
  throw error(error_code::invalid, in_line(where) +
                                       (wide ? " is not UTF-16 text" : " has a NUL byte") +
                                       "; save the file as UTF-8, or name its encoding");
}

void csv_reader::state::never_closed() const {
  throw error(error_code::invalid,
              "the quote that begins in " + in_line(next_line + scanner.breaks_before_quote()) +
                  " is never closed; close it, or double the quotes inside of text");
}

void csv_reader::state::too_long() const {
  throw error(error_code::limit, "the row that begins in " + in_line(line) + " has more than " +
                                     std::to_string(csv_most_row_bytes >> 20) +
                                     " MiB; is a quote in it not closed?");
}

csv_reader::csv_reader(byte_source from, csv_dialect known)
    : state_(std::make_unique<state>(std::move(from), known)) {}
csv_reader::csv_reader(csv_reader&&) noexcept = default;
csv_reader::~csv_reader() = default;

const csv_format& csv_reader::format() const noexcept { return state_->format; }
bool csv_reader::next(std::vector<std::string_view>& cells) { return state_->next(cells); }
bool csv_reader::is_text() const noexcept { return state_->is_text; }
std::uint64_t csv_reader::line() const noexcept { return state_->line; }

}  // namespace kith::inline v1
