// SPDX-License-Identifier: Apache-2.0
//
// Putting a model together: computed fields. Their text becomes a tree, and their kind and digits
// must hold what it gives.
#include "core/expression/bind.hpp"
#include "core/model/build.hpp"
#include "kith/core/query.hpp"

namespace kith::inline v1 {
namespace {

// Whether every digit of the computed value has a place in the field.
bool holds_exactly(kind_id have, std::int8_t have_scale, const field_def& f) {
  if (f.kind != kind_id::decimal && f.kind != kind_id::money) return true;
  if (have == kind_id::integer) return true;
  const std::int8_t scale = f.options.scale;
  if ((have_scale < 0) != (scale < 0)) return false;  // one counts from the currency's digits
  return scale < 0 ? have_scale >= scale : have_scale <= scale;
}

void check_computed(const model& of, const entity_type& e, const field_type& f,
                    const expression& tree) {
  const parameters nothing;
  const detail::bind_context context{of, nothing, {}, {}};
  const detail::bound_value bound = detail::bind_value(context, e, tree);
  const kind_id have = bound.type.kind;
  const bool widened = have == kind_id::integer && f.def->kind == kind_id::decimal;
  if (have != f.def->kind && !widened) {
    contradiction(name_of(e, f.name()) + " is " + std::string(f.kind().name) +
                  ", but what it is computed from is " + std::string(kind_of(have).name));
  }
  if (f.def->mode == computed_mode::stored &&
      !holds_exactly(have, bound.type.options.scale, *f.def)) {
    contradiction(name_of(e, f.name()) +
                  " would have to round what it is computed from; write round(…)");
  }
}

}  // namespace

void model_builder::parse_computed() {
  for (const auto& e : model_->entities_) {
    e->computed_trees.resize(e->fields.size());
    for (std::size_t i = 0; i < e->fields.size(); ++i) {
      const field_def& f = *e->fields[i].def;
      if (f.mode == computed_mode::none) continue;
      try {
        e->computed_trees[i] = parse_expression(*model_, *e, f.computed);
      } catch (const error& problem) {
        contradiction(name_of(*e, f.name) + ": " + problem.message());
      }
    }
  }
  for (const auto& e : model_->entities_) {
    for (std::size_t i = 0; i < e->fields.size(); ++i) {
      if (e->fields[i].def->mode == computed_mode::none) continue;
      try {
        check_computed(*model_, *e, e->fields[i], e->computed_trees[i]);
      } catch (const error& problem) {
        contradiction(name_of(*e, e->fields[i].name()) + ": " + problem.message());
      }
    }
  }
}

}  // namespace kith::inline v1
