// SPDX-License-Identifier: Apache-2.0
//
// A store whose rows Python keeps: kith.open(store=…).
#pragma once

#include <pybind11/stl.h>

#include "kith/core/store.hpp"
#include "python.hpp"

namespace kith::python {

/// The store that a kith.Store is; with the lock.
std::unique_ptr<store> store_from(py::object of);

}  // namespace kith::python
