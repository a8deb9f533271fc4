// SPDX-License-Identifier: Apache-2.0
//
// Rows for programs.
#include "core/session/reader.hpp"

#include <algorithm>
#include <numeric>

namespace kith::inline v1::detail {

namespace {
constexpr std::size_t most_kept = 10'000;
}

row_ptr connection_reader::referred(std::uint16_t entity, record_id id) {
  if (keep_) {
    const auto found = kept_.find(id.value);
    if (found != kept_.end()) return found->second;
  }
  row_ptr r = connection_.get(*model_.find(entity), id, needed_cells::with_keys);
  if (keep_) {
    if (kept_.size() >= most_kept) kept_.clear();
    kept_.emplace(id.value, r);
  }
  return r;
}

void connection_reader::each_related(std::uint16_t entity, slot_number slot, record_id id,
                                     const std::function<bool(const row&)>& visit) {
  const entity_type& child = *model_.find(entity);
  const program by = equals(slot, storage::integer, cell::integer(id.value));
  std::vector<slot_number> all(child.columns.size());
  std::iota(all.begin(), all.end(), slot_number{0});
  all.push_back(revision_slot);
  scan_request request;
  request.entity = &child;
  request.conditions = {&by, 1};
  request.slots = all;
  const auto rows = connection_.scan(request);
  evaluator filter(nullptr, zone_);
  while (const row_ptr r = rows->next()) {
    if (passes(request.conditions, rows->taken(), filter, *r) && !visit(*r)) return;
  }
}

program equals(slot_number slot, storage type, const cell& c) {
  instruction load;
  load.code = op::load;
  load.slot = slot;
  load.type = type;
  instruction push;
  push.code = op::constant;
  push.constant = c;
  instruction equal;
  equal.code = op::equal;
  return {{load, push, equal}, {}};
}

bool passes(std::span<const program> conditions, std::uint64_t taken, evaluator& run,
            const row& r) {
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    if (i < 64 && (taken >> i & 1) != 0) continue;
    if (!run.holds(conditions[i], r)) return false;
  }
  return true;
}

}  // namespace kith::inline v1::detail
