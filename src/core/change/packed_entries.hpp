// SPDX-License-Identifier: Apache-2.0
//
// The packed form of changes entry by entry: where each begins and ends, and one packed anew.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kith/core/change.hpp"

namespace kith::inline v1::detail {

/// Stands among the cells of a change whose values were erased, as a field that no model has.
inline constexpr std::uint16_t erased_field = 0xffff;

bool has_erased_values(const record_change& c);

/// The bytes of each entry, in their order; error_code::damaged when the bytes are not entries.
std::vector<std::string_view> packed_entries(std::string_view bytes);
std::string packed(const record_change& c);

}  // namespace kith::inline v1::detail
