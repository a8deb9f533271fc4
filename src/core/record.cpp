// SPDX-License-Identifier: Apache-2.0
//
// Drafts, records of entities known at run time, and amounts brought to a field's scale.
#include "kith/core/record.hpp"

#include <algorithm>

namespace kith::inline v1 {

// ------------------------------------------------------------------------------------------ drafts

void any_draft::clear(row_ptr base) {
  base_ = std::move(base);
  cells_.clear();
  bytes_.clear();
  changes_ = 0;
}

void any_draft::put(slot_number slot, cell value) {
  if (slot >= id_slot)
    throw error(error_code::misuse, "this field has no column to put a value in");
  if (slot >= cells_.size()) cells_.resize(slot + 1u);
  slot_cell& c = cells_[slot];
  changes_ += c.set ? 0 : 1;
  c.set = true;
  c.type = value.type();
  if (value.has_bytes()) {
    const std::string_view bytes = value.as_bytes();
    c.offset = static_cast<std::uint32_t>(bytes_.size());
    c.size = static_cast<std::uint32_t>(bytes.size());
    bytes_.append(bytes);
  } else if (value.type() == storage::real) {
    c.real = value.as_real();
  } else {
    c.integer = value.as_integer();
  }
}

void any_draft::forget(slot_number slot) {
  if (!changed(slot)) return;
  cells_[slot] = {};
  --changes_;
}

cell any_draft::at(slot_number slot, storage type) const noexcept {
  if (!changed(slot)) return base_ ? base_->at(slot, type) : cell::null();
  const slot_cell& c = cells_[slot];
  switch (c.type) {
    case storage::integer: return cell::integer(c.integer);
    case storage::real: return cell::real(c.real);
    case storage::text: return cell::text({bytes_.data() + c.offset, c.size});
    case storage::blob: return cell::blob({bytes_.data() + c.offset, c.size});
    case storage::null: break;
  }
  return cell::null();
}

bool any_draft::is_null(unsigned slot, std::size_t parts) const noexcept {
  for (std::size_t i = 0; i < parts; ++i) {
    const auto s = static_cast<slot_number>(slot + i);
    if (changed(s) ? cells_[s].type != storage::null : base_ && base_->has(s)) return false;
  }
  return true;
}

// ----------------------------------------------------------------------------------------- amounts

namespace detail {
namespace {

std::int64_t units(const field_def& f, const decimal& d, int scale, const std::string& shown) {
  try {
    return d.with_scale(scale).units();
  } catch (const error& e) {
    throw error(e.code(),
                std::string(f.name) + ": " + shown + " has more digits than the field keeps (" +
                    std::to_string(scale) + " behind the point); round it first",
                {{}, 0, std::string(f.name)});
  }
}

}  // namespace

std::int64_t units_for(const field_def& f, const decimal& d) {
  if (d.scale() == f.options.scale) return d.units();
  return units(f, d, f.options.scale, d.to_string());
}

std::int64_t units_for(const field_def& f, const money& m) {
  const int scale = digits_of(f.options.scale, m.currency());
  if (m.amount().scale() == scale) return m.amount().units();
  return units(f, m.amount(), scale, m.to_string());
}

money money_from(const field_def& f, std::int64_t units, std::string_view currency) {
  const auto code = currency_code::parse(currency);
  if (!code) return {};
  return money(decimal(units, digits_of(f.options.scale, *code)), *code);
}

const field_def& id_field() noexcept {
  static constexpr field_def def = [] {
    field_def d;
    d.number = id_slot;
    d.name = "id";
    d.kind = kind_id::ref;
    return d;
  }();
  return def;
}

void throw_no_slot(const field_def& f) {
  throw error(error_code::misuse,
              std::string(f.name) +
                  " is computed when it is asked for: use session.value_of() or select it",
              {{}, 0, std::string(f.name)});
}

}  // namespace detail

// ----------------------------------------------------------------------------------------- records

value any_record::operator[](std::string_view name) const {
  const field_place place = entity_->field(name);
  if (place.part == whole_value) return (*this)[*place.field];
  const part_def& part = place.field->parts()[place.part];
  const cell c = row_->at(static_cast<slot_number>(place.field->slot + place.part), part.type);
  return c.is_null() ? value() : value(c.as_bytes());
}

value any_record::operator[](const field_type& field) const {
  if (!field.is_stored()) detail::throw_no_slot(*field.def);
  std::array<cell, max_parts> cells;
  const auto parts = field.parts();
  for (unsigned i = 0; i < parts.size(); ++i) {
    cells[i] = row_->at(static_cast<slot_number>(field.slot + i), parts[i].type);
  }
  return value::of(field.def->kind, field.def->options, {cells.data(), parts.size()});
}

}  // namespace kith::inline v1
