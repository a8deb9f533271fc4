// SPDX-License-Identifier: Apache-2.0
//
// Adding to tallies and taking away from them.
#include "core/totals/tally.hpp"

#include <algorithm>

#include "core/session/reader.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::detail {
namespace {

tally_part& part_of(std::vector<tally_part>& parts, std::string_view currency) {
  const auto found = std::find_if(parts.begin(), parts.end(),
                                  [&](const tally_part& p) { return p.currency == currency; });
  if (found != parts.end()) return *found;
  parts.emplace_back().currency = currency;
  return parts.back();
}

void add_to(wide& sum, wide more) {
  if (checked_add(sum, more, sum)) return;
  throw error(error_code::limit, "a sum of a total does not fit; round() what is added");
}

bool better(const total_measure& m, wide a, wide b) {
  return m.what == aggregate::min ? a < b : a > b;
}

void keep_best(const total_measure& m, wide& best, bool& any, wide candidate) {
  if (!any || better(m, candidate, best)) best = candidate;
  any = true;
}

void add_amount(const total_measure& m, std::vector<tally_part>& parts,
                const contribution::amount& a, int sign) {
  tally_part& p = part_of(parts, a.currency);
  p.count += sign;
  if (m.what == aggregate::sum) {
    add_to(p.value, sign * a.value);
  } else if (m.is_extreme()) {
    if (sign > 0) keep_best(m, p.value, p.has, a.value);
    if (sign < 0) keep_best(m, p.gone, p.lost, a.value);
  }
}

std::optional<contribution::amount> amount_of(const total_measure& m, evaluator& run,
                                              const row& r) {
  for (const program& w : m.where) {
    if (!run.holds(w, r)) return {};
  }
  contribution::amount a;
  if (m.counts_rows) return a;
  if (m.is_money()) {
    const cell currency = run.result(m.of.parts[1], r);
    if (currency.is_null()) return {};
    a.currency = currency.as_bytes();
  }
  const stack_cell c = run.wide_result(m.of.parts[0], r);
  if (c.is_null()) return {};
  if (m.what != aggregate::count) a.value = c.integer;
  return a;
}

// A measure that is merged with what came later.
void merge_part(const total_measure& m, tally_part& to, const tally_part& more) {
  to.count += more.count;
  if (m.what == aggregate::sum) add_to(to.value, more.value);
  if (!m.is_extreme()) return;
  if (more.has) keep_best(m, to.value, to.has, more.value);
  if (more.lost) keep_best(m, to.gone, to.lost, more.gone);
}

// Whether the best that is there is known. What left was not better than what stays; if it was as
// good, nobody knows how often that was there.
bool settled(const total_measure& m, tally_part& p) {
  if (p.count < 0 || (p.count > 0 && m.is_extreme() && !p.has)) return false;
  const bool certain = !p.lost || p.count == 0 || better(m, p.value, p.gone);
  p.lost = false;
  p.gone = 0;
  return certain;
}

}  // namespace

std::optional<contribution> contribution_of(const total_type& t, evaluator& run, const row& r,
                                            std::uint64_t taken) {
  if (!r.live() || !passes(t.conditions, taken, run, r)) return {};
  contribution c;
  std::vector<cell> cells;
  for (const total_group& g : t.groups) cells.push_back(r.at(g.slot, g.cells));
  c.group = packed_group(cells);
  c.amounts.reserve(t.measures.size());
  for (const total_measure& m : t.measures) c.amounts.push_back(amount_of(m, run, r));
  return c;
}

void add(tally& to, const total_type& t, const contribution& c, int sign) {
  to.records += sign;
  to.measures.resize(t.measures.size());
  for (std::size_t i = 0; i < t.measures.size(); ++i) {
    if (c.amounts[i]) add_amount(t.measures[i], to.measures[i], *c.amounts[i], sign);
  }
}

void replace(tally& to, const total_type& t, const contribution& before,
             const contribution& after) {
  to.measures.resize(t.measures.size());
  for (std::size_t i = 0; i < t.measures.size(); ++i) {
    if (before.amounts[i] == after.amounts[i]) continue;
    if (before.amounts[i]) add_amount(t.measures[i], to.measures[i], *before.amounts[i], -1);
    if (after.amounts[i]) add_amount(t.measures[i], to.measures[i], *after.amounts[i], 1);
  }
}

void merge(tally& to, const total_type& t, const tally& more) {
  to.records += more.records;
  to.measures.resize(t.measures.size());
  for (std::size_t i = 0; i < t.measures.size(); ++i) {
    for (const tally_part& p : more.measures[i]) {
      merge_part(t.measures[i], part_of(to.measures[i], p.currency), p);
    }
  }
}

bool apply(tally& state, const total_type& t, const tally& difference) {
  merge(state, t, difference);
  bool certain = state.records >= 0;
  for (std::size_t i = 0; i < t.measures.size(); ++i) {
    std::vector<tally_part>& parts = state.measures[i];
    for (tally_part& p : parts) certain = settled(t.measures[i], p) && certain;
    std::erase_if(parts, [](const tally_part& p) { return p.count == 0; });
  }
  return certain;
}

bool says_nothing(const tally& difference) {
  const auto empty = [](const tally_part& p) {
    return p.count == 0 && p.value == 0 && !p.has && !p.lost;
  };
  return difference.records == 0 &&
         std::all_of(
             difference.measures.begin(), difference.measures.end(),
             [&](const auto& parts) { return std::all_of(parts.begin(), parts.end(), empty); });
}

bool same(const tally& a, const tally& b) {
  if (a.records != b.records || a.measures.size() != b.measures.size()) return false;
  for (std::size_t i = 0; i < a.measures.size(); ++i) {
    if (a.measures[i].size() != b.measures[i].size()) return false;
    for (const tally_part& p : a.measures[i]) {
      const auto other =
          std::find_if(b.measures[i].begin(), b.measures[i].end(),
                       [&](const tally_part& q) { return p.currency == q.currency; });
      if (other == b.measures[i].end() || other->count != p.count || other->value != p.value) {
        return false;
      }
    }
  }
  return true;
}

// ----------------------------------------------------------------------------------------- results

namespace {

cell narrowed(wide n) {
  stack_cell c;
  c.type = storage::integer;
  c.integer = n;
  return from_stack(c);
}

money amount_of(const total_measure& m, const tally_part& p) {
  const currency_code currency(p.currency);
  const int scale = digits_of(m.of.type.options.scale, currency);
  return {decimal(narrowed(p.value).as_integer(), scale), currency};
}

value money_of(const total_measure& m, const std::vector<tally_part>& parts) {
  if (parts.size() == 1) return amount_of(m, parts[0]);
  money_sum sums;
  for (const tally_part& p : parts) sums.add(amount_of(m, p));
  return sums.empty() ? value() : value(sums);
}

}  // namespace

void measured(const tally& state, const total_type& t, std::vector<value>& values) {
  for (std::size_t i = 0; i < t.measures.size(); ++i) {
    const total_measure& m = t.measures[i];
    static const std::vector<tally_part> none;
    const std::vector<tally_part>& parts = state.measures.empty() ? none : state.measures[i];
    if (m.what == aggregate::count) {
      std::int64_t count = 0;
      for (const tally_part& p : parts) count += p.count;
      values.emplace_back(count);
    } else if (m.is_money()) {
      values.push_back(money_of(m, parts));
    } else if (parts.empty()) {
      values.emplace_back();
    } else {
      const cell c = narrowed(parts[0].value);
      values.push_back(value::of(m.of.type.kind, m.of.type.options, {&c, 1}));
    }
  }
}

}  // namespace kith::inline v1::detail
