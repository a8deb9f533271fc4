// SPDX-License-Identifier: Apache-2.0
//
// Named readers of the change feed, and what may be trimmed of it. Their rows are the engine's own:
// a transaction that writes nothing else leaves no change set.
#include <algorithm>
#include <limits>

#include "core/change/feed_reader.hpp"
#include "core/session/state.hpp"
#include "core/system.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {

using system::change_chunk;
using system::change_set_row;
using system::feed_consumer;

namespace {

void check_name(std::string_view consumer) {
  constexpr std::size_t longest = 200;
  if (!consumer.empty() && consumer.size() <= longest && !invalid_utf8(consumer) &&
      consumer.find('\0') == std::string_view::npos) {
    return;
  }
  throw error(error_code::invalid,
              "the name of a reader of the feed is UTF-8 text without NUL of 1 to " +
                  std::to_string(longest) + " bytes; give another name",
              {"feed_consumer", 0, "name"});
}

}  // namespace

row_ptr session::state::consumer_row(std::string_view consumer) {
  const entity_type& e = model->entity<feed_consumer>();
  // A store of before consumers, opened for reading only, has no place for them.
  if (eng->options().read_only && !rows().has(e)) return {};
  const cell name[] = {cell::text(consumer)};
  auto found = find_all_by(e, *e.field(feed_consumer::name.number), name, 1);
  return found.empty() ? row_ptr() : std::move(found[0]);
}

std::int64_t session::state::consumed(std::string_view consumer) {
  check_name(consumer);
  const row_ptr r = consumer_row(consumer);
  return r ? r->integer(feed_consumer::position.slot()) : 0;
}

void session::state::consume(std::string_view consumer, std::int64_t sequence) {
  check_name(consumer);
  const bool alone = tx == nullptr;
  in_transaction(false, [&] {
    const row_ptr before = consumer_row(consumer);
    const std::int64_t from = before ? before->integer(feed_consumer::position.slot()) : 0;
    const std::int64_t newest = tx->sequence - (alone ? 1 : 0);
    if (sequence < from || sequence > newest) {
      throw error(error_code::misuse,
                  "the reader '" + std::string(consumer) + "' has come to " + std::to_string(from) +
                      " and the feed to " + std::to_string(newest) + ": it cannot be at " +
                      std::to_string(sequence),
                  {"feed_consumer", before ? before->id().value : 0, "position"});
    }
    if (!before || sequence != from) write_position(before, consumer, sequence);
  });
}

void session::state::write_position(const row_ptr& before, std::string_view consumer,
                                    std::int64_t position) {
  const entity_type& e = model->entity<feed_consumer>();
  system_cells system;
  if (before) {
    system = rows().get(e, before->id())->system();  // a list leaves out when it was made
  } else {
    std::int64_t last = 0;
    for (const row_ptr& r : find_all(e, {}, 0)) last = std::max(last, r->id().value);
    system.id = {last + 1};
    system.created = tx->sequence - 1;
  }
  system.revision = tx->sequence - 1;  // this transaction may leave no sequence of its own
  const cell cells[] = {cell::text(consumer), cell::integer(position)};
  const slot_number changed[] = {feed_consumer::position.slot()};
  row_change change{&e, before, detail::internal_row(e, system, cells), {}};
  if (before) change.changed = changed;
  rows().write(change);
  tx->noted = true;
}

// The transaction wrote nothing, so that the sequence it would have had will be somebody else's.
void session::state::give_back_own_sequence() {
  for (const row_ptr& r : find_all(model->entity<feed_consumer>(), {}, 0)) {
    if (r->integer(feed_consumer::position.slot()) < tx->sequence) continue;
    write_position(r, r->text(feed_consumer::name.slot()), tx->sequence - 1);
  }
}

std::int64_t session::state::least_position(std::int64_t at_most) {
  for (const row_ptr& r : find_all(model->entity<feed_consumer>(), {}, 0)) {
    at_most = std::min(at_most, r->integer(feed_consumer::position.slot()));
  }
  return at_most;
}

// The newest committed set always stays: it is the head of the store.
std::uint64_t session::state::trim(instant before) {
  return in_transaction(true, [&] {
    const entity_type& sets = model->entity<change_set_row>();
    const entity_type& chunks = model->entity<change_chunk>();
    detail::feed_reader feed(rows(), *model);
    std::uint64_t removed = 0;
    if (before.microseconds == std::numeric_limits<std::int64_t>::min()) return removed;
    const std::int64_t committed = engine::head_of(rows(), *model).sequence;
    const std::int64_t older = feed.sequence_at({before.microseconds - 1});
    const std::int64_t last = least_position(std::min(older, committed - 1));
    const std::int64_t oldest = std::max<std::int64_t>(feed.oldest(), 1);
    if (oldest <= last) eng->begin_chain_at(rows(), *model, last + 1);
    for (std::int64_t sequence = oldest; sequence <= last; ++sequence) {
      const row_ptr set = rows().get(sets, {sequence});
      if (!set) continue;
      const std::int64_t pieces = set->integer(change_set_row::chunks.slot());
      for (std::int64_t i = 0; i < pieces; ++i) rows().erase(chunks, {sequence << 16 | i});
      rows().erase(sets, {sequence});
      ++removed;
    }
    tx->noted = tx->noted || removed != 0;
    return removed;
  });
}

}  // namespace kith::inline v1
