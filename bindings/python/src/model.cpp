// SPDX-License-Identifier: Apache-2.0
//
// The model as data: entities, fields, choices; and what users add to it.
#include "collection.hpp"

#include <pybind11/stl.h>

#include "kith/core/text.hpp"
#include "kith/domain/standard.hpp"
#include "values.hpp"

namespace kith::python {
namespace {

py::object optional_number(const std::optional<std::int64_t>& n) {
  return n ? py::object(py::int_(*n)) : py::object(py::none());
}

py::list choices_of(const field_type& f) {
  py::list all;
  for (const choice_option& option : f.def->options.choices) {
    all.append(py::make_tuple(text_of(option.name), option.number, text_of(option.ru)));
  }
  return all;
}

py::list parts_of(const field_type& f) {
  py::list all;
  for (const part_def& part : f.parts()) {
    if (part.role == part_role::value && !part.name.empty()) all.append(text_of(part.name));
  }
  return all;
}

py::dict field_of(const field_type& f) {
  py::dict d;
  d["name"] = text_of(f.name());
  d["number"] = f.number();
  d["kind"] = text_of(f.kind().name);
  d["label"] = text_of(f.def->label);
  d["ru"] = text_of(f.def->ru);
  d["doc"] = text_of(f.def->doc);
  d["required"] = f.def->required;
  d["unique"] = f.def->unique;
  d["indexed"] = f.def->indexed;
  d["personal"] = f.def->personal;
  d["searchable"] = f.def->searchable;
  d["natural_key"] = f.def->natural_key;
  d["set_once"] = f.def->set_once;
  d["flat"] = f.def->flat;
  d["folded"] = f.def->options.folded;
  d["scale"] = static_cast<int>(f.def->options.scale);
  d["max_length"] = f.def->options.max_length;
  d["at_least"] = optional_number(f.def->options.least);
  d["at_most"] = optional_number(f.def->options.most);
  d["computed"] = text_of(f.def->computed);
  d["stored"] = f.is_stored();
  d["custom"] = f.custom;
  d["target"] =
      f.target == nullptr ? py::object(py::none()) : py::object(text_of(f.target->name()));
  d["choices"] = choices_of(f);
  d["parts"] = parts_of(f);
  return d;
}

py::dict relation_of(const relation_type& r) {
  py::dict d;
  d["name"] = text_of(r.def->name);
  d["entity"] = text_of(r.child->name());
  d["by"] = text_of(r.by->name());
  d["owned"] = r.def->owned;
  d["shorthand"] =
      r.shorthand == nullptr ? py::object(py::none()) : py::object(text_of(r.shorthand->name()));
  d["ru"] = text_of(r.def->ru);
  d["doc"] = text_of(r.def->doc);
  return d;
}

py::dict entity_of(const entity_type& e) {
  py::dict d;
  d["name"] = text_of(e.name());
  d["plural"] = text_of(e.plural());
  d["number"] = e.number;
  d["module"] = text_of(e.about->module);
  d["title"] = text_of(e.about->title);
  d["ru"] = text_of(e.about->ru);
  d["ru_plural"] = text_of(e.about->ru_plural);
  d["doc"] = text_of(e.about->doc);
  d["append_only"] = e.about->append_only;
  d["custom"] = e.custom;
  py::list fields, relations;
  for (const field_type& f : e.fields) {
    if (!f.retired) fields.append(field_of(f));
  }
  for (const relation_type& r : e.relations) relations.append(relation_of(r));
  d["fields"] = fields;
  d["relations"] = relations;
  return d;
}

py::list description(const model& of) {
  py::list all;
  for (const auto& e : of.entities()) {
    if (!e->about->internal) all.append(entity_of(*e));
  }
  return all;
}

model_ptr standard_model() {
  static auto* const made = new model_ptr([] {
    model::source source;
    source.entities.assign(standard_entities.begin(), standard_entities.end());
    return model::build(std::move(source));
  }());
  return *made;
}

custom_field field_from(const py::dict& given) {
  custom_field f;
  const auto flag = [&](const char* name) { return py::cast<bool>(given[name]); };
  const auto text = [&](const char* name) { return py::cast<std::string>(given[name]); };
  f.name = text("name");
  const std::string kind_name = text("kind");
  const kind* const k = find_kind(kind_name);
  if (k == nullptr) {
    std::vector<std::string_view> names;
    for (const kind* one : kinds()) names.push_back(one->name);
    const std::string near = did_you_mean(kind_name, names);
    throw error(error_code::not_found,
                "there is no kind '" + kind_name + "'" + (near.empty() ? "" : "; " + near));
  }
  f.kind = k->id;
  if (f.kind == kind_id::money) f.options.scale = currency_scale;
  f.options.folded = flag("folded");
  const auto number = [&](const char* name) {
    const py::object given_number = given[name];
    return given_number.is_none() ? std::optional<std::int64_t>()
                                  : std::optional(py::cast<std::int64_t>(given_number));
  };
  if (const auto n = number("scale")) f.options.scale = static_cast<std::int8_t>(*n);
  if (const auto n = number("max_length")) f.options.max_length = static_cast<std::uint32_t>(*n);
  f.options.least = number("at_least");
  f.options.most = number("at_most");
  for (const py::handle one : py::reinterpret_borrow<py::list>(py::object(given["choices"]))) {
    f.choices.push_back(py::cast<std::pair<std::string, std::string>>(one));
  }
  f.target = text("target");
  f.required = flag("required");
  f.unique = flag("unique");
  f.indexed = flag("indexed");
  f.searchable = flag("searchable");
  f.personal = flag("personal");
  const std::string policy = text("on_delete");
  f.on_delete = policy == "clear"     ? delete_policy::clear
                : policy == "cascade" ? delete_policy::cascade
                : policy == "keep"    ? delete_policy::keep
                                      : delete_policy::restrict;
  f.label = text("label");
  f.ru = text("ru");
  f.doc = text("doc");
  return f;
}

void add_field(py::handle hub, const std::string& entity, const py::dict& given) {
  const lease s(hub_of(hub), access::write);
  const custom_field f = field_from(given);
  without_gil([&] { s->add_field(entity, f); });
}

void add_entity(py::handle hub, const py::dict& given, const py::list& fields) {
  const lease s(hub_of(hub), access::write);
  custom_entity e;
  const auto text = [&](const char* name) { return py::cast<std::string>(given[name]); };
  e.name = text("name");
  e.plural = text("plural");
  e.title = text("title");
  e.ru = text("ru");
  e.ru_plural = text("ru_plural");
  e.doc = text("doc");
  for (const py::handle f : fields) {
    e.fields.push_back(field_from(py::reinterpret_borrow<py::dict>(f)));
  }
  without_gil([&] { s->add_entity(e); });
}

}  // namespace

void bind_model(py::module_& m) {
  m.def("model", [](py::handle hub) {
    hub_object& h = hub_of(hub);
    const lease s(h, access::read);
    if (!s.in_transaction()) without_gil([&] { s->sequence(); });
    return description(*s->model());
  });
  m.def("standard_model", [] { return description(*standard_model()); });
  m.def("standard_choices", [](const std::string& entity, const std::string& field) {
    const entity_type& e = standard_model()->entity(entity);
    return py::reinterpret_steal<py::object>(choice_enum(e, *e.field(field).field));
  });
  m.def("has_entity", [](py::handle hub, const std::string& name) {
    const lease s(hub_of(hub), access::read);
    return s->model()->find(name) != nullptr;
  });
  m.def("singular", [](py::handle collection) {
    collection_object& c = collection_of(collection);
    const lease s(*c.hub, access::read);
    return text_of(shape_in(c, *s).entity->name());
  });
  m.def("add_field", &add_field);
  m.def("add_entity", &add_entity);
  m.def("retire_field", [](py::handle hub, const std::string& entity, const std::string& field) {
    const lease s(hub_of(hub), access::write);
    without_gil([&] { s->retire_field(entity, field); });
  });
}

}  // namespace kith::python
