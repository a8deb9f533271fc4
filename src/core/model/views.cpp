// SPDX-License-Identifier: Apache-2.0
//
// Columns of views, derived from fields.
#include "core/model/views.hpp"

#include <algorithm>

#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

using column_of_view = view_definition::column;
using shown = column_of_view::shown;

constexpr unsigned digits_of_seconds = 6;  // a length of time is kept in microseconds

// Whatever the field is called: two columns never have one name, and SQL knows no case.
std::string free_name(const view_definition& in, std::string name) {
  const auto taken = [&](const column_of_view& c) { return c.name == name; };
  while (std::any_of(in.columns.begin(), in.columns.end(), taken)) name += '_';
  return name;
}

// How the main cell of a value is shown.
void show(column_of_view& c, const field_type& f) {
  const kind_options& options = f.def->options;
  switch (f.def->kind) {
    case kind_id::decimal:
      c.as = shown::decimal;
      c.scale = static_cast<unsigned>(options.scale);
      break;
    case kind_id::money:
      c.as = shown::decimal;
      if (options.scale >= 0) {
        c.scale = static_cast<unsigned>(options.scale);
      } else {
        c.scale = static_cast<unsigned>(currency_scale - options.scale);  // beyond the currency's
        c.scale_slot = static_cast<slot_number>(f.slot + 1);
      }
      break;
    case kind_id::duration:
      c.as = shown::decimal;
      c.scale = digits_of_seconds;
      break;
    case kind_id::date: c.as = shown::date; break;
    case kind_id::instant: c.as = shown::instant; break;
    case kind_id::choice:
      c.as = shown::choice;
      c.choices = options.choices;
      break;
    default: break;
  }
}

// The cell that names a record to people: the first one of the title.
const field_type* title_of(const entity_type& e) {
  for (const field_type& f : e.fields) {
    if (f.name() == e.about->title && f.is_stored() && !f.retired) return &f;
  }
  return nullptr;
}

// Beside a reference, the name of the record that it names.
void add_name(view_definition& to, const field_type& f, const std::vector<std::string>& fields) {
  const field_type* const title = f.target == nullptr ? nullptr : title_of(*f.target);
  if (title == nullptr) return;
  const kind_id kind = title->def->kind;
  if (kind != kind_id::text && kind != kind_id::person_name && kind != kind_id::email) return;
  std::string name = std::string(f.name()) + "_name";
  while (std::find(fields.begin(), fields.end(), name) != fields.end()) name += '_';
  column_of_view c;
  c.name = free_name(to, std::move(name));
  c.slot = f.slot;
  c.as = shown::name;
  c.of = f.target;
  c.name_slot = title->slot;
  to.columns.push_back(std::move(c));
}

void add_field(view_definition& to, const entity_type& e, const field_type& f,
               std::span<const choice_option> entities, const std::vector<std::string>& fields) {
  const auto parts = f.parts();
  for (unsigned i = 0; i < parts.size(); ++i) {
    if (parts[i].role != part_role::value) continue;
    column_of_view c;
    c.slot = static_cast<slot_number>(f.slot + i);
    c.name = free_name(to, e.columns[c.slot].name);
    if (i == 0) show(c, f);
    if (i != 0 && f.def->kind == kind_id::any_ref) {
      c.as = shown::choice;
      c.choices = entities;
    }
    to.columns.push_back(std::move(c));
  }
  if (f.def->kind == kind_id::ref) add_name(to, f, fields);
}

view_definition view_of(const entity_type& e, std::span<const choice_option> entities) {
  view_definition view;
  view.name = e.plural();
  view.entity = &e;
  std::vector<std::string> fields{"id"};
  for (const column& c : e.columns) fields.push_back(c.name);
  column_of_view id;
  id.name = "id";
  id.slot = id_slot;
  view.columns.push_back(std::move(id));
  for (const field_type& f : e.fields) {
    if (f.is_stored() && !f.retired) add_field(view, e, f, entities, fields);
  }
  return view;
}

}  // namespace

reporting_views::reporting_views(const model& of) {
  for (const auto& e : of.entities()) entities_.push_back({e->number, e->name(), {}});
  for (const auto& e : of.entities()) {
    if (!e->about->internal) all.push_back(view_of(*e, entities_));
  }
}

}  // namespace kith::inline v1::detail
