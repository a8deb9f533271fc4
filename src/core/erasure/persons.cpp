// SPDX-License-Identifier: Apache-2.0
//
// The model read for persons, once for each erasure.
#include "core/erasure/persons.hpp"

#include <algorithm>

namespace kith::inline v1::detail {
namespace {

bool owns_records(const entity_type& e) {
  return std::any_of(e.relations.begin(), e.relations.end(),
                     [](const relation_type& r) { return r.def->owned; });
}

bool any_personal(const entity_type& e) {
  return std::any_of(e.fields.begin(), e.fields.end(),
                     [](const field_type& f) { return f.def->personal && f.is_stored(); });
}

template <class Visit>
void each_reference(const entity_type& e, Visit visit) {
  for (const field_type& f : e.fields) {
    if (f.def->kind == kind_id::ref || f.def->kind == kind_id::any_ref) visit(f);
  }
}

}  // namespace

persons::persons(const model& of) : model_(of) {
  find_personal(of);
  for (const auto& e : of.entities()) {
    for (const relation_type& r : e->relations) {
      if (r.def->owned) owned_.insert(r.child->number);
    }
  }
  for (const auto& e : of.entities()) {
    for (const relation_type& r : e->relations) {
      if (!r.def->owned && owned_.count(r.child->number) != 0) shared_.insert(r.child->number);
    }
  }
  find_subjects(of);
}

// What is computed from a personal field and stored is personal, too, wherever it is stored.
void persons::find_personal(const model& of) {
  for (const auto& e : of.entities()) {
    for (const field_type& f : e->fields) {
      if (f.def->personal && f.is_stored()) personal_[e->number].push_back(&f);
    }
  }
  for (bool more = true; more;) {
    more = false;
    for (const auto& e : of.entities()) {
      for (const dependent& d : e->dependents) {
        if (d.field == nullptr || is_personal(d.entity->number, d.field->number())) continue;
        if (std::none_of(d.reads.begin(), d.reads.end(),
                         [&](std::uint16_t read) { return is_personal(e->number, read); })) {
          continue;
        }
        personal_[d.entity->number].push_back(d.field);
        more = true;
      }
    }
  }
}

void persons::find_subjects(const model& of) {
  const auto may_be_party = [](const entity_type& e) {
    return !e.about->internal && any_personal(e) && owns_records(e);
  };
  const auto refers_to = [](const entity_type& e, const auto& is_it) {
    bool found = false;
    each_reference(e, [&](const field_type& f) {
      found = found || f.target == nullptr || (f.target != &e && is_it(*f.target));
    });
    return found;
  };
  for (const auto& e : of.entities()) {
    if (may_be_party(*e) && !refers_to(*e, may_be_party)) parties_.insert(e->number);
  }
  subjects_ = parties_;
  for (const auto& e : of.entities()) {
    if (e->about->internal || !any_personal(*e) || owned_.count(e->number) != 0) continue;
    if (!refers_to(*e, [&](const entity_type& t) { return is_party(t); })) {
      subjects_.insert(e->number);
    }
  }
}

const std::vector<const field_type*>& persons::personal(const entity_type& e) const {
  static const std::vector<const field_type*> none_of_it;
  const auto found = personal_.find(e.number);
  return found == personal_.end() ? none_of_it : found->second;
}

bool persons::is_personal(std::uint16_t entity, std::uint16_t field) const {
  const auto found = personal_.find(entity);
  return found != personal_.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [&](const field_type* f) { return f->number() == field; });
}

// Who is shown by a second relation, that of a deal for example, tells of that, too, and stays.
persons::bond persons::bond_of(const entity_type& named, const referrer& from) const {
  if (from.from->about->internal || is_subject(*from.from)) return bond::none;
  bond found = bond::near;
  for (const relation_type& r : named.relations) {
    if (r.child != from.from || r.by != from.by) continue;
    if (r.def->owned && shared_.count(from.from->number) == 0) return bond::owned;
    found = bond::part;
  }
  return found;
}

std::set<std::uint16_t> persons::reached() const {
  std::set<std::uint16_t> found = subjects_;
  std::vector<std::uint16_t> wide(parties_.begin(),
                                  parties_.end());  // whose relations are followed
  std::set<std::uint16_t> followed = parties_;
  while (!wide.empty()) {
    const entity_type& e = *model_.find(wide.back());
    wide.pop_back();
    for (const referrer& from : e.referrers) {
      const bond b = bond_of(e, from);
      if (b == bond::none || (b == bond::near && !is_party(e))) continue;
      found.insert(from.from->number);
      if (b != bond::near && followed.insert(from.from->number).second) {
        wide.push_back(from.from->number);
      }
    }
  }
  return found;
}

}  // namespace kith::inline v1::detail
