// SPDX-License-Identifier: Apache-2.0
//
// Look-ups as questions.
#include "exchange/lookup.hpp"

#include "core/draft_cells.hpp"
#include "core/kept_cells.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::detail {
namespace {

// Names and addresses with a missing part are equal when the same parts are missing.
bool compares_parts(const field_type& f) {
  return f.def->kind == kind_id::person_name || f.def->kind == kind_id::postal_address;
}

expression equals(const entity_type& e, const field_place& at, const value& v) {
  const key_ref key{0, e.number, at.field->number(), at.part};
  expression path = expression::path({&key, 1});
  if (v.is_null()) return expression::unary(expression::code::is_null, std::move(path));
  return expression::binary(expression::code::equal, std::move(path), expression::literal(v));
}

}  // namespace

value value_at(const field_place& at, const any_draft& d) {
  const field_type& f = *at.field;
  const auto cells = cells_of(f, d);
  if (at.part == whole_value) {
    return value::of(f.def->kind, f.def->options, {cells.data(), f.parts().size()});
  }
  const cell& c = cells[at.part];
  if (c.is_null()) return {};
  return c.has_bytes() ? value(c.as_bytes()) : value(c.as_integer());
}

std::vector<row_ptr> find_records(session& in, const entity_type& entity,
                                  std::span<const field_place> places,
                                  std::span<const value> values, std::uint64_t most) {
  query_spec spec;
  spec.entity = &entity;
  spec.limit = most;
  for (std::size_t i = 0; i < places.size(); ++i) {
    expression condition = equals(entity, places[i], values[i]);
    spec.where = i == 0 ? std::move(condition)
                        : expression::binary(expression::code::and_, std::move(spec.where),
                                             std::move(condition));
  }
  const auto rows = open_query(in, in.model(), std::move(spec)).run();
  std::vector<row_ptr> found;
  while (row_ptr r = rows->next()) found.push_back(std::move(r));
  return found;
}

row_ptr find_record(session& in, const entity_type& entity, const field_place& at,
                    const any_draft& d) {
  const field_type& f = *at.field;
  if (at.part == whole_value && !compares_parts(f)) {
    kept_cells cells(f, d);
    cells.derive(f);
    return in.find_by(entity, f, cells.views());
  }
  std::vector<field_place> places;
  std::vector<value> values;
  for (std::uint8_t i = 0; i < f.parts().size(); ++i) {
    if (f.parts()[i].role == part_role::key || (at.part != whole_value && at.part != i)) continue;
    places.push_back({&f, i});
    values.push_back(value_at(places.back(), d));
  }
  const std::vector<row_ptr> found = find_records(in, entity, places, values, 2);
  if (found.size() < 2) return found.empty() ? row_ptr() : found[0];
  throw error(error_code::invalid,
              "several live " + std::string(entity.plural()) + " have this " +
                  std::string(f.name()) + ", such as " + std::to_string(found[0]->id().value) +
                  " and " + std::to_string(found[1]->id().value) + "; use an id",
              {std::string(entity.name()), found[0]->id().value, std::string(f.name())});
}

}  // namespace kith::inline v1::detail
