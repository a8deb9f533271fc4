// SPDX-License-Identifier: Apache-2.0
//
// Values as people write them: for command lines, forms and files of a program's own.
#include "collection.hpp"
#include "values.hpp"

namespace kith::python {
namespace {

// An entity, an action (`deal.win`) or a report (`report sales`).
const entity_type& described_as(const model& of, const std::string& name) {
  for (const auto& a : of.actions()) {
    if (a->arguments.name() == name) return a->arguments;
  }
  if (name.starts_with("report ")) return of.report(name.substr(7)).arguments;
  return of.entity(name);
}

py::object parsed(py::handle hub, const std::string& entity, const std::string& name,
                  const std::string& text) {
  hub_object& h = hub_of(hub);
  const lease s(h, access::read);
  const entity_type& e = described_as(*s->model(), entity);
  const field_place place = e.field(name);
  if (text.empty()) return py::none();
  if (place.part != whole_value) return text_of(text);
  const field_type& f = *place.field;
  any_draft d;
  draft_sink sink(d, f.slot);
  if (const auto why = f.kind().parse(f.def->options, text, {}, sink)) {
    throw error(error_code::invalid, "'" + text + "' " + *why,
                {std::string(e.name()), 0, std::string(f.name())});
  }
  std::array<cell, max_parts> cells;
  const auto parts = f.parts();
  for (unsigned i = 0; i < parts.size(); ++i) {
    cells[i] = d.at(static_cast<slot_number>(f.slot + i), parts[i].type);
  }
  return taken(to_python(value::of(f.def->kind, f.def->options, {cells.data(), parts.size()})));
}

}  // namespace

void bind_texts(py::module_& m) {
  m.def("parsed", &parsed);
  m.def("printed", [](const py::object& v) { return text_of(from_python(v.ptr()).to_string()); });
}

}  // namespace kith::python
