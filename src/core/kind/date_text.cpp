// SPDX-License-Identifier: Apache-2.0
//
// Reading dates with day and month in the order that the file uses.
#include "core/kind/date_text.hpp"

#include <charconv>

namespace kith::inline v1::detail {
namespace {

// Reads up to `most` digits; nothing when there are none.
std::optional<unsigned> digits(std::string_view& text, std::size_t least, std::size_t most) {
  unsigned value = 0;
  const auto read = std::from_chars(text.data(), text.data() + std::min(most, text.size()), value);
  const auto count = static_cast<std::size_t>(read.ptr - text.data());
  if (read.ec != std::errc{} || count < least) return {};
  text.remove_prefix(count);
  return value;
}

std::optional<date> day_month_year(std::string_view& text, bool month_first) {
  const auto first = digits(text, 1, 2);
  if (!first || text.empty() || std::string_view("./-").find(text[0]) == std::string_view::npos) {
    return {};
  }
  const char separator = text[0];
  text.remove_prefix(1);
  const auto second = digits(text, 1, 2);
  if (!second || text.empty() || text[0] != separator) return {};
  text.remove_prefix(1);
  const auto year = digits(text, 4, 4);
  if (!year) return {};
  return date::of(static_cast<int>(*year), month_first ? *first : *second,
                  month_first ? *second : *first);
}

}  // namespace

std::optional<local_time> local_time_of(std::string_view text, text_format::date_order order) {
  if (auto iso = local_time::parse(text)) return iso;
  if (order == text_format::date_order::ymd) return {};
  const auto day = day_month_year(text, order == text_format::date_order::mdy);
  if (!day) return {};
  if (text.empty()) return local_time{*day, 0};
  // The rest is a time of day; any ISO date makes it readable.
  const auto time = local_time::parse("2000-01-01" + std::string(text));
  if (!time) return {};
  return local_time{*day, time->microseconds};
}

}  // namespace kith::inline v1::detail
