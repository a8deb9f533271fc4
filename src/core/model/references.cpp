// SPDX-License-Identifier: Apache-2.0
//
// Putting a model together: what names what. References find their entity, relations the field
// that they are the other side of.
#include <algorithm>

#include "core/model/build.hpp"

namespace kith::inline v1 {

const entity_type& model_builder::target_of(const entity_type& e, const field_type& f) const {
  const entity_type* target =
      f.def->target_name.empty() ? model_->find(f.def->target) : model_->find(f.def->target_name);
  if (target == nullptr) {
    contradiction(name_of(e, f.name()) + " refers to an entity that this store does not have");
  }
  return *target;
}

void model_builder::resolve_references() {
  for (const auto& e : model_->entities_) {
    for (field_type& f : e->fields) {
      if (f.def->natural_key) e->natural_keys.push_back(&f);
      if (f.def->on_delete == delete_policy::clear && (f.def->required || f.def->set_once)) {
        contradiction(name_of(*e, f.name()) +
                      " may not become empty, but a deletion would clear "
                      "it; let the deletion be refused or cascade");
      }
      if (f.def->kind == kind_id::any_ref && !f.retired) {
        for (const auto& any : model_->entities_) any->referrers.push_back({e.get(), &f});
      }
      if (f.def->kind != kind_id::ref) continue;
      f.target = &target_of(*e, f);
      // What is hidden keeps nobody from being deleted and is not deleted along.
      if (!f.retired) const_cast<entity_type*>(f.target)->referrers.push_back({e.get(), &f});
      if (f.def->acyclic && f.target != e.get()) {
        contradiction(name_of(*e, f.name()) + " is acyclic, but refers to another entity");
      }
    }
  }
}

void model_builder::resolve_relations() {
  for (const entity_description& d : source_.entities) {
    entity_type& e = const_cast<entity_type&>(*model_->find(d.type));
    e.relations.reserve(d.relations.size());
    for (const relation_def* r : d.relations) {
      relation_type relation;
      relation.def = r;
      relation.child = model_->find(r->child);
      if (relation.child == nullptr) {
        contradiction(name_of(e, r->name) + " relates to an entity that this store does not have");
      }
      relation.by = relation.child->field(r->by).field;
      const kind_id by = relation.by->def->kind;
      if (by != kind_id::any_ref && relation.by->target != &e) {
        contradiction(name_of(e, r->name) + ": " + name_of(*relation.child, r->by) +
                      " does not refer to " + std::string(e.name()));
      }
      if (!r->only_field.empty()) {
        relation.only = relation.child->field(r->only_field).field;
        const auto options = relation.only->def->options.choices;
        const auto option = std::find_if(options.begin(), options.end(),
                                         [&](const auto& o) { return o.name == r->only_value; });
        if (option == options.end()) {
          contradiction(name_of(e, r->name) + ": " + std::string(r->only_field) + " is never " +
                        std::string(r->only_value));
        }
        relation.only_value = option->number;
      }
      if (!r->shorthand.empty()) relation.shorthand = relation.child->field(r->shorthand).field;
      if (e.find_field(r->name)) contradiction(name_of(e, r->name) + " is a field and a relation");
      e.relations.push_back(relation);
    }
  }
}

}  // namespace kith::inline v1
