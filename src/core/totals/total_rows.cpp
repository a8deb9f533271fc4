// SPDX-License-Identifier: Apache-2.0
//
// Reading and writing the rows of totals, and counting what belongs into them.
#include "core/totals/total_rows.hpp"

#include "core/session/engine.hpp"
#include "core/session/reader.hpp"
#include "core/system.hpp"

namespace kith::inline v1::detail {
namespace {

using system::total_row;

constexpr int hash_bits = 47;  // below the 16 bits of the number
constexpr std::int64_t hash_mask = (std::int64_t{1} << hash_bits) - 1;

std::uint64_t hash_of(std::string_view bytes) noexcept {  // FNV-1a, its upper bits mixed down
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  hash = (hash ^ hash >> 32) * 0x9e3779b97f4a7c15u;
  return hash ^ hash >> 29;
}

program compared(op how, std::int64_t id) {
  program p = equals(id_slot, storage::integer, cell::integer(id));
  p.code.back().code = how;
  return p;
}

program is_group(const total_group& g, const cell& c) {
  program p = equals(g.slot, g.cells, c);
  if (!c.is_null()) return p;
  instruction is_null;
  is_null.code = op::is_null;
  p.code = {p.code.front(), is_null};
  return p;
}

order_term by_id() {
  instruction load;
  load.code = op::load;
  load.slot = id_slot;
  load.type = storage::integer;
  return {{{load}, nullptr}, storage::integer, false};
}

}  // namespace

total_rows::total_rows(connection& through, const model& of)
    : through_(through), rows_(of.entity<total_row>()) {}

record_id total_rows::id_of(std::uint16_t number, std::string_view group) noexcept {
  return {static_cast<std::int64_t>(number) << hash_bits |
          (static_cast<std::int64_t>(hash_of(group)) & hash_mask)};
}

std::uint16_t total_rows::number_of(record_id id) noexcept {
  return static_cast<std::uint16_t>(id.value >> hash_bits);
}

void total_rows::each_of(std::uint16_t number, std::span<const slot_number> slots,
                         const std::function<void(const row&)>& visit) const {
  const std::int64_t first = static_cast<std::int64_t>(number) << hash_bits;
  const program range[] = {compared(op::greater_equal, first),
                           compared(op::less_equal, first | hash_mask)};
  scan_request request;
  request.entity = &rows_;
  request.conditions = range;
  request.slots = slots;
  request.any_order = true;
  evaluator run(nullptr, {});
  const auto rows = through_.scan(request);
  while (const row_ptr r = rows->next()) {
    if (passes(range, rows->taken(), run, *r)) visit(*r);
  }
}

void total_rows::each_group(
    const total_type& t,
    const std::function<void(std::string_view group, const tally& says)>& visit) const {
  const slot_number slots[] = {total_row::groups.slot()};
  tally room;
  each_of(t.line.number, slots, [&](const row& r) {
    detail::each_group(t, r.text(total_row::groups.slot()), room, visit);
  });
}

group_map total_rows::read(const total_type& t) const {
  group_map all;
  each_group(t, [&](std::string_view group, const tally& says) {
    all.insert_or_assign(std::string(group), says);
  });
  return all;
}

group_map total_rows::read_row(const total_type& t, std::string_view group) const {
  const row_ptr r = through_.get(rows_, id_of(t.line.number, group));
  return r ? unpacked(t, r->text(total_row::groups.slot())) : group_map();
}

void total_rows::write_row(record_id id, const row_ptr& before, const group_map& groups,
                           std::int64_t sequence) {
  if (groups.empty()) {
    if (before) through_.erase(rows_, id);
    return;
  }
  system_cells system;
  system.id = id;
  system.revision = sequence;
  system.created = before ? before->system().created : sequence;
  const std::string bytes = packed(groups);
  const cell cells[] = {cell::blob(bytes)};
  const slot_number changed[] = {total_row::groups.slot()};
  row_change change{&rows_, before, internal_row(rows_, system, cells), {}};
  if (before) change.changed = changed;
  through_.write(change);
}

void total_rows::change(const total_type& t, const std::string& group, std::int64_t sequence,
                        const std::function<void(tally&)>& how) {
  const record_id id = id_of(t.line.number, group);
  const row_ptr before = through_.get(rows_, id);
  group_map groups;
  if (before) groups = unpacked(t, before->text(total_row::groups.slot()));
  const auto at = groups.try_emplace(group).first;
  how(at->second);
  if (at->second.records == 0) groups.erase(at);
  write_row(id, before, groups, sequence);
}

void total_rows::each(const std::function<void(const row&)>& visit) const {
  const order_term ids = by_id();
  scan_request request;
  request.entity = &rows_;
  request.order = {&ids, 1};
  const auto rows = through_.scan(request);
  while (const row_ptr r = rows->next()) visit(*r);
}

void total_rows::clear(std::uint16_t number) {
  const slot_number slots[] = {id_slot};
  std::vector<record_id> ids;
  each_of(number, slots, [&](const row& r) { ids.push_back(r.id()); });
  for (const record_id id : ids) through_.erase(rows_, id);
}

void total_rows::rebuild(const total_type& t, std::int64_t sequence) {
  clear(t.line.number);
  std::map<std::int64_t, group_map> rows;  // in the order of their ids
  for (auto& [group, state] : counted(through_, t)) {
    rows[id_of(t.line.number, group).value].emplace(group, state);
  }
  for (const auto& [id, groups] : rows) write_row({id}, {}, groups, sequence);
}

group_map counted(connection& through, const total_type& t, const std::string* only) {
  std::vector<program> conditions = t.conditions;
  std::vector<owned_cell> cells;
  if (only != nullptr) {
    cells = unpacked_group(*only);
    for (std::size_t i = 0; i < t.groups.size(); ++i) {
      conditions.push_back(is_group(t.groups[i], cells[i].view()));
    }
  }
  scan_request request;
  request.entity = t.entity;
  request.conditions = conditions;
  request.slots = t.reads;
  request.any_order = true;
  group_map groups;
  evaluator run(nullptr, {});
  const auto rows = through.scan(request);
  while (const row_ptr r = rows->next()) {
    if (!passes(conditions, rows->taken(), run, *r)) continue;
    const std::uint64_t all = ~std::uint64_t{0};
    if (const auto c = contribution_of(t, run, *r, all)) add(groups[c->group], t, *c, 1);
  }
  return groups;
}

}  // namespace kith::inline v1::detail
