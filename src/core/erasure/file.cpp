// SPDX-License-Identifier: Apache-2.0
//
// The walk from a person to the records about it, level by level.
#include "core/erasure/file.hpp"

#include <algorithm>
#include <functional>

#include "core/session/reader.hpp"

namespace kith::inline v1::detail {
namespace {

// Beyond so many, one walk over the table is cheaper than a look-up each.
constexpr std::size_t most_lookups = 200;

bool is_indexed(const entity_type& e, slot_number slot) {
  return std::any_of(e.indexes.begin(), e.indexes.end(), [&](const index_type& i) {
    return !i.keys.empty() && i.keys.front() == slot;
  });
}

}  // namespace

subject_file::subject_file(connection& through, const model& of, const persons& who)
    : connection_(through), model_(of), persons_(who) {}

void subject_file::collect(const entity_type& e, record_id id) {
  first_ = {e.number, id.value};
  wide_ = persons_.is_party(e);
  if (!persons_.is_subject(e)) {  // a record that tells of somebody, not a person: it alone
    members_[first_] = {fate::stays, reach::near};
    return;
  }
  add(e, id.value, {fate::goes, reach::own});
  add_merged(e, id);
  while (!next_.empty()) {
    std::map<std::pair<reach, std::uint16_t>, std::vector<std::int64_t>> level;
    for (const auto& [k, how] : next_) level[{how, k.first}].push_back(k.second);
    next_.clear();
    for (auto& [what, ids] : level) {
      std::sort(ids.begin(), ids.end());
      follow(*model_.find(what.second), ids, what.first);
    }
  }
  keep_what_is_named();
}

void subject_file::add(const entity_type& e, std::int64_t id, place p) {
  const auto [at, first] = members_.try_emplace({e.number, id}, p);
  const bool wider = !first && at->second.how < p.how;
  if (wider) at->second.how = p.how;
  if (!first && p.becomes == fate::goes && wider) at->second.becomes = p.becomes;
  if ((first || wider) && p.how != reach::near) next_.emplace_back(at->first, p.how);
}

void subject_file::add_merged(const entity_type& e, record_id survivor) {
  std::vector<std::int64_t> found;
  const program merged[] = {equals(merged_slot, storage::integer, cell::integer(survivor.value))};
  const slot_number slots[] = {merged_slot};
  scan(e, lifecycle::deleted, merged, slots, [&](const row& r) {
    found.push_back(r.id().value);
    return true;
  });
  for (const std::int64_t id : found) {
    if (members_.count({e.number, id}) != 0) continue;
    add(e, id, {fate::goes, reach::own});
    add_merged(e, {id});
  }
}

void subject_file::follow(const entity_type& e, const std::vector<std::int64_t>& ids, reach how) {
  for (const referrer& from : e.referrers) {
    const persons::bond b = persons_.bond_of(e, from);
    if (b == persons::bond::none || !wide_) continue;
    if (b == persons::bond::near && how == reach::part) continue;
    place p;
    if (b == persons::bond::owned && how == reach::own) p = {fate::goes, reach::own};
    if (b == persons::bond::owned && how == reach::part) p = {fate::stays, reach::part};
    if (b == persons::bond::part) p = {fate::stays, reach::part};
    each_naming(from, e, ids, [&](std::int64_t id) {
      add(*from.from, id, p);
      return true;
    });
  }
}

// Nothing that stays may name a record that is gone; whoever is kept keeps others in turn.
void subject_file::keep_what_is_named() {
  for (bool more = true; more;) {
    more = false;
    for (auto& [k, p] : members_) {
      if (p.becomes != fate::goes) continue;
      if (!is_named_by_what_stays(*model_.find(k.first), k.second)) continue;
      p.becomes = fate::shell;
      more = true;
    }
  }
}

bool subject_file::is_named_by_what_stays(const entity_type& e, std::int64_t id) {
  bool found = false;
  for (const referrer& from : e.referrers) {
    if (from.from->about->internal) continue;
    each_naming(from, e, {id}, [&](std::int64_t by) {
      const auto of = members_.find({from.from->number, by});
      found = of == members_.end() || of->second.becomes != fate::goes;
      return !found;
    });
    if (found) return true;
  }
  return false;
}

void subject_file::each_naming(const referrer& from, const entity_type& named,
                               const std::vector<std::int64_t>& ids,
                               const std::function<bool(std::int64_t)>& visit) {
  const entity_type& e = *from.from;
  const slot_number by = from.by->slot;
  if (by == no_slot) return;
  const bool any = from.by->def->kind == kind_id::any_ref;
  const auto entity_slot = static_cast<slot_number>(by + 1);
  const slot_number slots[] = {by, any ? entity_slot : by};
  const auto one = [&](const row& r) {
    if (any && r.integer(entity_slot) != named.number) return true;
    if (!std::binary_search(ids.begin(), ids.end(), r.integer(by))) return true;
    return visit(r.id().value);
  };
  if (!is_indexed(e, by) || ids.size() > most_lookups) {
    scan(e, lifecycle::all, {}, slots, one);
    return;
  }
  for (const std::int64_t id : ids) {
    const program names[] = {equals(by, storage::integer, cell::integer(id))};
    if (!scan(e, lifecycle::live, names, slots, one)) return;
  }
  scan(e, lifecycle::deleted, {}, slots, one);
}

bool subject_file::scan(const entity_type& e, lifecycle rows, std::span<const program> conditions,
                        std::span<const slot_number> slots,
                        const std::function<bool(const row&)>& visit) {
  scan_request request;
  request.entity = &e;
  request.rows = rows;
  request.conditions = conditions;
  request.any_order = true;
  request.slots = slots;
  const auto cursor = connection_.scan(request);
  evaluator filter(nullptr, {});
  while (const row_ptr r = cursor->next()) {
    if (passes(conditions, cursor->taken(), filter, *r) && !visit(*r)) return false;
  }
  return true;
}

std::vector<member> subject_file::members() const {
  std::vector<member> all;
  const auto put = [&](const key& k, const place& p) {
    all.push_back({model_.find(k.first), {k.second}, p.becomes});
  };
  if (const auto own = members_.find(first_); own != members_.end()) put(first_, own->second);
  for (const auto& [k, p] : members_) {
    if (k != first_) put(k, p);
  }
  return all;
}

}  // namespace kith::inline v1::detail
