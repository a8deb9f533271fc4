// SPDX-License-Identifier: Apache-2.0
//
// What a total says about one group, and differences of it: counts and sums with 128 bits, extremes
// as far as they can be known without looking. A tally is a state, or what a change adds to one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/expression/evaluate.hpp"
#include "core/totals/total_type.hpp"
#include "core/wide.hpp"
#include "kith/core/cell.hpp"

namespace kith::inline v1::detail {

/// The values of one currency; without a currency, all values.
struct tally_part {
  std::string currency;
  std::int64_t count = 0;
  wide value = 0;    ///< the sum; or, of an extreme, the best that is there, or came
  bool has = false;  ///< of an extreme: `value` is one
  wide gone = 0;     ///< of an extreme, in a difference: the best that left
  bool lost = false;
};

struct tally {
  std::int64_t records = 0;
  std::vector<std::vector<tally_part>> measures;
};

/// What one row adds to a total: its group, and its value for each measure.
struct contribution {
  struct amount {
    std::string currency;
    wide value = 0;
    friend bool operator==(const amount&, const amount&) = default;
  };
  std::string group;  ///< packed, see below
  std::vector<std::optional<amount>> amounts;
  friend bool operator==(const contribution&, const contribution&) = default;
};

/// Nothing for a row that does not count.
std::optional<contribution> contribution_of(const total_type& t, evaluator& run, const row& r,
                                            std::uint64_t taken = 0);

void add(tally& to, const total_type& t, const contribution& c, int sign);
/// One row became another one in the same group: what stayed the same is neither lost nor new.
void replace(tally& to, const total_type& t, const contribution& before, const contribution& after);
/// A difference joins an earlier one. error_code::limit for what needs more than 128 bits.
void merge(tally& to, const total_type& t, const tally& more);
/// A state after a difference. False when the group must be counted: an extreme has left.
bool apply(tally& state, const total_type& t, const tally& difference);
bool says_nothing(const tally& difference);
/// The same state, whatever the order of the currencies.
bool same(const tally& a, const tally& b);

/// Appends the columns of the measures.
void measured(const tally& state, const total_type& t, std::vector<value>& to);

// Groups and states as bytes; error_code::damaged when they are not ones.
std::string packed_group(std::span<const cell> cells);
std::vector<owned_cell> unpacked_group(std::string_view bytes);
void unpack_group(std::string_view bytes, std::vector<owned_cell>& to);  ///< behind what is there

/// The groups of one total by their packed cells.
using group_map = std::map<std::string, tally, std::less<>>;
std::string packed(const group_map& groups);
group_map unpacked(const total_type& t, std::string_view bytes);
/// The same one after the other. The state is `room`, which the caller keeps between rows.
void each_group(const total_type& t, std::string_view bytes, tally& room,
                const std::function<void(std::string_view group, const tally& says)>& visit);

}  // namespace kith::inline v1::detail
