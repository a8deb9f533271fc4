// SPDX-License-Identifier: Apache-2.0
//
// One pass over the bytes, sixteen at a time where the processor can.
#include "exchange/csv/scan.hpp"

#include <bit>
#include <cstring>

#include "kith/exchange/csv.hpp"

#ifdef __SSE2__
#  include <emmintrin.h>
#endif

namespace kith::inline v1::detail {

std::uint64_t line_breaks(std::string_view text) noexcept {
  const auto count = [&](char c) {
    std::uint64_t found = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
      at = static_cast<const char*>(std::memchr(at, c, static_cast<std::size_t>(end - at)));
      if (at == nullptr) break;
      ++found;
      ++at;
    }
    return found;
  };
  if (text.empty()) return 0;
  const std::uint64_t feeds = count('\n');
  return feeds != 0 ? feeds : count('\r');
}

// The first delimiter or line break.
const char* row_scanner::end_of_plain(const char* at, const char* end) const noexcept {
#ifdef __SSE2__
  const __m128i delimiter = _mm_set1_epi8(marks_.delimiter);
  const __m128i feed = _mm_set1_epi8('\n');
  const __m128i back = _mm_set1_epi8('\r');
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i hits =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, delimiter),
                     _mm_or_si128(_mm_cmpeq_epi8(bytes, feed), _mm_cmpeq_epi8(bytes, back)));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits));
    if (mask != 0) return at + std::countr_zero(mask);
  }
#endif
  while (at != end && *at != marks_.delimiter && !is_break(*at)) ++at;
  return at;
}

row_scanner::found row_scanner::scan(const char* from, const char* end, bool last,
                                     std::vector<std::string_view>& cells) {
  cells.clear();
  quoted_.clear();
  before_ = breaks_ = 0;
  const char* at = from;
  while (at != end && is_break(*at)) {  // empty lines; a return and a feed are one break
    if (*at == '\r' && at + 1 == end && !last) break;
    const bool both = *at == '\r' && at + 1 != end && at[1] == '\n';
    at += both ? 2 : 1;
    ++breaks_;
  }
  before_ = breaks_;
  begin_ = at;
  if (at == end) return last ? found::end : found::needs_more;
  for (;;) {
    if (cells.size() == csv_most_columns) return found::too_many_cells;
    if (marks_.blank_after_delimiter && !cells.empty()) {
      while (at != end && *at == ' ') ++at;
    }
    if (at != end && *at == marks_.quote) {
      const found f = quoted_cell(at, end, last, cells);
      if (f != found::row) return f;
    } else {
      const char* const stop = end_of_plain(at, end);
      cells.emplace_back(at, static_cast<std::size_t>(stop - at));
      at = stop;
    }
    if (at == end) {
      next_ = at;
      return last ? found::row : found::needs_more;
    }
    if (*at == marks_.delimiter) {
      ++at;
      continue;
    }
    if (*at == '\r' && at + 1 == end && !last) return found::needs_more;
    const bool both = *at == '\r' && at + 1 != end && at[1] == '\n';
    next_ = at + (both ? 2 : 1);
    ++breaks_;
    return found::row;
  }
}

// `at` stands on the opening quote, and afterwards on what ends the cell.
row_scanner::found row_scanner::quoted_cell(const char*& at, const char* end, bool last,
                                            std::vector<std::string_view>& cells) {
  const char* const opening = at;
  const char* close = at + 1;
  bool doubled = false;
  for (;;) {
    const auto rest = static_cast<std::size_t>(end - close);
    close = rest == 0 ? nullptr : static_cast<const char*>(std::memchr(close, marks_.quote, rest));
    if (close == nullptr) {
      before_quote_ = breaks_;
      return last ? found::open_quote : found::needs_more;
    }
    if (close + 1 == end) {
      if (!last) return found::needs_more;
      break;
    }
    if (close[1] != marks_.quote) break;
    doubled = true;
    close += 2;
  }
  breaks_ += line_breaks({opening, static_cast<std::size_t>(close - opening)});
  at = close + 1;
  const bool plain = at == end || *at == marks_.delimiter || is_break(*at);
  if (plain && !doubled) {
    cells.emplace_back(opening + 1, static_cast<std::size_t>(close - opening - 1));
    return found::row;
  }
  if (!plain) at = end_of_plain(at, end);
  quoted_.push_back(static_cast<std::uint32_t>(cells.size()));
  cells.emplace_back(opening, static_cast<std::size_t>(at - opening));
  return found::row;
}

std::size_t row_scanner::unquote(char* cell, std::size_t size) const noexcept {
  const char* from = cell + 1;
  const char* const end = cell + size;
  char* to = cell;
  while (from != end) {
    if (*from == marks_.quote) {
      if (from + 1 == end || from[1] != marks_.quote) {  // the closing one; the rest stays as it is
        ++from;
        break;
      }
      ++from;
    }
    *to++ = *from++;
  }
  const auto rest = static_cast<std::size_t>(end - from);
  std::memmove(to, from, rest);
  return static_cast<std::size_t>(to - cell) + rest;
}

}  // namespace kith::inline v1::detail
