// SPDX-License-Identifier: Apache-2.0
//
// The binder: calls of functions, such as round(amount), coalesce(a, b) and year(closed).
#include <algorithm>

#include "core/expression/operand.hpp"
#include "core/expression/scales.hpp"

namespace kith::inline v1::detail {

operand binder::call(function f, std::vector<operand> operands, std::uint32_t at) {
  const bool of_null = !operands.empty() && operands[0].is_null_literal() && operands[0].given;
  if (of_null && f != function::coalesce) return std::move(operands[0]);
  operand o;
  o.at = at;
  switch (f) {
    case function::today:
    case function::now:
      o.is = operand::form::literal;
      o.literal =
          f == function::now ? value(context_.now) : value(context_.zone.date_of(context_.now));
      return o;
    case function::coalesce: return coalesce(std::move(operands), at);
    case function::round:
    case function::round_even:
      return round(std::move(operands[0]), operands.size() > 1 ? &operands[1] : nullptr,
                   f == function::round_even, at);
    case function::abs: return absolute(std::move(operands[0]), at);
    default: break;
  }
  const bool is_text = operands[0].is == operand::form::literal &&
                       operands[0].literal.kind() == kind_id::text &&
                       !operands[0].is_null_literal();
  if (f == function::date && is_text) {
    operand day;
    day.type.kind = kind_id::date;
    return adapt(operands[0], day);
  }
  operand a = as_cells(std::move(operands[0]));
  if (f == function::length) {
    if (!is_texty(a.type.kind)) fail(at, "length() is of text, not of " + describe(a));
    o.type.kind = kind_id::integer;
    o.cells.push_back(apply(std::move(a.cells[0]), op::length));
    return o;
  }
  if (a.type.kind == kind_id::instant) {
    a.cells[0] = apply(std::move(a.cells[0]), op::date_of);
  } else if (a.type.kind != kind_id::date) {
    fail(at, describe(a) + " is neither a date nor a moment");
  }
  o.type.kind = f == function::date ? kind_id::date : kind_id::integer;
  if (f == function::year) a.cells[0] = apply(std::move(a.cells[0]), op::year);
  if (f == function::month) a.cells[0] = apply(std::move(a.cells[0]), op::month);
  if (f == function::day) a.cells[0] = apply(std::move(a.cells[0]), op::day);
  o.cells.push_back(std::move(a.cells[0]));
  return o;
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
