// SPDX-License-Identifier: Apache-2.0
//
// Making trees: which operand types have a meaning, and what type comes out.
#include "model_check/tree.hpp"

#include <algorithm>

namespace kith::model_check {
namespace {

constexpr int quotient_digits = 6;
constexpr int widest_exponent = 4;

bool is_numeric(kind_id k) { return is_exact(k) || k == kind_id::real; }
bool is_time(kind_id k) { return k == kind_id::date || k == kind_id::instant; }

void require(bool holds, const char* why) {
  if (!holds) throw refused(why);
}

type exact_type(int scale) {
  require(scale <= 18, "more than 18 digits");
  return {scale == 0 ? kind_id::integer : kind_id::decimal, scale, false, -1, -1};
}
type real_type() { return {kind_id::real, 0, false, -1, -1}; }
type truth_type() { return {kind_id::boolean, 0, false, -1, -1}; }
type plain(kind_id k) { return {k, 0, false, -1, -1}; }

type money_type(int scale) {
  require((scale >= 0 ? scale : widest_exponent - 1 - scale) <= 18, "more than 18 digits");
  return {kind_id::money, scale, false, -1, -1};
}
// Amounts that count from the currency's digits meet amounts that do not.
int common_money_scale(int a, int b) {
  if ((a < 0) == (b < 0)) return a < 0 ? std::min(a, b) : std::max(a, b);
  const int relative = std::min(a, b);
  return std::max(std::max(a, b), widest_exponent - 1 - relative);
}
int more_digits(int money_scale, int by) {
  return money_scale >= 0 ? money_scale + by : money_scale - by;
}

std::shared_ptr<tree> made(op what, const type& is, std::vector<tree_ptr> args) {
  auto t = std::make_shared<tree>();
  t->what = what;
  t->is = is;
  t->constant = std::all_of(args.begin(), args.end(), [](const auto& a) { return a->constant; });
  t->args = std::move(args);
  return t;
}

bool comparable(const tree& a, const tree& b) {
  if (a.untyped || b.untyped) return true;
  const kind_id x = a.is.kind;
  const kind_id y = b.is.kind;
  if (is_texty(x) && is_texty(y)) return true;
  if (is_numeric(x) && is_numeric(y)) return true;
  if (is_time(x) && is_time(y)) return true;
  if (is_reference(x) && is_reference(y)) return true;
  return x == y && (x != kind_id::choice || a.is.choices == b.is.choices);
}

type sum_type(bool subtract, const type& a, const type& b) {
  const kind_id x = a.kind;
  const kind_id y = b.kind;
  if (is_exact(x) && is_exact(y)) return exact_type(std::max(a.scale, b.scale));
  if (is_numeric(x) && is_numeric(y)) return real_type();
  if (x == kind_id::money && y == x) return money_type(common_money_scale(a.scale, b.scale));
  if (y == kind_id::duration && (is_time(x) || x == y)) return plain(x);
  if (x == kind_id::duration && is_time(y) && !subtract) return plain(y);
  require(subtract && x == y && is_time(x), "cannot be added");
  return plain(kind_id::duration);
}

type product_type(type a, type b) {
  if (a.kind != kind_id::money && a.kind != kind_id::duration) std::swap(a, b);
  if (is_exact(a.kind) && is_exact(b.kind)) return exact_type(a.scale + b.scale);
  if (is_numeric(a.kind) && is_numeric(b.kind)) return real_type();
  require((a.kind == kind_id::money || a.kind == kind_id::duration) && is_exact(b.kind),
          "cannot be multiplied");
  return a.kind == kind_id::money ? money_type(more_digits(a.scale, b.scale)) : a;
}

type quotient_type(const type& a, const tree& divisor) {
  const type& b = divisor.is;
  if (is_numeric(a.kind) && is_numeric(b.kind) && !(is_exact(a.kind) && is_exact(b.kind))) {
    return real_type();
  }
  if (a.kind == b.kind && (a.kind == kind_id::money || a.kind == kind_id::duration)) {
    return exact_type(quotient_digits);
  }
  require((is_exact(a.kind) || a.kind == kind_id::money || a.kind == kind_id::duration) &&
              is_exact(b.kind),
          "cannot be divided");
  if (a.kind == kind_id::duration) return a;
  const int gain = power_of_literal(divisor).value_or(quotient_digits);
  return is_exact(a.kind) ? exact_type(a.scale + gain) : money_type(more_digits(a.scale, gain));
}

// What several values of unlike scales or kinds become together.
type common_type(const type& a, const type& b) {
  if (is_exact(a.kind) && is_exact(b.kind)) return exact_type(std::max(a.scale, b.scale));
  if (is_numeric(a.kind) && is_numeric(b.kind)) return real_type();
  if (a.kind == kind_id::money) return money_type(common_money_scale(a.scale, b.scale));
  if (is_time(a.kind) && a.kind != b.kind) return plain(kind_id::instant);
  return a;
}

type coalesce_type(const std::vector<tree_ptr>& args) {
  const auto first =
      std::find_if(args.begin(), args.end(), [](const auto& a) { return !a->untyped; });
  require(first != args.end(), "nothing but null");
  type is = (*first)->is;
  if (is_texty(is.kind)) is.kind = kind_id::text;
  for (const tree_ptr& a : args) {
    if (a->untyped) continue;
    require(comparable(**first, *a), "unlike operands");
    is = common_type(is, a->is);
  }
  return is;
}

type rounded_type(const std::vector<tree_ptr>& args) {
  const type& is = args[0]->is;
  const int want = args.size() > 1 ? static_cast<int>(args[1]->value.units) : 0;
  if (is_exact(is.kind)) return is.scale <= want ? is : exact_type(want);
  require(is.kind == kind_id::money, "cannot be rounded");
  if (args.size() == 1) return money_type(-1);
  const int have = is.scale >= 0 ? is.scale : widest_exponent - 1 - is.scale;
  return money_type(std::min(have, want));
}

type call_type(function f, const std::vector<tree_ptr>& args) {
  switch (f) {
    case function::today: return plain(kind_id::date);
    case function::now: return plain(kind_id::instant);
    case function::coalesce: return coalesce_type(args);
    case function::round:
    case function::round_even: return rounded_type(args);
    case function::abs:
      require(is_exact(args[0]->is.kind) || args[0]->is.kind == kind_id::money ||
                  args[0]->is.kind == kind_id::duration,
              "abs of what has no sign");
      return args[0]->is;
    case function::length:
      require(is_texty(args[0]->is.kind), "length of what is no text");
      return plain(kind_id::integer);
    default:
      require(is_time(args[0]->is.kind), "a part of what is no date");
      return plain(f == function::date ? kind_id::date : kind_id::integer);
  }
}

}  // namespace

// A constant amount takes the digits of the amounts beside it where it fits.
static tree_ptr fitted(const tree_ptr& t, const type& beside) {
  const bool constant = t->what == op::literal && !t->untyped && t->is.kind == kind_id::money;
  if (!constant || t->is.scale < 0 || beside.kind != kind_id::money || beside.scale >= 0) return t;
  whole units = t->value.units;
  int scale = t->is.scale;
  const int want = money_digits(beside.scale, t->value.text);
  for (; scale > want && units % 10 == 0; --scale) units /= 10;
  if (scale > want) return t;
  auto one = std::make_shared<tree>(*t);
  for (; scale < want; ++scale) units *= 10;
  one->value.units = units;
  one->is.scale = beside.scale;
  return one;
}

tree_ptr make_literal(const type& is, datum value, tree::form as, bool as_text) {
  auto t = made(op::literal, is, {});
  t->value = std::move(value);
  t->as = as;
  t->as_text = as_text;
  return t;
}

tree_ptr make_null(tree::form as) {
  auto t = made(op::literal, plain(kind_id::text), {});
  t->as = as;
  t->untyped = true;
  return t;
}

std::pair<int, int> end_of(const world& w, const tree& path) {
  int entity = path.entity;
  for (std::size_t i = 0; i + 1 < path.steps.size(); ++i) {
    entity = w.entities[static_cast<std::size_t>(entity)]
                 .fields[static_cast<std::size_t>(path.steps[i])]
                 .is.target;
  }
  return {entity, std::max(path.steps.back(), -1)};
}

tree_ptr make_path(const world& w, int entity, std::vector<int> steps, bool currency) {
  auto t = made(op::path, {}, {});
  t->constant = false;
  t->entity = entity;
  t->steps = std::move(steps);
  t->currency = currency;
  const int end = end_of(w, *t).first;
  switch (t->steps.back()) {
    case id_step: t->is = {kind_id::ref, 0, false, end, -1}; break;
    case revision_step: t->is = plain(kind_id::integer); break;
    case created_step: t->is = plain(kind_id::instant); break;
    case deleted_step: t->is = truth_type(); break;
    default:
      t->is = w.entities[static_cast<std::size_t>(end)]
                  .fields[static_cast<std::size_t>(t->steps.back())]
                  .is;
  }
  if (currency) t->is = plain(kind_id::text);
  return t;
}

tree_ptr make_related(const world&, aggregate computes, int entity, std::vector<int> steps,
                      int relation, tree_ptr of, tree_ptr where) {
  auto t = made(op::related, {}, {});
  t->constant = false;
  t->entity = entity;
  t->steps = std::move(steps);
  t->computes = computes;
  t->relation = relation;
  t->is = computes == aggregate::exists ? truth_type() : plain(kind_id::integer);
  if (computes != aggregate::exists && computes != aggregate::count) {
    const kind_id k = of->is.kind;
    const bool adds = is_numeric(k) || k == kind_id::duration || k == kind_id::money;
    const bool sums = computes == aggregate::sum || computes == aggregate::avg;
    require(sums ? adds : adds || is_time(k), "cannot be aggregated");
    t->is = of->is;
  }
  t->of = std::move(of);
  t->where = std::move(where);
  return t;
}

tree_ptr make_logic(op what, std::vector<tree_ptr> args) {
  for (const tree_ptr& a : args) {
    require(a->untyped || a->is.kind == kind_id::boolean, "not a condition");
  }
  return made(what, truth_type(), std::move(args));
}

tree_ptr make_test(op what, std::vector<tree_ptr> args) {
  for (std::size_t i = 1; i < args.size(); ++i) {
    require(comparable(*args[0], *args[i]), "unlike operands");
  }
  if (what == op::like) require(is_texty(args[0]->is.kind), "like is for text");
  return made(what, truth_type(), std::move(args));
}

tree_ptr make_arithmetic(op what, tree_ptr a, tree_ptr b) {
  if (what == op::negate) {
    const kind_id k = a->is.kind;
    require(is_numeric(k) || k == kind_id::money || k == kind_id::duration, "no negative");
    const type is = a->is;
    return made(what, is, {std::move(a)});
  }
  if (what == op::add || what == op::subtract) {
    a = fitted(a, b->is);
    b = fitted(b, a->is);
  }
  type is = a->is;
  if (a->untyped || b->untyped) {
    require(!(a->untyped && b->untyped), "null and null");
    is = a->untyped ? b->is : a->is;
  } else if (what == op::concat) {
    require(is_texty(a->is.kind) && is_texty(b->is.kind), "cannot be joined");
    is = plain(kind_id::text);
    is.folded = a->is.folded || b->is.folded;
  } else if (what == op::multiply) {
    is = product_type(a->is, b->is);
  } else if (what == op::divide) {
    is = quotient_type(a->is, *b);
  } else {
    is = sum_type(what == op::subtract, a->is, b->is);
  }
  return made(what, is, {std::move(a), std::move(b)});
}

tree_ptr make_call(function calls, std::vector<tree_ptr> args) {
  if (calls == function::coalesce) {
    const auto first =
        std::find_if(args.begin(), args.end(), [](const auto& a) { return !a->untyped; });
    for (tree_ptr& a : args) {
      if (first != args.end()) a = fitted(a, (*first)->is);
    }
  }
  const type is = call_type(calls, args);
  auto t = made(op::call, is, std::move(args));
  t->calls = calls;
  return t;
}

std::optional<int> power_of_literal(const tree& t) {
  if (t.what != op::literal || t.untyped || !is_exact(t.is.kind) || t.value.units <= 0) return {};
  int power = -t.is.scale;
  whole units = t.value.units;
  for (; units % 10 == 0; units /= 10) ++power;
  if (units != 1 || power < 0) return {};
  return power;
}

entity_plan result_entity(const question& q) {
  entity_plan e;
  e.name = "result";
  for (const column_plan& c : q.columns) e.fields.push_back({c.name, c.of->is});
  for (const measure_plan& m : q.measures) {
    e.fields.push_back(
        {m.name, m.computes == aggregate::count ? plain(kind_id::integer) : m.of->is});
  }
  return e;
}

}  // namespace kith::model_check
