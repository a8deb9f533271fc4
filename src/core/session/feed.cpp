// SPDX-License-Identifier: Apache-2.0
//
// The change feed: collected while a transaction writes, stored with it, read by sequence.
#include <algorithm>

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
  const std::string seals = eng->seals_of(bytes);
  const cell cells[] = {cell::blob(bytes), seals.empty() ? cell::null() : cell::blob(seals)};
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
  const std::string seals = eng->seals_of(changes);
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
                        cell::blob(changes),
                        cell::null(),
                        seals.empty() ? cell::null() : cell::blob(seals),
                        cell::null()};
  row_ptr r = detail::internal_row(
      sets, {.id = {tx->sequence}, .revision = tx->sequence, .created = tx->sequence}, cells);
  rows().write({&sets, {}, eng->in_chain(rows(), *model, std::move(r)), {}});
}

change_set session::state::pending_set() {
  const transaction_options& o = tx->options;
  change_set set;
  set.sequence = tx->sequence;
  set.at = tx->at;
  set.actor = options.actor;
  set.from = o.from;
  set.reason = o.reason;
  set.operation_key = o.operation_key;
  set.batch = o.batch ? o.batch : tx->undoes.batch;
  set.undoes = tx->undoes.set;
  const auto append = [&](std::string_view bytes) {
    for (auto& c : unpack_changes(bytes)) set.changes.push_back(std::move(c));
  };
  const entity_type& chunks = model->entity<change_chunk>();
  for (int i = 0; i < tx->chunks; ++i) {
    const row_ptr chunk = rows().get(chunks, {tx->sequence << 16 | i});
    if (!chunk) throw error(error_code::damaged, "the transaction has lost a piece of its changes");
    append(chunk->text(change_chunk::changes.slot()));
  }
  append(tx->pending.first(tx->pending.size()));
  return set;
}

// The place is taken last: nobody else can commit any more until this transaction has ended.
detail::subscribers::place session::state::ask_and_announce() {
  if (eng->subscribers().none()) return {};
  change_set set = pending_set();
  {
    const statement inside(*this);  // a veto does not end the transaction by itself
    eng->subscribers().ask(set);
  }
  return {eng->subscribers(), std::move(set)};
}

std::vector<change_set> session::state::changes(std::int64_t since, std::size_t most,
                                                std::optional<origin> except) {
  std::vector<change_set> found;
  if (most == 0) return found;
  since = std::max<std::int64_t>(since, 0);
  return at_one_instant([&] {
    detail::feed_reader feed(rows(), *model);
    feed.require_after(since);
    feed.forward(since, except || is_limited() ? 0 : most, [&](change_set& set) {
      const bool wanted = !except || set.from != *except;
      if (wanted && keep_seen(set)) found.push_back(std::move(set));
      return found.size() < most;
    });
    return std::move(found);
  });
}

std::int64_t session::state::newest_sequence() {
  const bool own = tx != nullptr && tx->mode == access::write && tx->wrote;
  return own ? tx->sequence : engine::head_of(rows(), *model).sequence;
}

std::int64_t session::state::sequence_at(instant when) {
  return at_one_instant([&] {
    detail::feed_reader feed(rows(), *model);
    const std::int64_t found = feed.sequence_at(when);
    // Before the oldest set that is kept: nobody knows any more where that was.
    if (found > 0) feed.require_after(found - 1);
    return found;
  });
}

std::optional<std::int64_t> session::state::sequence_of(std::string_view operation_key) {
  const entity_type& sets = model->entity<change_set_row>();
  const cell key[] = {cell::text(operation_key)};
  const auto found = find_all_by(sets, *sets.field(change_set_row::operation.number), key, 1);
  if (found.empty()) return {};
  return found[0]->id().value;
}

}  // namespace kith::inline v1
