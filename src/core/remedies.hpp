// SPDX-License-Identifier: Apache-2.0
//
// Advice that more than one place gives to people.
#pragma once

namespace kith::inline v1::detail {

inline constexpr const char* restore_backup =
    "restore the newest backup that verifies; before, export what can still be read";

}  // namespace kith::inline v1::detail
