// SPDX-License-Identifier: Apache-2.0
//
// The one question behind disarm_formula() and rearm_formula().
#pragma once

#include <string_view>

namespace kith::inline v1::detail {

/// Whether the text is a formula, or one behind apostrophes: an export puts one more apostrophe
/// before it, and an import that finds an apostrophe before such a text takes it away.
bool is_formula(std::string_view text) noexcept;

}  // namespace kith::inline v1::detail
