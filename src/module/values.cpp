// SPDX-License-Identifier: Apache-2.0
//
// One case for each kind, in both directions.
#include "module/values.hpp"

#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::module {
namespace {

static_assert(static_cast<int>(kind_id::blob) == KITH_KIND_BLOB);
static_assert(static_cast<int>(kind_id::any_ref) == KITH_KIND_ANY_REF);

std::string_view text_of(const ::kith_text& t) {
  return t.data == nullptr ? std::string_view{} : std::string_view(t.data, t.size);
}

void set_text(::kith_value& to, std::string text, std::deque<std::string>& texts) {
  const std::string& kept = texts.emplace_back(std::move(text));
  to.text = {kept.data(), kept.size()};
}

decimal decimal_of(const ::kith_value& v) { return {v.integer, v.scale}; }
money money_of(const ::kith_value& v) { return {decimal_of(v), currency_code(text_of(v.text))}; }

[[noreturn]] void refuse(const std::string& what) { throw error(error_code::misuse, what); }

}  // namespace

::kith_value to_c(const value& from, std::deque<std::string>& texts) {
  ::kith_value to{};
  if (from.is_null() || from.cells()[0].view().is_null()) {
    const bool whole = !from.is_null() && from.cells().size() > 1;  // a name without a last name
    if (!whole || from.to_string().empty()) return to;
  }
  to.kind = static_cast<std::uint16_t>(from.kind());
  switch (from.kind()) {
    case kind_id::text:
    case kind_id::email:
    case kind_id::phone:
    case kind_id::url:
    case kind_id::blob: set_text(to, std::string(from.cells()[0].view().as_bytes()), texts); break;
    case kind_id::person_name:
    case kind_id::postal_address: set_text(to, from.to_string(), texts); break;
    case kind_id::real: to.real = from.as<double>(); break;
    case kind_id::decimal: {
      const decimal d = from.as<decimal>();
      to.integer = d.units();
      to.scale = d.scale();
      break;
    }
    case kind_id::money: {
      if (from.cells().size() != 2) {  // of several currencies
        to.kind = KITH_KIND_TEXT;
        set_text(to, from.to_string(), texts);
        break;
      }
      const money m = from.as<money>();
      to.integer = m.amount().units();
      to.scale = m.amount().scale();
      set_text(to, std::string(m.currency().text()), texts);
      break;
    }
    case kind_id::choice:
      to.integer = from.cells()[0].view().as_integer();
      set_text(to, from.to_string(), texts);
      break;
    case kind_id::any_ref:
      to.integer = from.cells()[0].view().as_integer();
      to.entity = static_cast<std::uint16_t>(from.cells()[1].view().as_integer());
      break;
    default: to.integer = from.cells()[0].view().as_integer(); break;
  }
  return to;
}

value from_c(const ::kith_value& from) {
  switch (from.kind) {
    case KITH_KIND_NONE: return {};
    case KITH_KIND_TEXT:
    case KITH_KIND_EMAIL:
    case KITH_KIND_PHONE:
    case KITH_KIND_URL:
    case KITH_KIND_CHOICE: return {text_of(from.text)};
    case KITH_KIND_INTEGER: return {from.integer};
    case KITH_KIND_REAL: return {from.real};
    case KITH_KIND_DECIMAL: return {decimal_of(from)};
    case KITH_KIND_BOOLEAN: return {from.integer != 0};
    case KITH_KIND_DATE: return {date::from_days(static_cast<std::int32_t>(from.integer))};
    case KITH_KIND_INSTANT: return {instant{from.integer}};
    case KITH_KIND_DURATION: return {duration{from.integer}};
    case KITH_KIND_MONEY: return {money_of(from)};
    case KITH_KIND_REF: return {record_id{from.integer}};
    case KITH_KIND_ANY_REF: return {any_ref{from.entity, record_id{from.integer}}};
    default: break;
  }
  refuse("a value of the kind " + std::to_string(from.kind) +
         " cannot be given here; give text, a number, money, a time or a reference");
}

void put(any_draft& to, const entity_type& entity, const field_place& place,
         const ::kith_value& from) {
  const field_type& f = *place.field;
  const std::string name = std::string(entity.name()) + "." + std::string(f.name());
  if (!f.is_stored()) refuse(name + " is computed; it is not given a value");
  const unsigned first = place.part == whole_value ? 0u : place.part;
  draft_sink sink(to, static_cast<slot_number>(f.slot + first));
  if (from.kind == KITH_KIND_NONE) {
    const std::size_t parts = place.part == whole_value ? f.parts().size() : 1;
    for (unsigned i = 0; i < parts; ++i) sink.put(i, cell::null());
    return;
  }
  if (place.part != whole_value) {
    if (from.kind != KITH_KIND_TEXT) refuse("the part of " + name + " is text");
    return sink.put(0, detail::text_or_null(text_of(from.text)));
  }
  if (from.kind == KITH_KIND_TEXT && f.def->kind != kind_id::text) {
    const auto problem = f.kind().parse(f.def->options, text_of(from.text), {}, sink);
    if (!problem) return;
    const std::string written = shortened(text_of(from.text));
    throw error(
        violation_list{{std::string(entity.name()), std::string(f.name()),
                        std::string(f.kind().name), written, "'" + written + "' " + *problem}});
  }
  if (from.kind != static_cast<unsigned>(f.def->kind)) {
    refuse(name + " is a " + std::string(f.kind().name) + "; give a value of this kind, or text");
  }
  switch (f.def->kind) {
    case kind_id::text:
    case kind_id::email:
    case kind_id::phone:
    case kind_id::url: return sink.put(0, cell::text(text_of(from.text)));
    case kind_id::blob: return sink.put(0, cell::blob(text_of(from.text)));
    case kind_id::real: return sink.put(0, cell::real(from.real));
    case kind_id::decimal:
      return sink.put(0, cell::integer(detail::units_for(*f.def, decimal_of(from))));
    case kind_id::money: return detail::write<money>(sink, *f.def, money_of(from));
    case kind_id::any_ref:
      return detail::write<any_ref>(sink, *f.def, any_ref{from.entity, record_id{from.integer}});
    case kind_id::ref:
      return sink.put(0, from.integer == 0 ? cell::null() : cell::integer(from.integer));
    case kind_id::choice: {
      if (from.integer != 0) return sink.put(0, cell::integer(from.integer));
      ::kith_value name_of_choice = from;
      name_of_choice.kind = KITH_KIND_TEXT;
      return put(to, entity, place, name_of_choice);
    }
    case kind_id::person_name:
    case kind_id::postal_address: {
      ::kith_value written = from;
      written.kind = KITH_KIND_TEXT;
      return put(to, entity, place, written);
    }
    default: return sink.put(0, cell::integer(from.integer));
  }
}

}  // namespace kith::inline v1::module
