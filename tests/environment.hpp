// SPDX-License-Identifier: Apache-2.0
//
// How long a test runs: numbers from the environment, and what sanitizers leave of them.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace kith {

/// What the variable says, or `otherwise` where it is not set.
inline std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
  const char* const given = std::getenv(variable);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

#ifdef KITH_SANITIZED
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

/// How many rounds of the same code a test takes. Sanitizers make a round five to twenty times
/// longer and watch the code, not the chance: they get one of so many.
constexpr std::uint64_t rounds(std::uint64_t all, std::uint64_t one_of = 8) {
  return sanitized ? (all + one_of - 1) / one_of : all;
}

}  // namespace kith
