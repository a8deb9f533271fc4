// SPDX-License-Identifier: Apache-2.0
//
// Writing questions as trees of kith::expression, the way C++ and Python build them.
#include "model_check/render.hpp"

namespace kith::model_check {
namespace {

using code = expression::code;

code code_of(op what) {
  switch (what) {
    case op::equal: return code::equal;
    case op::not_equal: return code::not_equal;
    case op::less: return code::less;
    case op::less_equal: return code::less_equal;
    case op::greater: return code::greater;
    case op::greater_equal: return code::greater_equal;
    case op::add: return code::add;
    case op::subtract: return code::subtract;
    case op::multiply: return code::multiply;
    case op::divide: return code::divide;
    case op::like: return code::like;
    case op::and_: return code::and_;
    case op::or_: return code::or_;
    default: return code::concat;
  }
}

}  // namespace

expression renderer::build_literal(const tree& t) {
  if (t.as == tree::form::placed && !only_names) {
    values.placed.push_back(value_of(t));
    return expression::parameter(std::to_string(values.placed.size() - 1));
  }
  if (t.as == tree::form::tree || t.as == tree::form::text) return expression::literal(value_of(t));
  const std::string name = "p" + std::to_string(values.named.size());
  values.named.emplace(name, value_of(t));
  return expression::parameter(name);
}

// Keys of described entities carry their type or their number: both must do.
std::vector<key_ref> renderer::keys(const tree& t) const {
  constexpr slot_number system_slots[] = {id_slot, revision_slot, created_slot, deleted_slot};
  std::vector<key_ref> all;
  int entity = t.entity;
  for (const int step : t.steps) {
    const entity_plan& e = world_.entities[static_cast<std::size_t>(entity)];
    key_ref key;
    const bool by_type =
        e.described && (t.steps.size() + static_cast<std::size_t>(entity)) % 2 == 0;
    if (by_type) {
      key.owner = e.described_as;
    } else {
      key.entity = e.number;
    }
    if (step < 0) {
      key.field = system_slots[-1 - step];
    } else {
      const field_plan& f = e.fields[static_cast<std::size_t>(step)];
      key.field = f.number;
      entity = f.is.target;
    }
    all.push_back(key);
  }
  if (t.currency) all.back().part = 1;
  return all;
}

expression renderer::build_operands(const tree& t) {
  expression all = build(*t.args[0]);
  for (std::size_t i = 1; i < t.args.size(); ++i) {
    all = expression::binary(code_of(t.what), std::move(all), build(*t.args[i]));
  }
  return all;
}

expression renderer::build(const tree& t) {
  const auto all_from = [&](std::size_t from) {
    std::vector<expression> list;
    for (std::size_t i = from; i < t.args.size(); ++i) list.push_back(build(*t.args[i]));
    return list;
  };
  switch (t.what) {
    case op::literal: return build_literal(t);
    case op::path: return expression::path(keys(t));
    case op::related: {
      int entity = t.entity;
      for (const int step : t.steps) {
        entity = world_.entities[static_cast<std::size_t>(entity)]
                     .fields[static_cast<std::size_t>(step)]
                     .is.target;
      }
      const entity_plan& owner = world_.entities[static_cast<std::size_t>(entity)];
      return expression::related(
          t.computes, keys(t),
          {0, owner.number, owner.relations[static_cast<std::size_t>(t.relation)].name},
          t.of ? build(*t.of) : expression(), t.where ? build(*t.where) : expression());
    }
    case op::not_: return expression::unary(code::not_, build(*t.args[0]));
    case op::negate: return expression::unary(code::negate, build(*t.args[0]));
    case op::is_null: return expression::unary(code::is_null, build(*t.args[0]));
    case op::in: {
      expression left = build(*t.args[0]);
      return expression::in(std::move(left), all_from(1));
    }
    case op::between: {
      expression left = build(*t.args[0]);
      expression least = expression::binary(code::greater_equal, left, build(*t.args[1]));
      return expression::binary(
          code::and_, std::move(least),
          expression::binary(code::less_equal, std::move(left), build(*t.args[2])));
    }
    case op::call: return expression::call(t.calls, all_from(0));
    default: return build_operands(t);
  }
}

}  // namespace kith::model_check
