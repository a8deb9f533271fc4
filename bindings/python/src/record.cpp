// SPDX-License-Identifier: Apache-2.0
//
// Records as Python objects: made, compared, printed, followed and pickled.
#include "record.hpp"

#include <new>

#include "kith/core/text.hpp"
#include "kith/domain/standard.hpp"
#include "values.hpp"

namespace kith::python {

PyTypeObject* record_type = nullptr;

PyObject* make_record(hub_object* hub, const shape& of, row_ptr row,
                      std::shared_ptr<page> together) {
  auto* const r = reinterpret_cast<row_object*>(checked(of.type->tp_alloc(of.type, 0)));
  new (&r->row) row_ptr(std::move(row));
  r->of = &of;
  r->hub = hub;
  Py_XINCREF(hub);
  new (&r->together) std::shared_ptr<page>(std::move(together));
  return reinterpret_cast<PyObject*>(r);
}

namespace {

row_object& self_of(PyObject* self) { return *reinterpret_cast<row_object*>(self); }

[[noreturn]] void throw_detached(const row_object& r, const attribute& a) {
  throw error(error_code::closed,
              "the " + std::string(r.of->entity->name()) +
                  " is detached from its store, so that '" + a.text +
                  "' cannot be followed; read it again from an open store",
              {std::string(r.of->entity->name()), r.row->id().value, a.text});
}

const entity_type* target_of(const attribute& a, const row& r, const model& of) {
  if (a.kind == kind_id::ref) return of.find(a.field->target->number);
  return of.find(static_cast<std::uint16_t>(r.integer(a.slot + 1u)));
}

// ------------------------------------------------------------------------------------ references

// One reference, now or in the open transaction.
PyObject* follow_alone(row_object& r, const attribute& a) {
  const lease s(*r.hub, access::read);
  const record_id id{r.row->integer(a.slot)};
  const entity_type* const e = target_of(a, *r.row, *s->model());
  if (e == nullptr) Py_RETURN_NONE;
  row_ptr found = without_gil([&] { return s->find_row(*e, id); });
  if (!found) Py_RETURN_NONE;
  return make_record(r.hub, s.shape_of(*e), std::move(found));
}

void read_targets(session& s, const attribute& a, const page& from, page::targets& to) {
  const model& of = *s.model();
  for (const row_ptr& one : from.rows) {
    const record_id id{one->integer(a.slot)};
    if (!id || to.rows.contains(id.value)) continue;
    const entity_type* const e = target_of(a, *one, of);
    to.rows.emplace(id.value, e == nullptr ? row_ptr() : s.find_row(*e, id));
  }
}

// The references of a whole page, of the page's instant.
void read_targets_at(hub_object& hub, const attribute& a, page& from, page::targets& to) {
  if (const auto alive = from.from.lock(); alive && alive->own && !alive->in_call) {
    alive->in_call = true;
    try {
      without_gil([&] { read_targets(*alive->own, a, from, to); });
    } catch (const error&) {
      alive->in_call = false;
      throw;
    }
    alive->in_call = false;
    return;
  }
  const lease s(hub, access::read);
  without_gil([&] {
    if (from.sequence == 0 || s->sequence() == from.sequence) {
      read_targets(*s, a, from, to);
    } else {
      session past = s->as_of(from.sequence);
      read_targets(past, a, from, to);
    }
  });
}

PyObject* follow_together(row_object& r, const attribute& a) {
  const std::shared_ptr<page> together = r.together;
  auto found = together->followed.find(a.field);
  if (found == together->followed.end()) {
    page::targets read;
    read_targets_at(*r.hub, a, *together, read);
    read.together = std::make_shared<page>();
    read.together->from = together->from;
    read.together->sequence = together->sequence;
    if (a.kind == kind_id::ref) {  // of one entity: what they refer to is read together, too
      for (const auto& [id, row] : read.rows) {
        if (row) read.together->rows.push_back(row);
      }
    }
    found = together->followed.emplace(a.field, std::move(read)).first;
  }
  const auto target = found->second.rows.find(r.row->integer(a.slot));
  if (target == found->second.rows.end() || !target->second) Py_RETURN_NONE;
  // The class of the model that the page was read with.
  const entity_type* const e = target_of(a, *r.row, *r.of->model);
  if (e == nullptr) Py_RETURN_NONE;
  const shape& of = r.hub->store->of(r.of->model).of(*e);
  return make_record(r.hub, of, target->second,
                     a.kind == kind_id::ref ? found->second.together : nullptr);
}

PyObject* follow(row_object& r, const attribute& a) {
  if (!r.row->has(a.slot)) Py_RETURN_NONE;
  if (r.hub == nullptr) throw_detached(r, a);
  require_open(*r.hub);
  if (r.together && !r.together->rows.empty()) return follow_together(r, a);
  return follow_alone(r, a);
}

PyObject* compute(row_object& r, const attribute& a) {
  if (r.hub == nullptr) throw_detached(r, a);
  const lease s(*r.hub, access::read);
  const key_ref key{r.of->entity->type, r.of->entity->number, a.field->number(), whole_value};
  const expression of = expression::path({&key, 1});
  const value v = without_gil([&] { return s->compute(*r.of->entity, r.row, of); });
  return to_python(v);
}

}  // namespace

PyObject* read_relation(row_object& r, const relation_type& relation) {
  const lease s(*r.hub, access::read);
  const relation_type* const now =
      s->model()->entity(r.of->entity->name()).find_relation(relation.def->name);
  const entity_type& child = *now->child;
  std::vector<row_ptr> rows;
  without_gil([&] {
    const std::string condition =
        std::string(now->by->name()) + " = :it" +
        (now->only == nullptr ? ""
                              : " and " + std::string(now->only->name()) + " = '" +
                                    std::string(now->def->only_value) + "'") +
        " order by id";
    parameters values;
    values.named.emplace("it", value(r.row->id()));
    any_query q = s->query(child.name(), condition, std::move(values));
    for (const any_record& one : q) rows.push_back(one.row());
  });
  const shape& of = s.shape_of(child);
  py::list out(rows.size());
  const attribute* short_form = nullptr;
  for (const attribute& a : of.attributes) {
    if (a.field == now->shorthand && a.field != nullptr && a.part == whole_value && !a.bare_id) {
      short_form = &a;
    }
  }
  auto together = std::make_shared<page>();
  if (short_form == nullptr) together->rows = rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    PyObject* const one = short_form != nullptr ? to_python(*short_form, *rows[i])
                                                : make_record(r.hub, of, rows[i], together);
    PyList_SET_ITEM(out.ptr(), static_cast<Py_ssize_t>(i), checked(one));
  }
  return out.release().ptr();
}

PyObject* read_attribute(row_object& r, const attribute& a) {
  if (a.many) {
    if (r.hub == nullptr) throw_detached(r, a);
    return read_relation(r, *a.related);
  }
  if (a.slot == no_slot) return compute(r, a);
  if (a.bare_id) {
    if (!r.row->has(a.slot)) Py_RETURN_NONE;
    return checked(PyLong_FromLongLong(r.row->integer(a.slot)));
  }
  if (a.kind == kind_id::ref || (a.kind == kind_id::any_ref && a.part == whole_value)) {
    return follow(r, a);
  }
  return to_python(a, *r.row);
}

namespace {

// --------------------------------------------------------------------------------------- methods

PyObject* get_id(PyObject* self, void*) {
  return PyLong_FromLongLong(self_of(self).row->id().value);
}
PyObject* get_revision(PyObject* self, void*) {
  return PyLong_FromLongLong(self_of(self).row->system().revision);
}
PyObject* get_deleted(PyObject* self, void*) { return PyBool_FromLong(!self_of(self).row->live()); }
PyObject* get_entity(PyObject* self, void*) {
  return guarded([&] { return unicode(self_of(self).of->entity->name()); });
}

// Stored values by name; references as ids, computed values left out.
PyObject* to_dict(PyObject* self, PyObject*) {
  return guarded([&] {
    const row_object& r = self_of(self);
    py::dict out;
    out["id"] = py::int_(r.row->id().value);
    for (const attribute& a : r.of->attributes) {
      if (a.many || a.bare_id || a.slot == no_slot || a.part != whole_value) continue;
      py::object v = py::reinterpret_steal<py::object>(to_python(a, *r.row));
      check(PyDict_SetItem(out.ptr(), a.name, v.ptr()));
    }
    return out.release().ptr();
  });
}

PyObject* keys(PyObject* self, PyObject*) {
  return guarded([&] {
    py::object all = taken(to_dict(self, nullptr));
    return checked(PyDict_Keys(all.ptr()));
  });
}

PyObject* subscript(PyObject* self, PyObject* name) {
  return guarded([&]() -> PyObject* {
    row_object& r = self_of(self);
    if (PyUnicode_Check(name) != 0) {
      if (const attribute* a = r.of->find(name)) {
        if (a->kind == kind_id::ref && !a->bare_id && !a->many) return to_python(*a, *r.row);
        return read_attribute(r, *a);
      }
      if (utf8(name) == "id") return get_id(self, nullptr);
    }
    PyErr_SetObject(PyExc_KeyError, name);
    throw python_error();
  });
}

std::string title_of(const row_object& r) {
  const auto place = r.of->entity->find_field(r.of->entity->about->title);
  if (!place || place->field->slot == no_slot || place->field->retired) return {};
  std::array<cell, max_parts> cells;
  const field_type& f = *place->field;
  const auto parts = f.parts();
  for (unsigned i = 0; i < parts.size(); ++i) {
    cells[i] = r.row->at(static_cast<slot_number>(f.slot + i), parts[i].type);
  }
  return value::of(f.def->kind, f.def->options, {cells.data(), parts.size()}).to_string();
}

PyObject* repr(PyObject* self) {
  return guarded([&] {
    const row_object& r = self_of(self);
    std::string text = "<" + camel(r.of->entity->name()) + " " + std::to_string(r.row->id().value);
    const std::string title = title_of(r);
    if (!title.empty()) text += " '" + shortened(title, 40) + "'";
    if (!r.row->live()) text += " deleted";
    return unicode(text + ">");
  });
}

PyObject* str(PyObject* self) {
  return guarded([&] {
    const std::string title = title_of(self_of(self));
    return title.empty() ? checked(repr(self)) : unicode(title);
  });
}

PyObject* repr_html(PyObject* self, PyObject*) {
  return guarded([&] {
    const py::handle show = from_package("kith._html", "record_html");
    return show(py::handle(self)).release().ptr();
  });
}

Py_hash_t hash(PyObject* self) {
  const row_object& r = self_of(self);
  const auto h = static_cast<Py_hash_t>(r.row->id().value ^ (r.row->system().revision << 40));
  return h == -1 ? -2 : h;
}

// The same version of the same record. A transaction that is open may have several versions under
// one revision, so that values are compared, too; keys and checksums are not read by every scan.
bool same(const row_object& a, const row_object& b) {
  if (a.row == b.row) return true;
  if (a.row->id() != b.row->id() || a.of->entity->number != b.of->entity->number) return false;
  const system_cells &x = a.row->system(), &y = b.row->system();
  if (x.revision != y.revision || x.deleted != y.deleted) return false;
  const std::vector<column>& columns = a.of->entity->columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].role == part_role::key) continue;
    const auto slot = static_cast<slot_number>(i);
    if (a.row->at(slot, columns[i].type) != b.row->at(slot, columns[i].type)) return false;
  }
  return true;
}

PyObject* compare(PyObject* a, PyObject* b, int how) {
  const row_object* const other = as_record(b);
  if (other == nullptr || (how != Py_EQ && how != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
  return PyBool_FromLong(same(self_of(a), *other) == (how == Py_EQ));
}

void free_record(PyObject* self) {
  row_object& r = self_of(self);
  PyTypeObject* const type = Py_TYPE(self);
  r.together.~shared_ptr();
  r.row.~row_ptr();
  Py_XDECREF(r.hub);
  type->tp_free(self);
  Py_DECREF(type);
}

// -------------------------------------------------------------------------------------- pickling

// Cells by slot, and what the store's model has beyond the standard one.
PyObject* reduce(PyObject* self, PyObject*) {
  return guarded([&] {
    const row_object& r = self_of(self);
    const system_cells& s = r.row->system();
    py::list cells;
    for (const column& c : r.of->entity->columns) {
      const auto slot = static_cast<slot_number>(&c - r.of->entity->columns.data());
      const cell v = r.row->at(slot, c.type);
      switch (v.type()) {
        case storage::null: cells.append(py::none()); break;
        case storage::integer: cells.append(py::int_(v.as_integer())); break;
        case storage::real: cells.append(py::float_(v.as_real())); break;
        case storage::text: cells.append(text_of(v.as_bytes())); break;
        case storage::blob:
          cells.append(py::bytes(v.as_bytes().data(), v.as_bytes().size()));
          break;
      }
    }
    py::list entries;
    for (const model_entry& entry : r.of->model->entries()) {
      if (entry.definition.empty()) continue;
      entries.append(py::make_tuple(entry.entity, entry.field, entry.name,
                                    py::bytes(entry.definition), entry.retired));
    }
    const py::tuple system = py::make_tuple(s.id.value, s.revision, s.created, s.deleted,
                                            s.merged_into.value, s.checksum);
    const py::tuple state =
        py::make_tuple(text_of(r.of->entity->name()), system, py::tuple(cells), py::tuple(entries));
    return py::make_tuple(py::handle(from_package("kith._values", "restored")), state)
        .release()
        .ptr();
  });
}

shapes& standard_with(const py::tuple& entries) {
  static auto* const kept = new std::unordered_map<std::string, std::shared_ptr<shapes>>();
  const std::string key = py::cast<std::string>(py::repr(entries));
  auto& found = (*kept)[key];
  if (!found) {
    model::source source;
    source.entities.assign(standard_entities.begin(), standard_entities.end());
    for (const py::handle given : entries) {
      const auto line = py::reinterpret_borrow<py::tuple>(given);
      model_entry entry;
      entry.entity = py::cast<std::uint16_t>(line[0]);
      entry.field = py::cast<std::uint16_t>(line[1]);
      entry.name = py::cast<std::string>(line[2]);
      entry.definition = py::cast<std::string>(line[3]);
      entry.retired = py::cast<bool>(line[4]);
      source.entries.push_back(std::move(entry));
    }
    found = std::make_shared<shapes>(model::build(std::move(source)));
  }
  return *found;
}

py::object restored(const std::string& entity, const py::tuple& system, const py::tuple& given,
                    const py::tuple& entries) {
  shapes& of = standard_with(entries);
  const entity_type& e = of.model()->entity(entity);
  system_cells s;
  s.id = {py::cast<std::int64_t>(system[0])};
  s.revision = py::cast<std::int64_t>(system[1]);
  s.created = py::cast<std::int64_t>(system[2]);
  s.deleted = py::cast<std::int64_t>(system[3]);
  s.merged_into = {py::cast<std::int64_t>(system[4])};
  s.checksum = py::cast<std::uint64_t>(system[5]);
  if (given.size() > e.columns.size()) {
    throw error(error_code::newer, "the record was pickled by a newer Kith");
  }
  std::vector<cell> cells;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const py::handle v = given[i];
    const storage type = e.columns[i].type;
    if (v.is_none()) {
      cells.push_back(cell::null());
    } else if (type == storage::integer) {
      cells.push_back(cell::integer(py::cast<std::int64_t>(v)));
    } else if (type == storage::real) {
      cells.push_back(cell::real(py::cast<double>(v)));
    } else if (type == storage::text) {
      cells.push_back(cell::text(utf8(py::object(given[i]).ptr())));
    } else {
      cells.push_back(
          cell::blob({PyBytes_AsString(v.ptr()), static_cast<std::size_t>(PyBytes_Size(v.ptr()))}));
    }
  }
  return py::reinterpret_steal<py::object>(make_record(nullptr, of.of(e), row_ptr::make(s, cells)));
}

PyMethodDef methods[] = {
    {"to_dict", to_dict, METH_NOARGS,
     "The stored values by name: references as ids, what is computed on read left out."},
    {"keys", keys, METH_NOARGS, "The names of the values, so that dict(record) works."},
    {"_repr_html_", repr_html, METH_NOARGS, nullptr},
    {"__reduce__", reduce, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr}};
PyGetSetDef getters[] = {
    {"id", get_id, nullptr, "Unique in the store, across all entities.", nullptr},
    {"revision", get_revision, nullptr, "The sequence of the commit that made this version.",
     nullptr},
    {"deleted", get_deleted, nullptr, "Whether it was deleted.", nullptr},
    {"_entity", get_entity, nullptr, "The name of its entity.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

void bind_records(py::module_& m) {
  PyType_Slot slots[] = {
      {Py_tp_dealloc, reinterpret_cast<void*>(free_record)},
      {Py_tp_repr, reinterpret_cast<void*>(repr)},
      {Py_tp_str, reinterpret_cast<void*>(str)},
      {Py_tp_hash, reinterpret_cast<void*>(hash)},
      {Py_tp_richcompare, reinterpret_cast<void*>(compare)},
      {Py_mp_subscript, reinterpret_cast<void*>(subscript)},
      {Py_tp_methods, methods},
      {Py_tp_getset, getters},
      {Py_tp_doc, const_cast<char*>("One version of a record; it never changes.")},
      {0, nullptr}};
  PyType_Spec spec{"kith.Record", static_cast<int>(sizeof(row_object)), 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                   slots};
  record_type = reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)));
  m.attr("Record") = py::handle(reinterpret_cast<PyObject*>(record_type));
  m.def("restored", &restored);
}

}  // namespace kith::python
