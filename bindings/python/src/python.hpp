// SPDX-License-Identifier: Apache-2.0
//
// What every source of the Python module needs: references, the lock of the interpreter, and the
// way of errors. Hot types are written against Python's own C interface, the rest with pybind11.
//
//   return guarded([&] { return without_gil([&] { return s.get_row(e, id); }); });
#pragma once

#ifndef PY_SSIZE_T_CLEAN
#  define PY_SSIZE_T_CLEAN
#endif
#include <pybind11/pybind11.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "kith/core/error.hpp"

namespace kith::python {

namespace py = pybind11;

/// Gives the interpreter's lock away while it lives. A thread that wants it back while the
/// interpreter ends waits for ever: there is nothing left to come back to.
class released {
 public:
  released() : state_(PyEval_SaveThread()) {}
  ~released() noexcept(false);
  released(const released&) = delete;
  released& operator=(const released&) = delete;

 private:
  PyThreadState* state_;
};

/// Work without the lock; what it throws arrives with the lock.
template <class Work>
auto without_gil(Work work) {
  const released r;
  return work();
}

/// A Python exception is set: go back to Python.
struct python_error {};

/// Sets the Python exception that stands for an error.
void set_error(const kith::error& e);
/// The same as an object, for lists of results.
py::object error_object(const kith::error& e);
/// TypeError, ValueError and kith.Invalid in one: a value of a type that a field does not take.
[[noreturn]] void throw_wrong_type(const std::string& message, std::string_view entity = {},
                                   std::string_view field = {});
/// Keeps the exception that a callback raised, to be raised again when the call comes back. Throws
/// kith::error so that the core takes everything back.
[[noreturn]] void throw_from_callback();
/// Turns the C++ exception that is being handled into a Python one.
void set_current_exception();

/// Runs the body of a function that Python calls: a new reference, or null with an exception set.
template <class Work>
PyObject* guarded(Work work) noexcept(false) {
  try {
    return work();
  } catch (const python_error&) {
  } catch (const py::error_already_set& e) {
    const_cast<py::error_already_set&>(e).restore();
  } catch (const std::exception&) {
    set_current_exception();
  }
  return nullptr;
}

/// A new reference or the exception.
inline PyObject* checked(PyObject* object) {
  if (object == nullptr) throw python_error();
  return object;
}
inline py::object taken(PyObject* object) {
  return py::reinterpret_steal<py::object>(checked(object));
}
inline void check(int result) {
  if (result < 0) throw python_error();
}

inline PyObject* unicode(std::string_view text) {
  return checked(PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size())));
}
inline py::str text_of(std::string_view text) {
  return py::reinterpret_steal<py::str>(unicode(text));
}
/// The bytes of a str; they live as long as it. A lone surrogate is kith.Invalid.
std::string_view utf8(PyObject* text);
/// The text of any object's type, for messages: `float 0.1`.
std::string described(PyObject* object);
/// `not_found` → `NotFound`.
std::string camel(std::string_view name);

void bind_errors(py::module_& m);
/// In another extension of the package: the classes that kith._kith made.
void use_errors(const py::module_& of);
void bind_values(py::module_& m);
void bind_records(py::module_& m);
void bind_hub(py::module_& m);
void bind_collections(py::module_& m);
void bind_queries(py::module_& m);
void bind_tables(py::module_& m);
void bind_model(py::module_& m);
void bind_history(py::module_& m);
void bind_rights(py::module_& m);
void bind_calls(py::module_& m);
void bind_arrow(py::module_& m);
void bind_exchange(py::module_& m);

/// An attribute of the Python part of the package, kept for ever.
PyObject* from_package(const char* module, const char* name);

}  // namespace kith::python
