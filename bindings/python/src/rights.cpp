// SPDX-License-Identifier: Apache-2.0
//
// What a handle may see (visibility), and a person's right to be shown and forgotten.
#include "collection.hpp"

#include <pybind11/stl.h>

#include "kith/core/visibility.hpp"
#include "kith/exchange/access_export.hpp"
#include "values.hpp"

namespace kith::python {
namespace {

const row_object& person(const py::object& record) {
  const row_object* const r = as_record(record.ptr());
  if (r == nullptr) throw_wrong_type("a record is wanted, not " + described(record.ptr()));
  return *r;
}

const entity_type& entity_in(const lease& s, const row_object& r) {
  return s->model()->entity(r.of->entity->name());
}

py::dict proof(const erasure_report& r) {
  py::dict d;
  d["sequence"] = r.sequence;
  d["at"] = taken(to_python(r.at));
  d["actor"] = text_of(r.actor);
  d["reason"] = text_of(r.reason);
  d["legal_basis"] = text_of(r.legal_basis);
  d["entity"] = text_of(r.entity);
  d["subject"] = r.subject.value;
  d["change_sets"] = r.change_sets;
  py::list categories;
  for (const erased_category& c : r.categories) {
    py::dict one;
    one["entity"] = text_of(c.entity);
    one["erased"] = c.erased;
    one["emptied"] = c.emptied;
    one["fields"] = py::cast(c.fields);
    categories.append(std::move(one));
  }
  d["categories"] = std::move(categories);
  return d;
}

py::list proofs(const std::vector<erasure_report>& all) {
  py::list out;
  for (const erasure_report& r : all) out.append(proof(r));
  return out;
}

py::dict erase(py::handle hub, const py::object& record, const std::string& reason,
               const std::string& basis) {
  const row_object& r = person(record);
  const lease s(hub_of(hub), access::write);
  const entity_type& e = entity_in(s, r);
  const record_id id = r.row->id();
  return proof(long_call(*s, [&] { return s->erase_subject(e, id, {reason, basis}); }));
}

py::dict about(py::handle hub, const py::object& record) {
  const row_object& r = person(record);
  const lease s(hub_of(hub), access::read);
  const entity_type& e = entity_in(s, r);
  const record_id id = r.row->id();
  const auto found = long_call(*s, [&] { return s->about(e, id); });
  py::dict out;
  for (const subject_records& one : found) {
    py::list ids;
    for (const record_id each : one.records) ids.append(each.value);
    out[text_of(one.entity)] = std::move(ids);
  }
  return out;
}

py::dict access_files(py::handle hub, const py::object& record) {
  const row_object& r = person(record);
  const lease s(hub_of(hub), access::read);
  const entity_type& e = entity_in(s, r);
  const record_id id = r.row->id();
  const auto files = long_call(*s, [&] { return access_export(*s, e, id); });
  py::dict out;
  for (const access_file& f : files) out[text_of(f.name)] = text_of(f.csv);
  return out;
}

void hold(py::handle hub, const py::object& record, const std::string& reason) {
  const row_object& r = person(record);
  const lease s(hub_of(hub), access::write);
  const entity_type& e = entity_in(s, r);
  const record_id id = r.row->id();
  without_gil([&] { s->hold(e, id, reason); });
}

void let_go(py::handle hub, const py::object& record) {
  const row_object& r = person(record);
  const lease s(hub_of(hub), access::write);
  const entity_type& e = entity_in(s, r);
  const record_id id = r.row->id();
  without_gil([&] { s->release(e, id); });
}

py::list holds(py::handle hub) {
  const lease s(hub_of(hub), access::read);
  const auto all = without_gil([&] { return s->holds(); });
  py::list out;
  for (const legal_hold& h : all) {
    out.append(py::make_tuple(text_of(h.entity), h.record.value, text_of(h.reason),
                              taken(to_python(h.since))));
  }
  return out;
}

parameters given_values(const py::args& placed, const py::kwargs& named) {
  return parameters_from(placed.ptr(), named.ptr());
}

}  // namespace

void bind_rights(py::module_& m) {
  using sight = std::shared_ptr<visibility>;
  py::class_<visibility, sight>(
      m, "Visibility",
      "What a handle may see and change: conditions on records, masks on fields. Each method gives "
      "the same object, so that they chain: Visibility().only(\"deals\", \"owner = ?\", anna).")
      .def(py::init([](bool others_hidden) {
             return std::make_shared<visibility>(others_hidden ? visibility::others::hidden
                                                               : visibility::others::shown);
           }),
           py::arg("others_hidden") = false)
      .def(
          "only",
          [](sight self, const std::string& entity, const std::string& condition, py::args placed,
             py::kwargs named) {
            self->only(entity, condition, given_values(placed, named));
            return self;
          },
          "Records are seen when they meet this; several restrictions must all hold.")
      .def(
          "permit",
          [](sight self, const std::string& entity, const std::string& condition, py::args placed,
             py::kwargs named) {
            self->permit(entity, condition, given_values(placed, named));
            return self;
          },
          "Records are seen when one of the permissions holds.")
      .def(
          "hide", [](sight self, const std::string& entity) { return self->hide(entity), self; },
          "No record of this entity.")
      .def(
          "show", [](sight self, const std::string& entity) { return self->show(entity), self; },
          "All records of this entity, where others are hidden.")
      .def(
          "read_only",
          [](sight self, const std::string& entity) { return self->read_only(entity), self; },
          "Records are read and not written: kith.Denied.")
      .def(
          "mask",
          [](sight self, const std::string& entity, const std::string& field) {
            return self->mask(entity, field), self;
          },
          "The field reads as None and cannot be asked for.");
  m.def("erase", &erase);
  m.def("erasures", [](py::handle hub) {
    const lease s(hub_of(hub), access::read);
    return proofs(without_gil([&] { return s->erasures(); }));
  });
  m.def("about", &about);
  m.def("access_export", &access_files);
  m.def("hold", &hold);
  m.def("release", &let_go);
  m.def("holds", &holds);
  m.def("due", [](py::handle hub, const std::string& entity, const std::string& condition) {
    const lease s(hub_of(hub), access::read);
    py::list out;
    for (const record_id id : long_call(*s, [&] { return s->due({entity, condition, {}, {}}); })) {
      out.append(id.value);
    }
    return out;
  });
  m.def("apply_retention",
        [](py::handle hub, const std::string& entity, const std::string& condition,
           const std::string& reason, const std::string& basis, std::size_t most) {
          const lease s(hub_of(hub), access::write);
          return proofs(long_call(*s, [&] {
            return s->apply({entity, condition, reason, basis}, most);
          }));
        });
}

}  // namespace kith::python
