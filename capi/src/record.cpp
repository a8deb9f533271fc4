// SPDX-License-Identifier: Apache-2.0
//
// Records: a version and changes to it.
#include "handles.hpp"
#include "values.hpp"

namespace kith::capi {
namespace {

[[noreturn]] void computed_on_read(const entity_type& e, const field_type& f) {
  throw error(error_code::misuse,
              std::string(e.name()) + "." + std::string(f.name()) +
                  " is computed when it is asked for: use kith_compute or kith_query_select",
              {std::string(e.name()), 0, std::string(f.name())});
}

kith_record& changeable(kith_record* r) {
  kith_record& record = use(r);
  if (record.borrowed) misuse("the record is borrowed from a cursor; change a copy of it");
  return record;
}

void put(kith_record& r, const field_place& place, const kith_value* v) {
  if (v == nullptr) misuse("value is NULL; KITH_KIND_NONE makes a field null");
  if (!place.field->is_stored()) computed_on_read(*r.entity, *place.field);
  draft_sink to(r.draft, place.field->slot);
  put_value(*r.entity, place, *v, r.zone, to);
  r.texts.clear();
}

kith_value part_value(const cell& c) {
  kith_value v{};
  if (c.type() == storage::text) {
    v.kind = KITH_KIND_TEXT;
    v.text = to_c(c.as_bytes());
  } else if (c.type() == storage::integer) {
    v.kind = KITH_KIND_INTEGER;
    v.integer = c.as_integer();
  }
  return v;
}

kith_value read(const kith_record& r, const field_place& place) {
  const field_type& f = *place.field;
  if (!f.is_stored()) computed_on_read(*r.entity, f);
  const auto parts = f.parts();
  std::array<cell, max_parts> cells;
  for (unsigned i = 0; i < parts.size(); ++i) {
    cells[i] = r.draft.at(static_cast<slot_number>(f.slot + i), parts[i].type);
    // Keys of a changed value are not made yet.
    if (parts[i].role == part_role::key) cells[i] = cell::null();
  }
  if (place.part != whole_value) return part_value(cells[place.part]);
  return c_value({f.def->kind, &f.def->options, {cells.data(), parts.size()}},
                 [&](const auto& make) { return r.texts.of(f.number(), make); });
}

}  // namespace

void fill_record(kith_record& record, const session_box& box, const entity_type& entity,
                 row_ptr row) noexcept {
  record.model = box.session.model();
  record.entity = record.model->find(entity.number);
  record.zone = box.zone;
  record.id = row->id().value;
  record.draft.clear(std::move(row));
}

std::unique_ptr<kith_record> record_of(const session_box& box, const entity_type& entity,
                                       row_ptr row) {
  auto made = std::make_unique<kith_record>();
  fill_record(*made, box, entity, std::move(row));
  return made;
}

}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_record_new(kith_session* session, uint16_t entity, int64_t id,
                            kith_record** record, kith_error** err) {
  return guard(err, outs(record), [&] {
    need(record, "record");
    const session_box& box = *use(session).box;
    if (id < 0) misuse("the id of a record is not negative; 0 is a new one");
    auto made = std::make_unique<kith_record>();
    made->model = box.session.model();
    made->entity = &described(*made->model, entity);
    made->zone = box.zone;
    made->id = id;
    *record = made.release();
    return KITH_OK;
  });
}

kith_status kith_record_copy(const kith_record* record, kith_record** copy, kith_error** err) {
  return guard(err, outs(copy), [&] {
    need(copy, "copy");
    const kith_record& from = use(record);
    auto made = std::make_unique<kith_record>();
    made->model = from.model;
    made->entity = from.entity;
    made->zone = from.zone;
    made->draft = from.draft;
    made->id = from.id;
    *copy = made.release();
    return KITH_OK;
  });
}

void kith_record_free(kith_record* record) {
  if (record != nullptr && record->tag == kith_record::right_tag && !record->borrowed) {
    delete record;
  }
}

kith_status kith_record_clear(kith_record* record, kith_error** err) {
  return guard(err, nothing, [&] {
    kith_record& r = changeable(record);
    r.draft.clear(r.draft.base());
    r.texts.clear();
    return KITH_OK;
  });
}

kith_status kith_record_set(kith_record* record, kith_field field, const kith_value* value,
                            kith_error** err) {
  return guard(err, nothing, [&] {
    kith_record& r = changeable(record);
    capi::put(r, place_of(*r.entity, field), value);
    return KITH_OK;
  });
}

kith_status kith_record_set_by_name(kith_record* record, kith_text field, const kith_value* value,
                                    kith_error** err) {
  return guard(err, nothing, [&] {
    kith_record& r = changeable(record);
    capi::put(r, r.entity->field(text_of(field, "the field's name")), value);
    return KITH_OK;
  });
}

kith_status kith_record_get(const kith_record* record, kith_field field, kith_value* value,
                            kith_error** err) {
  return guard(err, outs(value), [&] {
    need(value, "value");
    const kith_record& r = use(record);
    *value = capi::read(r, place_of(*r.entity, field));
    return KITH_OK;
  });
}

kith_status kith_record_get_by_name(const kith_record* record, kith_text field, kith_value* value,
                                    kith_error** err) {
  return guard(err, outs(value), [&] {
    need(value, "value");
    const kith_record& r = use(record);
    *value = capi::read(r, r.entity->field(text_of(field, "the field's name")));
    return KITH_OK;
  });
}

kith_status kith_record_info(const kith_record* record, kith_record_state* state,
                             kith_error** err) {
  return guard(err, outs(state), [&] {
    need(state, "state");
    const kith_record& r = use(record);
    kith_record_state s{};
    s.entity = r.entity->number;
    s.changed = !r.draft.empty();
    s.id = r.id;
    if (r.draft.base()) {
      const system_cells& system = r.draft.base()->system();
      s.revision = system.revision;
      s.created = system.created;
      s.deleted = system.deleted;
      s.merged_into = system.merged_into.value;
    }
    give(state, s);
    return KITH_OK;
  });
}
