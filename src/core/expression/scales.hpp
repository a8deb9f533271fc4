// SPDX-License-Identifier: Apache-2.0
//
// Digits behind the point of money: a scale counts from the currency's minor units (negative, see
// currency_scale) or is absolute.
#pragma once

#include <cstdint>

#include "kith/core/kind.hpp"

namespace kith::inline v1::detail {

/// Digits of the minor unit that no currency exceeds: an absolute scale that holds them all.
inline constexpr int widest_exponent = 4;

inline bool relative(std::int8_t money_scale) { return money_scale < 0; }
inline int digits_beyond(std::int8_t money_scale) { return currency_scale - money_scale; }
/// The scale with so many digits more.
inline std::int8_t with_digits(std::int8_t money_scale, int more) {
  return static_cast<std::int8_t>(relative(money_scale) ? money_scale - more : money_scale + more);
}

}  // namespace kith::inline v1::detail
