// SPDX-License-Identifier: Apache-2.0
//
// A whole aggregation as one request to the store, where that gives the same answer.
#pragma once

#include "core/session/grouping.hpp"
#include "kith/core/store.hpp"

namespace kith::inline v1::detail {

inline program only_if(const std::vector<program>& conditions, const program& value) {
  program p;
  for (const program& c : conditions) {
    p.code.insert(p.code.end(), c.code.begin(), c.code.end());
  }
  if (conditions.size() > 1) {
    instruction all;
    all.code = op::and_;
    all.count = static_cast<std::uint32_t>(conditions.size());
    p.code.push_back(all);
  }
  p.code.insert(p.code.end(), value.code.begin(), value.code.end());
  instruction choose;
  choose.code = op::only_if;
  p.code.push_back(choose);
  return p;
}

inline program one() {
  instruction i;
  i.constant = cell::integer(1);
  return {{i}, nullptr};
}

// One aggregate_request for a whole aggregation, where that is possible.
class pushed_aggregation {
 public:
  // False when the core must do it.
  bool prepare(const query_spec& spec, const bound_aggregation& b) {
    if (b.groups.empty() && b.measures.empty()) return false;
    for (const bound_group& g : b.groups) {
      if (g.identity.size() != g.shown.parts.size() || g.shown.parts.size() != 1) return false;
      // A key that is grouped by says nothing of the value that is shown.
      if (comparison_of(g.shown.type.kind, g.shown.type.options)[0] != 0) return false;
      add_group(g.identity[0], parts_of(g.shown.type.kind, g.shown.type.options)[0].type);
    }
    for (const bound_measure& m : b.measures) {
      if (m.is_real() || !m.identity.empty()) return false;
      if (m.is_money() && !add_currency(m.of.parts[1])) return false;
    }
    for (const bound_measure& m : b.measures) {
      const program value = m.counts_rows ? one() : m.of.parts[0];
      const program of = m.where.empty() ? value : only_if(m.where, value);
      const bool whole = m.counts_rows && m.where.empty();
      measures_.push_back({aggregate::count, whole ? program{} : of});
      if (m.what == aggregate::count) continue;
      measures_.push_back({m.what == aggregate::avg ? aggregate::sum : m.what, of});
    }
    request_.entity = spec.entity;
    request_.rows = spec.rows;
    request_.conditions = b.conditions;
    request_.groups = groups_;
    request_.group_types = types_;
    request_.measures = measures_;
    return true;
  }

  bool run(connection& through, const bound_aggregation& b, grouping& to) {
    return through.aggregate(request_, [&](std::span<const cell> cells) {
      group_state& g = to.at(cells.first(b.groups.size()));
      if (g.shown.empty()) {
        for (std::size_t i = 0; i < b.groups.size(); ++i) {
          const result_type& type = b.groups[i].shown.type;
          g.shown.push_back(value::of(type.kind, type.options, {&cells[i], 1}));
        }
      }
      const cell currency = has_currency_ ? cells[b.groups.size()] : cell::null();
      std::size_t at = groups_.size();
      for (measure_state& m : g.measures) {
        const bound_measure& of = b.measures[static_cast<std::size_t>(&m - g.measures.data())];
        const std::int64_t count = cells[at++].as_integer();
        const cell c = of.what == aggregate::count ? cell::null() : cells[at++];
        m.merge(currency.is_null() ? std::string_view{} : currency.as_bytes(), count, c);
      }
    });
  }

 private:
  void add_group(const program& p, storage type) {
    groups_.push_back(p);
    types_.push_back(type);
  }
  // All money measures must be of one currency expression: it becomes one more group.
  bool add_currency(const program& p) {
    const auto same = [](const instruction& a, const instruction& b) {
      return a.code == b.code && a.slot == b.slot && a.entity == b.entity && a.count == b.count &&
             a.constant == b.constant;
    };
    if (has_currency_) {
      return std::equal(p.code.begin(), p.code.end(), groups_.back().code.begin(),
                        groups_.back().code.end(), same);
    }
    has_currency_ = true;
    add_group(p, storage::text);
    return true;
  }

  aggregate_request request_;
  std::vector<program> groups_;
  std::vector<storage> types_;
  std::vector<aggregate_request::measure> measures_;
  bool has_currency_ = false;
};

}  // namespace kith::inline v1::detail
