// SPDX-License-Identifier: Apache-2.0
//
// The change feed, newest set first, without a person's values.
#include "core/erasure/feed_eraser.hpp"

#include <algorithm>

#include "core/audit/chain.hpp"
#include "core/change/packed_entries.hpp"
#include "core/system.hpp"

namespace kith::inline v1::detail {

using system::change_chunk;
using system::change_set_row;

void feed_eraser::add(const member& m, std::int64_t revision) {
  records_[{m.entity->number, m.id.value}] = m.becomes == fate::goes;
  waiting_.insert(revision);
}

void feed_eraser::run() {
  while (!waiting_.empty()) {
    const std::int64_t newest = *waiting_.rbegin();
    waiting_.erase(std::prev(waiting_.end()));
    rewrite(newest);
  }
}

// A set that was trimmed has gone with its values, and so have those before it.
void feed_eraser::rewrite(std::int64_t sequence) {
  const entity_type& sets = s_.model->entity<change_set_row>();
  const entity_type& chunks = s_.model->entity<change_chunk>();
  const row_ptr set = s_.rows().get(sets, {sequence}, needed_cells::with_keys);
  if (!set) return;
  bool changed = false;
  for (std::int64_t i = 0; i < set->integer(change_set_row::chunks.slot()); ++i) {
    changed = rewrite_piece(chunks, {sequence << 16 | i}, change_chunk::changes.slot(),
                            change_chunk::seals.slot(), sequence, i) ||
              changed;
  }
  changed = rewrite_piece(sets, {sequence}, change_set_row::changes.slot(),
                          change_set_row::seals.slot(), sequence, -1) ||
            changed;
  if (changed) ++sets_;
}

bool feed_eraser::rewrite_piece(const entity_type& e, record_id id, slot_number changes,
                                slot_number seals, std::int64_t sequence, std::int64_t piece) {
  const row_ptr before = s_.rows().get(e, id, needed_cells::with_keys);
  if (!before) return false;  // damage, which verify() tells of
  const std::string bytes = stripped(before->text(changes), sequence);
  if (bytes == before->text(changes)) return false;
  std::string new_seals;
  const sealed_piece old{piece, before->text(changes), before->text(seals)};
  if (!old.seals.empty()) new_seals = resealed(*s_.eng->audit(), sequence, old, bytes);
  write(e, before, changes, seals, bytes, new_seals);
  return true;
}

void feed_eraser::write(const entity_type& e, const row_ptr& before, slot_number changes,
                        slot_number seals, std::string_view bytes, std::string_view new_seals) {
  any_draft d(before);
  d.put(changes, cell::blob(bytes));
  if (!new_seals.empty()) d.put(seals, cell::blob(new_seals));
  const slot_number changed[] = {changes, seals};
  const std::size_t count = new_seals.empty() ? 1 : 2;
  s_.rows().write({&e, before, s_.build(e, before->system(), d), std::span(changed).first(count)});
}

std::string feed_eraser::stripped(std::string_view bytes, std::int64_t sequence) {
  std::string out;
  for (const std::string_view entry : packed_entries(bytes)) {
    record_change c = unpack_changes(entry).front();
    const auto of = records_.find({c.entity, c.id.value});
    if (of == records_.end()) {
      out += entry;
      continue;
    }
    if (c.previous > 0 && c.previous < sequence) waiting_.insert(c.previous);
    if (strip(c, of->second)) {
      out += packed(c);
    } else {
      out += entry;
    }
  }
  return out;
}

bool feed_eraser::strip(record_change& c, bool all) const {
  const auto goes = [&](const cell_before& b) {
    return b.field != erased_field && (all || persons_.is_personal(c.entity, b.field));
  };
  if (std::erase_if(c.before, goes) == 0) return false;
  if (!has_erased_values(c)) c.before.push_back({erased_field, 0, {}});
  return true;
}

// Nothing of it was stored yet: pieces are sealed anew.
void feed_eraser::clean_own_set() {
  const auto clean = [&](std::string_view bytes) {
    std::string out;
    for (const std::string_view entry : packed_entries(bytes)) {
      record_change c = unpack_changes(entry).front();
      out += strip(c, false) ? packed(c) : std::string(entry);
    }
    return out;
  };
  open_transaction& tx = *s_.tx;
  tx.pending.replace(clean(tx.pending.first(tx.pending.size())));
  const entity_type& chunks = s_.model->entity<change_chunk>();
  for (int i = 0; i < tx.chunks; ++i) {
    const row_ptr before = s_.rows().get(chunks, {tx.sequence << 16 | i}, needed_cells::with_keys);
    const std::string bytes = clean(before->text(change_chunk::changes.slot()));
    if (bytes == before->text(change_chunk::changes.slot())) continue;
    write(chunks, before, change_chunk::changes.slot(), change_chunk::seals.slot(), bytes,
          s_.eng->seals_of(bytes));
  }
}

}  // namespace kith::inline v1::detail
