// SPDX-License-Identifier: Apache-2.0
//
// Names to keys.
#include "core/expression/names.hpp"

#include "core/expression/lexer.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {

void name_walk::unknown(std::string_view name, std::size_t at, bool relations) const {
  std::vector<std::string_view> names;
  for (const field_type& f : entity_->fields) {
    if (f.retired) continue;
    names.push_back(f.name());
    if (!f.def->flat) continue;
    for (const part_def& p : f.parts()) {
      if (p.role == part_role::value) names.push_back(p.name);
    }
  }
  for (const system_name& s : system_names) names.push_back(s.name);
  if (relations) {
    for (const relation_type& r : entity_->relations) names.push_back(r.def->name);
  }
  const std::string hint = did_you_mean(name, names);
  query_error(source_, at,
              std::string(entity_->name()) + " has no field" + (relations ? " or relation" : "") +
                  " '" + shortened(name, 30) + "'" + (hint.empty() ? "" : "; " + hint));
}

// Before a name can follow, the last one must be a reference to one entity.
void name_walk::follow(std::size_t at) {
  if (last_ == nullptr && keys_.empty()) return;
  if (last_ == nullptr || last_->target == nullptr) {
    const std::string name = last_ == nullptr ? "a system field" : std::string(last_->name());
    query_error(source_, at, name + " is not a reference: nothing can follow it");
  }
  entity_ = last_->target;
}

void name_walk::step(std::string_view name, std::size_t at) {
  if (last_ != nullptr && last_->target == nullptr && keys_.back().part == whole_value) {
    const auto parts = last_->parts();  // address.city
    for (std::uint8_t i = 0; i < parts.size(); ++i) {
      if (parts[i].role != part_role::value || parts[i].name != name || name.empty()) continue;
      keys_.back().part = i;
      return;
    }
  }
  follow(at);
  if (const auto place = entity_->find_field(name); place && !place->field->retired) {
    keys_.push_back({0, entity_->number, place->field->number(), place->part});
    last_ = place->part == whole_value ? place->field : nullptr;
    return;
  }
  for (const system_name& s : system_names) {
    if (s.name != name) continue;
    keys_.push_back({0, entity_->number, s.slot, whole_value});
    last_ = nullptr;
    return;
  }
  unknown(name, at, false);
}

const relation_type* name_walk::relation_step(std::string_view name, std::size_t at) {
  follow(at);
  last_ = nullptr;
  if (const relation_type* r = entity_->find_relation(name)) return r;
  const auto place = entity_->find_field(name);
  if (!place || place->field->retired) unknown(name, at, true);
  keys_.push_back({0, entity_->number, place->field->number(), place->part});
  last_ = place->field;
  return nullptr;
}

std::string name_walk::relation_hint() const {
  if (entity_->relations.empty()) {
    return "those of an entity that has relations; " + std::string(entity_->name()) + " has none";
  }
  return "count(" + std::string(entity_->relations.front().def->name) + ")";
}

}  // namespace kith::inline v1::detail
