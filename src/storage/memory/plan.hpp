// SPDX-License-Identifier: Apache-2.0
//
// How a question is answered: by id, or through an index whose leading cells the conditions bind,
// or whose order is the wanted one. Conditions that the path itself guarantees are not run again.
//
//   client = 7 and at > … order by at desc     through (client, at), backwards, nothing left to run
#pragma once

#include <optional>
#include <vector>

#include "storage/memory/content.hpp"

namespace kith::inline v1::memory {

/// A way through the rows of a table.
struct access_path {
  struct bound {
    cell value;
    bool inclusive = true;
  };

  const index* through = nullptr;  ///< null: by id
  bool nothing = false;            ///< no row can match
  bool backward = false;
  bool ordered = false;          ///< the wanted order, behind the wanted place
  std::uint64_t guaranteed = 0;  ///< conditions that hold for every row of this path

  // Through an index: its leading cells, then one of several cells, or a range of the next cell.
  std::vector<cell> equal;
  std::vector<cell> list;  ///< in its order; empty: no such condition
  std::optional<bound> low, high;
  std::vector<cell> after;  ///< begin behind these cells, which follow the bound ones, and
                            ///< the id

  // By id: one of several ids, or a range.
  std::vector<std::int64_t> ids;  ///< in their order; empty: no such condition
  std::int64_t from = least_id;
  std::int64_t to = greatest_id;

  std::optional<std::int64_t> after_id;

  /// How much the conditions narrow the path down; 0: not at all.
  unsigned narrowness = 0;
};

struct plan {
  std::uint64_t taken = 0;  ///< conditions that the store answers for
  access_path best;
  /// Set when `best` is not in the wanted order: what is better when more than `worth` rows match.
  std::optional<access_path> otherwise;
  std::size_t worth = 0;
};

/// Under the latch. The plan points into the request.
plan plan_for(const table& in, const scan_request& request, stamp instant);

}  // namespace kith::inline v1::memory
