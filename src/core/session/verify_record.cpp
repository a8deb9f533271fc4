// SPDX-License-Identifier: Apache-2.0
//
// One record that is verified.
#include "core/checksum.hpp"
#include "core/draft_cells.hpp"
#include "core/erasure/erase.hpp"
#include "core/kept_cells.hpp"
#include "core/session/verify.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr const char* compare_it =
    "compare it with its history or with a backup and write the right values with "
    "session.update(), which makes it sound; or restore the newest backup that verifies";

std::string quoted(const field_type& f) { return "'" + std::string(f.name()) + "'"; }

// Of the values, which no longer belong together: the empty fields that may not be empty.
std::string empty_required(const entity_type& e, const row& r) {
  std::string names;
  for (const field_type& f : e.fields) {
    const bool must = f.def->required && !f.retired && f.is_stored() && r.live() &&
                      f.def->mode == computed_mode::none;
    if (must && !r.has(f.slot)) names += (names.empty() ? "" : ", ") + quoted(f);
  }
  return names;
}

}  // namespace

// What a wrong checksum makes doubtful is not looked at any further.
void verifier::record(const entity_type& e, const row_ptr& r) {
  const std::int64_t revision = r->system().revision;
  if (revision >= oldest_ && revision <= head_.sequence) ++seen_[e.number].in_feed;
  const bool whole = checksum(e, *r);
  system_part(e, *r);
  references(e, *r);
  if (!whole) return;
  keys(e, *r);
  if (scope_.computed && r->live()) computed(e, r);
}

bool verifier::checksum(const entity_type& e, const row& r) {
  if (checksum_of(e, r) == r.system().checksum) return true;
  const std::string empty = empty_required(e, r);
  found_.add(e.name(), r.id(),
             "its values are not those that Kith wrote: the checksum is another one" +
                 (empty.empty() ? "" : "; " + empty + " is required and empty"),
             compare_it);
  return false;
}

void verifier::system_part(const entity_type& e, const row& r) {
  const system_cells& s = r.system();
  const auto wrong = [&](const std::string& what) {
    found_.add(e.name(), r.id(), what, compare_it);
  };
  if (s.created < 1 || s.created > s.revision) {
    wrong("it was made by change set " + std::to_string(s.created) +
          ", but this version is of change set " + std::to_string(s.revision));
  }
  if (s.revision > head_.sequence) {
    wrong("its version is of change set " + std::to_string(s.revision) + ", the newest one is " +
          std::to_string(head_.sequence));
  }
  if (s.deleted < 0 || s.deleted > s.revision || (s.deleted != 0 && s.deleted < s.created)) {
    wrong("it was deleted by change set " + std::to_string(s.deleted) +
          ", its version is of change set " + std::to_string(s.revision));
  }
  if (s.merged_into && (r.live() || presence_of(e, s.merged_into) == presence::absent)) {
    wrong("it was merged into " + std::to_string(s.merged_into.value) +
          (r.live() ? ", but is not deleted" : ", which does not exist"));
  }
  if (e.about->internal) return;
  if (s.id.value <= 0 || s.id.value > head_.last_id) {
    found_.add(e.name(), r.id(),
               "its id is above the largest that was ever given, " + std::to_string(head_.last_id),
               "new records may get its id: restore the newest backup that verifies");
  }
}

void verifier::keys(const entity_type& e, const row& r) {
  for (const field_type& f : e.fields) {
    const auto parts = f.parts();
    if (!f.is_stored() || f.kind().derive == nullptr || parts.size() == 1) continue;
    kept_cells derived(f, r);
    derived.derive(f);
    for (unsigned i = 0; i < parts.size(); ++i) {
      if (parts[i].role != part_role::key) continue;
      const cell is = r.at(static_cast<slot_number>(f.slot + i), parts[i].type);
      if (is == derived[i]) continue;
      found_.add(e.name(), r.id(),
                 "the key by which " + quoted(f) + " is found does not follow from its value",
                 "searches and unique checks overlook it: give " + quoted(f) +
                     " another value and then this one again, or restore the newest backup");
      break;
    }
  }
}

// -------------------------------------------------------------------------------------- references

verifier::presence verifier::presence_of(const entity_type& e, record_id id) {
  known& k = known_[static_cast<std::uint64_t>(id.value * 0x9e3779b97f4a7c15ull) >> 52];
  if (k.entity == &e && k.id == id) return k.is;
  const row_ptr r = state_.rows().get(e, id);
  k = {&e, id, !r ? presence::absent : r->live() ? presence::live : presence::deleted};
  return k.is;
}

void verifier::references(const entity_type& e, const row& r) {
  for (const field_type& f : e.fields) {
    const bool refers = f.def->kind == kind_id::ref || f.def->kind == kind_id::any_ref;
    if (refers && f.is_stored() && !f.retired && r.has(f.slot)) reference(e, r, f);
  }
}

// What an erasure left of a person is deleted, and the ledger goes on naming it.
bool verifier::was_erased(const entity_type& e, record_id id) {
  const row_ptr r = state_.rows().get(e, id);
  return r && is_erasure(state_.rows(), *state_.model, r->system().deleted);
}

// A policy of `keep` lets a reference outlive its record; under the others the deletion of a record
// has done something about every live one that names it.
void verifier::reference(const entity_type& e, const row& r, const field_type& f) {
  if (f.def->on_delete == delete_policy::keep) return;
  const record_id id{r.integer(f.slot)};
  const entity_type* target = f.target;
  if (f.def->kind == kind_id::any_ref) {
    const std::int64_t number = r.integer(f.slot + 1u);
    target = number > 0 && number <= 0xffff ? state_.model->find(static_cast<std::uint16_t>(number))
                                            : nullptr;
  }
  if (target == nullptr) return;  // of a program that describes more
  const auto wrong = [&](const char* what) {
    found_.add(e.name(), r.id(),
               quoted(f) + " names the " + std::string(target->name()) + " " +
                   std::to_string(id.value) + ", which " + what,
               "give " + quoted(f) + " another value or none; if the " +
                   std::string(target->name()) + " is missed, restore the newest backup");
  };
  bool readable = true;
  presence is = presence::live;
  try {
    is = presence_of(*target, id);
  } catch (const error& x) {
    if (x.code() == error_code::busy || x.code() == error_code::closed) throw;
    readable = false;  // told where that entity is read
  }
  if (!readable) return;
  if (is == presence::absent) wrong("does not exist");
  if (is == presence::deleted && r.live() && !was_erased(*target, id)) {
    wrong("is deleted, while this record is not");
  }
}

// ---------------------------------------------------------------------------------------- computed

void verifier::computed(const entity_type& e, const row_ptr& r) {
  if (e.stored_computed.empty()) return;
  const char* const again =
      "change any field of the record and change it back, so that it is computed again; an older "
      "program may have computed it in another way";
  any_draft d(r);
  try {
    state_.compute_own(e, d, r->id());
  } catch (const error& x) {
    if (x.code() != error_code::limit && x.code() != error_code::invalid) throw;
    found_.add(e.name(), r->id(), "its computed fields cannot be computed: " + x.message(), again);
    return;
  }
  for (const field_type* f : e.stored_computed) {
    if (!differs(*f, d)) continue;
    found_.add(e.name(), r->id(), quoted(*f) + " is not what is computed from the records now",
               again);
  }
}

}  // namespace kith::inline v1::detail
