// SPDX-License-Identifier: Apache-2.0
//
// Memory of this program: every operator new and every allocation of SQLite comes here, is counted,
// and fails when it is told to.
//
//   memory::arm({.at = 7});
//   ...
//   const std::uint64_t allocations = memory::disarm();
#pragma once

#include <cstdint>

namespace kith::faults::memory {

struct fault {
  std::uint64_t at = 0;  ///< from 1; 0: none fails
  bool for_ever = false;
};

/// Before anything uses SQLite.
void watch_sqlite();
void arm(const fault& f);
/// Answers how many there were.
std::uint64_t disarm();
/// Allocations that were not given back yet.
std::int64_t alive();

}  // namespace kith::faults::memory
