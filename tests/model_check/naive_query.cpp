// SPDX-License-Identifier: Apache-2.0
//
// Questions: which records, in which order, how many.
#include <algorithm>
#include <cstdio>

#include "model_check/naive.hpp"

namespace kith::model_check {
namespace {

std::string digits(whole n) {
  const bool negative = n < 0;
  std::string text;
  do {
    text.insert(text.begin(),
                static_cast<char>('0' + static_cast<int>(negative ? -(n % 10) : n % 10)));
    n /= 10;
  } while (n != 0);
  return negative ? "-" + text : text;
}

// 1.50 is 1.5.
std::string decimal_text(whole units, int scale) {
  while (scale > 0 && units % 10 == 0) {
    units /= 10;
    --scale;
  }
  return digits(units) + (scale == 0 ? "" : "e-" + std::to_string(scale));
}

// The conditions that must all hold: `between` is two.
void flatten(const tree_ptr& t, std::vector<tree_ptr>& to) {
  if (!t) return;
  if (t->what == op::and_) {
    for (const tree_ptr& a : t->args) flatten(a, to);
  } else if (t->what == op::between) {
    to.push_back(make_test(op::greater_equal, {t->args[0], t->args[1]}));
    to.push_back(make_test(op::less_equal, {t->args[0], t->args[2]}));
  } else {
    to.push_back(t);
  }
}

struct candidate {
  const record_plan* r = nullptr;
  bool overflows = false;
  std::vector<datum> keys;
};

class asked {
 public:
  asked(const world& w, const question& q) : world_(w), question_(q), naive_(w) {}

  std::vector<answer> answers() {
    try {
      check_constants();
      find();
      if (question_.as == question::shape::aggregate) return {table_answer()};
      if (question_.as == question::shape::count) return {counted()};
      const bool lazy = question_.limit != 0 || question_.as == question::shape::exists ||
                        question_.as == question::shape::first;
      if (!has_error()) return {delivered(candidates_)};
      std::vector<answer> both{error_answer("limit")};
      if (lazy && !key_overflow_) both.push_back(delivered_until_error());
      return both;
    } catch (const overflow&) {
      return {error_answer("limit")};
    }
  }

 private:
  void check_constants() {
    naive_.check_constants(question_.where);
    for (const key_plan& k : question_.order) naive_.check_constants(k.by);
    for (const column_plan& c : question_.columns) naive_.check_constants(c.of);
    for (const measure_plan& m : question_.measures) {
      naive_.check_constants(m.of);
      naive_.check_constants(m.where);
    }
    naive_.check_constants(question_.having);
  }

  void find() {
    for (const record_plan& r : world_.records[static_cast<std::size_t>(question_.entity)]) {
      if (question_.rows == lifecycle::live && r.deleted) continue;
      if (question_.rows == lifecycle::deleted && !r.deleted) continue;
      try {
        if (naive_.passes(question_.where, r)) candidates_.push_back({&r, false, {}});
      } catch (const overflow&) {
        candidates_.push_back({&r, true, {}});
      }
    }
    const bool ordered = question_.as != question::shape::count &&
                         question_.as != question::shape::exists &&
                         question_.as != question::shape::aggregate;
    if (ordered) sort();
  }

  void sort() {
    for (candidate& c : candidates_) {
      for (const key_plan& k : question_.order) {
        try {
          c.keys.push_back(naive_.value(*k.by, *c.r));
          const bool wide = c.keys.back().units < INT64_MIN || c.keys.back().units > INT64_MAX;
          if (c.keys.back().known && wide) throw overflow();
        } catch (const overflow&) {
          if (!c.overflows) throw;
          key_overflow_ = true;
          c.keys.emplace_back();
        }
      }
    }
    std::stable_sort(candidates_.begin(), candidates_.end(), [this](const auto& a, const auto& b) {
      for (std::size_t i = 0; i < question_.order.size(); ++i) {
        const int o = naive::order(question_.order[i].by->is, a.keys[i], b.keys[i]);
        if (o != 0) return (o < 0) != question_.order[i].descending;
      }
      const bool down = !question_.order.empty() && question_.order.back().descending;
      return down ? b.r->handle < a.r->handle : a.r->handle < b.r->handle;
    });
  }

  bool has_error() const {
    return std::any_of(candidates_.begin(), candidates_.end(),
                       [](const candidate& c) { return c.overflows; });
  }

  answer counted() const {
    if (has_error()) throw overflow();
    return {{"count " + std::to_string(candidates_.size())}, candidates_.empty()};
  }

  answer table_answer() const {
    if (has_error()) throw overflow();
    std::vector<const record_plan*> records;
    for (const candidate& c : candidates_) records.push_back(c.r);
    return aggregate_answer(world_, question_, records);
  }

  std::string line(const record_plan& r) const {
    if (question_.columns.empty()) return "#" + std::to_string(r.handle);
    std::string text;
    for (const column_plan& c : question_.columns) {
      const datum d = naive_.value(*c.of, r);
      if (d.known && (d.units < INT64_MIN || d.units > INT64_MAX)) throw overflow();
      text += (text.empty() ? "" : " | ") + shown(c.of->is, d);
    }
    return text;
  }

  answer delivered(const std::vector<candidate>& from) const {
    answer a;
    a.empty = from.empty();
    if (question_.as == question::shape::exists) {
      a.lines.emplace_back(from.empty() ? "exists no" : "exists yes");
      return a;
    }
    std::size_t most = question_.limit == 0 ? from.size() : question_.limit;
    if (question_.as == question::shape::first) most = 1;
    for (std::size_t i = 0; i < std::min(most, from.size()); ++i)
      a.lines.push_back(line(*from[i].r));
    return a;
  }

  // What is read in the wanted order ends with the limit or with the error.
  answer delivered_until_error() const {
    std::size_t most = question_.limit;
    if (question_.as == question::shape::exists || question_.as == question::shape::first) most = 1;
    std::vector<candidate> before;
    for (const candidate& c : candidates_) {
      if (most != 0 && before.size() == most) return delivered(before);
      if (c.overflows) throw overflow();
      before.push_back(c);
    }
    return delivered(before);
  }

  const world& world_;
  const question& question_;
  naive naive_;
  std::vector<candidate> candidates_;
  bool key_overflow_ = false;
};

}  // namespace

answer error_answer(const std::string& code) { return {{"error " + code}, true}; }

std::string shown(const type& is, const datum& d) {
  if (!d.known) return "null";
  switch (is.kind) {
    case kind_id::real: {
      char text[40];
      std::snprintf(text, sizeof text, "%a", d.real == 0 ? 0.0 : d.real);
      return text;
    }
    case kind_id::integer:
    case kind_id::decimal: return decimal_text(d.units, is.scale);
    case kind_id::money:
      return decimal_text(d.units, money_digits(is.scale, d.text)) + " " + d.text;
    case kind_id::text:
    case kind_id::email: return "'" + d.text + "'";
    case kind_id::ref:
    case kind_id::any_ref: return "#" + digits(d.units);
    case kind_id::boolean: return d.units != 0 ? "true" : "false";
    case kind_id::date: return digits(d.units) + " days";
    case kind_id::choice: return std::string(choice_names[d.units - 1]);
    default: return digits(d.units) + " us";
  }
}

bool naive::passes(const tree_ptr& condition, const record_plan& r) const {
  std::vector<tree_ptr> conditions;
  flatten(condition, conditions);
  bool overflows = false;
  for (const tree_ptr& c : conditions) {
    try {
      if (!holds(c, r)) return false;
    } catch (const overflow&) {
      overflows = true;
    }
  }
  if (overflows) throw overflow();
  return true;
}

std::vector<answer> expect(const world& w, const question& q) { return asked(w, q).answers(); }

}  // namespace kith::model_check
