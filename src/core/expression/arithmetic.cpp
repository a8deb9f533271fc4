// SPDX-License-Identifier: Apache-2.0
//
// The binder: calculating. Exact numbers carry their scale while binding, so that at run time only
// whole numbers are added and multiplied; nothing is rounded unless round() says so, except
// quotients, which keep six more digits than the dividend (half even).
#include <algorithm>

#include "core/expression/evaluate.hpp"
#include "core/expression/operand.hpp"
#include "core/wide.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::detail {

using node_code = expression::code;

namespace {

constexpr int quotient_digits = 6;
constexpr std::int64_t microseconds_a_day = 86'400'000'000;
// An absolute scale that holds the minor units of every currency and `more` digits.
constexpr int widest_exponent = 4;

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

bool relative(std::int8_t money_scale) { return money_scale < 0; }
int digits_beyond(std::int8_t money_scale) { return currency_scale - money_scale; }

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

std::optional<decimal> binder::literal_number(const operand& o) const {
  if (o.is != operand::form::literal || o.literal.is_null() || !is_exact(o.literal.kind()))
    return {};
  return o.literal.as<decimal>();
}

operand binder::number(fragment code, int scale, std::uint32_t at) const {
  if (scale > decimal::max_scale) {
    fail(at, "the result has more than 18 digits behind the point; round() a part of it");
  }
  operand o;
  o.at = at;
  o.type.kind = scale == 0 ? kind_id::integer : kind_id::decimal;
  o.type.options.scale = static_cast<std::int8_t>(scale);
  o.cells.push_back(std::move(code));
  return o;
}

operand binder::money_of(fragment amount, fragment currency, std::int8_t scale,
                         std::uint32_t at) const {
  const int digits = relative(scale) ? widest_exponent + digits_beyond(scale) : scale;
  if (digits > decimal::max_scale) {
    fail(at, "the result has more than 18 digits behind the point; round() a part of it");
  }
  operand o;
  o.at = at;
  o.type.kind = kind_id::money;
  o.type.options.scale = scale;
  o.cells.push_back(std::move(amount));
  o.cells.push_back(std::move(currency));
  return o;
}

void binder::unify_scales(operand& a, operand& b) const {
  const int x = scale_of(a);
  const int y = scale_of(b);
  const int scale = std::max(x, y);
  if (x < scale)
    a = number(apply(a.cells[0], op::scale_up, static_cast<std::uint32_t>(scale - x)), scale, a.at);
  if (y < scale)
    b = number(apply(b.cells[0], op::scale_up, static_cast<std::uint32_t>(scale - y)), scale, b.at);
}

// Brings two amounts to one scale. Constants are scaled here and now, so that a store can take the
// comparison; everything else by instructions.
void binder::unify_money(operand& a, operand& b) const {
  const auto scale_up = [&](operand& o, int by) {
    if (by > 0)
      o.cells[0] = apply(std::move(o.cells[0]), op::scale_up, static_cast<std::uint32_t>(by));
  };
  const auto constant_of = [](const operand& o) -> const cell* {
    const bool is = o.cells[0].size() == 1 && o.cells[0][0].code == op::constant &&
                    o.cells[1].size() == 1 && o.cells[1][0].code == op::constant;
    return is ? &o.cells[0][0].constant : nullptr;
  };
  // An absolute constant takes the relative scale of the other side where it fits.
  for (auto [one, other] : {std::pair{&a, &b}, std::pair{&b, &a}}) {
    const cell* units = constant_of(*one);
    if (units == nullptr || relative(one->type.options.scale)) continue;
    const auto currency = currency_code::parse(one->cells[1][0].constant.as_bytes());
    if (!currency || units->is_null()) continue;
    const decimal amount = decimal(units->as_integer(), one->type.options.scale).trimmed();
    const int want = digits_of(other->type.options.scale, *currency);
    if (amount.scale() > want) continue;
    wide scaled = 0;
    if (!checked_multiply(amount.units(), power_of_ten(want - amount.scale()), scaled) ||
        !fits_int64(scaled)) {
      continue;
    }
    one->cells[0] = constant(cell::integer(static_cast<std::int64_t>(scaled)));
    one->type.options.scale = other->type.options.scale;
  }
  const std::int8_t x = a.type.options.scale;
  const std::int8_t y = b.type.options.scale;
  if (x == y) return;
  if (relative(x) == relative(y)) {
    const int difference = relative(x) ? y - x : x - y;  // more digits: more negative
    scale_up(difference > 0 ? b : a, std::abs(difference));
    const std::int8_t scale = relative(x) ? std::min(x, y) : std::max(x, y);
    a.type.options.scale = b.type.options.scale = scale;
    return;
  }
  operand& rel = relative(x) ? a : b;
  operand& abs = relative(x) ? b : a;
  const int beyond = digits_beyond(rel.type.options.scale);
  const int target = std::max<int>(abs.type.options.scale, widest_exponent + beyond);
  append(rel.cells[0], rel.cells[1]);
  rel.cells[0].push_back(make(op::scale_currency, static_cast<std::uint32_t>(target - beyond)));
  scale_up(abs, target - abs.type.options.scale);
  a.type.options.scale = b.type.options.scale = static_cast<std::int8_t>(target);
}

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
  const auto numeric = [](kind_id k) { return is_exact(k) || k == kind_id::real; };
  if (numeric(x) && numeric(y)) {
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
  const auto numeric = [](kind_id k) { return is_exact(k) || k == kind_id::real; };
  if (numeric(x) && numeric(y)) return real_operation(op::multiply_real, a, b);
  if (x == kind_id::money && is_exact(y)) {
    const int more = scale_of(b);
    const std::int8_t scale = static_cast<std::int8_t>(
        relative(a.type.options.scale) ? a.type.options.scale - more : a.type.options.scale + more);
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
  const auto numeric = [](kind_id k) { return is_exact(k) || k == kind_id::real; };
  if (numeric(x) && numeric(y) && (x == kind_id::real || y == kind_id::real)) {
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
    const std::int8_t scale =
        static_cast<std::int8_t>(relative(a.type.options.scale) ? a.type.options.scale - *power
                                                                : a.type.options.scale + *power);
    return money_of(a.cells[0], a.cells[1], scale, at);
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
    const std::int8_t scale = static_cast<std::int8_t>(
        relative(a.type.options.scale) ? a.type.options.scale - quotient_digits
                                       : a.type.options.scale + quotient_digits);
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

operand binder::absolute(operand a, std::uint32_t at) {
  a = as_cells(std::move(a));
  const kind_id k = a.type.kind;
  if (!is_exact(k) && k != kind_id::money && k != kind_id::duration) {
    fail(at, "abs() is of exact numbers, money and lengths of time, not of " + describe(a));
  }
  a.cells[0] = apply(std::move(a.cells[0]), op::absolute);
  return a;
}

operand binder::round(operand a, const operand* digits, bool even, std::uint32_t at) {
  a = as_cells(std::move(a));
  const op drop = even ? op::round_even : op::round_up;
  int want = 0;
  if (digits != nullptr) {
    const auto n = literal_number(*digits);
    if (!n || n->trimmed().scale() != 0 || n->negative() || *n > decimal(decimal::max_scale)) {
      fail(at, "the digits of round() are a whole number from 0 to 18");
    }
    want = static_cast<int>(n->trimmed().units());
  }
  if (is_exact(a.type.kind)) {
    const int excess = scale_of(a) - want;
    if (excess <= 0) return a;
    return number(apply(a.cells[0], drop, static_cast<std::uint32_t>(excess)), want, at);
  }
  if (a.type.kind != kind_id::money) {
    fail(at, "round() is of exact numbers and money, not of " + describe(a));
  }
  const std::int8_t scale = a.type.options.scale;
  if (digits == nullptr) {  // to the currency's minor unit
    if (relative(scale)) {
      const auto excess = static_cast<std::uint32_t>(digits_beyond(scale));
      return money_of(apply(a.cells[0], drop, excess), a.cells[1], currency_scale, at);
    }
    fragment amount = a.cells[0];
    append(amount, a.cells[1]);
    amount.push_back(make(even ? op::round_currency_even : op::round_currency,
                          static_cast<std::uint32_t>(scale)));
    return money_of(std::move(amount), a.cells[1], currency_scale, at);
  }
  int have = scale;
  fragment amount = a.cells[0];
  if (relative(scale)) {
    have = widest_exponent + digits_beyond(scale);
    append(amount, a.cells[1]);
    amount.push_back(make(op::scale_currency, static_cast<std::uint32_t>(widest_exponent)));
  }
  if (have > want) amount.push_back(make(drop, static_cast<std::uint32_t>(have - want)));
  return money_of(std::move(amount), a.cells[1], static_cast<std::int8_t>(std::min(have, want)),
                  at);
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

operand binder::coalesce(std::vector<operand> operands, std::uint32_t at) {
  const operand nothing = operands[0];
  std::erase_if(operands, [](const operand& o) { return o.is_null_literal(); });
  if (operands.empty()) return nothing;
  operand first = as_cells(std::move(operands[0]));
  std::vector<operand> all{first};
  for (std::size_t i = 1; i < operands.size(); ++i) {
    operand next = operands[i].is == operand::form::literal ? adapt(operands[i], first)
                                                            : as_cells(std::move(operands[i]));
    all.push_back(std::move(next));
  }
  const auto is_real = [](const operand& one) { return one.type.kind == kind_id::real; };
  if (std::any_of(all.begin(), all.end(), is_real)) {
    for (operand& one : all) {
      if (is_real(one) || !is_exact(one.type.kind)) continue;
      one.cells[0] = real_code(one);
      one.type = {};
      one.type.kind = kind_id::real;
    }
  }
  // Twice, so that the widest scale reaches all.
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 1; i < all.size(); ++i) unify(all[0], all[i], at);
  }
  operand o = all[0];
  o.at = at;
  if (o.type.kind == kind_id::any_ref && o.cells.size() == 1) o.type.kind = kind_id::ref;
  if (is_texty(o.type.kind)) {
    o.type.kind = kind_id::text;
    o.cells.resize(1);
    if (o.type.options.folded) o.cells.push_back({});
  }
  for (std::size_t part = 0; part < o.cells.size(); ++part) {
    if (o.cells[part].empty() || all.size() == 1) continue;
    fragment code;
    for (const operand& one : all) append(code, one.cells[part]);
    code.push_back(make(op::coalesce, static_cast<std::uint32_t>(all.size())));
    o.cells[part] = std::move(code);
  }
  return o;
}

}  // namespace kith::inline v1::detail
