// SPDX-License-Identifier: Apache-2.0
//
// `crm.clients`: all records of one entity. Its methods that are called most are C functions; the
// rest, and actions, are added by a Python class that derives from it (kith/_collection.py).
#pragma once

#include "hub.hpp"
#include "record.hpp"

namespace kith::python {

struct collection_object {
  PyObject_HEAD hub_object* hub;
  std::string name;  ///< the plural
  model_ptr known;
  PyTypeObject* type;  ///< keeps `of` alive
  const shape* of;
};

PyObject* add_many(PyObject* self, PyObject* const* args, Py_ssize_t given, PyObject* names);

extern PyTypeObject* collection_type;
collection_object& collection_of(py::handle object);
/// The entity as the session's model describes it.
const shape& shape_in(collection_object& c, const kith::session& s);

/// A record to be added, with the owned records that are added with it.
struct new_record {
  struct owned {
    const relation_type* relation;
    std::vector<new_record> records;
  };
  /// A reference by what people call its target: `stage="offer"`.
  struct by_name {
    const field_type* field;
    std::string text;
  };
  any_draft draft;
  std::vector<by_name> named{};
  std::vector<owned> children{};
};

/// Puts one keyword: a value of a field, or a list of owned records.
void put_named(new_record& to, hub_object& hub, const shape& of, PyObject* name, PyObject* given);
/// Finds what references name; without the lock.
void resolve_names(kith::session& s, const entity_type& e, new_record& r);
/// Adds a record and what it owns. Without the lock; in a transaction when it owns something.
row_ptr write_new(kith::session& s, const entity_type& e, new_record& r);
row_ptr write_changed(kith::session& s, const entity_type& e, record_id id, new_record& r);

}  // namespace kith::python
