// SPDX-License-Identifier: Apache-2.0
//
// get, find, add, update, delete, restore: one call each, no look-up of names but those given.
#include "collection.hpp"

#include "values.hpp"

namespace kith::python {

PyTypeObject* collection_type = nullptr;

collection_object& collection_of(py::handle object) {
  if (PyObject_TypeCheck(object.ptr(), collection_type) == 0) throw_wrong_type("not a collection");
  return *reinterpret_cast<collection_object*>(object.ptr());
}

const shape& shape_in(collection_object& c, const kith::session& s) {
  if (s.model() == c.known) return *c.of;
  const shape& found = c.hub->store->of(s.model()).of(s.model()->entity(c.name));
  Py_INCREF(found.type);
  Py_XSETREF(c.type, found.type);
  c.known = s.model();
  c.of = &found;
  return found;
}

namespace {

collection_object& self_of(PyObject* self) { return *reinterpret_cast<collection_object*>(self); }

void require_one(Py_ssize_t given, PyObject* const* args, const char* method) {
  if (given == 1 && args[0] != nullptr) return;
  throw_wrong_type(std::string(method) + "() takes one record or id, not " + std::to_string(given) +
                   " values");
}

// A record of another entity is a mistake, not a record that is absent.
record_id id_for(const collection_object& c, const shape& of, PyObject* given) {
  if (const row_object* r = as_record(given);
      r != nullptr && r->of->entity->number != of.entity->number) {
    throw_wrong_type("crm." + c.name + " has no " + described(given), of.entity->name(), "id");
  }
  return id_from(given);
}

Py_ssize_t count_of(PyObject* names) { return names == nullptr ? 0 : PyTuple_GET_SIZE(names); }

// `get(7)`, `find(tax_id="5503012345")`.
row_ptr look_up(collection_object& c, kith::session& s, const shape& of, PyObject* const* args,
                Py_ssize_t given, PyObject* names, const char* method) {
  if (count_of(names) == 0) {
    require_one(given, args, method);
    const record_id id = id_for(c, of, args[0]);
    return without_gil([&] { return s.find_row(*of.entity, id); });
  }
  if (given != 0 || count_of(names) != 1) {
    throw_wrong_type(std::string(method) + "() takes an id or one field=value");
  }
  const attribute& a = of.at(PyTuple_GET_ITEM(names, 0));
  if (a.many || a.bare_id || a.slot == no_slot) {
    throw_wrong_type("'" + a.text + "' is no stored field; use where()");
  }
  new_record like;
  put_named(like, *c.hub, of, PyTuple_GET_ITEM(names, 0), args[0]);
  const key_ref key{of.entity->type, of.entity->number, a.field->number(), a.part};
  return without_gil([&] {
    resolve_names(s, *of.entity, like);
    return s.find_like(*of.entity, key, like.draft);
  });
}

PyObject* find(PyObject* self, PyObject* const* args, Py_ssize_t given, PyObject* names) {
  return guarded([&]() -> PyObject* {
    collection_object& c = self_of(self);
    const lease s(*c.hub, access::read);
    const shape& before = shape_in(c, *s);
    row_ptr r = look_up(c, *s, before, args, given, names, "find");
    if (!r) Py_RETURN_NONE;
    return make_record(c.hub, shape_in(c, *s), std::move(r));
  });
}

[[noreturn]] void throw_absent(const shape& of, PyObject* given, PyObject* names) {
  const std::string what =
      count_of(names) == 0
          ? std::to_string(id_from(given).value)
          : "with " + std::string(utf8(PyTuple_GET_ITEM(names, 0))) + " " + described(given);
  throw error(
      error_code::not_found, "there is no " + std::string(of.entity->name()) + " " + what,
      {std::string(of.entity->name()), count_of(names) == 0 ? id_from(given).value : 0, {}});
}

PyObject* get(PyObject* self, PyObject* const* args, Py_ssize_t given, PyObject* names) {
  return guarded([&] {
    collection_object& c = self_of(self);
    const lease s(*c.hub, access::read);
    const shape& before = shape_in(c, *s);
    row_ptr r = look_up(c, *s, before, args, given, names, "get");
    if (!r) throw_absent(before, args[0], names);
    return make_record(c.hub, shape_in(c, *s), std::move(r));
  });
}

void put_all(new_record& to, hub_object& hub, const shape& of, PyObject* const* values,
             PyObject* names) {
  const Py_ssize_t count = count_of(names);
  for (Py_ssize_t i = 0; i < count; ++i) {
    put_named(to, hub, of, PyTuple_GET_ITEM(names, i), values[i]);
  }
}

PyObject* add(PyObject* self, PyObject* const* args, Py_ssize_t given, PyObject* names) {
  return guarded([&] {
    collection_object& c = self_of(self);
    if (given != 0) throw_wrong_type("add() takes field=value only");
    const lease s(*c.hub, access::write);
    const shape& of = shape_in(c, *s);
    new_record made;
    put_all(made, *c.hub, of, args, names);
    row_ptr r = without_gil([&] { return write_new(*s, *of.entity, made); });
    return make_record(c.hub, shape_in(c, *s), std::move(r));
  });
}

PyObject* update(PyObject* self, PyObject* const* args, Py_ssize_t given, PyObject* names) {
  return guarded([&] {
    collection_object& c = self_of(self);
    require_one(given, args, "update");
    const lease s(*c.hub, access::write);
    const shape& of = shape_in(c, *s);
    const record_id id = id_for(c, of, args[0]);
    new_record made;
    if (const row_object* r = as_record(args[0])) made.draft.clear(r->row);
    put_all(made, *c.hub, of, args + given, names);
    row_ptr r = without_gil([&] { return write_changed(*s, *of.entity, id, made); });
    return make_record(c.hub, shape_in(c, *s), std::move(r));
  });
}

PyObject* remove(PyObject* self, PyObject* given) {
  return guarded([&]() -> PyObject* {
    collection_object& c = self_of(self);
    const lease s(*c.hub, access::write);
    const shape& of = shape_in(c, *s);
    const record_id id = id_for(c, of, given);
    without_gil([&] { s->remove_row(*of.entity, id); });
    Py_RETURN_NONE;
  });
}

PyObject* restore(PyObject* self, PyObject* given) {
  return guarded([&] {
    collection_object& c = self_of(self);
    const lease s(*c.hub, access::write);
    const shape& of = shape_in(c, *s);
    const record_id id = id_for(c, of, given);
    row_ptr r = without_gil([&] { return s->restore_row(*of.entity, id); });
    return make_record(c.hub, shape_in(c, *s), std::move(r));
  });
}

PyObject* named(PyObject* self, PyObject* given) {
  return guarded([&]() -> PyObject* {
    collection_object& c = self_of(self);
    if (PyUnicode_Check(given) == 0)
      throw_wrong_type("named() takes text, not " + described(given));
    const std::string text(utf8(given));
    const lease s(*c.hub, access::read);
    const shape& of = shape_in(c, *s);
    row_ptr r = without_gil([&] { return s->find_natural(*of.entity, text); });
    if (!r) Py_RETURN_NONE;
    return make_record(c.hub, shape_in(c, *s), std::move(r));
  });
}

PyObject* get_name(PyObject* self, void*) {
  return guarded([&] { return unicode(self_of(self).name); });
}

PyObject* get_hub(PyObject* self, void*) {
  return Py_NewRef(reinterpret_cast<PyObject*>(self_of(self).hub));
}

PyObject* repr(PyObject* self) {
  return guarded([&] { return unicode("<kith collection " + self_of(self).name + ">"); });
}

PyObject* make(PyTypeObject* type, PyObject* args, PyObject*) {
  return guarded([&] {
    PyObject *hub = nullptr, *name = nullptr;
    if (PyArg_ParseTuple(args, "OU", &hub, &name) == 0) throw python_error();
    hub_object& h = hub_of(hub);
    std::string plural;
    {
      const lease s(h, access::read);
      plural = std::string(s->model()->entity(utf8(name)).plural());
    }
    auto* const c = reinterpret_cast<collection_object*>(checked(type->tp_alloc(type, 0)));
    c->hub = &h;
    Py_INCREF(hub);
    new (&c->name) std::string(std::move(plural));
    new (&c->known) model_ptr();
    c->type = nullptr;
    c->of = nullptr;
    return reinterpret_cast<PyObject*>(c);
  });
}

void free_collection(PyObject* self) {
  collection_object& c = self_of(self);
  PyTypeObject* const type = Py_TYPE(self);
  Py_XDECREF(c.type);
  c.known.~shared_ptr();
  c.name.~basic_string();
  Py_XDECREF(c.hub);
  type->tp_free(self);
  Py_DECREF(type);
}

template <auto F>
PyCFunction function_of() {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(F));
}

constexpr int fast = METH_FASTCALL | METH_KEYWORDS;
PyMethodDef methods[] = {
    {"get", function_of<&get>(), fast,
     "get(id_or_record) or get(field=value): the record, deleted or not; kith.NotFound."},
    {"find", function_of<&find>(), fast, "The same, or None."},
    {"add", function_of<&add>(), fast,
     "Adds a record: add(name=…, city=…, emails=[…]). kith.Invalid lists every violation."},
    {"add_many", function_of<&add_many>(), fast,
     "add_many(dicts_or_objects), add_many(tuples, fields=[…]): their ids. each=True keeps going: "
     "what is refused is a kith.Error in the list."},
    {"update", function_of<&update>(), fast,
     "update(record_or_id, field=value, …): the new version. Of a record that was read, "
     "kith.Conflict when somebody else changed the same field."},
    {"delete", remove, METH_O, "Deletes a record; restore() takes it back."},
    {"restore", restore, METH_O, "Takes a deletion back."},
    {"named", named, METH_O, "The live record with this natural key, or None."},
    {nullptr, nullptr, 0, nullptr}};
PyGetSetDef getters[] = {{"_name", get_name, nullptr, nullptr, nullptr},
                         {"_hub", get_hub, nullptr, nullptr, nullptr},
                         {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

void bind_collections(py::module_& m) {
  PyType_Slot slots[] = {{Py_tp_new, reinterpret_cast<void*>(make)},
                         {Py_tp_dealloc, reinterpret_cast<void*>(free_collection)},
                         {Py_tp_repr, reinterpret_cast<void*>(repr)},
                         {Py_tp_methods, methods},
                         {Py_tp_getset, getters},
                         {Py_tp_doc, const_cast<char*>("All records of one entity.")},
                         {0, nullptr}};
  PyType_Spec spec{"kith._kith.CollectionBase", static_cast<int>(sizeof(collection_object)), 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};
  collection_type = reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)));
  m.attr("CollectionBase") = py::handle(reinterpret_cast<PyObject*>(collection_type));
}

}  // namespace kith::python
