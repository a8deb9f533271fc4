// SPDX-License-Identifier: Apache-2.0
//
// The engine's part in the audit chain: who may write on, and what each set is given.
#include "core/audit/pieces.hpp"
#include "core/session/engine.hpp"
#include "core/system.hpp"

namespace kith::inline v1 {

using system::change_chunk;
using system::change_set_row;

namespace {

// The row with another cell.
row_ptr with_cell(const entity_type& e, const row& r, slot_number slot, std::string_view bytes) {
  std::vector<cell> cells;
  for (slot_number s = 0; s < e.columns.size(); ++s) {
    if (e.columns[s].role != part_role::value) continue;
    cells.push_back(s == slot ? cell::blob(bytes) : r.at(s, e.columns[s].type));
  }
  return detail::internal_row(e, r.system(), cells);
}

}  // namespace

detail::set_pieces detail::pieces_of(connection& through, const model& of, const row& set) {
  const entity_type& chunks = of.entity<change_chunk>();
  set_pieces pieces;
  for (std::int64_t i = 0; i < set.integer(change_set_row::chunks.slot()) && i <= 0xffff; ++i) {
    row_ptr chunk = through.get(chunks, {set.id().value << 16 | i});
    if (!chunk) continue;
    pieces.all.push_back(
        {i, chunk->text(change_chunk::changes.slot()), chunk->text(change_chunk::seals.slot())});
    pieces.chunks.push_back(std::move(chunk));
  }
  pieces.all.push_back(
      {-1, set.text(change_set_row::changes.slot()), set.text(change_set_row::seals.slot())});
  return pieces;
}

std::string engine::seals_of(std::string_view changes) const {
  if (!audit_) return {};
  return detail::sealed(changes, *options_.random);
}

row_ptr engine::in_chain(connection& through, const kith::model& of, row_ptr set) const {
  if (!audit_) return set;
  const entity_type& sets = of.entity<change_set_row>();
  std::string before(detail::digest_bytes, '\0');
  if (set->id().value > 1) {
    const row_ptr last = through.get(sets, {set->id().value - 1});
    if (!last) throw error(error_code::damaged, "the newest change set is missing");
    before = last->text(change_set_row::digest.slot());
  }
  const detail::set_pieces pieces = detail::pieces_of(through, of, *set);
  return with_cell(sets, *set, change_set_row::digest.slot(),
                   detail::digest_of_set(*audit_, before, *set, pieces.all));
}

void engine::begin_chain_at(connection& through, const kith::model& of,
                            std::int64_t sequence) const {
  if (!audit_ || sequence < 2) return;
  const entity_type& sets = of.entity<change_set_row>();
  const row_ptr first = through.get(sets, {sequence}, needed_cells::with_keys);
  const row_ptr last = through.get(sets, {sequence - 1});
  if (!first || !last) return;
  const slot_number slot = change_set_row::cut.slot();
  const std::string cut =
      detail::made_cut(*audit_, sequence, last->text(change_set_row::digest.slot()));
  const slot_number changed[] = {slot};
  through.write({&sets, first, with_cell(sets, *first, slot, cut), changed});
}

void engine::require_audit_key(connection& through, const kith::model& of, std::int64_t newest) {
  if (audit_ || may_write_.load(std::memory_order_relaxed)) return;
  const row_ptr set = through.get(of.entity<change_set_row>(), {newest});
  if (set && set->has(change_set_row::digest.slot())) {
    throw error(error_code::denied,
                "the store has an audit chain and was opened without its key: nothing was written; "
                "open it with its crm_options.audit_key");
  }
  may_write_.store(true, std::memory_order_relaxed);
}

// The newest set tells whether there is a chain, and whether this is its key.
void engine::check_audit_key(connection& through) {
  if (options_.read_only || !audit_) return;
  const entity_type& sets = model_->entity<change_set_row>();
  const std::int64_t sequence = head_of(through, *model_).sequence;
  const row_ptr newest = through.get(sets, {sequence});
  if (!newest || !newest->has(change_set_row::digest.slot())) {
    throw error(error_code::denied,
                "the store has no audit chain, which begins with the first change set: open it "
                "without crm_options.audit_key, or import its records into a new store");
  }
  std::string before(detail::digest_bytes, '\0');
  if (sequence > 1) {
    const row_ptr last = through.get(sets, {sequence - 1});
    before = last ? std::string(last->text(change_set_row::digest.slot()))
                  : detail::digest_before_cut(*audit_, sequence,
                                              newest->text(change_set_row::cut.slot()));
  }
  const detail::set_pieces pieces = detail::pieces_of(through, *model_, *newest);
  if (detail::digest_of_set(*audit_, before, *newest, pieces.all) ==
      newest->text(change_set_row::digest.slot())) {
    return;
  }
  throw error(error_code::denied,
              "the key is not that of the store's audit chain, or the newest change set was "
              "changed: give the right key; crm.check_audit() of a store opened with read_only "
              "tells more");
}

}  // namespace kith::inline v1
