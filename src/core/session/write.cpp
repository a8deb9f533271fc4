// SPDX-License-Identifier: Apache-2.0
//
// Adding, changing, deleting and restoring records. Every way into the store ends in store_row():
// one place writes the version, its checksum and its entry in the change feed.
#include <algorithm>

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

}  // namespace

row_ptr session::state::build(const entity_type& e, const system_cells& system,
                              const any_draft& d) {
  cells_.resize(e.columns.size());
  for (slot_number s = 0; s < cells_.size(); ++s) cells_[s] = d.at(s, e.columns[s].type);
  system_cells complete = system;
  complete.checksum = detail::checksum_of(e, complete, cells_);
  return row_ptr::make(complete, cells_);
}

void session::state::store_row(const row_change& change, change_kind what) {
  rows().write(change);
  record_change(what, change);
  mark_dependents(*change.entity, change.before.get(), change.after.get(), change.changed);
}

// --------------------------------------------------------------------------------------------- add

row_ptr session::state::add(const entity_type& e, any_draft& d) {
  check_writable(e);
  if (d.base()) throw error(error_code::misuse, "the draft is of a record that exists: update it");
  return in_transaction(reacts(e), [&] { return write_new(e, d); });
}

row_ptr session::state::write_new(const entity_type& e, any_draft& d) {
  if (d.slots() > e.columns.size()) {
    throw error(error_code::misuse, "the draft has a value for a field that " +
                                        std::string(e.name()) + " does not have");
  }
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

row_ptr session::state::update(const entity_type& e, record_id id, any_draft& d) {
  check_changeable(e, id);
  return in_transaction(reacts(e), [&] {
    row_ptr current = rows().get(e, id);
    if (!current) not_found(e, id);
    if (!current->live()) is_deleted(e, id);
    merge_or_conflict(e, d, current);
    return write_changed(e, d, std::move(current));
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
  tx->known_live.erase(before->id().value);
}

void session::state::remove(const entity_type& e, record_id id) {
  check_changeable(e, id);
  in_transaction(true, [&] {
    const row_ptr r = rows().get(e, id, needed_cells::with_keys);
    if (!r) not_found(e, id);
    if (!r->live()) return;  // deleted already: the wish is fulfilled
    std::size_t records = 0;
    remove_with_dependents(e, r, records);
  });
}

// The record goes first, so that a circle of references ends.
void session::state::remove_with_dependents(const entity_type& e, const row_ptr& r,
                                            std::size_t& records) {
  if (++records > eng->limits().cascade_records) {
    throw error(error_code::limit, "the deletion would take more than " +
                                       std::to_string(eng->limits().cascade_records) +
                                       " records along; delete them in parts");
  }
  write_lifecycle(e, r, true, change_kind::remove);
  for (const referrer& from : e.referrers) {
    const bool unlimited = from.by->def->on_delete != delete_policy::restrict;
    if (from.by->def->on_delete == delete_policy::keep || from.from->about->internal) continue;
    for (const row_ptr& child : referring(*from.from, *from.by, r->id(), unlimited ? 0 : 4)) {
      switch (from.by->def->on_delete) {
        case delete_policy::restrict: refuse_removal(e, r->id(), from);
        case delete_policy::cascade: remove_with_dependents(*from.from, child, records); break;
        case delete_policy::clear: clear_reference(from, child); break;
        case delete_policy::keep: break;
      }
    }
  }
}

void session::state::refuse_removal(const entity_type& e, record_id id, const referrer& from) {
  std::string ids;
  const auto found = referring(*from.from, *from.by, id, 4);
  for (std::size_t i = 0; i < found.size() && i < 3; ++i) {
    ids += (i == 0 ? "" : ", ") + std::to_string(found[i]->id().value);
  }
  if (found.size() > 3) ids += ", …";
  violation v{std::string(e.name()), {}, "restrict_delete", std::to_string(id.value),
              "is still named by " + std::string(from.by->name()) + " of " +
                  std::string(from.from->plural()) + " (" + ids +
                  "); delete or change them first"};
  throw error({std::move(v)}, id.value);
}

void session::state::clear_reference(const referrer& from, const row_ptr& child) {
  any_draft d(child);
  draft_sink sink(d, from.by->slot);
  for (unsigned i = 0; i < from.by->parts().size(); ++i) sink.put(i, cell::null());
  write_changed(*from.from, d, child);
}

row_ptr session::state::restore(const entity_type& e, record_id id) {
  check_writable(e);
  return in_transaction(true, [&] {
    const row_ptr r = rows().get(e, id, needed_cells::with_keys);
    if (!r) not_found(e, id);
    if (r->live()) return r;
    restore_with_dependents(e, r);
    return rows().get(e, id);
  });
}

// What was deleted along with the record comes back along with it.
void session::state::restore_with_dependents(const entity_type& e, const row_ptr& r) {
  violation_list found;
  const any_draft same(r);
  for (const field_type& f : e.fields) {
    if (f.is_stored() && r->has(f.slot)) check_reference(f, same, found);
  }
  if (!found.empty()) throw error(std::move(found), r->id().value);
  write_lifecycle(e, r, false, change_kind::restore);
  for (const referrer& from : e.referrers) {
    if (from.by->def->on_delete != delete_policy::cascade) continue;
    for (const row_ptr& child : deleted_with(from, r)) restore_with_dependents(*from.from, child);
  }
}

// Records that name this one and were deleted by the same commit.
std::vector<row_ptr> session::state::deleted_with(const referrer& from, const row_ptr& r) {
  const program conditions[] = {
      detail::equals(from.by->slot, storage::integer, cell::integer(r->id().value)),
      detail::equals(deleted_slot, storage::integer, cell::integer(r->system().deleted))};
  std::vector<slot_number> all(from.from->columns.size());
  for (slot_number s = 0; s < all.size(); ++s) all[s] = s;
  for (const slot_number s : {revision_slot, created_slot, deleted_slot, merged_slot}) all.push_back(s);
  scan_request request;
  request.entity = from.from;
  request.rows = lifecycle::deleted;
  request.conditions = conditions;
  request.slots = all;
  std::vector<row_ptr> found;
  const auto cursor = rows().scan(request);
  detail::evaluator filter(nullptr, options.zone);
  while (row_ptr child = cursor->next()) {
    if (detail::passes(conditions, cursor->taken(), filter, *child)) found.push_back(std::move(child));
  }
  return found;
}

}  // namespace kith::inline v1
