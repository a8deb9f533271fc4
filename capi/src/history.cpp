// SPDX-License-Identifier: Apache-2.0
//
// What happened to records, what differs, and taking it back.
#include "tables.hpp"

namespace kith::capi {
namespace {

std::string_view name_of(change_kind what) {
  switch (what) {
    case change_kind::add: return "add";
    case change_kind::update: return "update";
    case change_kind::remove: return "delete";
    case change_kind::restore: return "restore";
    case change_kind::erase: return "erase";
    case change_kind::merge: return "merge";
  }
  return "";
}

std::string_view name_of(origin from) {
  for (const choice_option& o : choices<origin>) {
    if (o.number == static_cast<std::int64_t>(from)) return o.name;
  }
  return "";
}

kith::table history_table(const std::vector<history_entry>& entries) {
  table_builder t(
      {"sequence", "at", "actor", "origin", "reason", "what", "field", "before", "after"});
  for (const history_entry& h : entries) {
    const auto row = [&](std::string_view field, const value& before, const value& after) {
      t.row({value(h.sequence), value(h.at), text_value(h.actor), text_value(name_of(h.from)),
             text_value(h.reason), text_value(name_of(h.what)), text_value(field), before, after});
    };
    if (h.fields.empty()) row({}, {}, {});
    for (const field_change& f : h.fields) row(f.field->name(), f.before, f.after);
  }
  return t.done();
}

value value_in(const any_record& r, const field_type& f) { return r ? r[f] : value(); }

void add_difference(table_builder& t, const record_difference& d) {
  const any_record& shown = d.after ? d.after : d.before;
  const char* const what = !d.before ? "add" : !d.after ? "delete" : "update";
  for (const field_type& f : shown.entity().fields) {
    if (!f.is_stored() || f.retired) continue;
    const value before = value_in(d.before, f);
    const value after = value_in(d.after, f);
    if (before == after) continue;
    t.row({text_value(shown.entity().name()), id_value(shown.id()), text_value(what),
           text_value(f.name()), before, after});
  }
}

// Made before the undo: what was done is not reported as refused for lack of memory, unless there
// is none for what is contested.
std::unique_ptr<kith_table> contested_table(const session& s, const kith_table* const* wanted) {
  if (wanted == nullptr) return nullptr;
  return table_of(s.model(), table_builder({"entity", "id", "field", "why"}).done());
}

kith_status give_undone(const undo_result& result, kith_undone* undone,
                        std::unique_ptr<kith_table> table, kith_table** contested) {
  if (table != nullptr && !result.contested.empty()) {
    table_builder t({"entity", "id", "field", "why"});
    for (const contested_change& c : result.contested) {
      t.row({text_value(c.entity == nullptr ? std::string_view() : c.entity->name()),
             id_value(c.id), text_value(c.field), text_value(c.why)});
    }
    table->rows = t.done();
  }
  if (contested != nullptr) *contested = table.release();
  kith_undone u{};
  u.sequence = result.sequence;
  u.records = result.records;
  give(undone, u);
  return result.sequence == 0 ? KITH_UNCHANGED : KITH_OK;
}

undo_mode undo_mode_of(std::int32_t mode) {
  if (mode != KITH_UNDO_ALL && mode != KITH_UNDO_SKIP) {
    misuse("the mode of an undo is KITH_UNDO_ALL or KITH_UNDO_SKIP");
  }
  return mode == KITH_UNDO_ALL ? undo_mode::all : undo_mode::skip;
}

}  // namespace
}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_history(kith_session* session, uint16_t entity, int64_t id, size_t most,
                         kith_table** table, kith_error** err) {
  return guard(err, outs(table), [&] {
    need(table, "table");
    kith::session& s = session_of(session);
    const auto entries = s.history_of(entity_of(session, entity), {id}, most == 0 ? 1000 : most);
    *table = table_of(s.model(), history_table(entries)).release();
    return KITH_OK;
  });
}

kith_status kith_difference(kith_session* session, int64_t from, int64_t to, kith_table** table,
                            kith_error** err) {
  return guard(err, outs(table), [&] {
    need(table, "table");
    kith::session& s = session_of(session);
    table_builder t({"entity", "id", "what", "field", "before", "after"});
    for (const record_difference& d : s.difference(from, to)) add_difference(t, d);
    *table = table_of(s.model(), t.done()).release();
    return KITH_OK;
  });
}

kith_status kith_undo(kith_session* session, int64_t sequence, int32_t mode, kith_undone* undone,
                      kith_table** contested, kith_error** err) {
  return guard(err, outs(undone, contested), [&] {
    kith::session& s = session_of(session);
    auto table = contested_table(s, contested);
    const undo_result result = s.undo(sequence, undo_mode_of(mode));
    return give_undone(result, undone, std::move(table), contested);
  });
}

kith_status kith_undo_batch(kith_session* session, int64_t batch, int32_t mode, kith_undone* undone,
                            kith_table** contested, kith_error** err) {
  return guard(err, outs(undone, contested), [&] {
    kith::session& s = session_of(session);
    auto table = contested_table(s, contested);
    const undo_result result = s.undo_batch({batch}, undo_mode_of(mode));
    return give_undone(result, undone, std::move(table), contested);
  });
}
