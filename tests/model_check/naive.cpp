// SPDX-License-Identifier: Apache-2.0
//
// Values of trees: three-valued logic, comparison, paths, related records.
#include "model_check/naive.hpp"

#include <algorithm>

namespace kith::model_check {
namespace {

constexpr whole day_length = 86'400'000'000;
constexpr whole first_day = -719162;
constexpr whole last_day = 2932896;

datum truth(bool t) { return datum::of(t ? 1 : 0); }

bool fits_64_bits(whole n) { return n >= INT64_MIN && n <= INT64_MAX; }

template <class T>
int three_way(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

// A whole number and a binary one, exactly.
int compare_mixed(whole a, double b) {
  if (!fits_64_bits(a)) throw overflow();
  if (b >= 9.3e18) return -1;
  if (b <= -9.3e18) return 1;
  const whole floor =
      static_cast<whole>(b) - (b < static_cast<double>(static_cast<whole>(b)) ? 1 : 0);
  if (a != floor) return three_way(a, floor);
  return b > static_cast<double>(floor) ? -1 : 0;
}

int compare_numbers(const type& x, const datum& a, const type& y, const datum& b) {
  if (x.kind == kind_id::real && y.kind == kind_id::real) return three_way(a.real, b.real);
  if (x.kind != kind_id::real && y.kind != kind_id::real) {
    const int scale = std::max(x.scale, y.scale);
    return three_way(checked_product(a.units, power_of_ten(scale - x.scale)),
                     checked_product(b.units, power_of_ten(scale - y.scale)));
  }
  if (y.kind != kind_id::real) return -compare_numbers(y, b, x, a);
  if (x.scale != 0) return three_way(as_real(x, a), b.real);
  return compare_mixed(a.units, b.real);
}

bool decides(op what, int order) {
  switch (what) {
    case op::equal: return order == 0;
    case op::not_equal: return order != 0;
    case op::less: return order < 0;
    case op::less_equal: return order <= 0;
    case op::greater: return order > 0;
    default: return order >= 0;
  }
}

whole floor_divided(whole a, whole b) { return a / b - (a % b < 0 ? 1 : 0); }

struct civil {
  whole year, month, day;
};
// Proleptic Gregorian, counted up year by year from 0001-01-01.
civil civil_of(whole days) {
  whole rest = days - first_day;
  whole year = 1 + rest / 146'097 * 400;
  rest %= 146'097;
  const auto leap = [](whole y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; };
  for (; rest >= (leap(year) ? 366 : 365); ++year) rest -= leap(year) ? 366 : 365;
  const int lengths[] = {31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  whole month = 1;
  for (; rest >= lengths[month - 1]; ++month) rest -= lengths[month - 1];
  return {year, month, rest + 1};
}

}  // namespace

// ------------------------------------------------------------------------------------------ order

int naive::order(const type& is, const datum& a, const datum& b) {
  if (!a.known || !b.known) return three_way(a.known, b.known);
  if (is.kind == kind_id::real) return three_way(a.real, b.real);
  if (is_texty(is.kind)) {
    const bool by_key = is.folded || is.kind == kind_id::email;
    return by_key ? three_way(folded(a.text), folded(b.text)) : three_way(a.text, b.text);
  }
  if (is.kind == kind_id::money && a.text != b.text) return three_way(a.text, b.text);
  return three_way(a.units, b.units);
}

datum naive::compare(op what, const tree& a, const datum& x, const tree& b, const datum& y) const {
  if (!x.known || !y.known) return {};
  const type& p = a.is;
  const type& q = b.is;
  if (is_texty(p.kind)) {
    type by = p;
    by.folded = p.folded || q.folded || p.kind == kind_id::email || q.kind == kind_id::email;
    return truth(decides(what, order(by, x, y)));
  }
  if (p.kind == kind_id::money) {
    if (x.text != y.text) return {};
    type common = p;
    common.kind = kind_id::decimal;
    common.scale = money_digits(p.scale, x.text);
    type other = common;
    other.scale = money_digits(q.scale, y.text);
    return truth(decides(what, compare_numbers(common, x, other, y)));
  }
  if (is_exact(p.kind) || p.kind == kind_id::real) {
    return truth(decides(what, compare_numbers(p, x, q, y)));
  }
  if (p.kind != q.kind && !is_reference(p.kind)) {  // a date and a moment
    const type moment{kind_id::instant, 0, false, -1, -1};
    const datum u = converted(moment, p, x, world_);
    const datum v = converted(moment, q, y, world_);
    if (!u.known || !v.known) return {};
    return truth(decides(what, three_way(u.units, v.units)));
  }
  return truth(decides(what, three_way(x.units, y.units)));
}

// ------------------------------------------------------------------------------------------- tree

datum naive::value(const tree& t, const record_plan& r) const {
  switch (t.what) {
    case op::literal: return t.untyped ? datum() : t.value;
    case op::path: return path(t, r);
    case op::related: return related(t, r);
    case op::not_:
    case op::and_:
    case op::or_: return logic(t, r);
    case op::add:
    case op::subtract:
    case op::multiply:
    case op::divide:
    case op::concat: return calculate(t.what, t, value(*t.args[0], r), value(*t.args[1], r));
    case op::negate: return calculate(t.what, t, value(*t.args[0], r), {});
    case op::call: return call(t, r);
    default: return test(t, r);
  }
}

bool naive::holds(const tree_ptr& condition, const record_plan& r) const {
  if (!condition) return true;
  const datum d = value(*condition, r);
  return d.known && d.units != 0;
}

datum naive::logic(const tree& t, const record_plan& r) const {
  if (t.what == op::not_) {
    const datum d = value(*t.args[0], r);
    return d.known ? truth(d.units == 0) : datum();
  }
  const whole deciding = t.what == op::or_ ? 1 : 0;
  bool decided = false;
  bool unknown = false;
  for (const tree_ptr& a : t.args) {  // all of them: an overflow in one is an overflow
    const datum d = value(*a, r);
    if (!d.known) unknown = true;
    if (d.known && d.units == deciding) decided = true;
  }
  if (decided) return datum::of(deciding);
  return unknown ? datum() : datum::of(1 - deciding);
}

datum naive::test(const tree& t, const record_plan& r) const {
  // Beside a parameter that is null nothing is calculated: the comparison is null whatever it is.
  const bool compares = t.what != op::is_null && t.what != op::in && t.what != op::between;
  if (compares && (t.args[0]->untyped || t.args[1]->untyped)) return {};
  const datum x = value(*t.args[0], r);
  if (t.what == op::is_null) return truth(!x.known);
  if (t.what == op::like) {
    const datum pattern = value(*t.args[1], r);
    if (!x.known || !pattern.known) return {};
    const bool by_key = t.args[0]->is.folded || t.args[0]->is.kind == kind_id::email;
    return truth(by_key ? is_like(folded(x.text), folded(pattern.text))
                        : is_like(code_points(x.text), code_points(pattern.text)));
  }
  if (t.what == op::in) {
    bool found = false;
    bool unknown = false;
    for (std::size_t i = 1; i < t.args.size(); ++i) {
      const datum d = compare(op::equal, *t.args[0], x, *t.args[i], value(*t.args[i], r));
      if (!d.known) unknown = true;
      if (d.known && d.units != 0) found = true;
    }
    return found ? truth(true) : unknown ? datum() : truth(false);
  }
  if (t.what == op::between) {
    const datum least = compare(op::greater_equal, *t.args[0], x, *t.args[1], value(*t.args[1], r));
    const datum most = compare(op::less_equal, *t.args[0], x, *t.args[2], value(*t.args[2], r));
    if ((least.known && least.units == 0) || (most.known && most.units == 0)) return truth(false);
    return least.known && most.known ? truth(true) : datum();
  }
  return compare(t.what, *t.args[0], x, *t.args[1], value(*t.args[1], r));
}

datum naive::call(const tree& t, const record_plan& r) const {
  const type moment{kind_id::instant, 0, false, -1, -1};
  const auto day_of = [&](whole microseconds) {
    return floor_divided(microseconds + world_.zone_offset, day_length);
  };
  if (t.calls == function::today) return datum::of(day_of(world_.now));
  if (t.calls == function::now) return datum::of(world_.now);
  if (t.calls == function::coalesce) {
    datum first;
    for (const tree_ptr& a : t.args) {
      const datum d = a->untyped ? datum() : converted(t.is, a->is, value(*a, r), world_);
      if (!first.known) first = d;
    }
    return first;
  }
  const datum d = value(*t.args[0], r);
  if (t.calls == function::round || t.calls == function::round_even) return rounded(t, d);
  if (!d.known) return {};
  if (t.calls == function::length) return datum::of(static_cast<whole>(code_points(d.text).size()));
  if (t.calls == function::abs) {
    return d.units < 0 ? calculate(op::negate, t, d, {}) : d;
  }
  if (!fits_64_bits(d.units)) throw overflow();
  whole days = d.units;
  if (t.args[0]->is.kind == moment.kind) {
    if (d.units < first_day * day_length || d.units >= (last_day + 1) * day_length) return {};
    days = day_of(d.units);
  }
  if (t.calls == function::date) return datum::of(days);
  if (days < first_day || days > last_day) return {};
  const civil c = civil_of(days);
  return datum::of(t.calls == function::year    ? c.year
                   : t.calls == function::month ? c.month
                                                : c.day);
}

void naive::check_constants(const tree_ptr& t) const {
  if (!t) return;
  for (const tree_ptr& a : t->args) check_constants(a);
  check_constants(t->of);
  check_constants(t->where);
  const bool calculated = t->what >= op::add;
  if (!t->constant || !calculated) return;
  const datum d = value(*t, {});
  if (d.known && t->is.kind != kind_id::real && !fits_64_bits(d.units)) throw overflow();
}

// ----------------------------------------------------------------------------------------- records

datum naive::value_of_field(int entity, int field, const record_plan& r) const {
  const field_plan& f =
      world_.entities[static_cast<std::size_t>(entity)].fields[static_cast<std::size_t>(field)];
  if (f.on_read) return value(*f.computed, r);
  return r.values[static_cast<std::size_t>(field)];
}

// The record behind so many references, or null.
const record_plan* naive::follow(const tree& t, const record_plan& r, std::size_t steps) const {
  const record_plan* at = &r;
  int entity = t.entity;
  for (std::size_t i = 0; i < steps && at != nullptr; ++i) {
    const datum next = value_of_field(entity, t.steps[i], *at);
    entity = world_.entities[static_cast<std::size_t>(entity)]
                 .fields[static_cast<std::size_t>(t.steps[i])]
                 .is.target;
    at = next.known ? world_.find(entity, static_cast<std::int64_t>(next.units)) : nullptr;
  }
  return at;
}

datum naive::path(const tree& t, const record_plan& r) const {
  if (t.entity < 0) return r.values[static_cast<std::size_t>(t.steps[0])];
  const record_plan* const end = follow(t, r, t.steps.size() - 1);
  if (end == nullptr) return {};
  switch (t.steps.back()) {
    case id_step: return datum::of(end->handle);
    case revision_step: return datum::of(end->revision);
    case created_step: return datum::of(world_.now / 1000 * 1000);
    case deleted_step: return truth(end->deleted);
    default: break;
  }
  const datum d = value_of_field(end_of(world_, t).first, t.steps.back(), *end);
  return t.currency && d.known ? datum::of_text(d.text) : d;
}

datum naive::related(const tree& t, const record_plan& r) const {
  int entity = t.entity;
  for (const int step : t.steps) {
    entity = world_.entities[static_cast<std::size_t>(entity)]
                 .fields[static_cast<std::size_t>(step)]
                 .is.target;
  }
  const record_plan* const owner = follow(t, r, t.steps.size());
  const bool counts = t.computes == aggregate::count || t.computes == aggregate::exists;
  if (owner == nullptr) return counts ? datum::of(0) : datum();
  const relation_plan& relation = world_.entities[static_cast<std::size_t>(entity)]
                                      .relations[static_cast<std::size_t>(t.relation)];
  whole count = 0;
  datum total;
  bool mixed = false;
  for (const record_plan& child : world_.records[static_cast<std::size_t>(relation.child)]) {
    const datum by = child.values[static_cast<std::size_t>(relation.by)];
    if (child.deleted || !by.known || by.units != owner->handle) continue;
    // The selection and the condition are one conjunction.
    bool selected = true;
    if (relation.only >= 0) {
      const datum only = child.values[static_cast<std::size_t>(relation.only)];
      selected = only.known && only.units == relation.only_value;
    }
    if (!holds(t.where, child) || !selected) continue;
    const datum d = t.of ? value(*t.of, child) : datum();
    if (!counts && !d.known) continue;
    ++count;
    if (t.computes == aggregate::exists) return truth(true);
    if (counts) continue;
    mixed = mixed || (total.known && total.text != d.text);
    if (!total.known) {
      total = d;
    } else if (t.computes == aggregate::min || t.computes == aggregate::max) {
      type plain = t.of->is;
      if (plain.kind == kind_id::money) plain.kind = kind_id::integer;
      const int o = order(plain, d, total);
      if (t.computes == aggregate::min ? o < 0 : o > 0) total = d;
    } else if (t.of->is.kind == kind_id::real) {
      total.real += d.real;
    } else {
      total.units = checked_sum(total.units, d.units);
    }
  }
  if (counts) return datum::of(count);
  if (!total.known || mixed) return {};
  if (t.computes == aggregate::avg) {
    total.real /= static_cast<double>(count);
    total.units = divided(total.units, count, true);
  }
  if (t.of->is.kind == kind_id::real && !(total.real - total.real == 0)) throw overflow();
  return total;
}

}  // namespace kith::model_check
