// SPDX-License-Identifier: Apache-2.0
//
// Results in rows and columns: converted row by row when Python asks, and as Arrow streams.
#include "query.hpp"
#include "values.hpp"

namespace kith::python {
namespace {

py::tuple row_at(const table& t, std::size_t at) {
  if (at >= t.rows.size()) throw py::index_error("the table has fewer rows");
  const auto& cells = t.rows[at];
  py::tuple out(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    PyTuple_SET_ITEM(out.ptr(), static_cast<Py_ssize_t>(i), to_python(cells[i]));
  }
  return out;
}

py::tuple column_names(const table& t) {
  py::tuple out(t.columns.size());
  for (std::size_t i = 0; i < t.columns.size(); ++i) out[i] = text_of(t.columns[i].name);
  return out;
}

py::tuple column_kinds(const table& t) {
  py::tuple out(t.columns.size());
  for (std::size_t i = 0; i < t.columns.size(); ++i) {
    out[i] = text_of(kind_of(t.columns[i].kind).name);
  }
  return out;
}

}  // namespace

void bind_tables(py::module_& m) {
  py::class_<table>(m, "TableData")
      .def("__len__", [](const table& t) { return t.rows.size(); })
      .def("row", &row_at)
      .def("text", [](const table& t) { return text_of(t.to_string()); })
      .def("value_text",
           [](const table& t, std::size_t row, std::size_t column) {
             return text_of(t.rows.at(row).at(column).to_string());
           })
      .def_property_readonly("columns", &column_names)
      .def_property_readonly("kinds", &column_kinds);
}

}  // namespace kith::python
