// SPDX-License-Identifier: Apache-2.0
//
// What taking change sets back would do, before anything is written: the steps, newest first, and
// what later work contests (docs/decisions/0014-undo.md). Rules and constraints are not asked here.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/change/feed_reader.hpp"
#include "kith/core/history.hpp"

namespace kith::inline v1::detail {

/// A record, whatever its entity: number of the entity, id.
using record_key = std::pair<std::uint16_t, std::int64_t>;

/// One thing to do.
struct undo_step {
  enum class what : std::uint8_t {
    remove,    ///< what was added or restored goes
    restore,   ///< what was deleted comes back
    put_back,  ///< cells become what they were
  };
  what act = what::put_back;
  const entity_type* entity = nullptr;
  record_id id;
  std::vector<cell_before> cells;

  record_key key() const { return {entity->number, id.value}; }
};

struct undo_plan {
  std::vector<undo_step> steps;
  std::vector<contested_change> contested;
  /// What was added to entities that only grow, and is live.
  std::vector<std::pair<const entity_type*, record_id>> history;
};

/// Plans to take back `sets`, given newest first. `own` is what the open transaction has done so
/// far. error_code::damaged when the feed does not fit the records.
undo_plan plan_undo(connection& through, const model& of, const std::vector<change_set>& sets,
                    const change_set& own);

}  // namespace kith::inline v1::detail
