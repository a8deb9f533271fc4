// SPDX-License-Identifier: Apache-2.0
//
// Which slots programs read.
#include "core/expression/slots.hpp"

#include <algorithm>

#include "kith/core/row.hpp"

namespace kith::inline v1::detail {

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

void slot_set::add_whole_record() {
  for (const slot_number s : {revision_slot, deleted_slot, merged_slot}) add(s);
  for (slot_number s = 0; s < cells_.size(); ++s) {
    if (entity_.columns[s].role == part_role::value) cells_[s] = true;
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

bool slot_set::empty() const noexcept {
  return system_.empty() && std::find(cells_.begin(), cells_.end(), true) == cells_.end();
}

}  // namespace kith::inline v1::detail
