// SPDX-License-Identifier: Apache-2.0
//
// The changes of one record, walked back for what each set left, then forward for what stands.
#include "core/change/record_touches.hpp"

#include <algorithm>
#include <set>

namespace kith::inline v1::detail {

record_touches::record_touches(const entity_type& entity, const row& now,
                               const std::vector<set_touch>& sets, const takes_back& undone)
    : live_(now.live()) {
  for (const set_touch& s : sets) look_back(entity, now, s);
  std::set<std::uint16_t> numbers;
  for (const auto& [place, left] : left_) numbers.insert(place.second);
  for (const std::uint16_t number : numbers) stack(number, sets, undone);
}

const left_behind* record_touches::left(std::int64_t sequence, std::uint16_t field) const {
  const auto found = left_.find({sequence, field});
  return found == left_.end() ? nullptr : &found->second;
}

// What the set found is what it noted before its first change of a cell; what it left is what was
// there before the next set's.
void record_touches::look_back(const entity_type& entity, const row& now, const set_touch& set) {
  const bool left_live = live_;
  bool came_or_went = false;
  std::map<cell_place, owned_cell> after;
  for (auto c = set.changes->rbegin(); c != set.changes->rend(); ++c) {
    came_or_went = came_or_went || c->what != change_kind::update;
    if (c->what == change_kind::add || c->what == change_kind::restore) live_ = false;
    if (c->what == change_kind::remove || c->what == change_kind::merge) live_ = true;
    for (const cell_before& b : c->before) {
      const field_type* const f = entity.field(b.field);
      if (f == nullptr || !f->is_stored() || b.part >= f->parts().size()) continue;
      if (f->def->mode != computed_mode::none) continue;  // computed anew from what is put back
      const cell_place place{b.field, b.part};
      const cell held = now.at(static_cast<slot_number>(f->slot + b.part), f->parts()[b.part].type);
      const auto known = cells_.try_emplace(place, owned_cell(held)).first;
      after.try_emplace(place, known->second);
      known->second = b.before;
    }
  }
  for (const auto& [place, cell_after] : after) {
    const field_type& f = *entity.field(place.first);
    const cell held =
        now.at(static_cast<slot_number>(f.slot + place.second), f.parts()[place.second].type);
    const auto [at, first] = left_.try_emplace({set.sequence, place.first});
    if (first) at->second.is_still = true;
    at->second.differs = at->second.differs || !(cell_after.view() == cells_[place].view());
    at->second.is_still = at->second.is_still && cell_after.view() == held;
  }
  if (came_or_went) {
    left_[{set.sequence, 0}] = {left_live != live_, left_live == now.live(), live_};
  }
}

void record_touches::stack(std::uint16_t field, const std::vector<set_touch>& sets,
                           const takes_back& undone) {
  struct move {
    std::vector<std::int64_t> put, taken;
  };
  std::vector<std::int64_t>& now = standing_[field].sets;
  std::map<std::int64_t, move> moves;
  const auto take_back = [&](const move& of, move& by) {
    for (auto p = of.put.rbegin(); p != of.put.rend(); ++p) {
      if (now.empty() || now.back() != *p) return false;
      now.pop_back();
      by.taken.insert(by.taken.begin(), *p);
    }
    now.insert(now.end(), of.taken.begin(), of.taken.end());
    by.put.insert(by.put.end(), of.taken.begin(), of.taken.end());
    return true;
  };
  for (auto s = sets.rbegin(); s != sets.rend(); ++s) {
    const left_behind* const of = left(s->sequence, field);
    if (of == nullptr || !of->differs) continue;
    move by;
    for (auto m = moves.rbegin(); m != moves.rend(); ++m) {
      if (undone(s->sequence, m->first) && !take_back(m->second, by)) break;
    }
    if (by.put.empty() && by.taken.empty()) {
      now.push_back(s->sequence);
      by.put.push_back(s->sequence);
    }
    moves[s->sequence] = std::move(by);
  }
}

}  // namespace kith::inline v1::detail
