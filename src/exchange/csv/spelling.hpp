// SPDX-License-Identifier: Apache-2.0
//
// How people spell numbers and dates: what a text says about a file's decimal point and order of
// dates, and bringing a number to the spelling that kinds read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kith/core/kind.hpp"

namespace kith::inline v1::detail {

/// What a text says about the decimal point.
enum class point_sign : std::uint8_t {
  none,
  point,      ///< 12.5, 1,234.50, 1,234,567
  comma,      ///< 12,5, 1.234,50, 1 234,567
  ambiguous,  ///< 1,234
};
point_sign point_of(std::string_view text) noexcept;

/// What a text says about the order of dates.
enum class date_sign : std::uint8_t {
  none,
  day_first,    ///< 31/12/2026, 01.02.2026
  month_first,  ///< 12/31/2026
  ambiguous,    ///< 03/04/2026
};
date_sign date_order_of(std::string_view text) noexcept;

/// The number in a text such as `1.234,50 €`: from the first digit to the last, with its sign.
struct number_place {
  std::size_t begin = 0;
  std::size_t size = 0;
};
std::optional<number_place> find_number(std::string_view text) noexcept;

/// Appends the text with marks of thousands taken out of its number and a point before its
/// fraction; false, with nothing appended, when the text is no number in this spelling.
bool append_plain_number(std::string& out, std::string_view text, char decimal_point);

}  // namespace kith::inline v1::detail
