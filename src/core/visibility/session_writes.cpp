// SPDX-License-Identifier: Apache-2.0
//
// Writing with limited sight: a draft made from what was shown changes nothing that was not, and
// errors tell nothing of it.
#include <algorithm>

#include "core/draft_cells.hpp"
#include "core/session/state.hpp"
#include "core/visibility/seen_rows.hpp"

namespace kith::inline v1 {
namespace {

bool is_touched(const field_type& f, const any_draft& d) {
  for (unsigned i = 0; i < f.parts().size(); ++i) {
    if (d.changed(static_cast<slot_number>(f.slot + i))) return true;
  }
  return false;
}

void forget(const field_type& f, any_draft& d) {
  for (unsigned i = 0; i < f.parts().size(); ++i) {
    d.forget(static_cast<slot_number>(f.slot + i));
  }
}

bool is_null(const field_type& f, const any_draft& d) {
  return d.is_null(f.slot, f.parts().size());
}

constexpr std::string_view for_unseen =
    "records that you do not see stand against it; ask somebody who sees them";

}  // namespace

void session::state::require_may_write(const entity_type& e) {
  if (!is_limited()) return;
  unseen = {};
  if (!sees()->on(e).read_only) return;
  throw error(error_code::denied,
              std::string(e.plural()) + " are only read by this session; nothing was written",
              {std::string(e.name()), 0, {}});
}

void session::state::require_seen_after(const entity_type& e, record_id id) {
  if (!is_limited()) return;
  settle();
  if (may_see(e, id)) return;
  throw error(error_code::denied,
              "a " + std::string(e.name()) +
                  " with these values would not be seen by this session; give it others",
              {std::string(e.name()), 0, {}});
}

void session::state::keep_unseen(const entity_type& e, any_draft& d, const row_ptr& current) {
  if (!is_limited()) return;
  const auto by = sees();
  if (by->on(e).hidden) require_seen_after(e, {});
  unseen = {&d, {}};
  seen_rows();
  detail::onlooker look(*seen_, false);
  const row_ptr shown = current ? as_shown(e, current) : row_ptr();
  for (const field_type& f : e.fields) {
    if (!f.is_stored() || !is_touched(f, d)) continue;
    const bool as_read = d.base() && !detail::differs(f, d);
    if (by->masks(e, f)) {
      if (!as_read && (current || !is_null(f, d))) {
        throw error(
            error_code::denied,
            std::string(e.name()) + "." + std::string(f.name()) +
                " is not shown to this session; leave it out",
            {std::string(e.name()), current ? current->id().value : 0, std::string(f.name())});
      }
      forget(f, d);
      continue;
    }
    const bool single = f.target != nullptr;
    if (!single && f.def->kind != kind_id::any_ref) continue;
    const bool unseen_now = current && shown->integer(f.slot) != current->integer(f.slot);
    if (as_read && unseen_now) {
      forget(f, d);
    } else if (!as_read && d.integer(f.slot) != 0) {
      const std::int64_t number = single ? f.target->number : d.integer(f.slot + 1u);
      const std::int64_t id = d.integer(f.slot);
      const bool known = number > 0 && number <= 0xffff;
      const bool seen_now = known && look.sees(static_cast<std::uint16_t>(number), {id});
      if (!seen_now) unseen.given.emplace_back(f.slot, id);
    }
  }
}

// For looking at a draft without writing it: on the record as it is now.
void session::state::keep_unseen(const entity_type& e, any_draft& trial) {
  if (!is_limited()) return;
  row_ptr current;
  if (trial.base()) {
    const record_id id = trial.base()->id();
    current = rows().get(e, id, needed_cells::with_keys);
    if (!current || !may_see(e, current)) {
      throw error(error_code::not_found,
                  "there is no " + std::string(e.name()) + " " + std::to_string(id.value),
                  {std::string(e.name()), id.value, {}});
    }
  }
  keep_unseen(e, trial, current);
  if (current) trial.rebase(current);
}

bool session::state::names_unseen(const any_draft& d, slot_number slot, std::int64_t id) const {
  return &d == unseen.of && std::find(unseen.given.begin(), unseen.given.end(),
                                      std::pair(slot, id)) != unseen.given.end();
}

// ------------------------------------------------------------------------------------------ errors

void session::state::leave_unseen_out(violation_list& found) {
  if (!is_limited()) return;
  const auto by = sees();
  for (violation& v : found) {
    const entity_type* e = model->find(std::string_view(v.entity));
    if (e == nullptr) continue;
    if (by->on(*e).hidden) {
      v = {{}, {}, v.rule, {}, std::string(for_unseen)};
      continue;
    }
    const auto place = e->find_field(v.field);
    if (!place || !by->masks(*e, *place->field)) continue;
    v.value.clear();
    v.message = "is refused; the field is not shown to you";
  }
}

// Errors name the record that stands in the way: not when that is hidden.
void session::state::answer(const error& e) {
  const entity_type* const of = model->find(std::string_view(e.entity()));
  bool hidden = false;
  if (of != nullptr && e.record() != 0 && e.code() != error_code::not_found) {
    try {
      hidden = !seen().get(*of, {e.record()});
    } catch (const error&) {
      hidden = true;  // nobody can tell
    }
  }
  if (e.code() == error_code::exists && of != nullptr) {
    const auto& masked = sees()->on(*of).masked;
    const bool all_shown = std::find(masked.begin(), masked.end(), true) == masked.end();
    if (!hidden && all_shown) throw e;
    const std::string which = hidden ? "a " + e.entity() + " that you do not see"
                                     : "the " + e.entity() + " " + std::to_string(e.record());
    throw error(error_code::exists, which + " has the same " + e.field() + "; give another value",
                {e.entity(), hidden ? 0 : e.record(), e.field()});
  }
  if (!e.violations().empty()) {
    violation_list found = e.violations();
    if (hidden) found = {{{}, {}, found.front().rule, {}, std::string(for_unseen)}};
    leave_unseen_out(found);
    if (e.code() != error_code::invalid) throw error(e.code(), std::move(found));
    throw error(std::move(found), hidden ? 0 : e.record());
  }
  if (hidden) throw error(e.code(), std::string(for_unseen));
  throw e;
}

}  // namespace kith::inline v1
