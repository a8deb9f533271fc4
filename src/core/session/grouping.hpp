// SPDX-License-Identifier: Apache-2.0
//
// Groups and their measures while rows, or what a store computed of them, are added. Sums are
// exact, money is added by currency, least and most texts are found by their keys.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/expression/accumulate.hpp"
#include "core/expression/bind.hpp"
#include "core/expression/evaluate.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::detail {

// A measure, bound.
struct bound_measure {
  aggregate what = aggregate::count;
  bool counts_rows = false;
  bound_value of;
  std::vector<program> identity;  // of a text: what is compared for min and max
  std::vector<program> where;

  bool is_money() const { return !counts_rows && of.type.kind == kind_id::money; }
  bool is_real() const { return !counts_rows && of.type.kind == kind_id::real; }
};

struct bound_group {
  bound_value shown;
  std::vector<program> identity;
};

struct bound_aggregation {
  std::vector<program> conditions;
  std::vector<bound_group> groups;
  std::vector<bound_measure> measures;
};

// The state of one measure in one group.
class measure_state {
 public:
  explicit measure_state(const bound_measure& m) : measure_(&m), plain_(m.what, m.is_real()) {}

  void add(evaluator& run, const row& r) {
    for (const program& w : measure_->where) {
      if (!run.holds(w, r)) return;
    }
    if (measure_->counts_rows) return plain_.count_row();
    const std::vector<program>& parts = measure_->of.parts;
    if (measure_->is_money()) {
      const owned_cell currency(run.result(parts[1], r));
      if (!currency.view().is_null()) {
        of_currency(currency.view().as_bytes()).add(run.wide_result(parts[0], r));
      }
      return;
    }
    if (extreme_by_key()) return keep_extreme(run, r);
    plain_.add(run.wide_result(parts[0], r));
  }
  /// What a store computed for a part of the group.
  void merge(std::string_view currency, std::int64_t count, const cell& c) {
    accumulator& to = measure_->is_money() ? of_currency(currency) : plain_;
    if (measure_->what == aggregate::count) {
      counted_ += count;
    } else {
      to.merge(count, to_stack(c));
    }
  }

  /// What the result is compared by, when that is not the result itself.
  const owned_cell* order() const { return extreme_by_key() ? &best_ : nullptr; }

  value result() const {
    const bound_measure& m = *measure_;
    if (m.what == aggregate::count) {
      std::int64_t count = counted_ + plain_.count();
      for (const auto& [code, a] : by_currency_) count += a.count();
      return value(count);
    }
    if (m.is_money()) return money_result();
    if (extreme_by_key()) return shown_;
    const cell c = from_stack(plain_.result());
    return value::of(m.of.type.kind, m.of.type.options, {&c, 1});
  }

 private:
  bool extreme_by_key() const {
    return (measure_->what == aggregate::min || measure_->what == aggregate::max) &&
           !measure_->identity.empty();
  }
  accumulator& of_currency(std::string_view code) {
    auto found = by_currency_.find(code);
    if (found == by_currency_.end()) {
      found = by_currency_.emplace(std::string(code), accumulator(measure_->what, false)).first;
    }
    return found->second;
  }
  void keep_extreme(evaluator& run, const row& r) {
    const owned_cell key(run.result(measure_->identity[0], r));
    if (key.view().is_null()) return;
    const auto o = key.view() <=> best_.view();
    const bool better =
        best_.view().is_null() || (measure_->what == aggregate::min ? o < 0 : o > 0);
    if (!better) return;
    best_ = key;
    const cell shown = run.result(measure_->of.parts[0], r);
    shown_ = value(shown.as_bytes());
  }
  value money_result() const {
    money_sum sums;
    for (const auto& [code, a] : by_currency_) {
      const cell c = from_stack(a.result());
      if (c.is_null()) continue;
      const currency_code currency(code);
      const int scale = digits_of(measure_->of.type.options.scale, currency);
      sums.add(money(decimal(c.as_integer(), scale), currency));
    }
    return sums.empty() ? value() : value(sums);
  }

  const bound_measure* measure_;
  accumulator plain_;
  std::int64_t counted_ = 0;
  std::map<std::string, accumulator, std::less<>> by_currency_;
  owned_cell best_;
  value shown_;
};

struct group_state {
  std::vector<owned_cell> identity;
  std::vector<value> shown;
  std::vector<measure_state> measures;
};

// Groups found so far, by their identity.
class grouping {
 public:
  grouping(const bound_aggregation& of, std::size_t most_bytes)
      : of_(of), most_bytes_(most_bytes) {}

  group_state& at(std::span<const cell> identity) {
    key_.clear();
    for (const cell& c : identity) append_key(c);
    const auto found = index_.find(key_);
    if (found != index_.end()) return states_[found->second];
    bytes_ += key_.size() * 2 + 200 + of_.measures.size() * sizeof(measure_state);
    if (bytes_ > most_bytes_) {
      throw error(error_code::limit, "the groups need more than " +
                                         std::to_string(most_bytes_ >> 20) +
                                         " MiB; add a condition or group by less");
    }
    index_.emplace(key_, states_.size());
    group_state& made = states_.emplace_back();
    made.identity.assign(identity.begin(), identity.end());
    for (const bound_measure& m : of_.measures) made.measures.emplace_back(m);
    return made;
  }
  std::deque<group_state>& states() { return states_; }

 private:
  void append_key(const cell& c) {
    key_ += static_cast<char>(c.type());
    if (c.has_bytes()) {
      const std::uint64_t size = c.as_bytes().size();
      key_.append(reinterpret_cast<const char*>(&size), sizeof size);
      key_ += c.as_bytes();
    } else if (c.type() == storage::real) {
      const double value = c.as_real() == 0 ? 0.0 : c.as_real();
      key_.append(reinterpret_cast<const char*>(&value), sizeof value);
    } else if (!c.is_null()) {
      const std::int64_t value = c.as_integer();
      key_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
  }

  const bound_aggregation& of_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::string key_;
  std::unordered_map<std::string, std::size_t> index_;
  std::deque<group_state> states_;
};

}  // namespace kith::inline v1::detail
