// SPDX-License-Identifier: Apache-2.0
//
// Files in the making, `.name.process-number.new` beside the place where they will be, and what is
// left of them by processes that were killed. Whoever makes one holds a lock on it; one that
// nobody holds is nobody's, whichever computer or container its maker ran in.
#pragma once

#include <string>

namespace kith::inline v1::detail {

/// The name of a file in the making; `number` is what makes it free.
std::string name_in_making(const std::string& path, int number);
/// Holds a file that was just made until it is closed. False: somebody took it for left over.
bool hold_in_making(int file) noexcept;
/// Removes what was left beside this path. What cannot be removed stays.
void remove_left_files(const std::string& path) noexcept;

}  // namespace kith::inline v1::detail
