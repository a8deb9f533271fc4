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
  const auto pool = std::make_shared<constant_pool>();
  instruction load;
  load.code = op::load;
  load.slot = slot;
  load.type = type;
  instruction push;
  push.code = op::constant;
  push.constant = pool->keep(c);
  instruction equal;
  equal.code = op::equal;
  return {{load, push, equal}, pool};
}

bool passes(std::span<const program> conditions, std::uint64_t taken, evaluator& run,
            const row& r) {
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    if (i < 64 && (taken >> i & 1) != 0) continue;
    if (!run.holds(conditions[i], r)) return false;
  }
  return true;
}

void slot_set::add(slot_number s) {
  if (s < cells_.size()) {
    cells_[s] = true;
  } else if (std::find(system_.begin(), system_.end(), s) == system_.end()) {
    system_.push_back(s);
  }
}

void slot_set::add(const program& code) {
  std::span<const instruction> rest = code.code;
  while (!rest.empty()) {
    const instruction& i = rest.front();
    rest = rest.subspan(1);
    if (i.code == op::load) add(i.slot);
    if (i.code == op::load_path) {
      add(rest.front().slot);  // the first hop starts at our row
      rest = rest.subspan(i.count);
    }
    if (i.code == op::related) rest = rest.subspan(i.count + i.count2);  // about other rows
  }
}

std::vector<slot_number> slot_set::only() const {
  std::vector<slot_number> slots;
  for (slot_number s = 0; s < cells_.size(); ++s) {
    if (cells_[s]) slots.push_back(s);
  }
  slots.insert(slots.end(), system_.begin(), system_.end());
  if (slots.empty()) slots.push_back(id_slot);
  return slots;
}

std::vector<slot_number> slot_set::with_values() const {
  bool keys = false;
  std::vector<slot_number> slots;
  for (slot_number s = 0; s < cells_.size(); ++s) {
    const bool is_key = entity_.columns[s].role == part_role::key;
    keys = keys || (is_key && cells_[s]);
    if (!is_key || cells_[s]) slots.push_back(s);
  }
  if (!keys) return {};
  for (const slot_number s : {revision_slot, created_slot, deleted_slot, merged_slot}) {
    slots.push_back(s);
  }
  return slots;
}

}  // namespace kith::inline v1::detail
