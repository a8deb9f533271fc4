// SPDX-License-Identifier: Apache-2.0
//
// The change feed and its readers.
#include "handles.hpp"

namespace kith::capi {
namespace {

const change_set* set_at(const kith_changes* changes, std::size_t set) {
  const kith_changes& c = use(changes);
  return set < c.sets.size() ? &c.sets[set] : nullptr;
}

const record_change* record_at(const kith_changes* changes, std::size_t set, std::size_t record) {
  const change_set* const s = set_at(changes, set);
  return s != nullptr && record < s->changes.size() ? &s->changes[record] : nullptr;
}

kith_cell c_cell(const cell& c) {
  kith_cell out{};
  out.type = static_cast<std::uint32_t>(c.type());
  switch (c.type()) {
    case storage::integer: out.as.integer = c.as_integer(); break;
    case storage::real: out.as.real = c.as_real(); break;
    case storage::text:
    case storage::blob: out.as.bytes = to_c(c.as_bytes()); break;
    case storage::null: break;
  }
  return out;
}

std::optional<origin> origin_of(std::int32_t number) {
  if (number == 0) return {};
  if (number < KITH_ORIGIN_USER || number > KITH_ORIGIN_SYNC) {
    misuse("origin " + std::to_string(number) + " is none; it is KITH_ORIGIN_USER to _SYNC");
  }
  return static_cast<origin>(number);
}

}  // namespace
}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_changes_since(kith_session* session, int64_t since, size_t most,
                               int32_t except_origin, kith_changes** changes, kith_error** err) {
  return guard(err, outs(changes), [&] {
    need(changes, "changes");
    auto made = std::make_unique<kith_changes>();
    made->own =
        session_of(session).changes(since, most == 0 ? 1000 : most, origin_of(except_origin));
    made->sets = made->own;
    *changes = made.release();
    return KITH_OK;
  });
}

kith_status kith_changes_set(const kith_changes* changes, size_t set, kith_change_head* head,
                             kith_error** err) {
  return guard(err, outs(head), [&] {
    need(head, "head");
    const change_set* const s = set_at(changes, set);
    if (s == nullptr) return KITH_DONE;
    kith_change_head h{};
    h.sequence = s->sequence;
    h.at = s->at.microseconds;
    h.origin = static_cast<std::int32_t>(s->from);
    h.batch = s->batch.value;
    h.undoes = s->undoes;
    h.records = s->changes.size();
    h.actor = to_c(s->actor);
    h.reason = to_c(s->reason);
    h.operation_key = to_c(s->operation_key);
    give(head, h);
    return KITH_OK;
  });
}

kith_status kith_changes_record(const kith_changes* changes, size_t set, size_t record,
                                kith_change* change, kith_error** err) {
  return guard(err, outs(change), [&] {
    need(change, "change");
    const record_change* const r = record_at(changes, set, record);
    if (r == nullptr) return KITH_DONE;
    kith_change c{};
    c.what = static_cast<std::int32_t>(r->what);
    c.entity = r->entity;
    c.id = r->id.value;
    c.previous = r->previous;
    c.cells = r->before.size();
    give(change, c);
    return KITH_OK;
  });
}

kith_status kith_changes_cell(const kith_changes* changes, size_t set, size_t record, size_t index,
                              kith_field* part, kith_cell* before, kith_error** err) {
  return guard(err, outs(part, before), [&] {
    need(part, "part");
    need(before, "before");
    const record_change* const r = record_at(changes, set, record);
    if (r == nullptr || index >= r->before.size()) return KITH_DONE;
    const cell_before& c = r->before[index];
    *part = static_cast<std::uint32_t>(r->entity) << 16 | (c.part + 1u) << 12 | c.field;
    *before = c_cell(c.before.view());
    return KITH_OK;
  });
}

void kith_changes_free(kith_changes* changes) {
  if (changes != nullptr && changes->tag == kith_changes::right_tag && !changes->borrowed) {
    delete changes;
  }
}

kith_status kith_feed_position(kith_session* session, kith_text consumer, int64_t* sequence,
                               kith_error** err) {
  return guard(err, outs(sequence), [&] {
    need(sequence, "sequence");
    *sequence = session_of(session).consumed(text_of(consumer, "the reader's name"));
    return KITH_OK;
  });
}

kith_status kith_feed_consume(kith_session* session, kith_text consumer, int64_t sequence,
                              kith_error** err) {
  return guard(err, nothing, [&] {
    session_of(session).consume(text_of(consumer, "the reader's name"), sequence);
    return KITH_OK;
  });
}

kith_status kith_feed_trim(kith_session* session, int64_t before, uint64_t* removed,
                           kith_error** err) {
  return guard(err, outs(removed), [&] {
    const std::uint64_t gone = session_of(session).trim({before});
    if (removed != nullptr) *removed = gone;
    return KITH_OK;
  });
}
