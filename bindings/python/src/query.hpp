// SPDX-License-Identifier: Apache-2.0
//
// A question of Python's on its way to the core: (collection, conditions, order, limit, lifecycle).
#pragma once

#include "collection.hpp"

#include <pybind11/stl.h>

#include "kith/core/query.hpp"

namespace kith::python {

/// A tree that Python built: ("and", left, right), ("path", "client.city"), ("value", object) …
expression expression_from(const model& of, const entity_type& e, const py::object& tree);
query_spec spec_from(const py::object& query, const entity_type& e, const model& of);

/// A question with the session that answers it.
struct asked {
  asked(const py::object& query, access how);
  collection_object& collection;
  lease session;
  const shape* of;
  any_query ask;
};

void bind_rows(py::module_& m);

}  // namespace kith::python
