// SPDX-License-Identifier: Apache-2.0
//
// The known currencies by their digits behind the point.
#pragma once

#include <string_view>
#include <vector>

namespace kith::inline v1::detail {

/// The codes of all currencies with this exponent, in order.
std::vector<std::string_view> currencies_of_exponent(int exponent);

}  // namespace kith::inline v1::detail
