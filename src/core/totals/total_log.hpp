// SPDX-License-Identifier: Apache-2.0
//
// What a write transaction has done to live totals so far: a difference for each group that it
// touched since the innermost savepoint began, so that a roll-back cuts and a release folds. Memory
// grows with the groups, not with the records.
#pragma once

#include <set>
#include <unordered_map>

#include "core/totals/tally.hpp"

namespace kith::inline v1::detail {

class total_log {
 public:
  struct entry {
    std::string key;  ///< the total's number in two bytes, then the group
    tally difference;
    std::size_t before = none;  ///< the group's entry of further outside

    std::uint16_t number() const noexcept {
      return static_cast<std::uint16_t>(static_cast<unsigned char>(key[0]) |
                                        static_cast<unsigned char>(key[1]) << 8);
    }
    std::string_view group() const noexcept { return std::string_view(key).substr(2); }
  };
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  bool empty() const noexcept { return entries_.empty(); }
  std::size_t size() const noexcept { return entries_.size(); }
  std::span<const entry> entries() const noexcept { return entries_; }

  /// The difference of a group; entries below `floor` belong to what is further outside.
  tally& at(std::uint16_t number, std::string_view group, std::size_t floor);
  /// Takes back what came since.
  void cut(std::size_t size) noexcept;
  /// What came since `from` joins what came since `floor`.
  void release(const model& of, std::size_t from, std::size_t floor);
  /// The differences of one total's groups, of this one or all.
  group_map of(const total_type& t, const std::string* only) const;

 private:
  std::vector<entry> entries_;
  std::unordered_map<std::string, std::size_t> newest_;
};

/// The total of this number in a model, or null.
const total_type* kept_total(const model& of, std::uint16_t number);

}  // namespace kith::inline v1::detail
