// SPDX-License-Identifier: Apache-2.0
//
// Groups and measures: sums of money by currency, means rounded half even, the sum of nothing null.
#include <algorithm>

#include "model_check/naive.hpp"

namespace kith::model_check {
namespace {

// Amounts by currency; other values under the empty name.
struct measured {
  whole count = 0;
  std::map<std::string, datum> totals;
  std::map<std::string, whole> counts;
};

struct group {
  std::vector<datum> key;    // compared
  std::vector<datum> first;  // shown: of the first record
  std::vector<measured> measures;
};

struct result_row {
  std::vector<datum> values;                                     // of groups, and of plain measures
  std::vector<std::vector<std::pair<std::string, whole>>> sums;  // of money measures
};

void must_fit(const datum& d) {
  if (d.known && (d.units < INT64_MIN || d.units > INT64_MAX)) throw overflow();
}

class aggregation_of {
 public:
  aggregation_of(const world& w, const question& q) : question_(q), naive_(w) {}

  answer table(const std::vector<const record_plan*>& records) {
    for (const record_plan* r : records) add(*r);
    if (question_.columns.empty() && groups_.empty()) make_group({}, {});
    std::stable_sort(groups_.begin(), groups_.end(), [this](const group& a, const group& b) {
      return order_of_keys(a.key, b.key) < 0;
    });
    std::vector<result_row> rows;
    for (const group& g : groups_) {
      result_row row = row_of(g);
      if (passes(row)) rows.push_back(std::move(row));
    }
    for (auto key = question_.table_order.rbegin(); key != question_.table_order.rend(); ++key) {
      std::stable_sort(rows.begin(), rows.end(), [&](const result_row& a, const result_row& b) {
        const int o = order_of_column(key->first, a, b);
        return key->second ? o > 0 : o < 0;
      });
    }
    if (question_.limit != 0 && rows.size() > question_.limit) rows.resize(question_.limit);
    answer a;
    a.empty = records.empty() || rows.empty();
    for (const result_row& row : rows) a.lines.push_back(line(row));
    return a;
  }

 private:
  std::size_t columns() const { return question_.columns.size(); }
  bool is_money(const measure_plan& m) const {
    return m.of && m.computes != aggregate::count && m.of->is.kind == kind_id::money;
  }

  int order_of_keys(const std::vector<datum>& a, const std::vector<datum>& b) const {
    for (std::size_t i = 0; i < a.size(); ++i) {
      const int o = naive::order(question_.columns[i].of->is, a[i], b[i]);
      if (o != 0) return o;
    }
    return 0;
  }

  group& make_group(std::vector<datum> key, std::vector<datum> first) {
    group& g = groups_.emplace_back();
    g.key = std::move(key);
    g.first = std::move(first);
    g.measures.resize(question_.measures.size());
    return g;
  }

  void add(const record_plan& r) {
    std::vector<datum> key;
    for (const column_plan& c : question_.columns) {
      key.push_back(naive_.value(*c.of, r));
      must_fit(key.back());
    }
    const auto found = std::find_if(groups_.begin(), groups_.end(),
                                    [&](const group& g) { return order_of_keys(g.key, key) == 0; });
    group& g = found == groups_.end() ? make_group(key, key) : *found;
    for (std::size_t i = 0; i < g.measures.size(); ++i)
      measure(question_.measures[i], r, g.measures[i]);
  }

  void measure(const measure_plan& m, const record_plan& r, measured& to) const {
    if (!naive_.passes(m.where, r)) return;
    if (!m.of) {
      ++to.count;
      return;
    }
    const datum d = naive_.value(*m.of, r);
    if (!d.known) return;
    ++to.count;
    if (m.computes == aggregate::count) return;
    const std::string part = m.of->is.kind == kind_id::money ? d.text : "";
    datum& total = to.totals[part];
    ++to.counts[part];
    if (!total.known) {
      total = d;
    } else if (m.computes == aggregate::min || m.computes == aggregate::max) {
      const int o = naive::order(m.of->is, d, total);
      if (m.computes == aggregate::min ? o < 0 : o > 0) total = d;
    } else if (m.of->is.kind == kind_id::real) {
      total.real += d.real;
    } else {
      total.units = checked_sum(total.units, d.units);
    }
  }

  static datum result(const measure_plan& m, datum total, whole count) {
    if (m.computes == aggregate::avg) {
      total.units = divided(total.units, count, true);
      total.real /= static_cast<double>(count);
    }
    if (m.of->is.kind == kind_id::real && !(total.real - total.real == 0)) throw overflow();
    must_fit(total);
    return total;
  }

  result_row row_of(const group& g) const {
    result_row row;
    row.values = g.first;
    row.sums.resize(columns());
    for (std::size_t i = 0; i < g.measures.size(); ++i) {
      const measure_plan& m = question_.measures[i];
      const measured& have = g.measures[i];
      row.sums.emplace_back();
      if (m.computes == aggregate::count) {
        row.values.push_back(datum::of(have.count));
        continue;
      }
      datum only;
      for (const auto& [part, total] : have.totals) {
        only = result(m, total, have.counts.at(part));
        row.sums.back().emplace_back(part, only.units);
      }
      row.values.push_back(have.totals.size() == 1 ? only : datum());
    }
    return row;
  }

  bool passes(const result_row& row) const {
    record_plan r;
    r.values = row.values;
    return naive_.passes(question_.having, r);
  }

  int order_of_column(const std::string& name, const result_row& a, const result_row& b) const {
    for (std::size_t i = 0; i < a.values.size(); ++i) {
      const bool group = i < columns();
      const std::string& own =
          group ? question_.columns[i].name : question_.measures[i - columns()].name;
      if (own != name) continue;
      if (group) return naive::order(question_.columns[i].of->is, a.values[i], b.values[i]);
      const measure_plan& m = question_.measures[i - columns()];
      if (is_money(m)) {  // currency, amount, next currency …
        return a.sums[i] < b.sums[i] ? -1 : b.sums[i] < a.sums[i] ? 1 : 0;
      }
      const type counted{kind_id::integer, 0, false, -1, -1};
      return naive::order(m.computes == aggregate::count ? counted : m.of->is, a.values[i],
                          b.values[i]);
    }
    return 0;
  }

  std::string line(const result_row& row) const {
    std::string text;
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      text += i == 0 ? "" : " | ";
      if (i < columns()) {
        text += shown(question_.columns[i].of->is, row.values[i]);
        continue;
      }
      const measure_plan& m = question_.measures[i - columns()];
      if (m.computes == aggregate::count) {
        text += shown({kind_id::integer, 0, false, -1, -1}, row.values[i]);
      } else if (!is_money(m)) {
        text += shown(m.of->is, row.values[i]);
      } else {
        std::string sum;
        for (const auto& [currency, units] : row.sums[i]) {
          sum += (sum.empty() ? "" : " + ") + shown(m.of->is, datum::of_money(units, currency));
        }
        text += sum.empty() ? "null" : sum;
      }
    }
    return text;
  }

  const question& question_;
  naive naive_;
  std::vector<group> groups_;
};

}  // namespace

answer aggregate_answer(const world& w, const question& q,
                        const std::vector<const record_plan*>& records) {
  return aggregation_of(w, q).table(records);
}

}  // namespace kith::model_check
