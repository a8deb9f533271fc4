// SPDX-License-Identifier: Apache-2.0
//
// What is hidden, and what a store may be asked in spite of it.
#include "core/visibility/sight.hpp"

#include <algorithm>

#include "kith/core/row.hpp"

namespace kith::inline v1::detail {

const entity_sight& sight::on(std::uint16_t entity) const {
  static const entity_sight nothing = [] {
    entity_sight s;
    s.hidden = s.read_only = true;
    return s;
  }();
  const auto found = entities_.find(entity);
  return found == entities_.end() ? nothing : found->second;
}

bool entity_sight::computed_field::reads_any_of(std::uint16_t entity, const field_type& f) const {
  return std::any_of(reads.begin(), reads.end(), [&](const auto& r) {
    return r.first == entity && r.second >= f.slot && r.second < f.slot + f.parts().size();
  });
}

bool sight::masks(const entity_type& entity, const field_type& f) const {
  const auto found = entities_.find(entity.number);
  if (found == entities_.end()) return false;  // no entity of the model: a result's columns
  const entity_type& known = *model_->find(entity.number);
  const field_type* mine = known.field(f.number());
  if (mine == nullptr) return false;
  return found->second.masked[static_cast<std::size_t>(mine - known.fields.data())];
}

bool sight::is_plain(const entity_type& e, const program& p) const { return is_plain(e, p.code); }

bool sight::is_plain(const entity_type& e, std::span<const instruction> code) const {
  while (!code.empty()) {
    const instruction& i = code.front();
    code = code.subspan(1);
    if (i.code == op::load) {
      if (on(e).alters(i.slot)) return false;
      if (i.slot == merged_slot && on(e).restricted()) return false;
    } else if (i.code == op::load_path) {
      std::uint16_t at = e.number;
      for (const instruction& hop : code.first(i.count)) {
        if (on(at).alters(hop.slot) || on(hop.entity).restricted()) return false;
        at = hop.entity;
      }
      if (on(at).alters(i.slot)) return false;
      code = code.subspan(i.count);
    } else if (i.code == op::related) {
      const entity_sight& child = on(i.entity);
      if (child.restricted() || child.alters(i.slot)) return false;
      const entity_type* of = model_->find(i.entity);
      if (!is_plain(*of, code.first(i.count + i.count2))) return false;
      code = code.subspan(i.count + i.count2);
    } else if (i.code >= op::add && on(e).restricted()) {
      return false;  // it may fail, and then on a hidden row
    }
  }
  return true;
}

bool sight::narrows(const entity_type& e, const program& p) const {
  if (p.code.size() != 3 || p.code[0].code != op::load || p.code[1].code != op::constant ||
      p.code[2].code != op::equal) {
    return false;
  }
  const auto& all = on(e).references;
  return std::any_of(all.begin(), all.end(),
                     [&](const auto& r) { return r.slot == p.code[0].slot; });
}

}  // namespace kith::inline v1::detail
