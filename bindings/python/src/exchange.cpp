// SPDX-License-Identifier: Apache-2.0
//
// Files in and out: import with a mapping, progress and a hook for each row; export of a question.
#include "exchange.hpp"

#include <cstring>

#include "kith/exchange/csv.hpp"

#include "query.hpp"
#include "values.hpp"

namespace kith::python {
namespace {

using texts = std::map<std::string, std::string>;

// A column's place: "city", None for nowhere, or {"to": …, "translate": …, "create_missing": …}.
column_mapping mapping_from(const std::string& column, const py::handle given) {
  column_mapping m;
  m.column = column;
  if (given.is_none()) return m;
  if (PyUnicode_Check(given.ptr()) != 0) {
    m.to = py::cast<std::string>(given);
    return m;
  }
  for (const auto& [key, v] : py::reinterpret_borrow<py::dict>(given)) {
    const std::string name = py::cast<std::string>(key);
    if (name == "to") {
      m.to = py::cast<std::string>(v);
    } else if (name == "translate") {
      m.how.translate = py::cast<texts>(v);
    } else if (name == "times") {
      m.how.times = decimal(py::cast<std::string>(py::str(v)));
    } else if (name == "create_missing") {
      m.how.create_missing = py::cast<bool>(v);
    } else if (name == "currency") {
      m.how.currency = currency_code(py::cast<std::string>(v));
    } else {
      throw_wrong_type("a mapping has to, translate, times, create_missing and currency, not '" +
                       name + "'");
    }
  }
  return m;
}

// A callback that is asked with the lock; what it raises travels back.
std::function<bool(std::uint64_t)> progress_from(const py::object& given) {
  if (given.is_none()) return {};
  return [given](std::uint64_t rows) {
    const py::gil_scoped_acquire lock;
    PyObject* const said =
        PyObject_CallFunction(given.ptr(), "K", static_cast<unsigned long long>(rows));
    if (said == nullptr) throw_from_callback();
    const bool go_on = said != Py_False;
    Py_DECREF(said);
    return go_on;
  };
}

}  // namespace

import_options import_options_from(const py::dict& given) {
  import_options o;
  const auto text = [&](const char* name) { return py::cast<std::string>(given[name]); };
  o.entity = text("entity");
  for (const auto& [column, to] : py::reinterpret_borrow<py::dict>(py::object(given["mapping"]))) {
    o.columns.push_back(mapping_from(py::cast<std::string>(column), to));
  }
  o.only_mapped = py::cast<bool>(given["only_mapped"]);
  o.constants = py::cast<texts>(given["constants"]);
  o.match = py::cast<std::vector<std::string>>(given["match"]);
  const std::string mode = text("mode");
  if (mode != "upsert" && mode != "insert_only" && mode != "update_only") {
    throw_wrong_type("mode is upsert, insert_only or update_only, not '" + mode + "'");
  }
  o.how = mode == "insert_only"   ? import_options::mode::insert_only
          : mode == "update_only" ? import_options::mode::update_only
                                  : import_options::mode::upsert;
  o.empty_clears = py::cast<bool>(given["empty_clears"]);
  o.dry_run = py::cast<bool>(given["dry_run"]);
  o.reason = text("reason");
  o.chunk_rows = py::cast<std::size_t>(given["chunk_rows"]);
  o.most_errors = py::cast<std::size_t>(given["most_errors"]);
  if (const std::string zone = text("zone"); !zone.empty()) {
    o.format.zone = time_zone::named(zone);
  }
  if (const std::string code = text("currency"); !code.empty()) {
    o.format.currency = currency_code(code);
  }
  o.rejected_file = text("rejected_file");
  o.progress = progress_from(given["progress"]);
  return o;
}

py::dict import_result_of(const import_result& r) {
  py::dict d;
  d["rows"] = r.rows;
  d["inserted"] = r.inserted;
  d["updated"] = r.updated;
  d["unchanged"] = r.unchanged;
  d["failed"] = r.failed;
  d["batch"] = r.batch ? py::object(py::int_(r.batch.value)) : py::object(py::none());
  d["cancelled"] = r.cancelled;
  d["cut_short"] = r.cut_short;
  d["ignored_columns"] = py::cast(r.ignored_columns);
  py::dict columns;
  for (const column_mapping& m : r.columns) columns[text_of(m.column)] = text_of(m.to);
  d["columns"] = std::move(columns);
  py::list errors;
  for (const import_error& e : r.errors) {
    errors.append(py::make_tuple(e.row, e.line, text_of(e.column), text_of(e.field),
                                 text_of(e.value), text_of(e.message)));
  }
  d["errors"] = std::move(errors);
  return d;
}

namespace {

csv_dialect dialect_from(const py::dict& given) {
  csv_dialect d;
  const std::string delimiter = py::cast<std::string>(given["delimiter"]);
  if (!delimiter.empty()) d.delimiter = delimiter[0];
  const std::string point = py::cast<std::string>(given["decimal_point"]);
  if (!point.empty()) d.decimal_point = point[0];
  const std::string dates = py::cast<std::string>(given["dates"]);
  using order = text_format::date_order;
  if (dates == "ymd") d.dates = order::ymd;
  if (dates == "dmy") d.dates = order::dmy;
  if (dates == "mdy") d.dates = order::mdy;
  d.header = py::cast<bool>(given["header"]);
  return d;
}

// Bytes of a Python file.
byte_source source_of(const py::object& file) {
  return [file](char* to, std::size_t room) -> std::size_t {
    const py::gil_scoped_acquire lock;
    PyObject* const said =
        PyObject_CallMethod(file.ptr(), "read", "n", static_cast<Py_ssize_t>(room));
    if (said == nullptr) throw_from_callback();
    const py::object held = py::reinterpret_steal<py::object>(said);
    if (PyBytes_Check(said) == 0) {
      PyErr_SetString(PyExc_TypeError, "open the file for bytes: open(path, 'rb')");
      throw_from_callback();
    }
    const auto size = static_cast<std::size_t>(PyBytes_GET_SIZE(said));
    std::memcpy(to, PyBytes_AS_STRING(said), std::min(size, room));
    return std::min(size, room);
  };
}

// Progress callbacks use other sessions; the import has one of its own.
py::dict import_file(py::handle hub, const py::object& from, const py::dict& given) {
  import_options options = import_options_from(given);
  const csv_dialect dialect = dialect_from(given);
  const lease s(hub_of(hub), access::write);
  if (PyUnicode_Check(from.ptr()) != 0) {
    const std::string path(utf8(from.ptr()));
    return import_result_of(
        long_call(*s, [&] { return import_csv(*s, path, std::move(options), dialect); }));
  }
  byte_source source = source_of(from);
  return import_result_of(long_call(
      *s, [&] { return import_csv(*s, std::move(source), std::move(options), dialect); }));
}

std::uint64_t export_file(const py::object& query, const py::object& to, const py::dict& given) {
  csv_export_options o;
  o.columns = py::cast<std::vector<std::string>>(given["columns"]);
  o.delimiter = py::cast<std::string>(given["delimiter"])[0];
  o.byte_order_mark = py::cast<bool>(given["byte_order_mark"]);
  o.labels = py::cast<bool>(given["labels"]);
  o.by_id = py::cast<bool>(given["by_id"]);
  o.progress = progress_from(given["progress"]);
  const asked q(query, access::read);
  if (PyUnicode_Check(to.ptr()) != 0) {
    const std::string path(utf8(to.ptr()));
    return long_call(*q.session, [&] { return export_csv(q.ask, path, std::move(o)); });
  }
  const byte_sink sink = [&](std::string_view bytes) {
    const py::gil_scoped_acquire lock;
    PyObject* const said = PyObject_CallMethod(to.ptr(), "write", "y#", bytes.data(),
                                               static_cast<Py_ssize_t>(bytes.size()));
    if (said == nullptr) throw_from_callback();
    Py_DECREF(said);
  };
  return long_call(*q.session, [&] { return export_csv(q.ask, sink, std::move(o)); });
}

}  // namespace

void bind_exchange(py::module_& m) {
  m.def("import_file", &import_file);
  m.def("export_file", &export_file);
}

}  // namespace kith::python
