// SPDX-License-Identifier: Apache-2.0
//
// Random values of each sort: paths, arithmetic, functions.
#include "model_check/generate.hpp"
#include "model_check/naive.hpp"

namespace kith::model_check {
namespace {

constexpr const sort_of_value& integer_sort = sorts[3];
constexpr const sort_of_value& decimal_sort = sorts[4];
constexpr const sort_of_value& real_sort = sorts[5];
constexpr const sort_of_value& date_sort = sorts[7];
constexpr const sort_of_value& instant_sort = sorts[8];
constexpr const sort_of_value& duration_sort = sorts[9];
constexpr const sort_of_value& money_sort = sorts[10];

constexpr op sums[] = {op::add, op::subtract};

}  // namespace

tree_ptr query_maker::value(int entity, const sort_of_value& sort, int depth) {
  const std::size_t chance = dice_.below(100);
  tree_ptr v;
  try {
    const bool aggregates = sort.kind != kind_id::text && sort.kind != kind_id::email &&
                            sort.kind != kind_id::choice && sort.kind != kind_id::ref;
    if (aggregates && chance < 18) v = related(entity, sort, depth);
    if (!v && depth > 0 && chance >= 18 && chance < 70) v = calculated(entity, sort, depth - 1);
  } catch (const refused&) {
  }
  return v ? v : path(entity, sort);
}

tree_ptr query_maker::calculated(int entity, const sort_of_value& sort, int depth) {
  if (dice_.percent(12)) return first_known(entity, sort, depth);
  switch (sort.kind) {
    case kind_id::integer: return whole_number(entity, depth);
    case kind_id::decimal: return exact_number(entity, depth);
    case kind_id::real: return real_number(entity, depth);
    case kind_id::money: return amount(entity, depth);
    case kind_id::date:
    case kind_id::instant: return moment(entity, sort.kind, depth);
    case kind_id::duration: return length_of_time(entity, depth);
    case kind_id::text:
    case kind_id::email: return words(entity, sort, depth);
    case kind_id::boolean: return test(entity, depth);
    default: return {};
  }
}

// An exact number: a literal now and then.
tree_ptr query_maker::number(int entity, int depth) {
  if (dice_.percent(35)) {
    const type is = dice_.percent(60) ? type{} : type{kind_id::decimal, 2, false, -1, -1};
    constexpr int factors[] = {2, 3, 7, 10, 100, -1, 0, 1, 1000};
    return literal(is, datum::of(dice_.pick(factors)), false);
  }
  return value(entity, dice_.percent(50) ? integer_sort : decimal_sort, depth);
}

tree_ptr query_maker::rounding_of(tree_ptr of) {
  if (!of) return {};
  std::vector<tree_ptr> operands{std::move(of)};
  if (dice_.percent(60)) {
    operands.push_back(make_literal({}, datum::of(dice_.between(0, 4)),
                                    trees_ ? tree::form::tree : tree::form::text));
  }
  return make_call(dice_.percent(50) ? function::round : function::round_even, std::move(operands));
}

tree_ptr query_maker::whole_number(int entity, int depth) {
  switch (dice_.below(8)) {
    case 0: {
      tree_ptr v = value(entity, sorts[dice_.below(3)], depth);
      return v ? make_call(function::length, {v}) : v;
    }
    case 1: {
      constexpr function parts[] = {function::year, function::month, function::day};
      tree_ptr v = value(entity, dice_.percent(50) ? date_sort : instant_sort, depth);
      return v ? make_call(dice_.pick(parts), {v}) : v;
    }
    case 2: {
      tree_ptr v = value(entity, integer_sort, depth);
      return v ? make_call(function::abs, {v}) : v;
    }
    case 3: {
      tree_ptr v = value(entity, integer_sort, depth);
      return v ? make_arithmetic(op::negate, v) : v;
    }
    case 4: return rounding_of(value(entity, decimal_sort, depth));
    default: {
      constexpr op all[] = {op::add, op::subtract, op::multiply};
      tree_ptr a = value(entity, integer_sort, depth);
      tree_ptr b = dice_.percent(50) ? value(entity, integer_sort, depth)
                                     : literal({}, datum::of(dice_.between(-3, 5)), false);
      return a && b ? make_arithmetic(dice_.pick(all), a, b) : nullptr;
    }
  }
}

tree_ptr query_maker::exact_number(int entity, int depth) {
  switch (dice_.below(8)) {
    case 0: return rounding_of(value(entity, decimal_sort, depth));
    case 1: {
      tree_ptr v = value(entity, decimal_sort, depth);
      return v ? make_call(function::abs, {v}) : v;
    }
    case 2: {
      tree_ptr v = value(entity, decimal_sort, depth);
      return v ? make_arithmetic(op::negate, v) : v;
    }
    case 3: {
      tree_ptr a = value(entity, dice_.percent(50) ? money_sort : duration_sort, depth);
      tree_ptr b =
          a ? (dice_.percent(50)
                   ? path(entity, a->is.kind == kind_id::money ? money_sort : duration_sort)
                   : literal_for(a, false))
            : nullptr;
      return a && b ? make_arithmetic(op::divide, a, b) : nullptr;
    }
    default: {
      constexpr op all[] = {op::add, op::subtract, op::multiply, op::divide, op::divide};
      tree_ptr a = number(entity, depth);
      tree_ptr b = number(entity, depth);
      return a && b && !(a->constant && b->constant && dice_.percent(80))
                 ? make_arithmetic(dice_.pick(all), a, b)
                 : nullptr;
    }
  }
}

tree_ptr query_maker::real_number(int entity, int depth) {
  constexpr op all[] = {op::add, op::subtract, op::multiply, op::divide};
  tree_ptr a = value(entity, real_sort, depth);
  if (!a) return a;
  if (dice_.percent(15)) return make_arithmetic(op::negate, a);
  tree_ptr b = dice_.percent(40) ? value(entity, real_sort, depth) : number(entity, depth);
  if (!b) return b;
  if (dice_.percent(30)) std::swap(a, b);
  return make_arithmetic(dice_.pick(all), a, b);
}

tree_ptr query_maker::amount(int entity, int depth) {
  tree_ptr a = value(entity, money_sort, depth);
  if (!a) return a;
  switch (dice_.below(7)) {
    case 0: return rounding_of(a);
    case 1: return make_call(function::abs, {a});
    case 2: return make_arithmetic(op::negate, a);
    case 3:
    case 4: {
      tree_ptr b = dice_.percent(50) ? value(entity, money_sort, depth) : literal_for(a, false);
      return b ? make_arithmetic(dice_.pick(sums), a, b) : nullptr;
    }
    default: {
      tree_ptr b = number(entity, depth);
      if (!b) return b;
      if (dice_.percent(50)) return make_arithmetic(op::divide, a, b);
      return dice_.percent(30) ? make_arithmetic(op::multiply, b, a)
                               : make_arithmetic(op::multiply, a, b);
    }
  }
}

tree_ptr query_maker::moment(int entity, kind_id kind, int depth) {
  const sort_of_value& sort = kind == kind_id::date ? date_sort : instant_sort;
  const std::size_t chance = dice_.below(10);
  if (chance == 0) return make_call(kind == kind_id::date ? function::today : function::now, {});
  if (chance < 3 && kind == kind_id::date) {
    tree_ptr v = value(entity, dice_.percent(70) ? instant_sort : date_sort, depth);
    return v ? make_call(function::date, {v}) : v;
  }
  tree_ptr a = chance < 5 ? make_call(kind == kind_id::date ? function::today : function::now, {})
                          : value(entity, sort, depth);
  tree_ptr b =
      dice_.percent(60)
          ? literal({kind_id::duration, 0, false, -1, -1},
                    random_datum(dice_, {kind_id::duration, 0, false, -1, -1}, false), false)
          : value(entity, duration_sort, depth);
  if (!a || !b) return {};
  if (dice_.percent(20)) return make_arithmetic(op::add, b, a);
  return make_arithmetic(dice_.pick(sums), a, b);
}

tree_ptr query_maker::length_of_time(int entity, int depth) {
  const std::size_t chance = dice_.below(8);
  if (chance < 3) {
    const sort_of_value& sort = dice_.percent(50) ? date_sort : instant_sort;
    tree_ptr a = value(entity, sort, depth);
    tree_ptr b =
        a ? (dice_.percent(40)
                 ? value(entity, sort, depth)
                 : make_call(a->is.kind == kind_id::date ? function::today : function::now, {}))
          : nullptr;
    return a && b ? make_arithmetic(op::subtract, a, b) : nullptr;
  }
  tree_ptr a = value(entity, duration_sort, depth);
  if (!a) return a;
  if (chance == 3) return make_call(function::abs, {a});
  if (chance == 4) return make_arithmetic(op::negate, a);
  if (chance == 5) {
    tree_ptr b = dice_.percent(50) ? value(entity, duration_sort, depth) : literal_for(a, false);
    return b ? make_arithmetic(dice_.pick(sums), a, b) : nullptr;
  }
  tree_ptr b = number(entity, depth);
  return b ? make_arithmetic(dice_.percent(50) ? op::multiply : op::divide, a, b) : nullptr;
}

tree_ptr query_maker::words(int entity, const sort_of_value& sort, int depth) {
  tree_ptr a = value(entity, sort, depth);
  if (!a) return a;
  tree_ptr b = dice_.percent(50) ? value(entity, sorts[dice_.below(3)], depth) : literal_for(a);
  if (!b) return b;
  return dice_.percent(25) ? make_arithmetic(op::concat, b, a) : make_arithmetic(op::concat, a, b);
}

// coalesce() of two to four values; the last often a literal, now and then a null.
tree_ptr query_maker::first_known(int entity, const sort_of_value& sort, int depth) {
  std::vector<tree_ptr> operands;
  const auto count = static_cast<std::size_t>(dice_.between(1, 3));
  for (std::size_t i = 0; i < count; ++i) {
    tree_ptr v = depth > 0 ? value(entity, sort, depth - 1) : path(entity, sort);
    if (!v) return {};
    const bool fits = operands.empty() || sort.kind != kind_id::choice ||
                      v->is.choices == operands[0]->is.choices;
    if (fits) operands.push_back(std::move(v));
  }
  if (parameters_ && dice_.percent(8)) {
    const auto at = dice_.percent(30) ? operands.begin() : operands.end();
    operands.insert(at, make_null(tree::form::named));
    if (operands[0]->untyped) return make_call(function::coalesce, std::move(operands));
  }
  if (operands.size() < 2 || dice_.percent(50)) {
    tree_ptr last = literal_for(operands[0]);
    if (!last) return last;
    operands.push_back(std::move(last));
  }
  return make_call(function::coalesce, std::move(operands));
}

}  // namespace kith::model_check
