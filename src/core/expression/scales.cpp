// SPDX-License-Identifier: Apache-2.0
//
// The binder: digits behind the point. Exact numbers and money carry their scale while binding, so
// that at run time only whole numbers are added and multiplied.
#include "core/expression/scales.hpp"

#include <algorithm>

#include "core/expression/operand.hpp"
#include "core/wide.hpp"

namespace kith::inline v1::detail {

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

}  // namespace kith::inline v1::detail
