// SPDX-License-Identifier: Apache-2.0
//
// The life of a record: back from what is there now, one change at a time.
#include <algorithm>

#include "core/change/feed_reader.hpp"
#include "core/change/rewind.hpp"
#include "core/session/state.hpp"

namespace kith::inline v1 {
namespace {

// Of an addition everything that it gave; else the fields that the change touched.
std::vector<field_change> fields_of(const model_ptr& model, const entity_type& e,
                                    const record_change& c, const row_ptr& before,
                                    const row_ptr& after) {
  std::vector<field_change> fields;
  const auto touched = [&](const field_type& f) {
    return std::any_of(c.before.begin(), c.before.end(),
                       [&](const cell_before& b) { return b.field == f.number(); });
  };
  for (const field_type& f : e.fields) {
    if (!f.is_stored() || (before && !touched(f))) continue;
    field_change change{&f, {}, any_record(model, e, after)[f]};
    if (before) change.before = any_record(model, e, before)[f];
    if (before || !change.after.is_null()) fields.push_back(std::move(change));
  }
  return fields;
}

}  // namespace

std::optional<change_set> session::state::set_of(std::int64_t sequence) {
  const bool own = tx != nullptr && tx->mode == access::write && sequence == tx->sequence;
  if (own) return pending_set();
  return detail::feed_reader(rows(), *model).at(sequence);
}

std::vector<history_entry> session::state::history(const entity_type& given, record_id id,
                                                   std::size_t most) {
  return at_one_instant([&] {
    const entity_type& e = newest(given);
    row_ptr version = rows().get(e, id);
    if (!version || !may_see(e, version)) {
      throw error(error_code::not_found,
                  "there is no " + std::string(e.name()) + " " + std::to_string(id.value),
                  {std::string(e.name()), id.value, {}});
    }
    std::vector<history_entry> found;
    std::int64_t sequence = version->system().revision;
    while (version && found.size() < most) {
      const std::optional<change_set> set = set_of(sequence);
      if (!set) break;  // trimmed
      std::int64_t previous = sequence;
      for (auto c = set->changes.rbegin(); c != set->changes.rend() && version; ++c) {
        if (c->entity != e.number || c->id != id) continue;
        row_ptr before = detail::rewound(e, *version, *c);
        if (found.size() < most) {
          found.push_back(
              {*set, c->what,
               fields_of(model, e, *c, as_shown_then(e, before), as_shown_then(e, version))});
          if (is_limited() && !tells_something(e, found.back())) found.pop_back();
        }
        version = std::move(before);
        previous = c->previous;
      }
      if (previous >= sequence) break;  // the set does not know the record: it leads nowhere
      sequence = previous;
    }
    return found;
  });
}

}  // namespace kith::inline v1
