// SPDX-License-Identifier: Apache-2.0
//
// The extension module `kith._conformance`: the conformance suite, for stores written in Python. Its user is
// kith/pytest_plugin.py.
#include "store/conformance/kit.hpp"
#include "../src/store.hpp"

namespace {

namespace py = pybind11;
using namespace kith::python;
using namespace kith::conformance;

// What a factory makes, wanted by the suite: without the lock, in any thread.
std::function<std::unique_ptr<kith::store>()> made_by(const py::object& factory) {
  if (factory.is_none()) return {};
  return [&factory] {
    const py::gil_scoped_acquire lock;
    try {
      return store_from(factory());
    } catch (py::error_already_set& e) {
      e.restore();
      throw_from_callback();
    }
  };
}

const char* name_of(kit_outcome outcome) {
  switch (outcome) {
    case kit_outcome::passed: return "passed";
    case kit_outcome::skipped: return "skipped";
    case kit_outcome::failed: break;
  }
  return "failed";
}

py::tuple run(const std::string& test, const py::object& fresh, const py::object& reopen) {
  const kit_store store{"python", made_by(fresh), made_by(reopen), {}};
  kit_test_result result{test, kit_outcome::failed, "there is no such test", 0};
  without_gil([&] { run_kit(store, test, [&](const kit_test_result& r) { result = r; }); });
  return py::make_tuple(name_of(result.outcome), text_of(result.text));
}

}  // namespace

PYBIND11_MODULE(_conformance, m) {
  m.doc() = "The conformance suite. Use pytest --kith-backend instead.";
  use_errors(py::module_::import("kith._kith"));
  m.def("tests", [] {
    py::list names;
    for (const std::string& name : kit_tests()) names.append(text_of(name));
    return names;
  });
  m.def("run", &run, py::arg("test"), py::arg("fresh"), py::arg("reopen"));
}
