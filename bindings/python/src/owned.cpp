// SPDX-License-Identifier: Apache-2.0
//
// Records together with those that they own: `emails=["a@b.example"]`, `lines=[{…}, {…}]`.
#include "collection.hpp"
#include "kith/core/text.hpp"
#include "values.hpp"

namespace kith::python {
namespace {

const attribute& attribute_of(const shape& s, const field_type& f) {
  for (const attribute& a : s.attributes) {
    if (a.field != nullptr && a.field->number() == f.number() && a.part == whole_value &&
        !a.bare_id) {
      return a;
    }
  }
  throw error(error_code::model, "no such attribute");
}

new_record child_from(hub_object& hub, const shape& of, const relation_type& relation,
                      const shape& child, PyObject* given) {
  new_record made;
  if (relation.only != nullptr) {
    made.draft.put(relation.only->slot, cell::integer(relation.only_value));
  }
  if (PyDict_Check(given) != 0) {
    PyObject *name = nullptr, *one = nullptr;
    Py_ssize_t at = 0;
    while (PyDict_Next(given, &at, &name, &one) != 0) put_named(made, hub, child, name, one);
    return made;
  }
  if (relation.shorthand == nullptr || as_record(given) != nullptr) {
    throw_wrong_type(std::string(of.entity->name()) + "." + std::string(relation.def->name) +
                         " takes dicts with the values of its " +
                         std::string(relation.child->plural()) + ", not " + described(given),
                     of.entity->name(), relation.def->name);
  }
  put(made.draft, attribute_of(child, *relation.shorthand), given);
  return made;
}

void name_parent(any_draft& d, const relation_type& relation, const entity_type& parent,
                 record_id id) {
  d.put(relation.by->slot, cell::integer(id.value));
  if (relation.by->def->kind == kind_id::any_ref) {
    d.put(static_cast<slot_number>(relation.by->slot + 1), cell::integer(parent.number));
  }
}

void add_children(kith::session& s, const entity_type& e, record_id id, new_record& r) {
  for (new_record::owned& owned : r.children) {
    for (new_record& child : owned.records) {
      name_parent(child.draft, *owned.relation, e, id);
      write_new(s, *owned.relation->child, child);
    }
  }
}

std::vector<row_ptr> children_of(kith::session& s, const relation_type& relation, record_id id) {
  std::string condition = std::string(relation.by->name()) + " = :it";
  if (relation.only != nullptr) {
    condition += " and " + std::string(relation.only->name()) + " = '" +
                 std::string(relation.def->only_value) + "'";
  }
  parameters values;
  values.named.emplace("it", value(id));
  std::vector<row_ptr> rows;
  for (const any_record& one :
       s.query(relation.child->name(), condition + " order by id", std::move(values))) {
    rows.push_back(one.row());
  }
  return rows;
}

// The list becomes what was given: what stands for itself already stays as it is.
void replace_children(kith::session& s, record_id id, new_record::owned& owned) {
  const relation_type& relation = *owned.relation;
  std::vector<row_ptr> there = children_of(s, relation, id);
  const auto stands_for = [&](const new_record& given, const row& r) {
    if (relation.shorthand == nullptr) return false;
    const slot_number slot = relation.shorthand->slot;
    return given.draft.changed(slot) && given.draft.text(slot) == r.text(slot);
  };
  std::vector<new_record> missing;
  for (new_record& given : owned.records) {
    const auto kept = std::find_if(there.begin(), there.end(),
                                   [&](const row_ptr& r) { return r && stands_for(given, *r); });
    if (kept == there.end()) {
      missing.push_back(std::move(given));
      continue;
    }
    resolve_names(s, *relation.child, given);
    any_draft changes = given.draft;
    s.update_row(*relation.child, (*kept)->id(), changes);
    *kept = {};
  }
  for (const row_ptr& r : there) {
    if (r) s.remove_row(*relation.child, r->id());
  }
  owned.records = std::move(missing);
}

}  // namespace

void put_named(new_record& to, hub_object& hub, const shape& of, PyObject* name, PyObject* given) {
  const attribute& a = of.at(name);
  if (a.kind == kind_id::ref && !a.many && !a.bare_id && PyUnicode_Check(given) != 0) {
    to.named.push_back({a.field, std::string(utf8(given))});
    return;
  }
  if (!a.many) {
    put(to.draft, a, given);
    return;
  }
  const relation_type& relation = *a.related;
  if (!relation.def->owned) {
    throw_wrong_type("the " + a.text + " of a " + std::string(of.entity->name()) +
                         " live on their own: add them to crm." +
                         std::string(relation.child->plural()),
                     of.entity->name(), a.text);
  }
  if (PyUnicode_Check(given) != 0 || PyDict_Check(given) != 0) {
    throw_wrong_type(
        std::string(of.entity->name()) + "." + a.text + " takes a list, not " + described(given),
        of.entity->name(), a.text);
  }
  const shape& child = hub.store->of(of.model).of(*relation.child);
  to.children.push_back({&relation, {}});
  for (const py::handle one : py::handle(given)) {
    to.children.back().records.push_back(child_from(hub, of, relation, child, one.ptr()));
  }
}

void resolve_names(kith::session& s, const entity_type& e, new_record& r) {
  for (const new_record::by_name& name : r.named) {
    const field_type& f = *name.field;
    const row_ptr found = s.find_natural(*f.target, name.text);
    if (!found) {
      throw error({{std::string(e.name()), std::string(f.name()), "reference", shortened(name.text),
                    "there is no " + std::string(f.target->name()) + " '" + shortened(name.text) +
                        "'; add it first, or give a record or an id"}});
    }
    r.draft.put(f.slot, cell::integer(found->id().value));
  }
  r.named.clear();
}

row_ptr write_new(kith::session& s, const entity_type& e, new_record& r) {
  resolve_names(s, e, r);
  if (r.children.empty()) return s.add_row(e, r.draft);
  transaction tx = s.write();
  const record_id id = s.add_row(e, r.draft)->id();
  add_children(s, e, id, r);
  row_ptr complete = s.get_row(e, id);
  tx.commit();
  return complete;
}

row_ptr write_changed(kith::session& s, const entity_type& e, record_id id, new_record& r) {
  resolve_names(s, e, r);
  if (r.children.empty()) return s.update_row(e, id, r.draft);
  transaction tx = s.write();
  if (!r.draft.empty()) s.update_row(e, id, r.draft);
  for (new_record::owned& owned : r.children) replace_children(s, id, owned);
  add_children(s, e, id, r);
  row_ptr complete = s.get_row(e, id);
  tx.commit();
  return complete;
}

}  // namespace kith::python
