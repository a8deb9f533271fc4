// SPDX-License-Identifier: Apache-2.0
//
// Numbers from the environment: how long a test runs.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace kith {

/// What the variable says, or `otherwise` where it is not set.
inline std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
  const char* const given = std::getenv(variable);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

}  // namespace kith
