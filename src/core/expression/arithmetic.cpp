// SPDX-License-Identifier: Apache-2.0
//
// The binder: calculating. Nothing is rounded unless round() says so, except quotients, which keep
// six more digits than the dividend (half even).
#include <algorithm>

#include "core/expression/evaluate.hpp"
#include "core/expression/operand.hpp"
#include "core/expression/scales.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::detail {

using node_code = expression::code;

namespace {

constexpr int quotient_digits = 6;
constexpr std::int64_t microseconds_a_day = 86'400'000'000;

bool is_constant(const fragment& code) {
  return code.size() == 1 && code[0].code == op::constant && !code[0].constant.is_null();
}

// The amount and the currency of money are null together: where the number that an amount is
// multiplied with, or divided by, leaves no amount, there is no currency either.
fragment currency_of_product(const fragment& factor, fragment currency) {
  if (is_constant(factor)) return currency;
  return apply(apply(apply(factor, op::is_null), op::not_), currency, op::only_if);
}
fragment currency_of_quotient(const fragment& divisor, fragment currency) {
  if (is_constant(divisor) && divisor[0].constant.as_integer() != 0) return currency;
  fragment zero{make(op::constant)};
  zero[0].constant = cell::integer(0);
  return apply(apply(divisor, zero, op::not_equal), currency, op::only_if);
}

// The power of ten that a decimal is, or nothing: 1 -> 0, 100 -> 2, 0.1 -> -1.
std::optional<int> power_of_ten_of(decimal d) {
  d = d.trimmed();
  int power = -d.scale();
  std::int64_t units = d.units();
  if (units <= 0) return {};
  for (; units % 10 == 0; units /= 10) ++power;
  if (units != 1) return {};
  return power;
}

}  // namespace

fragment binder::same_currency(const operand& a, const operand& b) const {
  return apply(a.cells[1], b.cells[1], op::equal);
}

fragment binder::real_code(const operand& o) const {
  if (o.type.kind == kind_id::real) return o.cells[0];
  return apply(o.cells[0], op::to_real, static_cast<std::uint32_t>(scale_of(o)));
}

operand binder::real_operation(op what, const operand& a, const operand& b) const {
  operand o;
  o.at = a.at;
  o.type.kind = kind_id::real;
  o.cells.push_back(apply(real_code(a), real_code(b), what));
  return o;
}

// -------------------------------------------------------------------------------------- operations

operand binder::arithmetic(node_code c, operand a, operand b, std::uint32_t at) {
  for (const operand* side : {&a, &b}) {
    if (side->is_null_literal() && !side->given) fail(at, "calculating with null gives null");
  }
  if (a.is_null_literal() || b.is_null_literal()) {  // null of the other's kind
    operand o = as_cells(a.is_null_literal() ? std::move(b) : std::move(a));
    for (fragment& code : o.cells) code = constant(cell::null());
    return o;
  }
  switch (c) {
    case node_code::add: return settled(add(false, std::move(a), std::move(b), at));
    case node_code::subtract: return settled(add(true, std::move(a), std::move(b), at));
    case node_code::multiply: return settled(multiply(std::move(a), std::move(b), at));
    case node_code::divide: return settled(divide(std::move(a), std::move(b), at));
    default: return settled(concat(std::move(a), std::move(b), at));
  }
}

// Code that looks at no row is run now: `today() - 30d` reaches stores as one date.
void binder::settle(fragment& code) const {
  const auto looks = [](const instruction& i) {
    return i.code == op::load || i.code == op::load_path || i.code == op::related;
  };
  if (code.size() < 2 || std::any_of(code.begin(), code.end(), looks)) return;
  evaluator now(nullptr, context_.zone);
  code = constant(now.constant_result(code));
}

operand binder::settled(operand o) const {
  for (fragment& code : o.cells) settle(code);
  return o;
}

operand binder::add(bool subtract, operand a, operand b, std::uint32_t at) {
  a = as_cells(std::move(a));
  b = as_cells(std::move(b));
  const kind_id x = a.type.kind;
  const kind_id y = b.type.kind;
  const op what = subtract ? op::subtract : op::add;
  if (is_exact(x) && is_exact(y)) {
    unify_scales(a, b);
    return number(apply(a.cells[0], b.cells[0], what), scale_of(a), at);
  }
  if (is_number(x) && is_number(y)) {
    return real_operation(subtract ? op::subtract_real : op::add_real, a, b);
  }
  if (x == kind_id::money && y == kind_id::money) {
    unify_money(a, b);
    const fragment same = same_currency(a, b);
    fragment amount = apply(same, apply(a.cells[0], b.cells[0], what), op::only_if);
    fragment currency = apply(same, a.cells[1], op::only_if);
    return money_of(std::move(amount), std::move(currency), a.type.options.scale, at);
  }
  return add_time(subtract, a, b, at);
}

operand binder::add_time(bool subtract, const operand& a, const operand& b, std::uint32_t at) {
  const kind_id x = a.type.kind;
  const kind_id y = b.type.kind;
  const op what = subtract ? op::subtract : op::add;
  operand o;
  o.at = at;
  const auto days = [&](const operand& length) {  // whole days
    return apply(length.cells[0], constant(cell::integer(microseconds_a_day)), op::divide, 0);
  };
  if (x == kind_id::date && y == kind_id::duration) {
    o.type.kind = kind_id::date;
    o.cells.push_back(apply(a.cells[0], days(b), what));
  } else if (x == kind_id::duration && y == kind_id::date && !subtract) {
    return add_time(false, b, a, at);
  } else if (x == kind_id::instant && y == kind_id::duration) {
    o.type.kind = kind_id::instant;
    o.cells.push_back(apply(a.cells[0], b.cells[0], what));
  } else if (x == kind_id::duration && y == kind_id::instant && !subtract) {
    return add_time(false, b, a, at);
  } else if (x == kind_id::duration && y == kind_id::duration) {
    o.type.kind = kind_id::duration;
    o.cells.push_back(apply(a.cells[0], b.cells[0], what));
  } else if (subtract && x == kind_id::date && y == kind_id::date) {
    o.type.kind = kind_id::duration;
    o.cells.push_back(apply(apply(a.cells[0], b.cells[0], op::subtract),
                            constant(cell::integer(microseconds_a_day)), op::multiply));
  } else if (subtract && x == kind_id::instant && y == kind_id::instant) {
    o.type.kind = kind_id::duration;
    o.cells.push_back(apply(a.cells[0], b.cells[0], op::subtract));
  } else {
    fail(at, std::string("cannot ") + (subtract ? "subtract " : "add ") + describe(b) +
                 (subtract ? " from " : " to ") + describe(a));
  }
  return o;
}

operand binder::multiply(operand a, operand b, std::uint32_t at) {
  a = as_cells(std::move(a));
  b = as_cells(std::move(b));
  if (a.type.kind != kind_id::money && a.type.kind != kind_id::duration &&
      (b.type.kind == kind_id::money || b.type.kind == kind_id::duration)) {
    std::swap(a, b);
  }
  const kind_id x = a.type.kind;
  const kind_id y = b.type.kind;
  if (is_exact(x) && is_exact(y)) {
    return number(apply(a.cells[0], b.cells[0], op::multiply), scale_of(a) + scale_of(b), at);
  }
  if (is_number(x) && is_number(y)) return real_operation(op::multiply_real, a, b);
  if (x == kind_id::money && is_exact(y)) {
    const std::int8_t scale = with_digits(a.type.options.scale, scale_of(b));
    return money_of(apply(a.cells[0], b.cells[0], op::multiply),
                    currency_of_product(b.cells[0], a.cells[1]), scale, at);
  }
  if (x == kind_id::duration && is_exact(y)) {
    operand o = a;
    o.cells[0] = apply(apply(a.cells[0], b.cells[0], op::multiply), op::round_even,
                       static_cast<std::uint32_t>(scale_of(b)));
    return o;
  }
  fail(at, "cannot multiply " + describe(a) + " with " + describe(b));
}

operand binder::divide(operand a, operand b, std::uint32_t at) {
  const auto divisor = literal_number(b);
  a = as_cells(std::move(a));
  b = as_cells(std::move(b));
  const kind_id x = a.type.kind;
  const kind_id y = b.type.kind;
  if (is_number(x) && is_number(y) && (x == kind_id::real || y == kind_id::real)) {
    return real_operation(op::divide_real, a, b);
  }
  const bool like_from_like = x == y && (x == kind_id::money || x == kind_id::duration);
  if (!like_from_like &&
      !((is_exact(x) || x == kind_id::money || x == kind_id::duration) && is_exact(y))) {
    fail(at, "cannot divide " + describe(a) + " by " + describe(b));
  }
  const auto power = divisor ? power_of_ten_of(*divisor) : std::nullopt;
  if (power && *power >= 0 && x != kind_id::duration) {  // exact: only the point moves
    if (is_exact(x)) return number(a.cells[0], scale_of(a) + *power, at);
    return money_of(a.cells[0], a.cells[1], with_digits(a.type.options.scale, *power), at);
  }
  if (x == kind_id::duration) {
    if (y == kind_id::duration) {
      return number(apply(a.cells[0], b.cells[0], op::divide, quotient_digits), quotient_digits,
                    at);
    }
    operand o = a;
    o.cells[0] = apply(a.cells[0], b.cells[0], op::divide, static_cast<std::uint32_t>(scale_of(b)));
    return o;
  }
  if (x == kind_id::money && y == kind_id::money) {
    unify_money(a, b);
    return number(apply(same_currency(a, b),
                        apply(a.cells[0], b.cells[0], op::divide, quotient_digits), op::only_if),
                  quotient_digits, at);
  }
  const auto gain = static_cast<std::uint32_t>(quotient_digits + scale_of(b));
  fragment quotient = apply(a.cells[0], b.cells[0], op::divide, gain);
  if (x == kind_id::money) {
    const std::int8_t scale = with_digits(a.type.options.scale, quotient_digits);
    return money_of(std::move(quotient), currency_of_quotient(b.cells[0], a.cells[1]), scale, at);
  }
  return number(std::move(quotient), scale_of(a) + quotient_digits, at);
}

operand binder::negate(operand a, std::uint32_t at) {
  a = as_cells(std::move(a));
  const kind_id k = a.type.kind;
  if (!is_exact(k) && k != kind_id::real && k != kind_id::money && k != kind_id::duration) {
    fail(at, "there is no negative of " + describe(a));
  }
  a.cells[0] = apply(std::move(a.cells[0]), k == kind_id::real ? op::negate_real : op::negate);
  return a;
}

operand binder::concat(operand a, operand b, std::uint32_t at) {
  a = as_cells(std::move(a));
  b = as_cells(std::move(b));
  if (!is_texty(a.type.kind) || !is_texty(b.type.kind)) {
    fail(at, "`||` joins texts, not " + describe(a) + " and " + describe(b));
  }
  operand o;
  o.at = at;
  o.type.kind = kind_id::text;
  o.type.options.folded = a.type.options.folded || b.type.options.folded;
  o.cells.push_back(apply(a.cells[0], b.cells[0], op::concat));
  if (o.type.options.folded) o.cells.push_back({});  // no key of its own: folded when compared
  return o;
}

}  // namespace kith::inline v1::detail
