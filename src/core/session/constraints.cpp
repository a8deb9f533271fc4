// SPDX-License-Identifier: Apache-2.0
//
// From a draft to cells that may be stored: initial values, rules, keys, and every constraint of
// the fields. All violations of a draft are found at once.
#include <algorithm>

#include "core/draft_cells.hpp"
#include "core/session/state.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {
namespace {

bool touched(const field_type& f, const any_draft& d) {
  for (unsigned i = 0; i < f.parts().size(); ++i) {
    if (d.changed(static_cast<slot_number>(f.slot + i))) return true;
  }
  return false;
}

bool is_text_like(kind_id k) {
  return k == kind_id::text || k == kind_id::email || k == kind_id::phone || k == kind_id::url ||
         k == kind_id::person_name || k == kind_id::postal_address;
}

// Neither null nor empty text.
bool is_given(const field_type& f, const std::array<cell, max_parts>& cells) {
  for (unsigned i = 0; i < f.parts().size(); ++i) {
    if (cells[i].is_null() || f.parts()[i].role == part_role::key) continue;
    if (!is_text_like(f.def->kind) || !cells[i].as_bytes().empty()) return true;
  }
  return false;
}

// Keys do not count: they are derived anew from the values.
bool has_value(const field_type& f, const std::array<cell, max_parts>& cells) {
  for (unsigned i = 0; i < f.parts().size(); ++i) {
    if (f.parts()[i].role == part_role::value && !cells[i].is_null()) return true;
  }
  return false;
}

std::string printed(const field_type& f, const std::array<cell, max_parts>& cells) {
  for (unsigned i = 0; i < f.parts().size(); ++i) {
    if (!cells[i].has_bytes()) continue;
    if (invalid_utf8(cells[i].as_bytes())) return "(not UTF-8)";
  }
  std::string text;
  const auto complete = [&] {
    for (unsigned i = 0; i < f.parts().size(); ++i) {
      if (cells[i].is_null() && f.parts()[i].role == part_role::value &&
          f.def->kind != kind_id::person_name && f.def->kind != kind_id::postal_address) {
        return false;
      }
    }
    return true;
  }();
  if (complete) f.kind().print(f.def->options, cells.data(), {}, text);
  return shortened(text);
}

violation broken(const entity_type& e, const field_type& f, std::string_view rule,
                 std::string value, const std::string& why) {
  const std::string shown = value.empty() ? "" : "'" + value + "' ";
  return {std::string(e.name()), std::string(f.name()), std::string(rule), std::move(value),
          shown + why};
}

// Whether others gave the field of this slot a value that is neither the one that was read nor the
// draft's. Names and addresses are changed part by part, of everything else the parts are one
// value.
bool conflicts(const field_type& f, slot_number slot, const any_draft& d, const row& current) {
  const kind_id k = f.def->kind;
  const bool apart = k == kind_id::person_name || k == kind_id::postal_address;
  bool theirs = false;
  bool agreed = true;
  for (unsigned i = 0; i < f.parts().size(); ++i) {
    const auto s = static_cast<slot_number>(f.slot + i);
    if (f.parts()[i].role != part_role::value || (apart && s != slot)) continue;
    const storage type = f.parts()[i].type;
    theirs = theirs || current.at(s, type) != d.base()->at(s, type);
    agreed = agreed && current.at(s, type) == d.at(s, type);
  }
  return theirs && !agreed;
}

[[noreturn]] void refuse_slot(const entity_type& e) {
  throw error(error_code::misuse,
              "the draft has a value for a field that " + std::string(e.name()) + " does not have");
}

}  // namespace

std::string session::state::printed_value(const field_type& f, const any_draft& d) {
  return printed(f, detail::cells_of(f, d));
}

void session::state::prepare(const entity_type& e, any_draft& d, record_id id) {
  if (violation_list found = check(e, d, id); !found.empty()) {
    throw error(std::move(found), d.base() ? d.base()->id().value : 0);
  }
}

violation_list session::state::check(const entity_type& e, any_draft& d, record_id id) {
  if (e.about->internal) {
    throw error(error_code::denied, std::string(e.plural()) + " are kept by the engine itself",
                {std::string(e.name()), 0, {}});
  }
  violation_list found;
  check_cells(e, d, found);
  if (!found.empty()) return found;  // rules could not read it
  if (!d.base()) fill_initial(e, d);
  complete(e, d, id);
  check_fields(e, d, found);
  if (found.empty()) {
    derive_keys(e, d);
    compute_own(e, d, id);
  }
  if (found.empty()) run_checks(e, d, id, found);
  return found;
}

// What is put back was complete once: nothing is filled in. References are looked at when all of an
// undo is done: what they name may come back after them.
violation_list session::state::check_put_back(const entity_type& e, any_draft& d) {
  violation_list found;
  check_fields(e, d, found, references::later);
  if (!found.empty()) return found;
  derive_keys(e, d);
  compute_own(e, d, d.base()->id());
  run_checks(e, d, d.base()->id(), found);
  return found;
}

// A draft made by a machine may hold anything.
void session::state::check_cells(const entity_type& e, const any_draft& d,
                                 violation_list& found) const {
  const kith::limits& most = eng->limits();
  for (slot_number s = 0; s < d.slots(); ++s) {
    if (!d.changed(s)) continue;
    if (s >= e.columns.size()) refuse_slot(e);
    const column& c = e.columns[s];
    const field_type& f = e.fields[c.field];
    const cell given = d.at(s, c.type);
    if (given.is_null()) continue;
    if (given.type() != c.type) {
      found.push_back(broken(e, f, f.kind().name, {}, "is given in a cell of another class"));
    } else if (c.type == storage::text && given.as_bytes().size() > most.text_bytes) {
      found.push_back(broken(e, f, "text_bytes", {},
                             "has " + std::to_string(given.as_bytes().size()) + " bytes; at most " +
                                 std::to_string(most.text_bytes) + " fit: keep it in a file"));
    } else if (c.type == storage::blob && given.as_bytes().size() > most.blob_bytes) {
      found.push_back(broken(e, f, "blob_bytes", {},
                             "has " + std::to_string(given.as_bytes().size()) + " bytes; at most " +
                                 std::to_string(most.blob_bytes) + " fit: keep it in a file"));
    }
  }
}

void session::state::fill_initial(const entity_type& e, any_draft& d) {
  for (const field_type& f : e.fields) {
    const initial_value& initial = f.def->initial;
    if (initial.from == initial_value::source::none || !f.is_stored() || touched(f, d)) continue;
    draft_sink sink(d, f.slot);
    switch (initial.from) {
      case initial_value::source::number: sink.put(0, cell::integer(initial.number)); break;
      case initial_value::source::text:
        if (f.kind().parse(f.def->options, initial.text, {}, sink)) {
          throw error(error_code::model, std::string(e.name()) + "." + std::string(f.name()) +
                                             " has an initial value that it cannot hold");
        }
        break;
      case initial_value::source::now: sink.put(0, cell::integer(tx->at.microseconds)); break;
      case initial_value::source::today:
        sink.put(0, cell::integer(options.zone.date_of(tx->at).days));
        break;
      case initial_value::source::none: break;
    }
  }
}

void session::state::derive_keys(const entity_type& e, any_draft& d) {
  for (const field_type& f : e.fields) {
    if (!f.is_stored() || f.kind().derive == nullptr || f.parts().size() == 1) continue;
    if (!touched(f, d)) continue;
    const auto cells = detail::cells_of(f, d);
    // The cells point into the draft, which grows: copied before.
    std::array<owned_cell, max_parts> kept;
    std::array<cell, max_parts> views;
    for (unsigned i = 0; i < f.parts().size(); ++i) {
      kept[i] = cells[i];
      views[i] = kept[i].view();
    }
    draft_sink sink(d, f.slot);
    f.kind().derive(f.def->options, views.data(), sink);
  }
}

void session::state::check_fields(const entity_type& e, const any_draft& d, violation_list& found,
                                  references when) {
  for (const field_type& f : e.fields) {
    if (!f.is_stored()) continue;
    const bool is_new = !d.base();
    const bool is_touched = touched(f, d);
    if (!is_new && !is_touched) continue;
    const auto cells = detail::cells_of(f, d);
    const bool is_changed = !is_new && detail::differs(f, d);
    const bool had_value = !is_new && !any_draft(d.base()).is_null(f.slot, f.parts().size());
    if (f.def->set_once && had_value && is_changed) {
      found.push_back(broken(e, f, "set_once", printed(f, cells),
                             "would change a value that is set once; add a new record instead"));
    }
    if (!is_given(f, cells)) {
      if (f.def->required && !f.retired && f.def->mode == computed_mode::none) {
        found.push_back(
            broken(e, f, "required", {}, "is required; give a value that is not empty"));
      }
      if (!has_value(f, cells)) continue;
    }
    if (!is_touched) continue;
    if (f.retired) {
      found.push_back(
          broken(e, f, "retired", printed(f, cells), "belongs to a retired field; leave it out"));
      continue;
    }
    if (const auto problem = f.kind().problem(f.def->options, cells.data())) {
      found.push_back(broken(e, f, f.kind().name, printed(f, cells), *problem));
      continue;
    }
    if (when == references::now) check_reference(f, d, found);
    if (f.def->acyclic && d.base()) check_circle(f, d, found);
  }
}

// Walks up from the new parent: it may not come back here.
void session::state::check_circle(const field_type& f, const any_draft& d, violation_list& found) {
  const std::int64_t own_id = d.base()->id().value;
  std::int64_t at = d.integer(f.slot);
  for (std::size_t steps = 0; at != 0; ++steps) {
    if (steps == eng->limits().cascade_records) {
      throw error(error_code::limit,
                  std::string(f.owner->name()) + "." + std::string(f.name()) +
                      " nests deeper than " + std::to_string(steps) +
                      " records; make the tree flatter",
                  {std::string(f.owner->name()), own_id, std::string(f.name())});
    }
    if (at == own_id) {
      found.push_back(broken(*f.owner, f, "acyclic", std::to_string(d.integer(f.slot)),
                             "leads back to the record itself; choose another"));
      return;
    }
    const row_ptr up = rows().get(*f.target, {at});
    at = up ? up->integer(f.slot) : 0;
  }
}

void session::state::check_reference(const field_type& f, const any_draft& d,
                                     violation_list& found) {
  const bool any = f.def->kind == kind_id::any_ref;
  if (!any && f.target == nullptr) return;
  const entity_type* target = f.target;
  if (any) {
    const std::int64_t number = d.integer(f.slot + 1u);
    target =
        number > 0 && number <= 0xffff ? model->find(static_cast<std::uint16_t>(number)) : nullptr;
  }
  const record_id id{d.integer(f.slot)};
  const std::string shown = std::to_string(id.value);
  if (target == nullptr || target->about->internal) {
    found.push_back(broken(*f.owner, f, "reference", shown, "names an entity that does not exist"));
    return;
  }
  if (tx != nullptr && unseen.of == nullptr) {
    const auto known = tx->known_live.find(id.value);
    if (known != tx->known_live.end() && known->second == target->number) return;
  }
  const row_ptr r = names_unseen(d, f.slot, id.value) ? row_ptr() : rows().get(*target, id);
  if (!r) {
    found.push_back(broken(*f.owner, f, "reference", shown,
                           "is not the id of a " + std::string(target->name()) + "; add it first"));
  } else if (!r->live()) {
    found.push_back(
        broken(*f.owner, f, "reference", shown,
               "is a deleted " + std::string(target->name()) + "; restore it or choose another"));
  } else if (tx != nullptr) {
    if (tx->known_live.size() > 100'000) tx->known_live.clear();
    tx->known_live.emplace(id.value, target->number);
  }
}

// What others changed meanwhile stays; a field that both changed is a conflict. `shown`: the
// current version as the draft's base was shown.
void session::state::merge_or_conflict(const entity_type& e, any_draft& d, const row_ptr& current,
                                       const row& shown) {
  const row_ptr base = d.base();
  // Before a commit a revision stands for several versions: one that was read may have been taken
  // back or changed again. What this transaction wrote, nobody else did.
  const bool own = base && base->system().revision == current->system().revision &&
                   tx->sequence == current->system().revision;
  for (slot_number s = 0; base && !own && s < d.slots() && s < e.columns.size(); ++s) {
    if (!d.changed(s) || e.columns[s].role != part_role::value) continue;
    const field_type& f = e.fields[e.columns[s].field];
    if (!conflicts(f, s, d, shown)) continue;
    throw error(error_code::conflict,
                std::string(e.name()) + "." + std::string(f.name()) +
                    " was changed by somebody else since it was read (revision " +
                    std::to_string(current->system().revision) + ", yours is " +
                    std::to_string(base->system().revision) + "); read it again and decide",
                {std::string(e.name()), current->id().value, std::string(f.name())});
  }
  d.rebase(current);
}

std::vector<slot_number> session::state::drop_unchanged(const entity_type& e, any_draft& d) {
  std::vector<slot_number> changed;
  for (slot_number s = 0; s < d.slots(); ++s) {
    if (!d.changed(s)) continue;
    if (s >= e.columns.size()) refuse_slot(e);
    const column& c = e.columns[s];
    const bool same = d.at(s, c.type) == d.base()->at(s, c.type);
    // To give what is hidden is refused like any other guess, also where the guess is right.
    const bool guessed = same && c.type == storage::integer && names_unseen(d, s, d.integer(s));
    if (c.role == part_role::value && same && !guessed) {
      d.forget(s);
    } else {
      changed.push_back(s);
    }
  }
  // Keys alone say nothing: their values are as they were.
  const bool any_value = std::any_of(changed.begin(), changed.end(), [&](slot_number s) {
    return e.columns[s].role == part_role::value;
  });
  if (!any_value) changed.clear();
  return changed;
}

}  // namespace kith::inline v1
