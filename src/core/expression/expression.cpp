// SPDX-License-Identifier: Apache-2.0
//
// Building trees in postfix order. Chains of one operator stay flat, so that a long `a and b and c`
// is wide, not deep.
#include "kith/core/expression.hpp"

#include <algorithm>

#include "kith/core/error.hpp"

namespace kith::inline v1 {

namespace {
using code = expression::code;

void check_size(std::size_t depth, std::size_t terms) {
  const limits most;
  if (depth > most.expression_depth) {
    throw error(error_code::limit, "the expression nests deeper than " +
                                       std::to_string(most.expression_depth) +
                                       " operators; use `and`, `or` and `in` side by side");
  }
  if (terms > most.expression_terms) {
    throw error(error_code::limit, "the expression has more than " +
                                       std::to_string(most.expression_terms) +
                                       " terms; use `in (…)` or ask in parts");
  }
}
}  // namespace

// Operators that may follow themselves without a new level: the left operand just grows.
bool expression::chains(code what) {
  switch (what) {
    case code::and_:
    case code::or_:
    case code::add:
    case code::subtract:
    case code::multiply:
    case code::divide:
    case code::concat: return true;
    default: return false;
  }
}

void expression::append(expression&& other) {
  const auto literals = static_cast<std::uint32_t>(literals_.size());
  const auto parameters = static_cast<std::uint32_t>(parameters_.size());
  const auto keys = static_cast<std::uint32_t>(keys_.size());
  const auto related = static_cast<std::uint32_t>(related_.size());
  for (node n : other.nodes_) {
    switch (n.what) {
      case code::literal: n.index += literals; break;
      case code::parameter: n.index += parameters; break;
      case code::path: n.index += keys; break;
      case code::related: n.index += related; break;
      default: break;
    }
    nodes_.push_back(n);
  }
  std::move(other.literals_.begin(), other.literals_.end(), std::back_inserter(literals_));
  std::move(other.parameters_.begin(), other.parameters_.end(), std::back_inserter(parameters_));
  keys_.insert(keys_.end(), other.keys_.begin(), other.keys_.end());
  std::move(other.related_.begin(), other.related_.end(), std::back_inserter(related_));
  terms_ += other.terms_;
}

void expression::close(node n, std::size_t depth) {
  nodes_.push_back(n);
  depth_ = depth;
  ++terms_;
  check_size(depth_, terms_);
}

expression expression::literal(value v, std::uint32_t at) {
  expression e;
  e.literals_.push_back(std::move(v));
  e.close({.what = code::literal, .at = at}, 1);
  return e;
}

expression expression::parameter(std::string name, std::uint32_t at) {
  expression e;
  e.parameters_.push_back(std::move(name));
  e.close({.what = code::parameter, .at = at}, 1);
  return e;
}

expression expression::path(std::span<const key_ref> keys, std::uint32_t at) {
  expression e;
  if (keys.size() > limits{}.path_length + 1) {
    throw error(error_code::limit,
                "a path follows more than " + std::to_string(limits{}.path_length) + " references");
  }
  e.keys_.assign(keys.begin(), keys.end());
  e.close({.what = code::path, .count = static_cast<std::uint16_t>(keys.size()), .at = at}, 1);
  return e;
}

expression expression::related(aggregate what, std::span<const key_ref> keys, relation_ref relation,
                               expression of, expression where, std::uint32_t at) {
  expression e;
  const std::size_t depth = std::max(of.depth_, where.depth_) + 1;
  e.terms_ = of.terms_ + where.terms_;
  e.related_.push_back(
      {what, {keys.begin(), keys.end()}, std::move(relation), std::move(of), std::move(where)});
  e.close({.what = code::related, .at = at}, depth);
  return e;
}

expression expression::unary(code what, expression of, std::uint32_t at) {
  const std::size_t depth = of.depth_ + 1;
  of.close({.what = what, .at = at}, depth);
  return of;
}

expression expression::binary(code what, expression left, expression right, std::uint32_t at) {
  const bool chain = chains(what) && !left.nodes_.empty() && left.nodes_.back().what == what;
  const std::size_t depth = std::max(chain ? left.depth_ : left.depth_ + 1, right.depth_ + 1);
  std::uint16_t count = 2;
  if (chain && (what == code::and_ || what == code::or_)) {  // one wide node
    count = static_cast<std::uint16_t>(left.nodes_.back().count + 1);
    left.nodes_.pop_back();
    --left.terms_;
  }
  left.append(std::move(right));
  left.close({.what = what, .count = count, .at = at}, depth);
  return left;
}

expression expression::in(expression left, std::vector<expression> list, std::uint32_t at) {
  if (list.size() > limits{}.list_values) {
    throw error(error_code::limit,
                "`in (…)` has more than " + std::to_string(limits{}.list_values) + " values");
  }
  std::size_t depth = left.depth_;
  const std::size_t terms = left.terms_;
  for (expression& e : list) {
    depth = std::max(depth, e.depth_);
    left.append(std::move(e));
  }
  left.terms_ = terms;  // the list has a limit of its own
  left.close({.what = code::in, .count = static_cast<std::uint16_t>(list.size()), .at = at},
             depth + 1);
  return left;
}

expression expression::call(kith::function f, std::vector<expression> operands, std::uint32_t at) {
  expression e;
  std::size_t depth = 0;
  for (expression& o : operands) {
    depth = std::max(depth, o.depth_);
    e.append(std::move(o));
  }
  e.close({.what = code::call,
           .function = static_cast<std::uint8_t>(f),
           .count = static_cast<std::uint16_t>(operands.size()),
           .at = at},
          depth + 1);
  return e;
}

}  // namespace kith::inline v1
