// SPDX-License-Identifier: Apache-2.0
//
// Actions and reports: their arguments are fields, put like those of records.
#include "collection.hpp"
#include "kith/core/action.hpp"
#include "kith/core/report.hpp"
#include "values.hpp"

namespace kith::python {
namespace {

// The arguments by name; references may be named as people call them.
new_record arguments_from(hub_object& hub, kith::session& s, const entity_type& described,
                          const py::dict& given) {
  const shape& of = hub.store->of(s.model()).of(described);
  new_record arguments;
  for (const auto& [name, v] : given) put_named(arguments, hub, of, name.ptr(), v.ptr());
  return arguments;
}

py::object call(py::handle collection, const std::string& name, const py::object& subject,
                const py::dict& given, const std::string& reason, const std::string& key) {
  collection_object& c = collection_of(collection);
  const lease s(*c.hub, access::write);
  const shape& of = shape_in(c, *s);
  const action_type& action = s->model()->action(of.entity->name(), name);
  record_id id;
  if (action.about->subject) {
    if (const row_object* r = as_record(subject.ptr());
        r != nullptr && r->of->entity->number != of.entity->number) {
      throw_wrong_type("crm." + c.name + " has no " + described(subject.ptr()));
    }
    id = id_from(subject.ptr());
  }
  new_record arguments = arguments_from(*c.hub, *s, action.arguments, given);
  transaction_options how;
  how.reason = reason;
  how.operation_key = key;
  const any_record answer = long_call(*s, [&] {
    resolve_names(*s, action.arguments, arguments);
    return s->call(action, id, arguments.draft, std::move(how));
  });
  if (!answer) return py::none();
  const shape& answered = c.hub->store->of(s->model()).of(answer.entity());
  return py::reinterpret_steal<py::object>(make_record(c.hub, answered, answer.row()));
}

py::tuple report(py::handle hub, const std::string& name, const py::dict& given) {
  hub_object& h = hub_of(hub);
  const lease s(h, access::read);
  const report_type& asked = s->model()->report(name);
  new_record arguments = arguments_from(h, *s, asked.arguments, given);
  table rows = long_call(*s, [&] {
    resolve_names(*s, asked.arguments, arguments);
    return s->report(asked, arguments.draft);
  });
  py::object chart = py::none();
  if (!asked.about->chart.mark.empty()) chart = text_of(chart_of(asked, rows));
  return py::make_tuple(py::cast(std::move(rows)), chart);
}

py::list argument_names(const entity_type& described) {
  py::list names;
  for (const field_type& f : described.fields) {
    py::dict one;
    one["name"] = text_of(f.name());
    one["kind"] = text_of(f.kind().name);
    one["required"] = f.def->required;
    one["target"] =
        f.target == nullptr ? py::object(py::none()) : py::object(text_of(f.target->name()));
    one["doc"] = text_of(f.def->doc);
    py::list choices;
    for (const choice_option& option : f.def->options.choices) choices.append(text_of(option.name));
    one["choices"] = std::move(choices);
    names.append(std::move(one));
  }
  return names;
}

}  // namespace

py::list actions_of(const model& of) {
  py::list all;
  for (const auto& a : of.actions()) {
    py::dict one;
    one["entity"] = text_of(a->on->name());
    one["name"] = text_of(a->name());
    one["subject"] = a->about->subject;
    one["ru"] = text_of(a->about->ru);
    one["doc"] = text_of(a->about->doc);
    one["arguments"] = argument_names(a->arguments);
    all.append(std::move(one));
  }
  return all;
}

py::list reports_of(const model& of) {
  py::list all;
  for (const auto& r : of.reports()) {
    py::dict one;
    one["name"] = text_of(r->name());
    one["ru"] = text_of(r->about->ru);
    one["doc"] = text_of(r->about->doc);
    one["arguments"] = argument_names(r->arguments);
    one["chart"] = !r->about->chart.mark.empty();
    all.append(std::move(one));
  }
  return all;
}

void bind_calls(py::module_& m) {
  m.def("call", &call);
  m.def("report", &report);
  m.def("actions", [](py::handle hub) {
    const lease s(hub_of(hub), access::read);
    return actions_of(*s->model());
  });
  m.def("reports", [](py::handle hub) {
    const lease s(hub_of(hub), access::read);
    return reports_of(*s->model());
  });
}

}  // namespace kith::python
