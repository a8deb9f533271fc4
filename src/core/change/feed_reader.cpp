// SPDX-License-Identifier: Apache-2.0
//
// Change sets out of their rows and chunks.
#include "core/change/feed_reader.hpp"

#include "core/system.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::detail {

using system::change_chunk;
using system::change_set_row;

feed_reader::feed_reader(connection& through, const model& of)
    : connection_(through),
      sets_(of.entity<change_set_row>()),
      chunks_(of.entity<change_chunk>()) {}

std::optional<change_set> feed_reader::at(std::int64_t sequence) {
  const row_ptr r = connection_.get(sets_, {sequence});
  if (!r) return {};
  return read(*r);
}

change_set feed_reader::read(const row& r) {
  const auto text = [&](const auto& f) { return std::string(r.text(f.slot())); };
  const auto number = [&](const auto& f) { return r.integer(f.slot()); };
  change_set set;
  set.sequence = r.id().value;
  set.at = {number(change_set_row::at)};
  set.actor = text(change_set_row::actor);
  set.from = static_cast<origin>(number(change_set_row::from_origin));
  set.reason = text(change_set_row::reason);
  set.operation_key = text(change_set_row::operation);
  set.batch = {number(change_set_row::batch)};
  set.undoes = number(change_set_row::undoes);
  const auto append = [&](std::string_view bytes) {
    for (record_change& c : unpack_changes(bytes)) set.changes.push_back(std::move(c));
  };
  for (std::int64_t i = 0; i < number(change_set_row::chunks); ++i) {
    const row_ptr chunk = connection_.get(chunks_, {set.sequence << 16 | i});
    if (!chunk) {
      throw error(error_code::damaged, "change set " + std::to_string(set.sequence) +
                                           " has lost chunk " + std::to_string(i));
    }
    append(chunk->text(change_chunk::changes.slot()));
  }
  append(r.text(change_set_row::changes.slot()));
  return set;
}

void feed_reader::walk(std::int64_t since, std::uint64_t most, bool newest_first,
                       const std::function<bool(const row&)>& visit) {
  instruction load;
  load.code = op::load;
  load.slot = id_slot;
  load.type = storage::integer;
  const order_term by_id{{{load}, nullptr}, storage::integer, newest_first};
  const cell after[] = {cell::integer(since), cell::integer(since)};
  scan_request request;
  request.entity = &sets_;
  request.order = {&by_id, 1};
  if (!newest_first) request.after = after;
  request.limit = most;
  const auto cursor = connection_.scan(request);
  for (std::uint64_t seen = 0; most == 0 || seen < most; ++seen) {
    const row_ptr r = cursor->next();
    if (!r || r->id().value <= since || !visit(*r)) return;
  }
}

void feed_reader::forward(std::int64_t since, std::uint64_t most,
                          const std::function<bool(change_set&)>& visit) {
  walk(since, most, false, [&](const row& r) {
    change_set set = read(r);
    return visit(set);
  });
}

void feed_reader::backward(std::int64_t since, const std::function<bool(change_set&)>& visit) {
  walk(since, 0, true, [&](const row& r) {
    change_set set = read(r);
    return visit(set);
  });
}

std::int64_t feed_reader::oldest() {
  std::int64_t found = 0;
  walk(0, 1, false, [&](const row& r) {
    found = r.id().value;
    return false;
  });
  return found;
}

void feed_reader::require_after(std::int64_t since) {
  const std::int64_t kept = oldest();
  if (kept - 1 <= since) return;
  throw error(error_code::not_found,
              "the change sets before " + std::to_string(kept) +
                  " were trimmed, and this needs those after " + std::to_string(since) +
                  "; begin at " + std::to_string(kept - 1),
              {std::string(sets_.name()), kept, {}});
}

// Instants never step back along the feed, and sequences have no gaps: halved until found.
std::int64_t feed_reader::sequence_at(instant when) {
  const auto is_after = [&](std::int64_t sequence) {
    const row_ptr r = connection_.get(sets_, {sequence});
    return !r || r->integer(change_set_row::at.slot()) > when.microseconds;
  };
  std::int64_t newest = 0;
  walk(0, 0, true, [&](const row& r) {
    newest = r.id().value;
    return false;
  });
  std::int64_t low = oldest() - 1;  // not after
  std::int64_t high = newest + 1;   // after
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (is_after(middle) ? high : low) = middle;
  }
  return low < 0 ? 0 : low;
}

}  // namespace kith::inline v1::detail
