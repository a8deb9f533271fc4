// SPDX-License-Identifier: Apache-2.0
//
// Values of kinds known at run time.
#include "kith/core/value.hpp"

#include <algorithm>

#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {
namespace {

kind_options with_scale(int scale) {
  kind_options options;
  options.scale = static_cast<std::int8_t>(scale);
  return options;
}

[[noreturn]] void wrong_kind(const value& v, std::string_view wanted) {
  const std::string is = v.is_null() ? "null" : std::string(kind_of(v.kind()).name);
  throw error(error_code::misuse, "the value '" + shortened(v.to_string()) + "' is " + is +
                                      ", not " + std::string(wanted));
}

const cell text_cell(std::string_view text) {
  return text.empty() ? cell::null() : cell::text(text);
}

}  // namespace

value::value(bool b) : value(kind_id::boolean, {cell::integer(b)}) {}
value::value(std::int64_t n) : value(kind_id::integer, {cell::integer(n)}) {}
value::value(double x) : value(kind_id::real, {cell::real(x)}) {}
value::value(decimal d) : value(kind_id::decimal, {cell::integer(d.units())}) {
  options_ = with_scale(d.scale());
}
value::value(std::string_view text) : value(kind_id::text, {cell::text(text)}) {}
value::value(date d) : value(kind_id::date, {cell::integer(d.days)}) {}
value::value(instant t) : value(kind_id::instant, {cell::integer(t.microseconds)}) {}
value::value(duration d) : value(kind_id::duration, {cell::integer(d.microseconds)}) {}
value::value(const money& m)
    : value(kind_id::money, {cell::integer(m.amount().units()), cell::text(m.currency().text())}) {
  options_ = with_scale(m.amount().scale());
}
value::value(const money_sum& sum) : kind_(kind_id::money) {
  int scale = 0;
  for (const auto& [code, amount] : sum.parts()) scale = std::max(scale, amount.scale());
  options_ = with_scale(scale);
  for (const auto& [code, amount] : sum.parts()) {
    cells_.emplace_back(cell::integer(amount.with_scale(scale).units()));
    cells_.emplace_back(cell::text(code.text()));
  }
}
value::value(record_id id) : kind_(kind_id::ref) {
  if (id) cells_.emplace_back(cell::integer(id.value));
}
value::value(any_ref r)
    : value(kind_id::any_ref, {cell::integer(r.id.value), cell::integer(r.entity)}) {}
value::value(const person_name& n)
    : value(kind_id::person_name,
            {text_cell(n.last), text_cell(n.first), text_cell(n.patronymic)}) {}
value::value(const postal_address& a)
    : value(kind_id::postal_address, {text_cell(a.street), text_cell(a.city), text_cell(a.region),
                                      text_cell(a.postal_code), text_cell(a.country)}) {}

value value::of(kind_id kind, const kind_options& options, std::span<const cell> cells) {
  value v;
  const auto parts = parts_of(kind, options);
  if (std::all_of(cells.begin(), cells.end(), [](const cell& c) { return c.is_null(); })) return v;
  v.kind_ = kind;
  v.options_ = options;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (parts[i].role == part_role::value) v.cells_.emplace_back(cells[i]);
  }
  return v;
}

value value::from_choice(std::int64_t number, std::span<const choice_option> options) {
  value v(kind_id::choice, {cell::integer(number)});
  v.options_.choices = options;
  return v;
}

std::string value::to_string(const text_format& format) const {
  std::string out;
  if (is_null()) return out;
  // Kinds print from all their parts, keys included; sums of money have several pairs.
  std::array<cell, max_parts> cells;
  const auto parts = parts_of(kind_, options_);
  std::size_t next = 0;
  while (next < cells_.size()) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      cells[i] = parts[i].role == part_role::value ? cells_[next++].view() : cell::null();
    }
    if (!out.empty()) out += " + ";
    kind_of(kind_).print(options_, cells.data(), format, out);
  }
  return out;
}

bool operator==(const value& a, const value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  const auto exact = [](const value& v) {
    return v.kind() == kind_id::integer || v.kind() == kind_id::decimal;
  };
  if (exact(a) && exact(b)) return a.as<decimal>() == b.as<decimal>();
  if (a.kind_ != b.kind_) return false;
  if (a.kind_ == kind_id::money) return a.as<money_sum>() == b.as<money_sum>();
  return a.cells_ == b.cells_;
}

template <>
bool value::as() const {
  if (is_null() || kind_ != kind_id::boolean) wrong_kind(*this, "a truth value");
  return cells_[0].view().as_integer() != 0;
}

template <>
std::int64_t value::as() const {
  if (!is_null()) {
    if (kind_ == kind_id::decimal) return as<decimal>().with_scale(0).units();
    if (kind_ == kind_id::integer || kind_ == kind_id::choice || kind_ == kind_id::ref) {
      return cells_[0].view().as_integer();
    }
  }
  wrong_kind(*this, "a whole number");
}

template <>
double value::as() const {
  if (!is_null()) {
    if (kind_ == kind_id::real) return cells_[0].view().as_real();
    if (kind_ == kind_id::integer || kind_ == kind_id::decimal) return as<decimal>().to_double();
  }
  wrong_kind(*this, "a number");
}

template <>
decimal value::as() const {
  if (!is_null()) {
    if (kind_ == kind_id::integer) return decimal(cells_[0].view().as_integer());
    if (kind_ == kind_id::decimal) {
      return decimal(cells_[0].view().as_integer(), options_.scale);
    }
  }
  wrong_kind(*this, "an exact number");
}

template <>
std::string_view value::as() const {
  if (is_null() || !cells_[0].view().has_bytes()) wrong_kind(*this, "text");
  return cells_[0].view().as_bytes();
}

template <>
date value::as() const {
  if (is_null() || kind_ != kind_id::date) wrong_kind(*this, "a date");
  return date::from_days(static_cast<std::int32_t>(cells_[0].view().as_integer()));
}

template <>
instant value::as() const {
  if (is_null() || kind_ != kind_id::instant) wrong_kind(*this, "a moment");
  return {cells_[0].view().as_integer()};
}

template <>
duration value::as() const {
  if (is_null() || kind_ != kind_id::duration) wrong_kind(*this, "a length of time");
  return {cells_[0].view().as_integer()};
}

template <>
money_sum value::as() const {
  money_sum sum;
  if (is_null()) return sum;
  if (kind_ != kind_id::money) wrong_kind(*this, "money");
  for (std::size_t i = 0; i + 1 < cells_.size(); i += 2) {
    const currency_code code(cells_[i + 1].view().as_bytes());
    const int scale = digits_of(options_.scale, code);
    sum.add(money(decimal(cells_[i].view().as_integer(), scale), code));
  }
  return sum;
}

template <>
money value::as() const {
  if (is_null() || kind_ != kind_id::money) wrong_kind(*this, "money");
  if (cells_.size() != 2) wrong_kind(*this, "money of one currency");
  const currency_code code(cells_[1].view().as_bytes());
  const int scale = digits_of(options_.scale, code);
  return money(decimal(cells_[0].view().as_integer(), scale), code);
}

template <>
record_id value::as() const {
  if (is_null() || (kind_ != kind_id::ref && kind_ != kind_id::any_ref)) {
    wrong_kind(*this, "a reference");
  }
  return {cells_[0].view().as_integer()};
}

template <>
any_ref value::as() const {
  if (is_null() || kind_ != kind_id::any_ref) wrong_kind(*this, "a reference to any entity");
  return {static_cast<std::uint16_t>(cells_[1].view().as_integer()),
          record_id{cells_[0].view().as_integer()}};
}

namespace {
std::string text_of(const owned_cell& c) {
  return c.view().is_null() ? std::string() : std::string(c.view().as_bytes());
}
}  // namespace

template <>
person_name value::as() const {
  if (is_null() || kind_ != kind_id::person_name) wrong_kind(*this, "a person's name");
  return {text_of(cells_[0]), text_of(cells_[1]), text_of(cells_[2])};
}

template <>
postal_address value::as() const {
  if (is_null() || kind_ != kind_id::postal_address) wrong_kind(*this, "an address");
  return {text_of(cells_[0]), text_of(cells_[1]), text_of(cells_[2]), text_of(cells_[3]),
          text_of(cells_[4])};
}

}  // namespace kith::inline v1
