// SPDX-License-Identifier: Apache-2.0
//
// Adding, changing, deleting and restoring records. Every way into the store ends in store_row():
// one place writes the version, its checksum and its entry in the change feed.
#include <algorithm>
#include <cassert>

#include "core/checksum.hpp"
#include "core/session/state.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {
namespace {

[[noreturn]] void not_found(const entity_type& e, record_id id) {
  throw error(error_code::not_found,
              "there is no " + std::string(e.name()) + " " + std::to_string(id.value),
              {std::string(e.name()), id.value, {}});
}

[[noreturn]] void is_deleted(const entity_type& e, record_id id) {
  throw error(error_code::not_found,
              "the " + std::string(e.name()) + " " + std::to_string(id.value) +
                  " is deleted; restore it first",
              {std::string(e.name()), id.value, {}});
}

void check_writable(const entity_type& e) {
  if (!e.about->internal) return;
  throw error(error_code::denied, std::string(e.plural()) + " are kept by the engine itself",
              {std::string(e.name()), 0, {}});
}

void check_changeable(const entity_type& e, record_id id) {
  check_writable(e);
  if (!e.about->append_only) return;
  throw error(error_code::denied,
              std::string(e.plural()) + " are history: add a new one instead of changing one",
              {std::string(e.name()), id.value, {}});
}

// The caller sees none of those who refer to it, or not what they refer to.
[[noreturn]] void refuse_for_unseen(const entity_type& e, record_id id) {
  violation v{std::string(e.name()),
              {},
              "restrict_delete",
              std::to_string(id.value),
              "is still named by records you do not see; ask somebody who sees them"};
  throw error({std::move(v)}, id.value);
}

}  // namespace

const entity_type& session::state::newest(const entity_type& e) const {
  const entity_type* now = model->find(e.number);
  return now == nullptr ? e : *now;
}

any_draft& session::state::working_copy::next_of(state& of) {
  if (of.copies_used_ == of.copies_.size()) of.copies_.push_back(std::make_unique<any_draft>());
  return *of.copies_[of.copies_used_];
}

session::state::working_copy::working_copy(state& of, const any_draft& given)
    : state_(of), draft_(next_of(of)) {
  draft_ = given;
  ++of.copies_used_;  // reactions write through copies of their own
}

session::state::working_copy::~working_copy() {
  draft_.rebase({});
  --state_.copies_used_;
}

row_ptr session::state::build(const entity_type& e, const system_cells& system,
                              const any_draft& d) {
  cells_.resize(e.columns.size());
  for (slot_number s = 0; s < cells_.size(); ++s) cells_[s] = d.at(s, e.columns[s].type);
  system_cells complete = system;
  complete.checksum = detail::checksum_of(e, complete, cells_);
  return row_ptr::make(complete, cells_);
}

void session::state::store_row(const row_change& change, change_kind what) {
  assert(!change.before ||
         change.before->system().created != 0);  // the record itself, not a list's
  // One of before may be of the model before.
  const entity_type& e = tx->model_before == nullptr ? *change.entity : newest(*change.entity);
  std::vector<total_effect> effects;
  if (e.totals != nullptr) effects = total_effects(change);
  rows().write(change);
  tx->broken = true;  // until the feed and what depends on the record know of it
  record_change(what, change);
  mark_dependents(*change.entity, change.before.get(), change.after.get(), change.changed);
  if (e.totals != nullptr) note_totals(e, effects);
  tx->broken = false;
}

// Physically, with the keys and whatever else the store has of it; only the entry stays.
void session::state::erase_row(const entity_type& e, const row_ptr& before) {
  mark_dependents(e, before.get(), nullptr, {});
  std::vector<total_effect> effects;
  if (e.totals != nullptr) effects = total_effects({&e, before, {}, {}});
  rows().erase(e, before->id());
  tx->broken = true;
  tx->pending.add(change_kind::erase, e.number, before->id(), before->system().revision);
  tx->wrote = true;
  tx->known_live.erase(before->id().value);
  if (tx->pending.size() >= eng->limits().change_chunk_bytes) flush_chunk();
  if (e.totals != nullptr) note_totals(e, effects);
  tx->broken = false;
}

// --------------------------------------------------------------------------------------------- add

row_ptr session::state::add(const entity_type& e, any_draft& d) {
  check_writable(e);
  if (d.base()) throw error(error_code::misuse, "the draft is of a record that exists: update it");
  require_may_write(e);
  return in_transaction(reacts(e) || is_limited(), [&] {
    const entity_type& now = newest(e);
    const working_copy copy(*this, d);
    keep_unseen(now, *copy, {});
    const row_ptr added = write_new(now, *copy);
    require_seen_after(now, added->id());
    return as_shown(now, added);
  });
}

row_ptr session::state::write_new(const entity_type& e, any_draft& d) {
  const record_id id = next_id();
  prepare(e, d, id);
  system_cells system;
  system.id = id;
  system.revision = system.created = tx->sequence;
  const row_change change{&e, {}, build(e, system, d), {}};
  store_row(change, change_kind::add);
  react(e, d, id);
  return change.after;
}

// ------------------------------------------------------------------------------------------ update

row_ptr session::state::update(const entity_type& given, record_id id, any_draft& d) {
  check_changeable(given, id);
  if (d.base() && d.base()->id() != id) {
    throw error(error_code::misuse, "the draft is of another record");
  }
  require_may_write(given);
  return in_transaction(reacts(given) || is_limited(), [&] {
    const entity_type& e = newest(given);
    // What is computed from the record may compare keys.
    const auto cells = e.stored_computed.empty() ? needed_cells::values : needed_cells::with_keys;
    row_ptr current = rows().get(e, id, cells);
    if (!current || !may_see(e, current)) not_found(e, id);
    if (!current->live()) is_deleted(e, id);
    const working_copy copy(*this, d);
    keep_unseen(e, *copy, current);
    merge_or_conflict(e, *copy, current, *as_shown(e, current));
    return as_shown(e, write_changed(e, *copy, std::move(current)));
  });
}

row_ptr session::state::write_changed(const entity_type& e, any_draft& d, row_ptr current) {
  if (drop_unchanged(e, d).empty()) return current;
  prepare(e, d, current->id());
  const std::vector<slot_number> changed = drop_unchanged(e, d);
  if (changed.empty()) return current;
  system_cells system = current->system();
  system.revision = tx->sequence;
  const row_change change{&e, std::move(current), build(e, system, d), changed};
  store_row(change, change_kind::update);
  react(e, d, change.after->id());
  return change.after;
}

// ----------------------------------------------------------------------------- delete and restore

void session::state::write_lifecycle(const entity_type& e, const row_ptr& before, bool deleted,
                                     change_kind what) {
  system_cells system = before->system();
  system.revision = tx->sequence;
  system.deleted = deleted ? tx->sequence : 0;
  const any_draft same(before);
  const row_change change{&e, before, build(e, system, same), {}};
  store_row(change, what);
  if (deleted) {
    tx->known_live.erase(before->id().value);
  } else if (!e.stored_computed.empty()) {
    tx->dirty.emplace(e.number, before->id().value);  // nobody kept it current meanwhile
  }
}

void session::state::remove(const entity_type& given, record_id id) {
  check_changeable(given, id);
  require_may_write(given);
  in_transaction(true, [&] {
    const entity_type& e = newest(given);
    const row_ptr r = rows().get(e, id, needed_cells::with_keys);
    if (!r || !may_see(e, r)) not_found(e, id);
    if (!r->live()) return;  // deleted already: the wish is fulfilled
    remove_with_dependents(e, r);
  });
}

// A record is deleted before those that refer to it are looked for, so that a circle of references
// ends; a list instead of recursion, so that no chain is too long for the stack.
void session::state::remove_with_dependents(const entity_type& e, const row_ptr& first) {
  std::vector<std::pair<const entity_type*, record_id>> gone;
  const auto take = [&](const entity_type& of, const row_ptr& r) {
    if (gone.size() == eng->limits().cascade_records) {
      throw error(error_code::limit, "the deletion would take more than " +
                                         std::to_string(eng->limits().cascade_records) +
                                         " records along; delete them in parts");
    }
    write_lifecycle(of, r, true, change_kind::remove);
    gone.emplace_back(&of, r->id());
  };
  take(e, first);
  for (std::size_t i = 0; i < gone.size(); ++i) {
    const auto [of, id] = gone[i];
    for (const referrer& from : of->referrers) {
      const delete_policy policy = from.by->def->on_delete;
      if (policy == delete_policy::keep || from.from->about->internal) continue;
      const bool one_will_do = policy == delete_policy::restrict;
      for (const row_ptr& child : referring(*from.from, *from.by, id, one_will_do ? 1 : 0)) {
        switch (policy) {
          case delete_policy::restrict: refuse_removal(*of, id, from);
          case delete_policy::cascade:  // lists leave out what a new version needs
            take(*from.from, rows().get(*from.from, child->id(), needed_cells::with_keys));
            break;
          case delete_policy::clear: clear_reference(from, id, child->id()); break;
          case delete_policy::keep: break;
        }
      }
    }
  }
}

void session::state::refuse_removal(const entity_type& e, record_id id, const referrer& from) {
  std::string ids;
  const cell named[] = {cell::integer(id.value), cell::null()};
  const auto found = find_all_by(seen(), *from.from, *from.by, named, 4);
  if (found.empty()) refuse_for_unseen(e, id);
  for (std::size_t i = 0; i < found.size() && i < 3; ++i) {
    ids += (i == 0 ? "" : ", ") + std::to_string(found[i]->id().value);
  }
  if (found.size() > 3) ids += ", …";
  violation v{std::string(e.name()),
              {},
              "restrict_delete",
              std::to_string(id.value),
              "is still named by " + std::string(from.by->name()) + " of " +
                  std::string(from.from->plural()) + " (" + ids + "); delete or change them first"};
  throw error({std::move(v)}, id.value);
}

// Reads the record anew: reactions to the ones before it may have changed it.
void session::state::clear_reference(const referrer& from, record_id of, record_id child) {
  row_ptr current = rows().get(*from.from, child, needed_cells::with_keys);
  if (!current || !current->live() || current->integer(from.by->slot) != of.value) return;
  any_draft d(current);
  draft_sink sink(d, from.by->slot);
  for (unsigned i = 0; i < from.by->parts().size(); ++i) sink.put(i, cell::null());
  write_changed(*from.from, d, std::move(current));
}

row_ptr session::state::restore(const entity_type& given, record_id id) {
  check_writable(given);
  require_may_write(given);
  return in_transaction(true, [&] {
    const entity_type& e = newest(given);
    const row_ptr r = rows().get(e, id, needed_cells::with_keys);
    if (!r || !may_see(e, r)) not_found(e, id);
    if (r->live()) return as_shown(e, r);
    restore_with_dependents(e, r);
    settle();
    return as_shown(e, rows().get(e, id));
  });
}

// What was deleted along with the record comes back along with it. References are checked when all
// are back: they may name each other.
void session::state::restore_with_dependents(const entity_type& e, const row_ptr& first) {
  std::vector<std::pair<const entity_type*, row_ptr>> back;
  const auto take = [&](const entity_type& of, const row_ptr& r) {
    write_lifecycle(of, r, false, change_kind::restore);
    back.emplace_back(&of, r);
  };
  take(e, first);
  for (std::size_t i = 0; i < back.size(); ++i) {
    const auto [of, r] = back[i];
    for (const referrer& from : of->referrers) {
      if (from.by->def->on_delete != delete_policy::cascade) continue;
      for (const row_ptr& child : deleted_with(from, r)) take(*from.from, child);
    }
  }
  violation_list found;
  for (const auto& [of, r] : back) {
    const any_draft same(r);
    for (const field_type& f : of->fields) {
      const bool kept = f.retired || f.def->on_delete == delete_policy::keep;
      if (f.is_stored() && !kept && r->has(f.slot)) check_reference(f, same, found);
    }
  }
  if (!found.empty()) throw error(std::move(found), first->id().value);
}

// Records that name this one and were deleted by the same commit.
std::vector<row_ptr> session::state::deleted_with(const referrer& from, const row_ptr& r) {
  const program conditions[] = {
      detail::equals(from.by->slot, storage::integer, cell::integer(r->id().value)),
      detail::equals(deleted_slot, storage::integer, cell::integer(r->system().deleted))};
  std::vector<slot_number> all(from.from->columns.size());
  for (slot_number s = 0; s < all.size(); ++s) all[s] = s;
  for (const slot_number s : {revision_slot, created_slot, deleted_slot, merged_slot})
    all.push_back(s);
  scan_request request;
  request.entity = from.from;
  request.rows = lifecycle::deleted;
  request.conditions = conditions;
  request.slots = all;
  std::vector<row_ptr> found;
  const auto cursor = rows().scan(request);
  detail::evaluator filter(nullptr, options.zone);
  while (row_ptr child = cursor->next()) {
    if (detail::passes(conditions, cursor->taken(), filter, *child))
      found.push_back(std::move(child));
  }
  return found;
}

}  // namespace kith::inline v1
