// SPDX-License-Identifier: Apache-2.0
//
// Groups and measures. A store computes them when it takes the whole request; else the rows are
// read here. Both give the same answer: sums are exact, money is added by currency, real numbers
// are added in the order of the ids.
#include <algorithm>

#include "core/interruption.hpp"
#include "core/session/grouping.hpp"
#include "core/session/pushed_aggregation.hpp"
#include "core/session/result_filter.hpp"
#include "core/session/state.hpp"

namespace kith::inline v1 {
namespace {

using detail::bound_aggregation;
using detail::bound_group;
using detail::bound_measure;
using detail::bound_value;
using detail::evaluator;
using detail::group_state;
using detail::grouping;
using detail::measure_state;
using detail::pushed_aggregation;
using detail::result_filter;

bound_aggregation bind(const detail::bind_context& context, const query_spec& spec,
                       const aggregation& what) {
  bound_aggregation b;
  const entity_type& e = *spec.entity;
  b.conditions = detail::bind_condition(context, e, spec.where);
  for (const aggregation::group& g : what.groups) {
    b.groups.push_back(
        {detail::bind_value(context, e, g.by), detail::bind_identity(context, e, g.by)});
  }
  for (const measure& m : what.measures) {
    bound_measure bound;
    bound.what = m.what;
    bound.counts_rows = m.of.empty();
    bound.where = detail::bind_condition(context, e, m.where);
    if (!m.of.empty()) {
      bound.of = detail::bind_value(context, e, m.of);
      const kind_id k = bound.of.type.kind;
      const bool adds = k == kind_id::integer || k == kind_id::decimal || k == kind_id::real ||
                        k == kind_id::duration || k == kind_id::money;
      const bool sums = m.what == aggregate::sum || m.what == aggregate::avg;
      if (sums && !adds) {
        throw error(error_code::query, m.name + ": " + std::string(kind_of(k).name) +
                                           " cannot be added; use count, min or max");
      }
      if (m.what != aggregate::count &&
          (k == kind_id::person_name || k == kind_id::postal_address)) {
        throw error(error_code::query, m.name + ": there is no least or most " +
                                           std::string(kind_of(k).name) + "; name a part of it");
      }
      if (!sums && bound.of.parts.size() == 1 && kind_of(k).derive != nullptr) {
        bound.identity = detail::bind_identity(context, e, m.of);
      }
    }
    b.measures.push_back(std::move(bound));
  }
  return b;
}

// ------------------------------------------------------------------------------- by the core

std::vector<slot_number> slots_read(const entity_type& e, const bound_aggregation& b) {
  detail::slot_set read(e);
  read.add(b.conditions);
  for (const bound_group& g : b.groups) {
    read.add(g.shown.parts);
    read.add(g.identity);
  }
  for (const bound_measure& m : b.measures) {
    read.add(m.of.parts);
    read.add(m.identity);
    read.add(m.where);
  }
  return read.only();
}

order_term by_id() {
  instruction load;
  load.code = op::load;
  load.slot = id_slot;
  load.type = storage::integer;
  return {{{load}, nullptr}, storage::integer, false};
}

void group_rows(connection& through, const query_spec& spec, const bound_aggregation& b,
                evaluator& run, grouping& to, std::atomic<bool>& interrupted) {
  const std::vector<slot_number> slots = slots_read(*spec.entity, b);
  const order_term ids = by_id();
  scan_request request;
  request.entity = spec.entity;
  request.rows = spec.rows;
  request.conditions = b.conditions;
  request.slots = slots;
  // The first record of a group shows its value, and reals are added in this order.
  request.order = {&ids, 1};
  const auto rows = through.scan(request);
  std::vector<owned_cell> identity;
  std::vector<cell> views;
  while (const row_ptr r = rows->next()) {
    if (interrupted.exchange(false)) {
      throw error(error_code::interrupted, "the query was interrupted");
    }
    if (!detail::passes(b.conditions, rows->taken(), run, *r)) continue;
    identity.clear();
    for (const bound_group& g : b.groups) {
      for (const program& p : g.identity) identity.emplace_back(run.result(p, *r));
    }
    views.assign(identity.begin(), identity.end());
    group_state& g = to.at(views);
    if (g.shown.empty() && !b.groups.empty()) {
      for (const bound_group& group : b.groups) g.shown.push_back(value_on(run, group.shown, *r));
    }
    for (measure_state& m : g.measures) m.add(run, *r);
  }
}

// ----------------------------------------------------------------------------------- results

std::strong_ordering compare(const value& a, const value& b) {
  // Money by currency first, as everywhere.
  const auto x = a.cells();
  const auto y = b.cells();
  const bool is_money = !a.is_null() && !b.is_null() && a.kind() == kind_id::money;
  if (is_money) {
    const money_sum p = a.as<money_sum>();
    const money_sum q = b.as<money_sum>();
    return std::lexicographical_compare_three_way(
        p.parts().begin(), p.parts().end(), q.parts().begin(), q.parts().end(),
        [](const auto& m, const auto& n) {
          const auto currency = m.first.text() <=> n.first.text();
          return currency != 0 ? currency : m.second <=> n.second;
        });
  }
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    const auto o = x[i].view() <=> y[i].view();
    if (o != 0) return o;
  }
  return x.size() <=> y.size();
}

struct result_row {
  const group_state* of = nullptr;
  std::vector<value> values;
};

// By what decides about equality: keys of texts, parts of names.
std::strong_ordering compare(const bound_aggregation& b, std::size_t column, const result_row& x,
                             const result_row& y) {
  const auto cells = [](const owned_cell& p, const owned_cell& q) { return p.view() <=> q.view(); };
  std::size_t from = 0;
  for (std::size_t i = 0; i < std::min(column, b.groups.size()); ++i) {
    from += b.groups[i].identity.size();
  }
  if (column < b.groups.size()) {
    const auto first = static_cast<std::ptrdiff_t>(from);
    const auto end = first + static_cast<std::ptrdiff_t>(b.groups[column].identity.size());
    return std::lexicographical_compare_three_way(
        x.of->identity.begin() + first, x.of->identity.begin() + end,
        y.of->identity.begin() + first, y.of->identity.begin() + end, cells);
  }
  const std::size_t measure = column - b.groups.size();
  if (const owned_cell* key = x.of->measures[measure].order()) {
    return cells(*key, *y.of->measures[measure].order());
  }
  return compare(x.values[column], y.values[column]);
}

table::column column_of(const std::string& name, const detail::result_type& type) {
  return {name, type.kind, type.options};
}

}  // namespace

table session::state::aggregate(const query_spec& spec, const aggregation& what) {
  settle();
  check_limits(spec);
  const std::shared_ptr<char> alive = running();
  const detail::stoppable scope(*interrupted);
  const detail::bind_context context = asking(spec.values);
  const bound_aggregation b = bind(context, spec, what);
  connection& through = seen();
  grouping groups(b, eng->limits().sort_bytes);
  pushed_aggregation pushed;
  const bool taken = pushed.prepare(spec, b) && pushed.run(through, b, groups);
  if (!taken) {
    // A scan outside a transaction and its path look-ups must be of one instant.
    const bool own = tx == nullptr;
    if (own) through.begin(access::read);
    try {
      detail::connection_reader reader(through, *model, options.zone, true);
      evaluator run(&reader, options.zone);
      group_rows(through, spec, b, run, groups, *interrupted);
    } catch (...) {
      if (own) through.rollback();
      throw;
    }
    if (own) through.rollback();
  }
  if (tx == nullptr) saw_new_data();
  if (what.groups.empty()) groups.at({});  // no rows: one group with measures of nothing

  table t;
  for (std::size_t i = 0; i < what.groups.size(); ++i) {
    t.columns.push_back(column_of(what.groups[i].name, b.groups[i].shown.type));
  }
  for (std::size_t i = 0; i < what.measures.size(); ++i) {
    detail::result_type type = b.measures[i].of.type;
    if (what.measures[i].what == aggregate::count) type = {kind_id::integer, {}, nullptr};
    t.columns.push_back(column_of(what.measures[i].name, type));
  }
  std::optional<result_filter> having;
  if (!what.having.empty()) having.emplace(context, t, what.having);

  std::vector<group_state*> order;
  for (group_state& g : groups.states()) order.push_back(&g);
  std::sort(order.begin(), order.end(), [](const group_state* x, const group_state* y) {
    return std::lexicographical_compare_three_way(
               x->identity.begin(), x->identity.end(), y->identity.begin(), y->identity.end(),
               [](const auto& p, const auto& q) { return p.view() <=> q.view(); }) < 0;
  });
  std::vector<result_row> rows;
  for (group_state* g : order) {
    std::vector<value> row = std::move(g->shown);
    row.resize(what.groups.size());
    for (const measure_state& m : g->measures) row.push_back(m.result());
    if (!having || having->passes(row)) rows.push_back({g, std::move(row)});
  }
  for (auto key = what.order.rbegin(); key != what.order.rend(); ++key) {
    const std::size_t column = t.column_at(key->first);
    std::stable_sort(rows.begin(), rows.end(), [&](const auto& x, const auto& y) {
      const auto o = compare(b, column, x, y);
      return key->second ? o > 0 : o < 0;
    });
  }
  for (result_row& row : rows) t.rows.push_back(std::move(row.values));
  if (spec.limit != 0 && t.rows.size() > spec.limit) t.rows.resize(spec.limit);
  return t;
}

table session::state::select(const query_spec& spec,
                             const std::vector<aggregation::group>& columns) {
  const detail::bind_context context = showing(spec.values);
  table t;
  std::vector<bound_value> bound;
  for (const aggregation::group& c : columns) {
    bound.push_back(detail::bind_value(context, *spec.entity, c.by));
    t.columns.push_back(column_of(c.name, bound.back().type));
  }
  detail::slot_set read(*spec.entity);
  for (const bound_value& v : bound) read.add(v.parts);
  each_row(spec, read, [&](evaluator& run, const row& r) {
    std::vector<value>& row_values = t.rows.emplace_back();
    for (const bound_value& v : bound) row_values.push_back(value_on(run, v, r));
  });
  return t;
}

}  // namespace kith::inline v1
