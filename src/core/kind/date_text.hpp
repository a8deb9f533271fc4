// SPDX-License-Identifier: Apache-2.0
//
// Dates and times as files spell them: `2026-03-31`, `31.03.2026 15:00`, `3/31/2026`.
#pragma once

#include <optional>
#include <string_view>

#include "kith/core/kind.hpp"

namespace kith::inline v1::detail {

/// A date, with a time of day or at midnight. ISO 8601 is always understood; day.month.year or
/// month/day/year as `order` says, with four-digit years.
std::optional<local_time> local_time_of(std::string_view text, text_format::date_order order);

}  // namespace kith::inline v1::detail
