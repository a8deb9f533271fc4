// SPDX-License-Identifier: Apache-2.0
//
// Calculating, digit by digit as the documentation has it: exact numbers carry their digits along,
// quotients gain six, in between there are 128 bits.
#include <cmath>
#include <cstdlib>

#include "model_check/naive.hpp"

namespace kith::model_check {
namespace {

constexpr whole day_length = 86'400'000'000;
constexpr int quotient_digits = 6;

double finite(double x) {
  if (!std::isfinite(x)) throw overflow();
  return x;
}

whole scaled(whole n, int by) { return checked_product(n, power_of_ten(by)); }

datum real_result(op what, double a, double b) {
  switch (what) {
    case op::add: return datum::of_real(finite(a + b));
    case op::subtract: return datum::of_real(finite(a - b));
    case op::multiply: return datum::of_real(finite(a * b));
    default: return b == 0 ? datum() : datum::of_real(finite(a / b));
  }
}

whole minus(whole n) {
  whole result = 0;
  if (__builtin_sub_overflow(whole{0}, n, &result)) throw overflow();
  return result;
}

whole sum(op what, whole a, whole b) {
  if (what == op::add) return checked_sum(a, b);
  whole result = 0;
  if (__builtin_sub_overflow(a, b, &result)) throw overflow();
  return result;
}

datum sum_of(op what, const tree& node, const datum& a, const datum& b) {
  const type& x = node.args[0]->is;
  const type& y = node.args[1]->is;
  if (is_exact(x.kind) && is_exact(y.kind)) {
    return datum::of(sum(what, scaled(a.units, node.is.scale - x.scale),
                         scaled(b.units, node.is.scale - y.scale)));
  }
  if (x.kind == kind_id::money) {
    if (a.text != b.text) return {};
    const int digits = money_digits(node.is.scale, a.text);
    return datum::of_money(sum(what, scaled(a.units, digits - money_digits(x.scale, a.text)),
                               scaled(b.units, digits - money_digits(y.scale, b.text))),
                           a.text);
  }
  if (x.kind == kind_id::date && y.kind == kind_id::duration) {
    return datum::of(sum(what, a.units, divided(b.units, day_length, true)));
  }
  if (x.kind == kind_id::duration && y.kind == kind_id::date) {
    return datum::of(sum(what, b.units, divided(a.units, day_length, true)));
  }
  if (x.kind == kind_id::date)
    return datum::of(checked_product(sum(what, a.units, b.units), day_length));
  return datum::of(sum(what, a.units, b.units));
}

datum product_of(const tree& node, const datum& a, const datum& b) {
  const type& x = node.args[0]->is;
  const type& y = node.args[1]->is;
  const whole n = checked_product(a.units, b.units);
  if (node.is.kind == kind_id::duration) {
    const int digits = x.kind == kind_id::duration ? y.scale : x.scale;
    return datum::of(divided(n, power_of_ten(digits), true));
  }
  if (node.is.kind != kind_id::money) return datum::of(n);
  return datum::of_money(n, x.kind == kind_id::money ? a.text : b.text);
}

datum quotient_of(const tree& node, const datum& a, const datum& b) {
  const type& x = node.args[0]->is;
  const type& y = node.args[1]->is;
  const auto power = power_of_literal(*node.args[1]);
  if (power && x.kind != kind_id::duration) return a;  // only the point moves
  if (x.kind == kind_id::money && y.kind == x.kind) {
    if (a.text != b.text) return {};
    const int digits = std::max(money_digits(x.scale, a.text), money_digits(y.scale, b.text));
    const whole p = scaled(a.units, digits - money_digits(x.scale, a.text));
    const whole q = scaled(b.units, digits - money_digits(y.scale, b.text));
    if (q == 0) return {};
    return datum::of(divided(scaled(p, quotient_digits), q, true));
  }
  if (b.units == 0) return {};
  int gain = quotient_digits;
  if (is_exact(y.kind)) gain = y.scale + (x.kind == kind_id::duration ? 0 : quotient_digits);
  const whole n = divided(scaled(a.units, gain), b.units, true);
  return x.kind == kind_id::money ? datum::of_money(n, a.text) : datum::of(n);
}

}  // namespace

whole checked_sum(whole a, whole b) {
  whole result = 0;
  if (__builtin_add_overflow(a, b, &result)) throw overflow();
  return result;
}

whole checked_product(whole a, whole b) {
  // Signed 128-bit multiplication without a run-time library.
  if (a == 0 || b == 0) return 0;
  __extension__ typedef unsigned __int128 size;
  const auto size_of = [](whole n) {
    return n < 0 ? size{0} - static_cast<size>(n) : static_cast<size>(n);
  };
  const size most = (size{1} << 127) - ((a < 0) == (b < 0) ? 1 : 0);
  if (size_of(a) > most / size_of(b)) throw overflow();
  return static_cast<whole>(static_cast<size>(a) * static_cast<size>(b));
}

whole power_of_ten(int n) {
  if (n < 0 || n > 38) throw overflow();
  whole p = 1;
  for (int i = 0; i < n; ++i) p = checked_product(p, 10);
  return p;
}

whole divided(whole a, whole b, bool half_even) {
  whole quotient = a / b;
  const whole rest = a % b;
  if (rest == 0) return quotient;
  const whole size = rest < 0 ? -rest : rest;
  const whole divisor = b < 0 ? -b : b;
  const whole other = divisor - size;
  const bool up = size > other || (size == other && (!half_even || quotient % 2 != 0));
  if (up) quotient += (a < 0) == (b < 0) ? 1 : -1;
  return quotient;
}

double as_real(const type& is, const datum& d) {
  if (is.kind == kind_id::real) return d.real;
  return static_cast<double>(d.units) / std::pow(10.0, is.scale);
}

datum calculate(op what, const tree& node, const datum& a, const datum& b) {
  if (!a.known) return {};
  if (what == op::negate) {
    datum n = a;
    if (node.is.kind == kind_id::real) {
      n.real = -a.real;
    } else {
      n.units = minus(a.units);
    }
    return n;
  }
  if (!b.known) return {};
  if (what == op::concat) return datum::of_text(a.text + b.text);
  if (node.is.kind == kind_id::real) {
    return real_result(what, as_real(node.args[0]->is, a), as_real(node.args[1]->is, b));
  }
  if (what == op::multiply) return product_of(node, a, b);
  if (what == op::divide) return quotient_of(node, a, b);
  return sum_of(what, node, a, b);
}

datum converted(const type& to, const type& from, const datum& d, const world& w) {
  datum c = d;
  if (!d.known) return c;
  if (to.kind == kind_id::real && from.kind != kind_id::real)
    return datum::of_real(as_real(from, d));
  if (is_exact(to.kind)) c.units = scaled(d.units, to.scale - from.scale);
  if (to.kind == kind_id::money) {
    c.units = scaled(d.units, money_digits(to.scale, d.text) - money_digits(from.scale, d.text));
  }
  if (to.kind == kind_id::instant && from.kind == kind_id::date) {
    if (d.units < INT64_MIN || d.units > INT64_MAX) throw overflow();
    if (d.units < -719162 || d.units > 2932896) return {};
    c.units = d.units * day_length - w.zone_offset;
  }
  return c;
}

datum rounded(const tree& node, const datum& d) {
  if (!d.known) return {};
  const type& from = node.args[0]->is;
  const bool half_even = node.calls == function::round_even;
  datum r = d;
  if (is_exact(from.kind)) {
    r.units = divided(d.units, power_of_ten(from.scale - node.is.scale), half_even);
    return r;
  }
  const int have = money_digits(from.scale, d.text);
  const int want = money_digits(node.is.scale, d.text);
  r.units = have >= want ? divided(d.units, power_of_ten(have - want), half_even)
                         : scaled(d.units, want - have);
  return r;
}

}  // namespace kith::model_check
