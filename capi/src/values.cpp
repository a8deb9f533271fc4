// SPDX-License-Identifier: Apache-2.0
//
// Values across the border. Text is read by the parsers of the kinds; all else is exact.
#include "values.hpp"

#include <algorithm>

#include "kith/core/text.hpp"

namespace kith::capi {
namespace {

std::string name_of_kind(std::uint16_t number) {
  for (const kind* k : kinds()) {
    if (static_cast<std::uint16_t>(k->id) == number) return std::string(k->name);
  }
  return "kind " + std::to_string(number);
}

bool is_text_like(kind_id k) {
  return k == kind_id::text || k == kind_id::email || k == kind_id::phone || k == kind_id::url;
}

decimal decimal_of(const kith_value& v) {
  if (v.scale < 0 || v.scale > decimal::max_scale) {
    misuse("the scale " + std::to_string(v.scale) + " of a value is not 0 to 18");
  }
  return decimal(v.integer, v.scale);
}

money money_of(const kith_value& v) {
  return money(decimal_of(v), currency_code(text_of(v.text, "the currency")));
}

date date_of(const kith_value& v) {
  if (v.integer != static_cast<std::int32_t>(v.integer)) {
    misuse("the date " + std::to_string(v.integer) + " is not on the calendar");
  }
  return date::from_days(static_cast<std::int32_t>(v.integer));
}

// One field, and what is given to it.
class putting {
 public:
  putting(const entity_type& entity, const field_type& field, cell_sink& to)
      : entity_(entity), field_(field), to_(to) {}

  void read(kith_text text, const time_zone& zone) const {
    const std::string_view words = text_of(text, where());
    text_format format;
    format.zone = zone;
    const auto problem = field_.kind().parse(field_.def->options, words, format, to_);
    if (!problem) return;
    // No rule was broken: there is no value yet.
    throw error(violation_list{{std::string(entity_.name()), std::string(field_.name()), "",
                                shortened(words), "'" + shortened(words) + "' " + *problem}});
  }

  void exact(const kith_value& v, const time_zone& zone) const {
    const field_def& f = *field_.def;
    switch (f.kind) {
      case kind_id::text:
      case kind_id::email:
      case kind_id::phone:
      case kind_id::url: to_.put(0, cell::text(text_of(v.text, where()))); break;
      case kind_id::integer:
      case kind_id::instant:
      case kind_id::duration: to_.put(0, cell::integer(v.integer)); break;
      case kind_id::boolean: to_.put(0, cell::integer(v.integer != 0)); break;
      case kind_id::date: to_.put(0, cell::integer(date_of(v).days)); break;
      case kind_id::real: to_.put(0, cell::real(v.real)); break;
      case kind_id::decimal: to_.put(0, cell::integer(detail::units_for(f, decimal_of(v)))); break;
      case kind_id::money: {
        const money m = money_of(v);
        to_.put(0, cell::integer(detail::units_for(f, m)));
        to_.put(1, cell::text(m.currency().text()));
        break;
      }
      case kind_id::choice:
        if (v.integer == 0) return read(v.text, zone);
        to_.put(0, cell::integer(v.integer));
        break;
      case kind_id::ref:
        to_.put(0, v.integer != 0 ? cell::integer(v.integer) : cell::null());
        break;
      case kind_id::any_ref:
        to_.put(0, v.integer != 0 ? cell::integer(v.integer) : cell::null());
        to_.put(1, v.integer != 0 ? cell::integer(v.entity) : cell::null());
        break;
      case kind_id::person_name:
      case kind_id::postal_address: read(v.text, zone); break;
      case kind_id::blob: to_.put(0, cell::blob(bytes_of(v.text, where()))); break;
    }
  }

  void part(std::uint8_t index, const kith_value& v) const {
    const part_def& p = field_.parts()[index];
    if (v.kind == KITH_KIND_TEXT && p.type == storage::text) {
      to_.put(index, cell::text(text_of(v.text, where())));
    } else if (v.kind == KITH_KIND_INTEGER && p.type == storage::integer) {
      to_.put(index, cell::integer(v.integer));
    } else {
      refuse(v.kind, p.type == storage::text ? "text" : "a whole number");
    }
  }

  [[noreturn]] void refuse(std::uint16_t kind, const std::string& wanted) const {
    throw error(error_code::misuse,
                where() + " takes " + wanted + ", not " + name_of_kind(kind) +
                    "; any kind is read from text",
                {std::string(entity_.name()), 0, std::string(field_.name())});
  }

 private:
  std::string where() const {
    return std::string(entity_.name()) + "." + std::string(field_.name());
  }

  const entity_type& entity_;
  const field_type& field_;
  cell_sink& to_;
};

}  // namespace

void put_value(const entity_type& entity, const field_place& place, const kith_value& v,
               const time_zone& zone, cell_sink& to) {
  const field_type& f = *place.field;
  const putting into(entity, f, to);
  const auto parts = f.parts();
  if (v.kind == KITH_KIND_NONE) {
    for (std::uint8_t i = 0; i < parts.size(); ++i) {
      if (place.part == whole_value || place.part == i) to.put(i, cell::null());
    }
  } else if (place.part != whole_value) {
    into.part(place.part, v);
  } else if (v.kind == static_cast<std::uint16_t>(f.def->kind)) {
    into.exact(v, zone);
  } else if (v.kind == KITH_KIND_TEXT) {
    into.read(v.text, zone);
  } else {
    into.refuse(v.kind, std::string(f.kind().name));
  }
}

value value_of(const kith_value& v) {
  if (v.kind == KITH_KIND_NONE) return {};
  if (v.kind > KITH_KIND_BLOB) misuse(name_of_kind(v.kind) + " is no kind of value");
  const auto kind = static_cast<kind_id>(v.kind);
  switch (kind) {
    case kind_id::text:
    case kind_id::email:
    case kind_id::phone:
    case kind_id::url:
    case kind_id::person_name:
    case kind_id::postal_address: return value(text_of(v.text, "a value"));
    case kind_id::integer: return value(v.integer);
    case kind_id::real: return value(v.real);
    case kind_id::decimal: return value(decimal_of(v));
    case kind_id::boolean: return value(v.integer != 0);
    case kind_id::date: return value(date_of(v));
    case kind_id::instant: return value(instant{v.integer});
    case kind_id::duration: return value(duration{v.integer});
    case kind_id::money: return value(money_of(v));
    case kind_id::choice:
      if (v.integer == 0) return value(text_of(v.text, "a value"));
      return value::from_choice(v.integer, {});
    case kind_id::ref: return value(record_id{v.integer});
    case kind_id::any_ref: return value(any_ref{v.entity, {v.integer}});
    case kind_id::blob: {
      const cell bytes = cell::blob(bytes_of(v.text, "a value"));
      return value::of(kind, {}, {&bytes, 1});
    }
  }
  return {};
}

std::vector<value> values_of(const kith_value* first, std::size_t count) {
  std::vector<value> values;
  for (const kith_value& v : array_of(first, count, "values")) values.push_back(value_of(v));
  return values;
}

bool plain_value(const shown_value& v, kith_value& out) {
  const bool null =
      std::all_of(v.cells.begin(), v.cells.end(), [](const cell& c) { return c.is_null(); });
  if (null) return true;
  out.kind = static_cast<std::uint16_t>(v.kind);
  const cell first = v.cells[0];
  if (is_text_like(v.kind) || v.kind == kind_id::blob) {
    out.text = to_c(first.as_bytes());
    return true;
  }
  if (v.kind == kind_id::person_name || v.kind == kind_id::postal_address) return false;
  if (v.kind == kind_id::real) {
    out.real = first.as_real();
    return true;
  }
  out.integer = first.as_integer();
  if (v.kind == kind_id::decimal) out.scale = v.options->scale;
  if (v.kind == kind_id::money) {
    const auto code = currency_code::parse(v.cells[1].as_bytes()).value_or(currency_code{});
    out.scale = digits_of(v.options->scale, code);
    out.text = to_c(v.cells[1].as_bytes());
  }
  if (v.kind == kind_id::any_ref) {
    out.entity = static_cast<std::uint16_t>(v.cells[1].as_integer());
  }
  if (v.kind == kind_id::choice) {
    for (const choice_option& o : v.options->choices) {
      if (o.number == out.integer) out.text = to_c(o.name);
    }
  }
  return true;
}

std::string printed_value(const shown_value& v) {
  std::string text;
  kind_of(v.kind).print(*v.options, v.cells.data(), {}, text);
  return text;
}

}  // namespace kith::capi
