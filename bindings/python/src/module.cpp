// SPDX-License-Identifier: Apache-2.0
//
// The extension module `kith._kith`; the package kith/ is what people import.
#include "kith/storage/sqlite.hpp"
#include "python.hpp"

namespace kith::python {
void bind_texts(py::module_& m);
}

PYBIND11_MODULE(_kith, m) {
  using namespace kith::python;
  m.doc() = "The engine. Import kith instead.";
  m.attr("version") = KITH_VERSION;
  bind_errors(m);
  bind_values(m);
  bind_records(m);
  bind_hub(m);
  bind_collections(m);
  bind_queries(m);
  bind_tables(m);
  bind_model(m);
  bind_history(m);
  bind_rights(m);
  bind_exchange(m);
  bind_calls(m);
  bind_arrow(m);
  bind_texts(m);
  m.def("sqlite_copies", [] {
    py::list files;
    for (const std::string& file : kith::sqlite_copies()) files.append(file);
    return files;
  });
}
