// SPDX-License-Identifier: Apache-2.0
//
// Random conditions: logic over comparisons of everything with everything comparable.
#include "model_check/generate.hpp"

namespace kith::model_check {
namespace {

constexpr op comparisons[] = {op::equal,      op::not_equal, op::less,
                              op::less_equal, op::greater,   op::greater_equal};
constexpr const sort_of_value& boolean_sort = sorts[6];

}  // namespace

tree_ptr query_maker::condition(int entity, int depth) {
  const std::size_t chance = dice_.below(100);
  if (depth > 0 && chance < 50) {
    const bool all = chance < 22;
    if (chance >= 42) return make_logic(op::not_, {condition(entity, depth - 1)});
    std::vector<tree_ptr> parts;
    const auto count = static_cast<std::size_t>(dice_.percent(75) ? 2 : dice_.between(3, 4));
    for (std::size_t i = 0; i < count; ++i) parts.push_back(condition(entity, depth - 1));
    return make_logic(all ? op::and_ : op::or_, std::move(parts));
  }
  for (int attempt = 0; attempt < 20; ++attempt) {
    try {
      if (tree_ptr t = test(entity, std::max(depth, 0))) return t;
    } catch (const refused&) {
    }
  }
  return make_test(op::is_null, {make_path(world_, entity, {id_step})});
}

tree_ptr query_maker::test(int entity, int depth) {
  const std::size_t chance = dice_.below(100);
  if (chance < 46) return comparison(entity, depth);
  if (chance < 58) return list_test(entity, depth);
  if (chance < 67) return range_test(entity, depth);
  if (chance < 76) return pattern_test(entity, depth);
  if (chance < 86) return null_test(entity, depth);
  return truth(entity, depth);
}

tree_ptr query_maker::comparison(int entity, int depth) {
  tree_ptr a = value(entity, dice_.pick(sorts), dice_.percent(40) ? std::min(depth, 2) : 0);
  if (!a) return a;
  tree_ptr b = operand_for(entity, a, std::min(depth, 2));
  if (!b || (a->what == op::literal && b->what == op::literal)) return {};
  if (dice_.percent(15) && !b->untyped && !(b->what == op::literal && b->as_text)) std::swap(a, b);
  return make_test(dice_.pick(comparisons), {a, b});
}

tree_ptr query_maker::list_test(int entity, int depth) {
  tree_ptr a = value(entity, dice_.pick(sorts), dice_.percent(30) ? std::min(depth, 2) : 0);
  if (!a) return a;
  std::vector<tree_ptr> operands{a};
  const auto count = static_cast<std::size_t>(dice_.between(1, 5));
  for (std::size_t i = 0; i < count; ++i) {
    tree_ptr b = dice_.percent(75) ? literal_for(a) : operand_for(entity, a, 0);
    if (b) operands.push_back(std::move(b));
  }
  if (operands.size() < 2) return {};
  if (dice_.percent(4) && parameters_) operands[0] = make_null(tree::form::placed);
  return make_test(op::in, std::move(operands));
}

tree_ptr query_maker::range_test(int entity, int depth) {
  tree_ptr a = value(entity, dice_.pick(sorts), dice_.percent(30) ? std::min(depth, 2) : 0);
  if (!a || a->is.kind == kind_id::boolean) return {};
  tree_ptr least = operand_for(entity, a, 0);
  tree_ptr most = operand_for(entity, a, 0);
  return least && most ? make_test(op::between, {a, least, most}) : nullptr;
}

tree_ptr query_maker::pattern_test(int entity, int depth) {
  tree_ptr a = value(entity, sorts[dice_.below(3)], dice_.percent(25) ? std::min(depth, 1) : 0);
  if (!a) return a;
  tree_ptr pattern =
      dice_.percent(4) && parameters_ ? make_null(tree::form::named) : pattern_for(a);
  return make_test(op::like, {a, pattern});
}

tree_ptr query_maker::null_test(int entity, int depth) {
  tree_ptr a = value(entity, dice_.pick(sorts), dice_.percent(35) ? std::min(depth, 2) : 0);
  if (!a) return a;
  tree_ptr t = make_test(op::is_null, {a});
  return dice_.percent(65) ? make_logic(op::not_, {t}) : t;
}

tree_ptr query_maker::truth(int entity, int depth) {
  if (dice_.percent(65)) {
    if (tree_ptr t = related(entity, boolean_sort, depth)) return t;
  }
  return dice_.percent(70) ? path(entity, boolean_sort)
                           : value(entity, boolean_sort, std::min(depth, 1));
}

}  // namespace kith::model_check
