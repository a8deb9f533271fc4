// SPDX-License-Identifier: Apache-2.0
//
// Putting a model together: indexes, those that entities describe and those that follow from
// unique, indexed and natural keys.
#include <algorithm>

#include "core/model/build.hpp"

namespace kith::inline v1 {

index_type model_builder::index_of(const entity_type& e, const index_def& def) {
  index_type index;
  index.as = def.as;
  constexpr std::string_view prefix[] = {"ix", "ux", "tl"};
  index.name = prefix[static_cast<std::size_t>(def.as)];
  for (std::uint8_t i = 0; i < def.columns; ++i) {
    const field_type* f = e.field(def.column[i].field);
    if (f == nullptr || !f->is_stored()) {
      contradiction("an index of " + std::string(e.name()) + " names a field that is not stored");
    }
    const auto parts = f->parts();
    std::vector<std::uint8_t> wanted(f->comparison().begin(), f->comparison().end());
    const bool shown = i >= def.keys;
    if (shown) {  // a list shows values, not keys
      wanted.clear();
      for (std::uint8_t p = 0; p < parts.size(); ++p) {
        if (parts[p].role == part_role::value) wanted.push_back(p);
      }
    }
    if (def.column[i].part != whole_value) {
      const std::uint8_t p = def.column[i].part;
      const bool keyed = p + 1u < parts.size() && parts[p + 1u].role == part_role::key;
      wanted = {static_cast<std::uint8_t>(keyed && !shown ? p + 1 : p)};
    }
    for (const std::uint8_t p : wanted) {
      const auto slot = static_cast<slot_number>(f->slot + p);
      (shown ? index.shown : index.keys).push_back(slot);
      if (!shown) index.name += "_" + e.columns[slot].name;
    }
    if (!shown) index.fields.push_back(f);
  }
  return index;
}

void model_builder::add_index(entity_type& e, const index_def& def) {
  index_type index = index_of(e, def);
  const bool twice = std::any_of(e.indexes.begin(), e.indexes.end(),
                                 [&](const index_type& other) { return other.name == index.name; });
  if (!twice) e.indexes.push_back(std::move(index));
}

void model_builder::add_field_index(entity_type& e, const field_type& f) {
  if (!f.is_stored()) return;
  if (!f.def->unique && !f.def->indexed && !f.def->natural_key) return;
  index_def def;
  def.as = f.def->unique ? index_def::shape::exclusive : index_def::shape::ordinary;
  def.keys = def.columns = 1;
  def.column[0] = {0, e.number, f.number(), whole_value};
  if (f.retired) {
    e.retired_indexes.push_back(index_of(e, def).name);
  } else {
    add_index(e, def);
  }
}

void model_builder::make_indexes() {
  for (const entity_description& d : source_.entities) {
    entity_type& e = const_cast<entity_type&>(*model_->find(d.type));
    for (const index_def& i : d.indexes) add_index(e, i);
  }
  for (const auto& e : model_->entities_) {
    for (const field_type& f : e->fields) add_field_index(*e, f);
  }
}

}  // namespace kith::inline v1
