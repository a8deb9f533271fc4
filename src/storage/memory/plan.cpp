// SPDX-License-Identifier: Apache-2.0
//
// Matching conditions and orders with ids and indexes, and choosing among the ways.
#include "storage/memory/plan.hpp"

#include <algorithm>
#include <cmath>

#include "storage/memory/terms.hpp"

namespace kith::inline v1::memory {
namespace {

class planner {
 public:
  explicit planner(const scan_request& request) : request_(request) {
    for (unsigned i = 0; i < request.conditions.size() && i < 64; ++i) {
      if (!is_takeable(request.conditions[i])) continue;
      taken |= bit(i);
      if (read_terms(request.conditions[i], i, terms_)) read_ |= bit(i);
    }
  }

  std::uint64_t taken = 0;
  access_path by_id() const;
  access_path through(const index& i) const;

 private:
  static std::uint64_t bit(std::size_t i) { return std::uint64_t{1} << i; }
  static bool fits(const term& t, storage type);
  const term* find(key_column c, op least, op most) const;
  std::uint64_t use(const term* t) const {
    return bit(static_cast<std::size_t>(t - terms_.data()));
  }
  bool narrow_ids(access_path& path, const term& t) const;
  std::uint64_t narrow_next(access_path& path, key_column c) const;
  std::uint64_t guaranteed(std::uint64_t used) const;
  bool order_by_id(access_path& path) const;
  bool order_through(access_path& path) const;
  bool begin_behind(access_path& path, std::vector<cell> cells) const;

  const scan_request& request_;
  std::vector<term> terms_;
  std::uint64_t read_ = 0;  // conditions that are terms
};

// Conditions all of whose terms are used.
std::uint64_t planner::guaranteed(std::uint64_t used) const {
  std::uint64_t result = read_;
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    if ((used & bit(i)) == 0) result &= ~bit(terms_[i].condition);
  }
  return result;
}

bool planner::fits(const term& t, storage type) {
  if (t.type != type) return false;
  if (t.what != op::in_list) return t.value.is_null() || t.value.type() == type;
  return std::all_of(t.list.begin(), t.list.end(), [type](const instruction& i) {
    return i.constant.is_null() || i.constant.type() == type;
  });
}

const term* planner::find(key_column c, op least, op most) const {
  for (const term& t : terms_) {
    if (t.slot == c.slot && t.what >= least && t.what <= most && fits(t, c.type)) return &t;
  }
  return nullptr;
}

// ------------------------------------------------------------------------------------------- by id

access_path planner::by_id() const {
  access_path path;
  std::uint64_t used = 0;
  for (const term& t : terms_) {
    if (t.slot == id_slot && fits(t, storage::integer) && narrow_ids(path, t)) used |= use(&t);
  }
  path.guaranteed = guaranteed(used);
  path.nothing = path.nothing || path.from > path.to;
  path.ordered = order_by_id(path);
  return path;
}

bool planner::narrow_ids(access_path& path, const term& t) const {
  const std::int64_t v = t.value.as_integer();
  const auto at_least = [&](std::int64_t id) { path.from = std::max(path.from, id); };
  const auto at_most = [&](std::int64_t id) { path.to = std::min(path.to, id); };
  switch (t.what) {
    case op::equal:
      if (t.value.is_null()) return false;
      at_least(v);
      at_most(v);
      path.narrowness += 200;
      return true;
    case op::less:
      path.nothing = path.nothing || v == least_id;
      if (v != least_id) at_most(v - 1);
      break;
    case op::less_equal: at_most(v); break;
    case op::greater:
      path.nothing = path.nothing || v == greatest_id;
      if (v != greatest_id) at_least(v + 1);
      break;
    case op::greater_equal: at_least(v); break;
    default:
      if (!path.ids.empty()) return false;
      for (const instruction& i : t.list) {
        if (!i.constant.is_null()) path.ids.push_back(i.constant.as_integer());
      }
      path.nothing = path.nothing || path.ids.empty();
      std::sort(path.ids.begin(), path.ids.end());
      path.ids.erase(std::unique(path.ids.begin(), path.ids.end()), path.ids.end());
      path.narrowness += 150;
      return true;
  }
  path.narrowness += 1;
  return true;
}

bool planner::order_by_id(access_path& path) const {
  if (!request_.order.empty()) {
    const order_term& first = request_.order.front();
    if (!first.key.is_load() || first.key.code[0].slot != id_slot) return false;
    path.backward = first.descending;
  }
  if (!request_.after.empty()) path.after_id = request_.after.back().as_integer();
  return true;
}

// ---------------------------------------------------------------------------------- through an
// index

access_path planner::through(const index& i) const {
  access_path path;
  path.through = &i;
  std::uint64_t used = 0;
  for (const key_column& c : i.key) {
    const term* const t = find(c, op::equal, op::equal);
    if (t == nullptr) break;
    path.equal.push_back(t->value);
    used |= use(t);
  }
  path.narrowness = 4 * static_cast<unsigned>(path.equal.size());
  if (path.equal.size() < i.key.size()) {
    used |= narrow_next(path, i.key[path.equal.size()]);
  } else if (i.exclusive() && std::none_of(path.equal.begin(), path.equal.end(),
                                           [](const cell& c) { return c.is_null(); })) {
    path.narrowness += 100;  // one record at most
  }
  path.guaranteed = guaranteed(used);
  path.ordered = order_through(path);
  return path;
}

std::uint64_t planner::narrow_next(access_path& path, key_column c) const {
  if (const term* const t = find(c, op::in_list, op::in_list)) {
    for (const instruction& i : t->list) {
      if (!i.constant.is_null()) path.list.push_back(i.constant);
    }
    path.nothing = path.list.empty();
    std::sort(path.list.begin(), path.list.end());
    path.list.erase(std::unique(path.list.begin(), path.list.end()), path.list.end());
    path.narrowness += 3;
    return use(t);
  }
  std::uint64_t used = 0;
  if (const term* const t = find(c, op::greater, op::greater_equal)) {
    path.low = {t->value, t->what == op::greater_equal};
    used |= use(t);
  }
  if (const term* const t = find(c, op::less, op::less_equal)) {
    path.high = {t->value, t->what == op::less_equal};
    used |= use(t);
    if (!path.low) path.low = {cell::null(), false};  // null is in no range
  }
  path.narrowness += (path.low ? 1 : 0) + (path.high ? 1 : 0);
  return used;
}

bool planner::order_through(access_path& path) const {
  const key_columns& key = path.through->key;
  const auto order = request_.order;
  std::size_t next = path.equal.size();
  std::optional<bool> descending;  // of the cells
  std::vector<cell> behind;
  bool backward = !order.empty() && order.back().descending;  // of the id
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (!order[i].key.is_load()) return false;
    const slot_number slot = order[i].key.code[0].slot;
    if (slot == id_slot) {
      backward = order[i].descending;
      break;  // nothing behind it counts
    }
    if (next < key.size() && slot == key[next].slot) {
      if (descending.value_or(order[i].descending) != order[i].descending) return false;
      descending = order[i].descending;
      if (!request_.after.empty()) behind.push_back(request_.after[i]);
      ++next;
      continue;
    }
    const auto bound =
        std::find_if(key.begin(), key.end(), [&](auto& c) { return c.slot == slot; });
    const auto at = static_cast<std::size_t>(bound - key.begin());
    if (at >= path.equal.size()) return false;
    // The same for all rows: says nothing about their order.
    if (!request_.after.empty() && request_.after[i] != path.equal[at]) return false;
  }
  if (next != key.size() || descending.value_or(backward) != backward) return false;
  path.backward = backward;
  return request_.after.empty() || begin_behind(path, std::move(behind));
}

// False when the place cannot be found in the index.
bool planner::begin_behind(access_path& path, std::vector<cell> cells) const {
  const key_columns& key = path.through->key;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const storage type = key[path.equal.size() + i].type;
    if (!cells[i].is_null() && cells[i].type() != type) return false;
  }
  if (!path.list.empty()) {
    // The values before that of the mark are done; the walk begins inside its own, if it is there.
    const cell mark = cells.front();
    std::erase_if(path.list, [&](const cell& c) { return path.backward ? c > mark : c < mark; });
    path.nothing = path.list.empty();
    if (path.nothing || (path.backward ? path.list.back() : path.list.front()) != mark) return true;
    cells.erase(cells.begin());
  }
  const auto& start = path.backward ? path.high : path.low;
  if (start && !cells.empty()) {
    const auto order = cells[0] <=> start->value;
    const bool outside = path.backward ? order > 0 : order < 0;
    if (outside || (order == 0 && !start->inclusive)) return true;  // the range begins behind it
  }
  path.after = std::move(cells);
  path.after_id = request_.after.back().as_integer();
  return true;
}

// How many rows are worth to be sorted before a way that is sorted, but less narrow, is better.
std::size_t worth_sorting(std::size_t rows, std::uint64_t limit) {
  const double all = static_cast<double>(rows);
  const double most =
      limit == 0 ? all / 4 : std::min(all, std::sqrt(static_cast<double>(limit) * all / 2));
  return static_cast<std::size_t>(std::clamp(most, 256.0, 100'000.0));
}

}  // namespace

plan plan_for(const table& in, const scan_request& request, stamp instant) {
  const planner p(request);
  plan result{p.taken, p.by_id(), {}, 0};
  if (result.best.narrowness >= 150) return result;
  std::optional<access_path> sorted;
  if (result.best.ordered) sorted = result.best;
  for (const auto& i : in.indexes) {
    if (i->born > instant || (i->exclusive() && request.rows != lifecycle::live)) continue;
    access_path path = p.through(*i);
    if (path.ordered && (!sorted || path.narrowness > sorted->narrowness)) sorted = path;
    const bool narrower = path.narrowness != result.best.narrowness
                              ? path.narrowness > result.best.narrowness
                              : path.narrowness != 0 && path.ordered && !result.best.ordered;
    if (narrower) result.best = std::move(path);
  }
  if (!sorted || result.best.ordered) return result;
  if (sorted->narrowness >= result.best.narrowness) {
    result.best = std::move(*sorted);
  } else {
    result.otherwise = std::move(sorted);
    result.worth = worth_sorting(in.records.size(), request.limit);
  }
  return result;
}

}  // namespace kith::inline v1::memory
