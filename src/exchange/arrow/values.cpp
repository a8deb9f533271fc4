// SPDX-License-Identifier: Apache-2.0
//
// Values of kinds into columns.
#include "exchange/arrow/values.hpp"

#include "kith/core/error.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr std::size_t most_digits = 38;

void add_scaled(arrow_column& to, std::int64_t units, int scale) {
  wide n = units;
  const int by = to.type().scale - scale;
  if (by < 0 || by > max_power_of_ten || !checked_multiply(n, power_of_ten(by), n) ||
      magnitude(n) >= magnitude(power_of_ten(most_digits))) {
    throw error(error_code::limit, "column '" + to.type().name +
                                       "': " + decimal(units, scale).to_string() +
                                       " does not fit 38 digits, " +
                                       std::to_string(to.type().scale) + " behind the point");
  }
  to.add_decimal(n);
}

void add_text_or_null(arrow_column& to, const cell& c) {
  c.is_null() ? to.add_null() : to.add_text(c.as_bytes());
}

void add_amount(arrow_column& to, const kind_options& options, const cell& amount,
                const cell& currency) {
  if (amount.is_null() || currency.is_null()) return to.add_null();
  const auto code = currency_code::parse(currency.as_bytes()).value_or(currency_code{});
  add_scaled(to.part(0), amount.as_integer(), digits_of(options.scale, code));
  to.part(1).add_text(currency.as_bytes());
  to.add_structure();
}

// A sum of unlike currencies: one amount for each.
void add_amounts(arrow_column& to, const kind_options& options, std::span<const cell> parts) {
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
    add_amount(to.part(0), options, parts[i], parts[i + 1]);
  }
  to.add_list();
}

void add_any_reference(arrow_column& to, std::span<const cell> parts) {
  if (parts[0].is_null() || parts[1].is_null()) return to.add_null();
  to.part(0).add_integer(parts[1].as_integer());
  to.part(1).add_integer(parts[0].as_integer());
  to.add_structure();
}

}  // namespace

void add_words(arrow_column& to, kind_id kind, const kind_options& options, const model* of) {
  if (kind == kind_id::choice) {
    for (const choice_option& o : options.choices) to.words().add(o.number, o.name);
  } else if (kind == kind_id::any_ref && of != nullptr) {
    for (const auto& e : of->entities()) {
      if (!e->about->internal) to.part(0).words().add(e->number, e->name());
    }
  }
}

void add_value(arrow_column& to, kind_id kind, const kind_options& options,
               std::span<const cell> parts) {
  bool any = false;
  for (const cell& c : parts) any = any || !c.is_null();
  if (!any) return to.add_null();
  switch (to.type().layout) {
    case arrow_layout::text:
    case arrow_layout::bytes: return to.add_text(parts[0].as_bytes());
    case arrow_layout::real: return to.add_real(parts[0].as_real());
    case arrow_layout::decimal:
      return add_scaled(to, parts[0].as_integer(), kind == kind_id::decimal ? options.scale : 0);
    case arrow_layout::list: return add_amounts(to, options, parts);
    case arrow_layout::structure: break;
    default: return to.add_integer(parts[0].as_integer());
  }
  if (kind == kind_id::money) return add_amount(to, options, parts[0], parts[1]);
  if (kind == kind_id::any_ref) return add_any_reference(to, parts);
  for (std::size_t i = 0; i < parts.size(); ++i) add_text_or_null(to.part(i), parts[i]);
  to.add_structure();
}

}  // namespace kith::inline v1::detail
