// SPDX-License-Identifier: Apache-2.0
//
// The real clock, the operating system's randomness, and the one that repeats itself.
#include "kith/core/clock.hpp"

#include <sodium/randombytes.h>

namespace kith::inline v1 {

instant system_clock::now() { return instant::from(std::chrono::system_clock::now()); }

void system_random::fill(std::span<std::uint8_t> bytes) {
  randombytes_buf(bytes.data(), bytes.size());
}

// SplitMix64 (Steele, Lea, Flood 2014).
void seeded_random::fill(std::span<std::uint8_t> bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i % 8 == 0) {
      word = state_.fetch_add(0x9e3779b97f4a7c15u) + 0x9e3779b97f4a7c15u;
      word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9u;
      word = (word ^ word >> 27) * 0x94d049bb133111ebu;
      word ^= word >> 31;
    }
    bytes[i] = static_cast<std::uint8_t>(word >> i % 8 * 8);
  }
}

}  // namespace kith::inline v1
