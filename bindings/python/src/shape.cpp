// SPDX-License-Identifier: Apache-2.0
//
// Makes the class of an entity's records: a getter for each field, flat part, reference's id and
// relation, found by Python's own type look-up.
#include "shape.hpp"

#include "record.hpp"

namespace kith::python {
namespace {

PyObject* get_attribute(PyObject* self, void* closure) {
  return guarded([&] {
    return read_attribute(*reinterpret_cast<row_object*>(self),
                          *static_cast<const attribute*>(closure));
  });
}

void add(shape& s, std::string name, std::string_view doc, const field_type* field,
         std::uint8_t part = whole_value) {
  attribute a;
  a.of = &s;
  a.field = field;
  a.part = part;
  a.text = std::move(name);
  a.doc = doc;
  if (field != nullptr) {
    a.kind = part == whole_value ? field->def->kind : kind_id::text;
    a.slot = field->slot;
    if (part != whole_value && a.slot != no_slot) a.slot = static_cast<slot_number>(a.slot + part);
  }
  s.attributes.push_back(std::move(a));
}

void add_field(shape& s, const field_type& f) {
  if (f.retired) return;
  const std::string name(f.name());
  add(s, name, f.def->doc, &f);
  if (f.def->kind == kind_id::ref) {
    add(s, name + "_id", "The id of '" + name + "', without reading it.", &f);
    s.attributes.back().bare_id = true;
  }
  if (!f.def->flat) return;
  const auto parts = f.parts();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].role == part_role::key || parts[i].name.empty()) continue;
    add(s, std::string(parts[i].name), "Part of '" + name + "'.", &f, static_cast<std::uint8_t>(i));
  }
}

void add_relation(shape& s, const relation_type& r) {
  add(s, std::string(r.def->name), r.def->doc, nullptr);
  s.attributes.back().many = true;
  s.attributes.back().related = &r;
}

void free_shape(PyObject* capsule) {
  delete static_cast<shape*>(PyCapsule_GetPointer(capsule, "kith.shape"));
}

// The class, which owns the shape through a capsule among its attributes.
void make_type(shape& s) {
  s.type_name = "kith." + camel(s.entity->name());
  s.type_doc = std::string(s.entity->about->doc);
  for (attribute& a : s.attributes) {
    s.getters.push_back({a.text.c_str(), get_attribute, nullptr, a.doc.c_str(), &a});
  }
  s.getters.push_back({nullptr, nullptr, nullptr, nullptr, nullptr});
  PyType_Slot slots[] = {
      {Py_tp_getset, s.getters.data()}, {Py_tp_doc, s.type_doc.data()}, {0, nullptr}};
  PyType_Spec spec{s.type_name.c_str(), 0, 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
  const py::object bases =
      py::make_tuple(py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(record_type)));
  py::object type = taken(PyType_FromSpecWithBases(&spec, bases.ptr()));
  s.type = reinterpret_cast<PyTypeObject*>(type.ptr());
  const py::object capsule = taken(PyCapsule_New(&s, "kith.shape", free_shape));
  check(PyObject_SetAttrString(type.ptr(), "_shape", capsule.ptr()));
  type.release();
}

// Of an action's or report's arguments, too.
const entity_type* in_model(const model& of, const entity_type& e) {
  if (e.number >= first_report_number) return &of.find_report(e.number)->arguments;
  if (e.number >= first_action_number) return &of.find_action(e.number)->arguments;
  return of.find(e.number);
}

}  // namespace

shape::~shape() {
  for (attribute& a : attributes) {
    Py_XDECREF(a.name);
    Py_XDECREF(a.choices);
  }
  Py_XDECREF(names);
}

const attribute* shape::find(PyObject* name) const {
  PyObject* const index = PyDict_GetItemWithError(names, name);
  if (index == nullptr) {
    if (PyErr_Occurred() != nullptr) throw python_error();
    return nullptr;
  }
  return &attributes[static_cast<std::size_t>(PyLong_AsSsize_t(index))];
}

const attribute& shape::at(PyObject* name) const {
  if (const attribute* a = find(name)) return *a;
  const std::string text(utf8(name));
  std::string message = std::string(entity->plural()) + " have no field '" + text + "'";
  try {
    entity->field(text);
  } catch (const error& e) {
    message = e.message();  // with near names
  }
  throw_wrong_type(message, entity->name(), text);
}

// The classes stay: a call in another thread may be at work with one. Models change seldom.
shapes::~shapes() = default;

const shape& shapes::of(const entity_type& e) {
  const auto found = made_.find(e.number);
  if (found != made_.end()) return *found->second;
  auto s = std::make_unique<shape>();
  s->model = model_;
  s->entity = in_model(*model_, e);
  s->attributes.reserve(s->entity->fields.size() * 3 + s->entity->relations.size());
  for (const field_type& f : s->entity->fields) add_field(*s, f);
  for (const relation_type& r : s->entity->relations) add_relation(*s, r);
  py::dict names;
  for (std::size_t i = 0; i < s->attributes.size(); ++i) {
    s->attributes[i].name = PyUnicode_InternFromString(s->attributes[i].text.c_str());
    names[py::handle(s->attributes[i].name)] = i;
  }
  s->names = names.release().ptr();
  make_type(*s);
  const shape& made = *s.release();  // its class owns it from now on
  made_.emplace(e.number, &made);
  return made;
}

}  // namespace kith::python
