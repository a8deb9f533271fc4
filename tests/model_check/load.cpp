// SPDX-License-Identifier: Apache-2.0
//
// Loading a world, and telling what is there.
#include "model_check/load.hpp"

#include <algorithm>
#include <cstdio>

#include "model_check/entities.hpp"
#include "model_check/naive.hpp"

namespace kith::model_check {
namespace {

// Every opening draws other operation keys.
crm_options options_of(const world& w, std::uint64_t opened) {
  crm_options o;
  o.entities = {describe<node>(), describe<doc>(), describe<line>(), describe<tag>()};
  o.clock = std::make_shared<manual_clock>(instant{w.now});
  o.random = std::make_shared<seeded_random>(w.seed * 1000 + opened);
  if (w.seed % 3 == 0) o.limits.change_chunk_bytes = 400;  // change sets in many pieces
  return o;
}

}  // namespace

custom_field custom(const world& w, const field_plan& f) {
  custom_field c;
  c.name = f.name;
  c.kind = f.is.kind;
  c.options.folded = f.is.folded;
  if (f.is.kind == kind_id::money || f.is.kind == kind_id::decimal) {
    c.options.scale = static_cast<std::int8_t>(f.is.scale);
  }
  if (f.is.kind == kind_id::choice) {
    for (const std::string_view name : choice_names) c.choices.emplace_back(name, "");
  }
  if (f.is.kind == kind_id::ref) c.target = w.entities[static_cast<std::size_t>(f.is.target)].name;
  c.indexed = f.indexed;
  c.unique = f.unique;
  c.required = f.required;
  c.on_delete = f.policy;
  return c;
}

// The plain fields: references come when every entity is there.
custom_entity custom(const world& w, const entity_plan& e) {
  custom_entity c;
  c.name = e.name;
  c.plural = e.plural;
  for (const field_plan& f : e.fields) {
    if (f.is.kind != kind_id::ref) c.fields.push_back(custom(w, f));
  }
  return c;
}

loaded::loaded(const conformance::backend& where, const world& w) : world_(w) {
  std::int64_t most = 0;
  for (const auto& all : w.records) {
    if (!all.empty()) most = std::max(most, all.back().handle);
  }
  ids_.assign(static_cast<std::size_t>(most) + 1, 0);
  open(where.fresh());
  make_model();
  transaction adding = session_->write({.reason = "the records"});
  add_records();
  adding.commit();
  transaction linking = session_->write();
  set_references();
  remove_records();
  linking.commit();
}

void loaded::open(std::unique_ptr<store> rows) {
  crm_.emplace(std::move(rows), options_of(world_, ++opened_));
  session_.emplace(crm_->open_session(
      {.actor = "check", .actor_id = {}, .zone = time_zone::named(world_.zone_name)}));
}

void loaded::reopen(const conformance::backend& where) {
  if (crm_->can().save) crm_->save();
  session_.reset();
  crm_.reset();
  open(where.reopen());
}

// Entities with their plain fields first, so that references find them.
void loaded::make_model() {
  transaction tx = session_->write({.reason = "the model"});
  for (const entity_plan& e : world_.entities) {
    if (e.described) continue;
    session_->add_entity(custom(world_, e));
  }
  for (const entity_plan& e : world_.entities) {
    for (const field_plan& f : e.fields) {
      if (f.added || (!e.described && f.is.kind == kind_id::ref)) {
        session_->add_field(e.name, custom(world_, f));
      }
    }
  }
  tx.commit();
}

void loaded::put(any_draft& d, const entity_type& e, const field_plan& f, const datum& v) const {
  const slot_number slot = e.field(f.name).field->slot;
  const auto part = [slot](int i) { return static_cast<slot_number>(slot + i); };
  if (!v.known) return d.put(slot, cell::null());
  if (is_texty(f.is.kind)) return d.put(slot, cell::text(v.text));
  if (f.is.kind == kind_id::real) return d.put(slot, cell::real(v.real));
  const auto units = static_cast<std::int64_t>(v.units);
  if (!is_reference(f.is.kind)) {
    d.put(slot, cell::integer(units));
    if (f.is.kind == kind_id::money) d.put(part(1), cell::text(v.text));
    return;
  }
  d.put(slot, cell::integer(id_of(units)));
  if (f.is.kind != kind_id::any_ref) return;
  int target = 0;
  world_.find_anywhere(units, &target);
  const std::string& name = world_.entities[static_cast<std::size_t>(target)].name;
  d.put(part(1), cell::integer(session_->model()->entity(name).number));
}

void loaded::add_records() {
  for (std::size_t e = 0; e < world_.entities.size(); ++e) {
    const entity_type& entity = session_->model()->entity(world_.entities[e].name);
    for (const record_plan& r : world_.records[e]) {
      any_draft d;
      for (std::size_t f = 0; f < r.values.size(); ++f) {
        const field_plan& field = world_.entities[e].fields[f];
        if (field.computed || is_reference(field.is.kind)) continue;
        if (r.values[f].known) put(d, entity, field, r.values[f]);
      }
      const std::int64_t id = session_->add_row(entity, d)->id().value;
      met(r.handle, id);
    }
  }
}

void loaded::set_references() {
  for (std::size_t e = 0; e < world_.entities.size(); ++e) {
    const entity_type& entity = session_->model()->entity(world_.entities[e].name);
    for (const record_plan& r : world_.records[e]) {
      any_draft d;
      for (std::size_t f = 0; f < r.values.size(); ++f) {
        const field_plan& field = world_.entities[e].fields[f];
        // References that deletions cleared are null in the world: they never were.
        if (is_reference(field.is.kind) && r.values[f].known) put(d, entity, field, r.values[f]);
      }
      if (!d.empty()) session_->update_row(entity, {id_of(r.handle)}, d);
    }
  }
}

void loaded::remove_records() {
  for (const std::int64_t handle : world_.removals) {
    int e = 0;
    if (world_.find_anywhere(handle, &e) == nullptr) continue;
    const std::string& name = world_.entities[static_cast<std::size_t>(e)].name;
    session_->remove_row(session_->model()->entity(name), {id_of(handle)});
  }
}

std::int64_t loaded::id_of(std::int64_t handle) const {
  auto at = std::min(static_cast<std::size_t>(handle), ids_.size() - 1);
  while (at > 0 && ids_[at] == 0) --at;
  return ids_[at] + (handle - static_cast<std::int64_t>(at));
}

void loaded::met(std::int64_t handle, std::int64_t id) {
  if (static_cast<std::size_t>(handle) >= ids_.size())
    ids_.resize(static_cast<std::size_t>(handle) + 1);
  ids_[static_cast<std::size_t>(handle)] = id;
  handles_[id] = handle;
}

void loaded::forget_missing() {
  for (std::size_t handle = 0; handle < ids_.size(); ++handle) {
    const auto h = static_cast<std::int64_t>(handle);
    if (ids_[handle] == 0 || world_.find_anywhere(h) != nullptr) continue;
    const auto found = handles_.find(ids_[handle]);
    if (found != handles_.end() && found->second == h) handles_.erase(found);
    ids_[handle] = 0;
  }
}

std::int64_t loaded::handle_of(std::int64_t id) const {
  const auto found = handles_.find(id);
  if (found != handles_.end()) return found->second;
  constexpr std::int64_t apart = 1024;             // of ids
  for (std::size_t at = ids_.size(); at-- > 0;) {  // one that id_of() made up
    if (at != 0 && ids_[at] == 0) continue;
    const std::int64_t beyond = id - ids_[at];
    if (beyond > 0 && beyond < apart) return static_cast<std::int64_t>(at) + beyond;
  }
  return 0;
}

// ------------------------------------------------------------------------------------------
// telling

std::string loaded::shown(const value& v) const {
  if (v.is_null()) return "null";
  const cell first = v.cells()[0].view();
  const auto plain = [](decimal d) {
    d = d.trimmed();
    return std::to_string(d.units()) + (d.scale() == 0 ? "" : "e-" + std::to_string(d.scale()));
  };
  switch (v.kind()) {
    case kind_id::real: {
      char text[40];
      std::snprintf(text, sizeof text, "%a", first.as_real() == 0 ? 0.0 : first.as_real());
      return text;
    }
    case kind_id::integer: return plain(decimal(first.as_integer()));
    case kind_id::decimal: return plain(decimal(first.as_integer(), v.options().scale));
    case kind_id::money: {
      std::string sum;
      for (std::size_t i = 0; i + 1 < v.cells().size(); i += 2) {
        const currency_code currency(v.cells()[i + 1].view().as_bytes());
        const int digits = digits_of(v.options().scale, currency);
        sum += (i == 0 ? "" : " + ") + plain(decimal(v.cells()[i].view().as_integer(), digits)) +
               " " + std::string(currency.text());
      }
      return sum;
    }
    case kind_id::text:
    case kind_id::email: return "'" + std::string(first.as_bytes()) + "'";
    case kind_id::ref:
    case kind_id::any_ref: return "#" + std::to_string(handle_of(first.as_integer()));
    case kind_id::boolean: return first.as_integer() != 0 ? "true" : "false";
    case kind_id::date: return std::to_string(first.as_integer()) + " days";
    case kind_id::choice: return v.to_string();
    default: return std::to_string(first.as_integer()) + " us";
  }
}

std::vector<std::string> loaded::dump(kith::session& through, const world& w) const {
  std::vector<std::string> lines;
  for (std::size_t e = 0; e < w.entities.size(); ++e) {
    const entity_type& entity = through.model()->entity(w.entities[e].name);
    for (const record_plan& r : w.records[e]) {
      const any_record have(through.model(), entity, through.get_row(entity, {id_of(r.handle)}));
      std::string text = w.entities[e].name + "#" + std::to_string(r.handle);
      if (have.deleted()) text += " deleted";
      for (const field_plan& f : w.entities[e].fields) {
        if (!f.on_read) text += " " + f.name + "=" + shown(have[f.name]);
      }
      lines.push_back(std::move(text));
    }
  }
  return lines;
}

std::vector<std::string> expected_dump(const world& w) {
  std::vector<std::string> lines;
  for (std::size_t e = 0; e < w.entities.size(); ++e) {
    for (const record_plan& r : w.records[e]) {
      std::string text = w.entities[e].name + "#" + std::to_string(r.handle);
      if (r.deleted) text += " deleted";
      for (std::size_t f = 0; f < r.values.size(); ++f) {
        const field_plan& field = w.entities[e].fields[f];
        if (!field.on_read)
          text += " " + field.name + "=" + model_check::shown(field.is, r.values[f]);
      }
      lines.push_back(std::move(text));
    }
  }
  return lines;
}

std::string first_difference(const std::vector<std::string>& is,
                             const std::vector<std::string>& want) {
  for (std::size_t i = 0; i < std::max(is.size(), want.size()); ++i) {
    const std::string a = i < is.size() ? is[i] : "nothing";
    const std::string b = i < want.size() ? want[i] : "nothing";
    if (a != b) return "the record is\n      " + a + "\n    expected\n      " + b;
  }
  return {};
}

void loaded::copy_numbers(world& to) {
  for (std::size_t e = 0; e < to.entities.size(); ++e) {
    const entity_type& entity = session_->model()->entity(to.entities[e].name);
    to.entities[e].number = entity.number;
    for (field_plan& f : to.entities[e].fields) f.number = entity.field(f.name).field->number();
    for (record_plan& r : to.records[e]) {
      r.id = id_of(r.handle);
      r.revision = session_->get_row(entity, {r.id})->system().revision;
    }
  }
}

}  // namespace kith::model_check
