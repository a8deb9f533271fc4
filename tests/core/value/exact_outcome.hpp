// SPDX-License-Identifier: Apache-2.0
//
// What calculating with exact numbers comes to, and their ends.
#pragma once

#include <string>
#include <string_view>

#include "kith/core/error.hpp"

namespace kith {

inline constexpr std::string_view greatest = "9223372036854775807";
inline constexpr std::string_view least = "-9223372036854775808";

/// The result as text, or the name of the error's code.
template <class Call>
std::string outcome(Call call) {
  try {
    return call().to_string();
  } catch (const error& e) {
    return std::string(name_of(e.code()));
  }
}

}  // namespace kith
