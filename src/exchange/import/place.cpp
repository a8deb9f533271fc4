// SPDX-License-Identifier: Apache-2.0
//
// Places from text.
#include "exchange/import/place.hpp"

#include <algorithm>
#include <vector>

#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

[[noreturn]] void refuse(error_code code, const entity_type& e, std::string_view text,
                         const std::string& why) {
  throw error(code, "'" + shortened(text) + "' " + why,
              {std::string(e.name()), 0, shortened(text)});
}

std::vector<std::string> names_of(const entity_type& e, bool relations) {
  std::vector<std::string> names;
  for (const field_type& f : e.fields) {
    if (!is_writable(f)) continue;
    names.emplace_back(f.name());
    for (const part_def& p : f.parts()) {
      if (has_own_name(f, p)) names.push_back(part_place(f, p));
    }
  }
  for (const relation_type& r : e.relations) {
    if (relations && r.def->owned) names.emplace_back(r.def->name);
  }
  return names;
}

[[noreturn]] void unknown(const entity_type& e, std::string_view text, std::string_view name,
                          bool relations) {
  const std::vector<std::string> names = names_of(e, relations);
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string hint = did_you_mean(name, views);
  refuse(error_code::not_found, e, text,
         "is no place of a " + std::string(e.name()) + (hint.empty() ? "" : "; " + hint));
}

// What follows a reference: `.tax_id` or `@shop`.
void read_key(place& p, const entity_type& e, std::string_view text, std::string_view rest) {
  const bool any = p.field->def->kind == kind_id::any_ref;
  if (rest[0] == '@') {
    p.source = rest.substr(1);
    if (p.source.empty()) refuse(error_code::invalid, e, text, "names no system behind the @");
    return;
  }
  if (any) {
    refuse(error_code::invalid, e, text,
           "may name records of any entity: leave out what follows the name");
  }
  const entity_type& target = *p.field->target;
  const auto by = target.find_field(rest.substr(1));
  if (!by || !by->field->is_stored()) unknown(target, text, rest.substr(1), false);
  p.by = *by;
}

void check_written(const entity_type& e, std::string_view text, const field_type& f) {
  if (is_writable(f)) return;
  refuse(error_code::invalid, e, text,
         f.retired ? "is retired; leave the column out" : "is computed; leave the column out");
}

// A field of one entity, with what follows it.
void read_field(place& p, std::string_view whole, std::string_view text) {
  const entity_type& e = *p.entity;
  const std::size_t end = std::min(text.find_first_of(".@"), text.size());
  const std::string_view name = text.substr(0, end);
  const std::string_view rest = text.substr(end);
  for (const field_type& f : e.fields) {
    if (f.name() != name) continue;
    check_written(e, whole, f);
    p.field = &f;
    if (rest.empty()) return;
    if (p.is_reference()) return read_key(p, e, whole, rest);
  }
  const auto found = e.find_field(text);  // a part, flat or dotted
  if (!found || found->part == whole_value) unknown(e, whole, text, p.relation == nullptr);
  check_written(e, whole, *found->field);
  p.field = found->field;
  p.part = found->part;
}

}  // namespace

bool is_writable(const field_type& f) noexcept {
  return f.is_stored() && !f.retired && f.def->mode == computed_mode::none;
}

bool has_own_name(const field_type& f, const part_def& part) noexcept {
  return part.role == part_role::value && !part.name.empty() && f.def->kind != kind_id::any_ref;
}

std::string part_place(const field_type& f, const part_def& part) {
  if (f.def->flat) return std::string(part.name);
  return std::string(f.name()) + "." + std::string(part.name);
}

place parse_place(const entity_type& entity, std::string_view text) {
  place p;
  p.entity = &entity;
  if (text.starts_with('@')) {
    p.source = text.substr(1);
    if (p.source.empty()) refuse(error_code::invalid, entity, text, "names no system behind the @");
    return p;
  }
  const std::string_view first = text.substr(0, text.find('.'));
  const relation_type* r = entity.find_relation(first);
  if (r == nullptr) {
    read_field(p, text, text);
    return p;
  }
  if (!r->def->owned) {
    refuse(error_code::invalid, entity, text,
           "is no part of a " + std::string(entity.name()) + ": import " +
               std::string(r->child->plural()) + " by themselves");
  }
  p.relation = r;
  p.entity = r->child;
  if (first.size() == text.size()) {
    if (r->shorthand == nullptr) {
      refuse(error_code::invalid, entity, text,
             "has no value of its own; name a field of it, such as " + std::string(text) + "." +
                 std::string(r->child->fields.front().name()));
    }
    p.field = r->shorthand;
    return p;
  }
  read_field(p, text, text.substr(first.size() + 1));
  if (p.field == r->by || p.field == r->only) {
    refuse(error_code::invalid, entity, text,
           "follows from where the record belongs; leave it out");
  }
  return p;
}

}  // namespace kith::inline v1::detail
