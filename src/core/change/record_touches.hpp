// SPDX-License-Identifier: Apache-2.0
//
// Who changed what of one record since a change set, and which of it still stands. A set and the
// undo that took it back leave nothing behind; an undo that was undone brings the set back.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "kith/core/change.hpp"
#include "kith/core/model.hpp"
#include "kith/core/row.hpp"

namespace kith::inline v1::detail {

/// One set's changes of the record, in the order of events.
struct set_touch {
  std::int64_t sequence = 0;
  const std::vector<record_change>* changes = nullptr;
};

/// What stands of one field, or (number 0) of the record's being there.
struct standing {
  std::vector<std::int64_t> sets;  ///< oldest first
};

/// What one set left of one field.
struct left_behind {
  bool differs = false;   ///< from what the set found
  bool is_still = false;  ///< what the field holds now
  bool was_live = false;  ///< of number 0: before the set
};

class record_touches {
 public:
  /// Whether the first set took the second one back.
  using takes_back = std::function<bool(std::int64_t, std::int64_t)>;

  /// `sets` newest first, without gaps.
  record_touches(const entity_type& entity, const row& now, const std::vector<set_touch>& sets,
                 const takes_back& undone);

  /// By number of the field; 0: the record as a whole.
  const std::map<std::uint16_t, standing>& fields() const noexcept { return standing_; }
  const left_behind* left(std::int64_t sequence, std::uint16_t field) const;

 private:
  void look_back(const entity_type& entity, const row& now, const set_touch& set);
  void stack(std::uint16_t field, const std::vector<set_touch>& sets, const takes_back& undone);

  using cell_place = std::pair<std::uint16_t, std::uint8_t>;
  std::map<cell_place, owned_cell> cells_;  // as they were, as far back as was looked
  bool live_ = false;
  std::map<std::pair<std::int64_t, std::uint16_t>, left_behind> left_;
  std::map<std::uint16_t, standing> standing_;
};

}  // namespace kith::inline v1::detail
