// SPDX-License-Identifier: Apache-2.0
//
// Values between Python and cells: exact numbers as Decimal, never float; times with a zone.
//
//   PyObject* v = to_python(attribute, row);      put(draft, attribute, object);
#pragma once

#include "kith/core/query.hpp"
#include "kith/core/value.hpp"
#include "python.hpp"
#include "shape.hpp"

namespace kith::python {

/// A stored value of a row; references as bare ids. A new reference; None for null.
PyObject* to_python(const attribute& a, const row& r);
/// Any value; references as bare ids.
PyObject* to_python(const value& v);
PyObject* to_python(date d);
PyObject* to_python(instant t);
PyObject* to_python(duration d);
PyObject* to_python(const decimal& d);
/// The member of a choice field's enumeration, which is a str, too.
PyObject* choice_member(const attribute& a, std::int64_t number);
PyObject* choice_enum(const entity_type& e, const field_type& f);

/// Puts what Python gave into a draft (a record's own, or arguments of actions); None is null.
void put(any_draft& d, const attribute& a, PyObject* given);
/// A value whose kind follows from the Python object: parameters, literals.
value from_python(PyObject* given);
parameters parameters_from(PyObject* placed, PyObject* named);

instant instant_from(PyObject* given);
/// An id: an int or a record.
record_id id_from(PyObject* given);

}  // namespace kith::python
