// SPDX-License-Identifier: Apache-2.0
//
// Errors on their way to Python: one class for each row of the code table, and back.
#include <new>

#include "python.hpp"

#include <cxxabi.h>
#include <unistd.h>

#include <map>
#include <vector>

namespace kith::python {
namespace {

unsigned long main_thread = 0;  // that imported the module
std::map<error_code, PyObject*>& classes() {
  static auto* all = new std::map<error_code, PyObject*>();
  return *all;
}
PyObject* base_class = nullptr;
PyObject* wrong_type_class = nullptr;
// What a callback raised in this thread, until the call that it belongs to comes back.
thread_local PyObject* raised_by_callback = nullptr;

// Where the name of a code is not the name of its class.
std::string class_name(const error_code_row& row) {
  switch (row.code) {
    case error_code::storage: return "StorageError";
    case error_code::query: return "QueryError";
    case error_code::model: return "ModelError";
    default: return camel(row.name);
  }
}

// What a class is besides kith.Error.
py::object second_base(error_code code) {
  switch (code) {
    case error_code::not_found: return py::reinterpret_borrow<py::object>(PyExc_LookupError);
    case error_code::invalid:
    case error_code::query: return py::reinterpret_borrow<py::object>(PyExc_ValueError);
    case error_code::storage: return py::reinterpret_borrow<py::object>(PyExc_OSError);
    default: return {};
  }
}

py::object optional_text(const std::string& text) {
  return text.empty() ? py::object(py::none()) : py::object(text_of(text));
}

py::tuple violations_of(const kith::error& e) {
  const py::object violation_class =
      py::reinterpret_borrow<py::object>(from_package("kith._errors", "Violation"));
  py::tuple all(e.violations().size());
  for (std::size_t i = 0; i < e.violations().size(); ++i) {
    const violation& v = e.violations()[i];
    all[i] = violation_class(text_of(v.entity), optional_text(v.field), text_of(v.rule),
                             text_of(v.value), text_of(v.message));
  }
  return all;
}

}  // namespace

released::~released() noexcept(false) {
#if PY_VERSION_HEX >= 0x030D0000
  const bool ending = Py_IsFinalizing();
#else
  const bool ending = _Py_IsFinalizing();
#endif
  if (ending && PyThread_get_thread_ident() != main_thread) {
    for (;;) pause();
  }
  try {
    PyEval_RestoreThread(state_);
  } catch (const abi::__forced_unwind&) {
    for (;;) pause();  // it ended while we waited: the interpreter would unwind our frames unlocked
  }
}

std::string camel(std::string_view name) {
  std::string out;
  bool up = true;
  for (const char c : name) {
    if (c == '_' || c == '.') {
      up = true;
      continue;
    }
    out += up && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    up = false;
  }
  return out;
}

void set_error(const kith::error& e) {
  if (raised_by_callback != nullptr) {
    PyObject* const raised = std::exchange(raised_by_callback, nullptr);
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(raised)), raised);
    Py_DECREF(raised);
    return;
  }
  try {
    const auto found = classes().find(e.code());
    const py::object cls =
        py::reinterpret_borrow<py::object>(found == classes().end() ? base_class : found->second);
    const py::object record =
        e.record() == 0 ? py::object(py::none()) : py::object(py::int_(e.record()));
    const py::object item = e.item() ? py::object(py::int_(*e.item())) : py::object(py::none());
    const py::object made =
        cls(text_of(name_of(e.code())), text_of(e.message()), optional_text(e.entity()), record,
            optional_text(e.field()), violations_of(e), item);
    PyErr_SetObject(cls.ptr(), made.ptr());
  } catch (py::error_already_set& failed) {
    failed.restore();
  } catch (const python_error&) {
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
}

py::object error_object(const kith::error& e) {
  set_error(e);
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  Py_XDECREF(type);
  Py_XDECREF(trace);
  return taken(value);
}

void throw_wrong_type(const std::string& message, std::string_view entity, std::string_view field) {
  const py::object cls = py::reinterpret_borrow<py::object>(wrong_type_class);
  const auto or_none = [](std::string_view text) {
    return text.empty() ? py::object(py::none()) : py::object(text_of(text));
  };
  const py::object violation_class =
      py::reinterpret_borrow<py::object>(from_package("kith._errors", "Violation"));
  py::tuple violations(1);
  violations[0] = violation_class(text_of(entity), or_none(field), "type", "", text_of(message));
  const py::object made =
      cls("invalid", text_of(message), or_none(entity), py::none(), or_none(field), violations);
  PyErr_SetObject(cls.ptr(), made.ptr());
  throw python_error();
}

// The code of one of our own errors, such as the kith.Busy of a store; else the refusal that a stranger is.
error_code code_of(PyObject* raised) {
  if (PyObject_IsInstance(raised, base_class) != 1) return error_code::denied;
  const py::object name = py::getattr(raised, "code", py::none());
  for (const error_code_row& row : error_codes()) {
    if (PyUnicode_Check(name.ptr()) != 0 && utf8(name.ptr()) == row.name) return row.code;
  }
  return error_code::denied;
}

void throw_from_callback() {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  if (trace != nullptr) PyException_SetTraceback(value, trace);
  const std::string name = reinterpret_cast<PyTypeObject*>(type)->tp_name;
  std::string text;
  if (PyObject* const said = PyObject_Str(value)) {
    const char* const bytes = PyUnicode_AsUTF8(said);
    if (bytes != nullptr) text = bytes;
    Py_DECREF(said);
  }
  PyErr_Clear();
  Py_XDECREF(type);
  Py_XDECREF(trace);
  Py_XSETREF(raised_by_callback, value);
  throw error(code_of(value), "a Python callback raised " + name + ": " + text);
}

void set_current_exception() {
  try {
    throw;
  } catch (const kith::error& e) {
    set_error(e);
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& e) {
    PyErr_SetString(PyExc_SystemError, e.what());
  }
}

std::string_view utf8(PyObject* text) {
  Py_ssize_t size = 0;
  const char* const bytes = PyUnicode_AsUTF8AndSize(text, &size);
  if (bytes == nullptr) {
    if (PyErr_ExceptionMatches(PyExc_UnicodeError) == 0) throw python_error();
    PyErr_Clear();
    throw error(error_code::invalid,
                "the text has a lone surrogate, which is no character; give whole characters");
  }
  return {bytes, static_cast<std::size_t>(size)};
}

std::string described(PyObject* object) {
  std::string out = Py_TYPE(object)->tp_name;
  if (PyObject* const shown = PyObject_Repr(object)) {
    if (const char* const bytes = PyUnicode_AsUTF8(shown)) {
      const std::string_view text(bytes);
      if (text.size() <= 60) out += " " + std::string(text);
    }
    Py_DECREF(shown);
  }
  PyErr_Clear();
  return out;
}

PyObject* from_package(const char* module, const char* name) {
  static auto* kept = new std::map<std::string, PyObject*>();
  const std::string key = std::string(module) + "." + name;
  const auto found = kept->find(key);
  if (found != kept->end()) return found->second;
  PyObject* const object = py::object(py::module_::import(module).attr(name)).release().ptr();
  kept->emplace(key, object);
  return object;
}

namespace {
void begin_errors() {
  main_thread = PyThread_get_thread_ident();
  base_class = from_package("kith._errors", "Error");
}
}  // namespace

void use_errors(const py::module_& of) {
  begin_errors();
  const py::dict all = of.attr("error_classes");
  for (const error_code_row& row : error_codes()) {
    classes()[row.code] = py::object(all[class_name(row).c_str()]).release().ptr();
  }
  wrong_type_class = py::object(all["WrongType"]).release().ptr();
}

void bind_errors(py::module_& m) {
  begin_errors();
  const py::object base = py::reinterpret_borrow<py::object>(base_class);
  const py::object make =
      py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(&PyType_Type));
  py::dict all;
  const auto add = [&](const std::string& name, const std::string& doc, py::tuple bases) {
    py::dict body;
    body["__module__"] = "kith";
    body["__doc__"] = doc;
    py::object cls = make(name, bases, body);
    all[name.c_str()] = cls;
    return cls.release().ptr();
  };
  PyObject* storage_class = nullptr;
  for (const error_code_row& row : error_codes()) {
    const py::object second = second_base(row.code);
    py::tuple bases = py::make_tuple(base);
    if (second) bases = py::make_tuple(base, second);
    if (row.code == error_code::full) {
      bases = py::make_tuple(py::reinterpret_borrow<py::object>(storage_class));
    }
    PyObject* const cls = add(class_name(row), std::string(row.meaning), bases);
    py::handle(cls).attr("default_code") = text_of(row.name);
    if (row.code == error_code::storage) storage_class = cls;
    classes()[row.code] = cls;
  }
  wrong_type_class =
      add("WrongType", "A value of a type that the field does not take.",
          py::make_tuple(py::reinterpret_borrow<py::object>(classes()[error_code::invalid]),
                         py::reinterpret_borrow<py::object>(PyExc_TypeError)));
  m.attr("error_classes") = all;
  py::register_exception_translator([](std::exception_ptr p) {
    try {
      if (p) std::rethrow_exception(p);
    } catch (const python_error&) {
    } catch (const kith::error& e) {
      set_error(e);
    }
  });
}

}  // namespace kith::python
