// SPDX-License-Identifier: Apache-2.0
//
// Reading and writing records.
#include "values.hpp"

namespace kith::capi {
namespace {

// The value as the cells of a field, for a look-up.
row_ptr find(session& s, const entity_type& e, kith_field key, const kith_value& v,
             const time_zone& zone) {
  if ((key & 0xffff) == 0) {
    if (v.kind != KITH_KIND_TEXT) misuse("a natural key is a text");
    return s.find_natural(e, text_of(v.text, "the natural key"));
  }
  const field_place place = place_of(e, key);
  if (!place.field->is_stored()) {
    misuse(std::string(e.name()) + "." + std::string(place.field->name()) +
           " is computed when it is asked for: ask with a query");
  }
  any_draft draft;
  draft_sink to(draft, place.field->slot);
  put_value(e, place, v, zone, to);
  return s.find_like(e, {e.type, e.number, place.field->number(), place.part}, draft);
}

row_ptr put(session& s, kith_record& r) {
  const entity_type& e = entity_of(*s.model(), r.entity->number);
  return r.id == 0 ? s.add_row(e, r.draft) : s.update_row(e, {r.id}, r.draft);
}

// The record is the version that was written.
void become(kith_record& r, const session& s, const row_ptr& row) noexcept {
  const model_ptr& now = s.model();
  if (const entity_type* const e = now->find(r.entity->number)) {
    r.entity = e;
    r.model = now;
  }
  r.id = row->id().value;
  r.draft.clear(row);
  r.texts.clear();
}

kith_record& writable(kith_record* record) {
  kith_record& r = use(record);
  if (r.borrowed) misuse("the record is borrowed from a cursor; put a copy of it");
  return r;
}

bool same(const row_ptr& before, const row_ptr& after) {
  return before && before->system().revision == after->system().revision &&
         before->system().checksum == after->system().checksum;
}

bool correctable(const error& e) {
  return e.code() == error_code::invalid || e.code() == error_code::exists;
}

struct put_item {
  row_ptr row;
  std::optional<error> refused;
};

std::vector<put_item> put_all(session& s, std::span<kith_record* const> records, bool per_item) {
  std::vector<put_item> done;
  done.reserve(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    try {
      done.push_back({put(s, writable(records[i])), {}});
    } catch (const error& e) {
      if (!per_item || !correctable(e)) throw e.of_item(i);
      done.push_back({{}, e});
    }
  }
  return done;
}

void give_item(kith_item* out, const put_item& item) noexcept {
  out->status = item.refused ? status_of(*item.refused) : KITH_OK;
  out->id = item.row ? item.row->id().value : 0;
  out->error = item.refused ? make_error(out->status, item.refused) : nullptr;
}

}  // namespace
}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_get(kith_session* session, uint16_t entity, int64_t id, kith_record** record,
                     kith_error** err) {
  return guard(err, outs(record), [&] {
    need(record, "record");
    const entity_type& e = entity_of(session, entity);
    row_ptr row = session_of(session).find_row(e, {id});
    if (!row) return KITH_ABSENT;
    *record = record_of(*use(session).box, e, std::move(row)).release();
    return KITH_OK;
  });
}

kith_status kith_find(kith_session* session, kith_field field, const kith_value* value,
                      kith_record** record, kith_error** err) {
  return guard(err, outs(record), [&] {
    need(record, "record");
    if (value == nullptr) misuse("value is NULL");
    const entity_type& e = entity_of(session, static_cast<std::uint16_t>(field >> 16));
    const session_box& box = *use(session).box;
    row_ptr row = capi::find(session_of(session), e, field, *value, box.zone);
    if (!row) return KITH_ABSENT;
    *record = record_of(box, e, std::move(row)).release();
    return KITH_OK;
  });
}

kith_status kith_put(kith_session* session, kith_record* record, kith_error** err) {
  return guard(err, nothing, [&] {
    kith::session& s = session_of(session);
    kith_record& r = writable(record);
    const row_ptr row = capi::put(s, r);
    const bool unchanged = same(r.draft.base(), row);
    become(r, s, row);
    return unchanged ? KITH_UNCHANGED : KITH_OK;
  });
}

kith_status kith_put_many(kith_session* session, kith_record* const* records, size_t count,
                          int32_t mode, kith_item* items, kith_error** err) {
  return guard(err, nothing, [&] {
    require_array(items == nullptr ? records : static_cast<const void*>(items), count, "records");
    for (std::size_t i = 0; items != nullptr && i < count; ++i) items[i] = {};
    const auto all = array_of(records, count, "records");
    kith::session& s = session_of(session);
    if (mode != KITH_ALL_OR_NOTHING && mode != KITH_PER_ITEM) {
      misuse("the mode of a batch is KITH_ALL_OR_NOTHING or KITH_PER_ITEM");
    }
    kith::transaction tx = s.write();
    const std::vector<put_item> done = put_all(s, all, mode == KITH_PER_ITEM);
    tx.commit();
    for (std::size_t i = 0; i < count; ++i) {
      if (done[i].row) become(*all[i], s, done[i].row);
      if (items != nullptr) give_item(&items[i], done[i]);
    }
    return KITH_OK;
  });
}

kith_status kith_delete(kith_session* session, uint16_t entity, int64_t id, kith_error** err) {
  return guard(err, nothing, [&] {
    session_of(session).remove_row(entity_of(session, entity), {id});
    return KITH_OK;
  });
}

kith_status kith_restore(kith_session* session, uint16_t entity, int64_t id, kith_record** record,
                         kith_error** err) {
  return guard(err, outs(record), [&] {
    const entity_type& e = entity_of(session, entity);
    auto made = std::make_unique<kith_record>();  // before anything is done
    fill_record(*made, *use(session).box, e, session_of(session).restore_row(e, {id}));
    if (record != nullptr) *record = made.release();
    return KITH_OK;
  });
}

kith_status kith_check(kith_session* session, const kith_record* record, kith_error** err) {
  return guard(err, nothing, [&] {
    const kith_record& r = use(record);
    any_draft trial = r.draft;
    violation_list found = session_of(session).check(entity_of(session, r.entity->number), trial);
    if (!found.empty()) throw error(std::move(found), r.id);
    return KITH_OK;
  });
}

kith_status kith_compute(kith_session* session, const kith_record* record, kith_text expression,
                         kith_table** table, kith_error** err) {
  return guard(err, outs(table), [&] {
    need(table, "table");
    kith::session& s = session_of(session);
    const kith_record& r = use(record);
    if (!r.draft.base()) misuse("the record was not read from the store");
    const model_ptr m = s.model();
    const entity_type& e = entity_of(*m, r.entity->number);
    const std::string_view words = text_of(expression, "the expression");
    kith::table one;
    one.rows.push_back({s.compute(e, r.draft.base(), parse_expression(*m, e, words))});
    const value& answer = one.rows[0][0];
    one.columns.push_back({std::string(words), answer.kind(), answer.options()});
    *table = table_of(m, std::move(one)).release();
    return KITH_OK;
  });
}
