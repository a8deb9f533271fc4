// SPDX-License-Identifier: Apache-2.0
//
// A record in Python: a light proxy over the shared row. Values become Python objects when they are
// asked for; references are followed in the instant that the record was read at.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "hub.hpp"
#include "kith/core/row.hpp"
#include "shape.hpp"

namespace kith::python {

/// Rows that were read together: their references are read together, too.
struct page {
  std::vector<row_ptr> rows;
  std::weak_ptr<snapshot> from;
  std::int64_t sequence = 0;  ///< of the instant; 0: of the open transaction
  struct targets {
    std::unordered_map<std::int64_t, row_ptr> rows;
    std::shared_ptr<page> together;
  };
  std::unordered_map<const field_type*, targets> followed;
};

struct row_object {
  PyObject_HEAD row_ptr row;
  const shape* of;
  hub_object* hub;  ///< null: detached
  std::shared_ptr<page> together;
};

extern PyTypeObject* record_type;

/// The object as a record, or null.
inline row_object* as_record(PyObject* object) {
  if (PyObject_TypeCheck(object, record_type) == 0) return nullptr;
  return reinterpret_cast<row_object*>(object);
}
/// A new reference.
PyObject* make_record(hub_object* hub, const shape& of, row_ptr row,
                      std::shared_ptr<page> together = nullptr);
/// The value of an attribute, references and relations followed. A new reference.
PyObject* read_attribute(row_object& r, const attribute& a);
/// The records that a relation leads to, as values where it has a shorthand.
PyObject* read_relation(row_object& r, const relation_type& relation);

}  // namespace kith::python
