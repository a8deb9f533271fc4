// SPDX-License-Identifier: Apache-2.0
//
// Fields, entities and totals that are described at run time.
#include "handles.hpp"
#include "values.hpp"

namespace kith::capi {
namespace {

constexpr std::uint32_t definable = KITH_FIELD_REQUIRED | KITH_FIELD_UNIQUE | KITH_FIELD_INDEXED |
                                    KITH_FIELD_SEARCHABLE | KITH_FIELD_PERSONAL |
                                    KITH_FIELD_FOLDED | KITH_FIELD_HAS_LEAST | KITH_FIELD_HAS_MOST;

kith_field_definition checked(const kith_field_definition* given) {
  if (given == nullptr) misuse("the definition of a field is NULL");
  const kith_field_definition d = taken(given, "definition");
  const std::string name = string_of(d.name, "the field's name");
  if (d.kind == KITH_KIND_NONE || d.kind > KITH_KIND_BLOB) {
    misuse("the field '" + name + "' has no kind; give one of KITH_KIND_…");
  }
  if ((d.flags & ~definable) != 0) {
    misuse("the field '" + name + "' has flags that only fields of programs have");
  }
  if (d.scale < INT8_MIN || d.scale > INT8_MAX)
    misuse("the field '" + name + "' has no such scale");
  if (d.on_delete < KITH_DELETE_RESTRICT || d.on_delete > KITH_DELETE_KEEP) {
    misuse("the field '" + name + "' has no such on_delete; it is KITH_DELETE_RESTRICT to _KEEP");
  }
  return d;
}

custom_field field_of(const kith_field_definition* given) {
  const kith_field_definition d = checked(given);
  custom_field f;
  f.name = string_of(d.name, "the field's name");
  f.kind = static_cast<kind_id>(d.kind);
  f.options.folded = (d.flags & KITH_FIELD_FOLDED) != 0;
  f.options.scale = static_cast<std::int8_t>(d.scale);
  f.options.max_length = d.max_length;
  if ((d.flags & KITH_FIELD_HAS_LEAST) != 0) f.options.least = d.least;
  if ((d.flags & KITH_FIELD_HAS_MOST) != 0) f.options.most = d.most;
  require_array(d.choices, d.choice_count, "choices");
  for (std::size_t i = 0; i < d.choice_count; ++i) {
    f.choices.emplace_back(text_of(d.choices[2 * i], "a choice"),
                           text_of(d.choices[2 * i + 1], "a choice's label"));
  }
  f.target = string_of(d.target, "the target");
  f.required = (d.flags & KITH_FIELD_REQUIRED) != 0;
  f.unique = (d.flags & KITH_FIELD_UNIQUE) != 0;
  f.indexed = (d.flags & KITH_FIELD_INDEXED) != 0;
  f.searchable = (d.flags & KITH_FIELD_SEARCHABLE) != 0;
  f.personal = (d.flags & KITH_FIELD_PERSONAL) != 0;
  f.on_delete = static_cast<delete_policy>(d.on_delete);
  f.label = string_of(d.label, "the label");
  f.ru = string_of(d.ru, "the Russian label");
  f.doc = string_of(d.doc, "the sentence");
  return f;
}

// Elements of an array are as far apart as their owner says.
template <class T>
const T* element(const T* first, std::size_t index) {
  const auto* const bytes = reinterpret_cast<const char*>(first);
  return reinterpret_cast<const T*>(bytes + index * first->struct_size);
}

custom_entity entity_from(const kith_entity_definition* given) {
  if (given == nullptr) misuse("definition is NULL");
  const kith_entity_definition d = taken(given, "definition");
  custom_entity e;
  e.name = string_of(d.name, "the entity's name");
  e.plural = string_of(d.plural, "the plural");
  e.title = string_of(d.title, "the title");
  e.ru = string_of(d.ru, "the Russian label");
  e.ru_plural = string_of(d.ru_plural, "the Russian plural");
  e.doc = string_of(d.doc, "the sentence");
  require_array(d.fields, d.field_count, "fields");
  if (d.fields != nullptr && d.field_count != 0) require_size(*d.fields, "fields");
  for (std::size_t i = 0; i < d.field_count; ++i) {
    e.fields.push_back(field_of(element(d.fields, i)));
  }
  return e;
}

}  // namespace
}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_session_add_field(kith_session* session, uint16_t entity,
                                   const kith_field_definition* definition, kith_field* field,
                                   kith_error** err) {
  return guard(err, outs(field), [&] {
    kith::session& s = session_of(session);
    const custom_field f = field_of(definition);
    const std::string name(entity_of(session, entity).name());
    s.add_field(name, f);
    const entity_type& now = s.model()->entity(name);
    if (field != nullptr) *field = key_of(now, now.field(f.name));
    return KITH_OK;
  });
}

kith_status kith_session_add_entity(kith_session* session, const kith_entity_definition* definition,
                                    uint16_t* number, kith_error** err) {
  return guard(err, outs(number), [&] {
    kith::session& s = session_of(session);
    const custom_entity e = entity_from(definition);
    s.add_entity(e);
    if (number != nullptr) *number = s.model()->entity(e.name).number;
    return KITH_OK;
  });
}

kith_status kith_session_retire_field(kith_session* session, kith_field field, kith_error** err) {
  return guard(err, nothing, [&] {
    kith::session& s = session_of(session);
    const entity_type& e = entity_of(session, static_cast<std::uint16_t>(field >> 16));
    const field_place place = place_of(e, field);
    if (place.part != whole_value) misuse("a part of a field is not retired on its own");
    s.retire_field(std::string(e.name()), std::string(place.field->name()));
    return KITH_OK;
  });
}

kith_status kith_total_read(kith_session* session, kith_text name, const kith_value* group,
                            size_t group_count, kith_table** table, kith_error** err) {
  return guard(err, outs(table), [&] {
    need(table, "table");
    kith::session& s = session_of(session);
    const std::string_view total = text_of(name, "the total's name");
    const std::vector<value> values = values_of(group, group_count);
    kith::table rows =
        group == nullptr ? s.total(total) : s.total(total, std::span<const value>(values));
    *table = table_of(s.model(), std::move(rows)).release();
    return KITH_OK;
  });
}

kith_status kith_total_add(kith_session* session, const kith_total_definition* definition,
                           kith_error** err) {
  return guard(err, nothing, [&] {
    kith::session& s = session_of(session);
    if (definition == nullptr) misuse("definition is NULL");
    const kith_total_definition d = taken(definition, "definition");
    s.add_total({string_of(d.name, "the total's name"), string_of(d.entity, "the entity's name"),
                 string_of(d.where, "the condition"), string_of(d.by, "the groups"),
                 string_of(d.measures, "the measures")});
    return KITH_OK;
  });
}

kith_status kith_total_remove(kith_session* session, kith_text name, kith_error** err) {
  return guard(err, nothing, [&] {
    session_of(session).remove_total(text_of(name, "the total's name"));
    return KITH_OK;
  });
}

kith_status kith_total_rebuild(kith_session* session, kith_text name, kith_error** err) {
  return guard(err, nothing, [&] {
    session_of(session).rebuild_total(text_of(name, "the total's name"));
    return KITH_OK;
  });
}
