// SPDX-License-Identifier: Apache-2.0
//
// What imports of every format share.
#pragma once

#include "kith/exchange/import.hpp"
#include "python.hpp"

namespace kith::python {

import_options import_options_from(const py::dict& given);
py::dict import_result_of(const import_result& r);

}  // namespace kith::python
