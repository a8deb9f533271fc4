// SPDX-License-Identifier: Apache-2.0
//
// Tells a child process that it is one: what was opened before a fork belongs to the parent.
//
//   const unsigned mine = detail::fork_generation();     // when something is opened
//   if (detail::forks != mine) ...                      // we are a child: one load, no call
#pragma once

#include <atomic>

namespace kith::inline v1::detail {

/// Counts the forks between this process and the first one that asked.
extern std::atomic<unsigned> forks;

/// The count, from now on kept.
unsigned fork_generation();

}  // namespace kith::inline v1::detail
