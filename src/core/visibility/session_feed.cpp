// SPDX-License-Identifier: Apache-2.0
//
// The feed and the history as a session may read them: of records that it sees now, without what it
// does not see of them.
#include <algorithm>

#include "core/session/state.hpp"
#include "core/visibility/seen_rows.hpp"

namespace kith::inline v1 {
namespace {

// Whether what the cell held is another thing to this session.
bool is_left_out(const detail::sight& by, const entity_type& e, const cell_before& b) {
  const field_type* const f = e.field(b.field);
  if (f == nullptr || !f->is_stored() || by.masks(e, *f)) return true;
  const auto& computed = by.on(e).computed;
  return std::any_of(computed.begin(), computed.end(),
                     [&](const auto& c) { return c.field->number() == b.field; });
}

class cell_filter {
 public:
  cell_filter(const model& of, const detail::sight& by, detail::onlooker& look)
      : model_(of), by_(by), look_(look) {}

  bool keeps(record_change& c) {
    const entity_type* const e = model_.find(c.entity);
    if (e == nullptr || by_.on(*e).hidden || !look_.sees(c.entity, c.id)) return false;
    const bool had = !c.before.empty();
    std::erase_if(c.before, [&](const cell_before& b) { return is_left_out(by_, *e, b); });
    for (const auto& r : by_.on(*e).references) clear_hidden(*e, r, c);
    return !had || !c.before.empty();
  }

 private:
  void clear_hidden(const entity_type& e, const detail::entity_sight::reference& r,
                    record_change& c) {
    const field_type& f = e.field_at(r.slot);
    cell_before* id = nullptr;
    cell_before* number = nullptr;
    for (cell_before& b : c.before) {
      if (b.field == f.number()) (b.part == 0 ? id : number) = &b;
    }
    // Of "anything" one part may have changed alone: then nobody can tell what it named.
    std::int64_t target = r.target;
    if (target == 0 && number != nullptr && !number->before.view().is_null()) {
      target = number->before.view().as_integer();
    }
    const bool names = id != nullptr && !id->before.view().is_null();
    const bool seen =
        names && target > 0 && target <= 0xffff &&
        look_.sees(static_cast<std::uint16_t>(target), {id->before.view().as_integer()});
    if (seen) return;
    if (id != nullptr) id->before = {};
    if (number != nullptr && r.target == 0) number->before = {};
  }

  const model& model_;
  const detail::sight& by_;
  detail::onlooker& look_;
};

}  // namespace

// Whether anything is left of the set; one that never had entries stays.
bool session::state::keep_seen(change_set& set) {
  if (!is_limited() || set.changes.empty()) return true;
  seen_rows();
  detail::onlooker look(*seen_, true);
  const auto by = sees();
  cell_filter filter(*model, *by, look);
  std::erase_if(set.changes, [&](auto& c) { return !filter.keeps(c); });
  return !set.changes.empty();
}

// An update of what is not shown tells nothing.
bool session::state::tells_something(const entity_type& e, history_entry& entry) {
  const auto by = sees();
  const auto& computed = by->on(e).computed;
  std::erase_if(entry.fields, [&](const field_change& f) {
    return by->masks(e, *f.field) || (f.before.is_null() && f.after.is_null()) ||
           std::any_of(computed.begin(), computed.end(),
                       [&](const auto& c) { return c.field->number() == f.field->number(); });
  });
  return entry.what != change_kind::update || !entry.fields.empty();
}

}  // namespace kith::inline v1
