// SPDX-License-Identifier: Apache-2.0
//
// Groups and measures. A store computes them when it takes the whole request; else the rows are
// read here. Both give the same answer: sums are exact, money is added by currency, real numbers
// are added in the order of the ids.
#include <algorithm>
#include <unordered_map>

#include "core/expression/accumulate.hpp"
#include "core/session/state.hpp"
#include "core/wide.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {
namespace {

using detail::accumulator;
using detail::bound_value;
using detail::evaluator;
using detail::stack_cell;

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
      to.merge(count, detail::to_stack(c));
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
    const cell c = detail::from_stack(plain_.result());
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
      const cell c = detail::from_stack(a.result());
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

// ------------------------------------------------------------------------------------- by the
// store

program only_if(const std::vector<program>& conditions, const program& value) {
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

program one() {
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
          const detail::result_type& type = b.groups[i].shown.type;
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

// -------------------------------------------------------------------------------------- by the
// core

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

value shown_value(evaluator& run, const bound_value& of, const row& r) {
  std::array<owned_cell, max_parts> kept;
  std::array<cell, max_parts> cells;
  const auto parts = parts_of(of.type.kind, of.type.options);
  std::size_t next = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].role == part_role::value) kept[i] = owned_cell(run.result(of.parts[next++], r));
    cells[i] = kept[i].view();
  }
  return value::of(of.type.kind, of.type.options, {cells.data(), parts.size()});
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
      for (const bound_group& group : b.groups)
        g.shown.push_back(shown_value(run, group.shown, *r));
    }
    for (measure_state& m : g.measures) m.add(run, *r);
  }
}

// ------------------------------------------------------------------------------------------
// results

// A row of the result as a record of an entity made for the purpose, so that `having` is a
// condition like any other. Sums in several currencies are null there.
class result_filter {
 public:
  result_filter(const detail::bind_context& context, const table& of, const std::string& having)
      : run_(nullptr, context.zone) {
    for (const table::column& c : of.columns) {
      field_def& f = defs_.emplace_back();
      f.number = static_cast<std::uint16_t>(defs_.size());
      f.name = c.name;
      f.kind = c.kind;
      f.options = c.options;
    }
    about_.name = "result";
    about_.plural = "results";
    entity_.about = &about_;
    for (const field_def& f : defs_) {
      field_type field;
      field.def = &f;
      field.owner = &entity_;
      field.slot = static_cast<slot_number>(slots_);
      slots_ += static_cast<unsigned>(field.parts().size());
      entity_.fields.push_back(field);
    }
    conditions_ =
        detail::bind_condition(context, entity_, parse_expression(context.of, entity_, having));
  }

  bool passes(const std::vector<value>& row) {
    std::vector<cell> cells;
    std::deque<owned_cell> derived;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto parts = entity_.fields[i].parts();
      const bool usable = !row[i].is_null() && row[i].cells().size() <= parts.size();
      std::size_t next = 0;
      const std::size_t first = cells.size();
      for (const part_def& p : parts) {
        cells.push_back(usable && p.role == part_role::value ? row[i].cells()[next++].view()
                                                             : cell::null());
      }
      if (usable && row[i].kind() == kind_id::money) {
        cells[first] = amount_in(entity_.fields[i].def->options, row[i]);
      }
      const kind& k = entity_.fields[i].kind();
      if (!usable || k.derive == nullptr || parts.size() == 1) continue;
      std::array<cell, max_parts> views;
      std::copy(cells.begin() + static_cast<std::ptrdiff_t>(first), cells.end(), views.begin());
      keys keep(derived, cells, first);
      k.derive(entity_.fields[i].def->options, views.data(), keep);
    }
    const row_ptr r = row_ptr::make({}, cells);
    return std::all_of(conditions_.begin(), conditions_.end(),
                       [&](const program& c) { return run_.holds(c, *r); });
  }

 private:
  // A sum keeps the digits of its currency; a column has those of what is summed.
  static cell amount_in(const kind_options& column, const value& sum) {
    const money_sum amounts = sum.as<money_sum>();
    const auto& [currency, given] = *amounts.parts().begin();
    const decimal amount = given.trimmed();
    const int by = digits_of(column.scale, currency) - amount.scale();
    wide units = 0;
    if (by < 0 || !checked_multiply(amount.units(), power_of_ten(by), units) ||
        !fits_int64(units)) {
      throw error(error_code::limit, "an amount does not fit the digits of its column");
    }
    return cell::integer(static_cast<std::int64_t>(units));
  }

  // Puts derived keys beside the values.
  struct keys final : cell_sink {
    keys(std::deque<owned_cell>& where, std::vector<cell>& all, std::size_t at)
        : bytes(where), cells(all), first(at) {}
    void put(unsigned part, cell c) override { cells[first + part] = bytes.emplace_back(c).view(); }
    std::deque<owned_cell>& bytes;
    std::vector<cell>& cells;
    std::size_t first;
  };

  std::deque<field_def> defs_;
  entity_def about_;
  entity_type entity_;
  unsigned slots_ = 0;
  std::vector<program> conditions_;
  detail::evaluator run_;
};

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
  if (tx != nullptr && !tx->dirty.empty()) settle();
  check_limits(spec);
  const std::shared_ptr<char> alive = running();
  const detail::bind_context context = binding(spec.values);
  const bound_aggregation b = bind(context, spec, what);
  connection& through = rows();
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
  const detail::bind_context context = binding(spec.values);
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
    for (const bound_value& v : bound) row_values.push_back(shown_value(run, v, r));
  });
  return t;
}

}  // namespace kith::inline v1
