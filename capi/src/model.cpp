// SPDX-License-Identifier: Apache-2.0
//
// Models: what entities, fields, actions and reports there are.
#include "handles.hpp"

namespace kith::capi {
namespace {

const model& model_of(const kith_model* m) { return *use(m).model; }

// Gives the info of one item of a list, or KITH_DONE behind its end.
template <class List, class Info, class Describe>
kith_status item(const List& list, std::size_t index, Info* out, const Describe& describe) {
  need(out, "info");
  if (index >= list.size()) return KITH_DONE;
  give(out, describe(list[index]));
  return KITH_OK;
}

kith_entity_info info_of(const entity_type& e) {
  kith_entity_info i{};
  i.number = e.number;
  i.custom = e.custom;
  i.append_only = e.about->append_only;
  i.internal = e.about->internal;
  i.fields = e.fields.size();
  i.relations = e.relations.size();
  i.name = to_c(e.name());
  i.plural = to_c(e.plural());
  i.module = given(e.about->module);
  i.title = given(e.about->title);
  i.ru = given(e.about->ru);
  i.ru_plural = given(e.about->ru_plural);
  i.doc = given(e.about->doc);
  return i;
}

std::uint32_t flags_of(const field_type& f) {
  const field_def& d = *f.def;
  const std::pair<bool, std::uint32_t> flags[] = {
      {d.required, KITH_FIELD_REQUIRED},
      {d.unique, KITH_FIELD_UNIQUE},
      {d.indexed, KITH_FIELD_INDEXED},
      {d.searchable, KITH_FIELD_SEARCHABLE},
      {d.personal, KITH_FIELD_PERSONAL},
      {d.flat, KITH_FIELD_FLAT},
      {d.natural_key, KITH_FIELD_NATURAL_KEY},
      {d.set_once, KITH_FIELD_SET_ONCE},
      {d.acyclic, KITH_FIELD_ACYCLIC},
      {d.options.folded, KITH_FIELD_FOLDED},
      {f.custom, KITH_FIELD_CUSTOM},
      {f.retired, KITH_FIELD_RETIRED},
      {d.mode != computed_mode::none, KITH_FIELD_COMPUTED},
      {d.mode == computed_mode::on_read, KITH_FIELD_ON_READ},
      {d.options.least.has_value(), KITH_FIELD_HAS_LEAST},
      {d.options.most.has_value(), KITH_FIELD_HAS_MOST}};
  std::uint32_t set = 0;
  for (const auto& [is, flag] : flags) set |= is ? flag : 0;
  return set;
}

std::vector<std::uint8_t> named_parts(const field_type& f) {
  std::vector<std::uint8_t> found;
  const auto parts = f.parts();
  for (std::uint8_t i = 0; i < parts.size() && f.is_stored(); ++i) {
    if (parts[i].role == part_role::value) found.push_back(i);
  }
  if (found.size() < 2) found.clear();
  return found;
}

kith_field_info info_of(const entity_type& e, const field_type& f) {
  const field_def& d = *f.def;
  kith_field_info i{};
  i.field = key_of(e, {&f, whole_value});
  i.kind = static_cast<std::uint16_t>(d.kind);
  i.target = f.target == nullptr ? std::uint16_t{0} : f.target->number;
  i.flags = flags_of(f);
  i.max_length = d.options.max_length;
  i.scale = d.options.scale;
  i.on_delete = static_cast<std::int32_t>(d.on_delete);
  i.least = d.options.least.value_or(0);
  i.most = d.options.most.value_or(0);
  i.choices = d.options.choices.size();
  i.parts = named_parts(f).size();
  i.name = to_c(d.name);
  i.kind_name = to_c(f.kind().name);
  i.computed = given(d.computed);
  i.label = given(d.label);
  i.ru = given(d.ru);
  i.doc = given(d.doc);
  return i;
}

template <class Verb>
kith_verb_info info_of_verb(const Verb& v) {
  kith_verb_info i{};
  i.number = v.arguments.number;
  i.arguments = v.arguments.fields.size();
  i.name = to_c(v.name());
  i.ru = given(v.about->ru);
  i.doc = given(v.about->doc);
  return i;
}

const field_type& field_of(const model& m, kith_field key) {
  return *place_of(described(m, static_cast<std::uint16_t>(key >> 16)), key & ~0xf000u).field;
}

}  // namespace
}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

void kith_model_free(kith_model* model) { dispose(model); }

kith_status kith_model_info(const kith_model* model, kith_model_counts* counts, kith_error** err) {
  return guard(err, outs(counts), [&] {
    need(counts, "counts");
    const kith::model& m = model_of(model);
    kith_model_counts c{};
    c.entities = m.entities().size();
    c.actions = m.actions().size();
    c.reports = m.reports().size();
    c.version = m.version();
    give(counts, c);
    return KITH_OK;
  });
}

kith_status kith_model_entity(const kith_model* model, kith_text name, uint16_t* number,
                              kith_error** err) {
  return guard(err, outs(number), [&] {
    need(number, "number");
    *number = model_of(model).entity(text_of(name, "the entity's name")).number;
    return KITH_OK;
  });
}

kith_status kith_model_field(const kith_model* model, uint16_t entity, kith_text name,
                             kith_field* field, kith_error** err) {
  return guard(err, outs(field), [&] {
    need(field, "field");
    const entity_type& e = described(model_of(model), entity);
    *field = key_of(e, e.field(text_of(name, "the field's name")));
    return KITH_OK;
  });
}

kith_status kith_model_action(const kith_model* model, uint16_t entity, kith_text name,
                              uint16_t* number, kith_error** err) {
  return guard(err, outs(number), [&] {
    need(number, "number");
    const kith::model& m = model_of(model);
    const entity_type& e = entity_of(m, entity);
    *number = m.action(e.name(), text_of(name, "the action's name")).arguments.number;
    return KITH_OK;
  });
}

kith_status kith_model_report(const kith_model* model, kith_text name, uint16_t* number,
                              kith_error** err) {
  return guard(err, outs(number), [&] {
    need(number, "number");
    *number = model_of(model).report(text_of(name, "the report's name")).arguments.number;
    return KITH_OK;
  });
}

kith_status kith_model_entity_at(const kith_model* model, size_t index, kith_entity_info* info,
                                 kith_error** err) {
  return guard(err, outs(info), [&] {
    return item(model_of(model).entities(), index, info, [](const auto& e) { return info_of(*e); });
  });
}

kith_status kith_model_field_at(const kith_model* model, uint16_t entity, size_t index,
                                kith_field_info* info, kith_error** err) {
  return guard(err, outs(info), [&] {
    const entity_type& e = described(model_of(model), entity);
    return item(e.fields, index, info, [&](const field_type& f) { return info_of(e, f); });
  });
}

kith_status kith_model_choice_at(const kith_model* model, kith_field field, size_t index,
                                 kith_choice_info* info, kith_error** err) {
  return guard(err, outs(info), [&] {
    const field_type& f = field_of(model_of(model), field);
    return item(f.def->options.choices, index, info, [](const choice_option& o) {
      kith_choice_info i{};
      i.number = o.number;
      i.name = to_c(o.name);
      i.ru = given(o.ru);
      return i;
    });
  });
}

kith_status kith_model_part_at(const kith_model* model, kith_field field, size_t index,
                               kith_part_info* info, kith_error** err) {
  return guard(err, outs(info), [&] {
    const field_type& f = field_of(model_of(model), field);
    return item(named_parts(f), index, info, [&](std::uint8_t part) {
      kith_part_info i{};
      i.field = (field & ~0xf000u) | (part + 1u) << 12;
      i.type = static_cast<std::uint32_t>(f.parts()[part].type);
      i.name = given(f.parts()[part].name);
      return i;
    });
  });
}

kith_status kith_model_relation_at(const kith_model* model, uint16_t entity, size_t index,
                                   kith_relation_info* info, kith_error** err) {
  return guard(err, outs(info), [&] {
    const entity_type& e = entity_of(model_of(model), entity);
    return item(e.relations, index, info, [](const relation_type& r) {
      kith_relation_info i{};
      i.child = r.child->number;
      i.by = key_of(*r.child, {r.by, whole_value});
      i.owned = r.def->owned;
      i.name = to_c(r.def->name);
      i.ru = given(r.def->ru);
      i.doc = given(r.def->doc);
      return i;
    });
  });
}

kith_status kith_model_action_at(const kith_model* model, size_t index, kith_verb_info* info,
                                 kith_error** err) {
  return guard(err, outs(info), [&] {
    return item(model_of(model).actions(), index, info, [](const auto& a) {
      kith_verb_info i = info_of_verb(*a);
      i.entity = a->on->number;
      i.subject = a->about->subject;
      return i;
    });
  });
}

kith_status kith_model_report_at(const kith_model* model, size_t index, kith_verb_info* info,
                                 kith_error** err) {
  return guard(err, outs(info), [&] {
    return item(model_of(model).reports(), index, info,
                [](const auto& r) { return info_of_verb(*r); });
  });
}
