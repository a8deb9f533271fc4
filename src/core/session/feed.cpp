// SPDX-License-Identifier: Apache-2.0
//
// The change feed: collected while a transaction writes, stored with it, read by sequence.
#include "core/change/feed_reader.hpp"
#include "core/session/state.hpp"
#include "core/system.hpp"

namespace kith::inline v1 {

using system::change_chunk;
using system::change_set_row;

void session::state::record_change(change_kind what, const row_change& change) {
  const entity_type& e = *change.entity;
  std::vector<cell_change> before;
  if (what == change_kind::update) {
    for (const slot_number s : change.changed) {
      const column& c = e.columns[s];
      if (c.role != part_role::value) continue;
      before.push_back({e.fields[c.field].number(), c.part, change.before->at(s, c.type)});
    }
  }
  const std::int64_t previous = change.before ? change.before->system().revision : 0;
  tx->pending.add(what, e.number, change.after->id(), previous, before);
  tx->wrote = true;
  if (tx->pending.size() >= eng->limits().change_chunk_bytes) flush_chunk();
}

void session::state::flush_chunk() {
  for (open_transaction::mark& m : tx->marks) {
    if (m.chunks == tx->chunks && !m.prefix) m.prefix = std::string(tx->pending.first(m.pending));
  }
  if (tx->chunks >= 0xffff) {
    throw error(error_code::limit, "the transaction changes too much; commit in parts");
  }
  const entity_type& chunks = model->entity<change_chunk>();
  const std::string bytes = tx->pending.take();
  const cell cells[] = {cell::blob(bytes)};
  const record_id id{tx->sequence << 16 | tx->chunks};
  const row_ptr r = detail::internal_row(
      chunks, {.id = id, .revision = tx->sequence, .created = tx->sequence}, cells);
  rows().write({&chunks, {}, r, {}});
  ++tx->chunks;
}

void session::state::write_change_set() {
  const entity_type& sets = model->entity<change_set_row>();
  const auto text = [](const std::string& t) { return t.empty() ? cell::null() : cell::text(t); };
  const auto number = [](std::int64_t n) { return n == 0 ? cell::null() : cell::integer(n); };
  const std::string changes = tx->pending.take();
  const transaction_options& o = tx->options;
  const cell cells[] = {cell::integer(tx->at.microseconds),
                        text(options.actor),
                        cell::integer(static_cast<int>(o.from)),
                        text(o.reason),
                        text(o.operation_key),
                        number(o.batch ? o.batch.value : tx->undoes.batch.value),
                        number(tx->undoes.set),
                        cell::integer(tx->last_id),
                        cell::integer(model->version()),
                        cell::integer(tx->chunks),
                        cell::blob(changes)};
  const row_ptr r = detail::internal_row(
      sets, {.id = {tx->sequence}, .revision = tx->sequence, .created = tx->sequence}, cells);
  rows().write({&sets, {}, r, {}});
}

// What the open transaction has done so far, as its set will tell it.
change_set session::state::pending_set() {
  change_set set;
  set.sequence = tx->sequence;
  set.undoes = tx->undoes.set;
  set.batch = tx->undoes.batch;
  const entity_type& chunks = model->entity<change_chunk>();
  const auto append = [&](std::string_view bytes) {
    for (kith::record_change& c : unpack_changes(bytes)) set.changes.push_back(std::move(c));
  };
  for (int i = 0; i < tx->chunks; ++i) {
    append(rows().get(chunks, {tx->sequence << 16 | i})->text(change_chunk::changes.slot()));
  }
  append(tx->pending.first(tx->pending.size()));
  return set;
}

std::vector<change_set> session::state::changes(std::int64_t since, std::size_t most) {
  std::vector<change_set> found;
  if (most == 0) return found;
  detail::feed_reader(rows(), *model).forward(since, most, [&](change_set& set) {
    found.push_back(std::move(set));
    return true;
  });
  return found;
}

std::optional<std::int64_t> session::state::sequence_of(std::string_view operation_key) {
  const entity_type& sets = model->entity<change_set_row>();
  const cell key[] = {cell::text(operation_key)};
  const auto found = find_all_by(sets, *sets.field(change_set_row::operation.number), key, 1);
  if (found.empty()) return {};
  return found[0]->id().value;
}

}  // namespace kith::inline v1
