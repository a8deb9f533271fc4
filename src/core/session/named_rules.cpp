// SPDX-License-Identifier: Apache-2.0
//
// Names to keys, and what a program wants in a store's model.
#include "core/session/named_rules.hpp"

#include <algorithm>

#include "core/session/engine.hpp"

namespace kith::inline v1 {
namespace detail {
namespace {

key_ref key_of(const entity_type& of, const field_place& place) {
  return {of.type, of.type == 0 ? of.number : std::uint16_t{0}, place.field->number(), place.part};
}

}  // namespace

std::vector<key_ref> keys_of_path(const entity_type& from, std::string_view path) {
  std::vector<key_ref> keys;
  const entity_type* at = &from;
  while (true) {
    if (const auto whole = at->find_field(path)) {  // dotted parts included
      keys.push_back(key_of(*at, *whole));
      return keys;
    }
    const std::size_t dot = path.find('.');
    const field_place place = at->field(path.substr(0, dot));
    if (dot == std::string_view::npos || place.field->target == nullptr) {
      at->field(path);  // says what is near
    }
    keys.push_back(key_of(*at, place));
    at = place.field->target;
    path.remove_prefix(dot + 1);
  }
}

rule looked_up(const kith::model& in, const rule& named) {
  rule found = named;
  const entity_type& on = in.entity(named.names.entity);
  found.entity = on.type;
  for (const std::string& path : named.names.reads) {
    found.reads.push_back(keys_of_path(on, path));
  }
  for (const std::string& name : named.names.writes) {
    found.writes.push_back(key_of(on, on.field(name)));
  }
  return found;
}

namespace {

// Whether the entity has the field; a field that is there must be what is wanted.
bool has_wanted(const entity_type& e, const custom_field& wanted) {
  const auto place = e.find_field(wanted.name);
  if (!place) return false;
  const bool same = place->part == whole_value && place->field->def->kind == wanted.kind;
  if (same && !place->field->retired) return true;
  throw error(
      error_code::model,
      "the store's field " + std::string(e.name()) + "." + wanted.name +
          (same ? " was retired, but this program needs it; open the store without it"
                : " is a " + std::string(place->field->kind().name) + ", this program needs a " +
                      std::string(kind_of(wanted.kind).name) + "; give one of them another name"),
      {std::string(e.name()), 0, wanted.name});
}

}  // namespace
}  // namespace detail

bool engine::has_wanted(const kith::model& m) const {
  for (const custom_entity& wanted : options_.wanted_entities) {
    const entity_type* const e = m.find(wanted.name);
    if (e == nullptr) return false;
    for (const custom_field& f : wanted.fields) {
      if (!detail::has_wanted(*e, f)) return false;
    }
  }
  for (const wanted_field& f : options_.wanted_fields) {
    if (!detail::has_wanted(m.entity(f.entity), f.field)) return false;
  }
  return true;
}

model_ptr engine::with_wanted(model_ptr m) const {
  if (options_.wanted_entities.empty() && options_.wanted_fields.empty()) return m;
  for (const custom_entity& wanted : options_.wanted_entities) {
    if (m->find(wanted.name) == nullptr) m = m->with(wanted);
    for (const custom_field& f : wanted.fields) {
      if (!detail::has_wanted(m->entity(wanted.name), f)) m = m->with(wanted.name, f);
    }
  }
  for (const wanted_field& f : options_.wanted_fields) {
    if (!detail::has_wanted(m->entity(f.entity), f.field)) m = m->with(f.entity, f.field);
  }
  const bool has_verbs = !m->made_from().actions.empty() || !m->made_from().reports.empty();
  return has_verbs ? m : with_verbs(*m);
}

model_ptr engine::built(kith::model::source from) const {
  if (!options_.wanted_entities.empty()) {
    const model_ptr plain = kith::model::build(std::move(from));
    return options_.read_only || has_wanted(*plain) ? with_verbs(*plain) : plain;
  }
  from.actions = options_.actions;
  from.reports = options_.reports;
  return kith::model::build(std::move(from));
}

model_ptr engine::with_verbs(const kith::model& m) const {
  kith::model::source from = m.made_from();
  from.actions = options_.actions;
  from.reports = options_.reports;
  // A store that is only read may lack entities of modules; so it lacks what is done to them.
  if (options_.read_only) {
    std::erase_if(from.actions, [&](const action_description& a) {
      return a.on == 0 && m.find(a.on_name) == nullptr;
    });
  }
  return kith::model::build(std::move(from));
}

}  // namespace kith::inline v1
