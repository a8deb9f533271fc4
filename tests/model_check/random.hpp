// SPDX-License-Identifier: Apache-2.0
//
// Chance for the model check: the same numbers for the same seed on every machine and library.
//
//   random dice(seed);
//   if (dice.percent(30)) keys.push_back(dice.pick(columns));
#pragma once

#include <cstddef>
#include <cstdint>

namespace kith::model_check {

class random {
 public:
  explicit random(std::uint64_t seed) : state_(seed) {}

  /// 64 random bits (splitmix64).
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// From 0 to `end` - 1.
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }
  /// From `least` to `most`.
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(below(static_cast<std::size_t>(most - least + 1)));
  }
  bool percent(unsigned chance) { return below(100) < chance; }
  template <class List>
  const auto& pick(const List& list) {
    return *(std::begin(list) + static_cast<std::ptrdiff_t>(below(std::size(list))));
  }

 private:
  std::uint64_t state_;
};

}  // namespace kith::model_check
