// SPDX-License-Identifier: Apache-2.0
//
// The binder: a whole tree from its leaves up, truth, and what the outside asks for. Its other
// files are named in operand.hpp.
#include "core/expression/bind.hpp"

#include <algorithm>
#include <array>

#include "core/expression/evaluate.hpp"
#include "core/expression/operand.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {

using node_code = expression::code;

void binder::fail(std::uint32_t at, const std::string& message) const {
  throw error(error_code::query,
              message + (at == 0 ? "" : " (at byte " + std::to_string(at + 1) + ")"));
}

std::string binder::describe(const operand& o) const {
  if (o.is_null_literal()) return "null";
  const std::string kind(kind_of(o.kind()).name);
  if (o.is == operand::form::literal)
    return "'" + shortened(o.literal.to_string(), 30) + "' (" + kind + ")";
  if (o.field != nullptr) return std::string(o.field->name()) + " (" + kind + ")";
  return "a value of kind " + kind;
}

fragment binder::constant(const cell& c) const {
  instruction i = make(op::constant);
  i.constant = pool_->keep(c);
  return {i};
}

operand binder::truth_of(fragment code, std::uint32_t at) {
  operand o;
  o.is = operand::form::truth;
  o.type.kind = kind_id::boolean;
  o.conjuncts.push_back(std::move(code));
  o.at = at;
  return o;
}

std::vector<fragment> binder::conjuncts(operand o) const {
  if (o.is == operand::form::truth) return std::move(o.conjuncts);
  if (o.kind() != kind_id::boolean && !o.is_null_literal()) {
    fail(o.at, describe(o) + " is not a condition; compare it with something");
  }
  if (o.is == operand::form::literal) {
    return {constant(o.is_null_literal() ? cell::null() : o.literal.cells()[0].view())};
  }
  return {std::move(o.cells[0])};
}

fragment binder::truth(operand o) const {
  std::vector<fragment> all = conjuncts(std::move(o));
  fragment code = std::move(all[0]);
  for (std::size_t i = 1; i < all.size(); ++i) append(code, all[i]);
  if (all.size() > 1) code.push_back(make(op::and_, static_cast<std::uint32_t>(all.size())));
  return code;
}

operand binder::connect(op what, std::vector<operand> operands, std::uint32_t at) const {
  if (what == op::and_) {  // stays apart, so that a store may take the conjuncts one by one
    operand o = truth_of({}, at);
    o.conjuncts.clear();
    for (operand& one : operands) {
      for (fragment& c : conjuncts(std::move(one))) o.conjuncts.push_back(std::move(c));
    }
    return o;
  }
  fragment code;
  for (operand& one : operands) append(code, truth(std::move(one)));
  code.push_back(make(what, static_cast<std::uint32_t>(operands.size())));
  return truth_of(std::move(code), at);
}

operand binder::as_cells(operand o) const {
  if (o.is == operand::form::cells) return o;
  operand cells;
  cells.at = o.at;
  if (o.is == operand::form::truth) {
    cells.type.kind = kind_id::boolean;
    cells.cells.push_back(truth(std::move(o)));
    return cells;
  }
  cells.type = {o.literal.kind(), o.literal.options(), nullptr};
  const auto parts = parts_of(cells.type.kind, cells.type.options);
  std::size_t next = 0;
  for (const part_def& p : parts) {
    const bool is_value = p.role == part_role::value;
    cells.cells.push_back(is_value && !o.literal.is_null()
                              ? constant(o.literal.cells()[next++].view())
                              : constant(cell::null()));
  }
  return cells;
}

operand binder::parameter(const std::string& name, std::uint32_t at) const {
  operand o;
  o.is = operand::form::literal;
  o.given = true;
  o.at = at;
  if (!name.empty() && name[0] >= '0' && name[0] <= '9') {
    const auto place = static_cast<std::size_t>(std::stoul(name));
    if (place >= context_.values.placed.size()) {
      fail(at, "there is no value for the " + std::to_string(place + 1) + ". `?`; " +
                   std::to_string(context_.values.placed.size()) + " were given");
    }
    o.literal = context_.values.placed[place];
    return o;
  }
  const auto found = context_.values.named.find(name);
  if (found == context_.values.named.end()) fail(at, "there is no value for `:" + name + "`");
  o.literal = found->second;
  return o;
}

// ------------------------------------------------------------------------------------------- tree

operand binder::bind(const expression& tree, const scope& in) {
  std::vector<operand> stack;
  const auto take = [&stack] {
    operand o = std::move(stack.back());
    stack.pop_back();
    return o;
  };
  const auto take_many = [&stack](std::size_t count) {
    std::vector<operand> many(
        std::make_move_iterator(stack.end() - static_cast<std::ptrdiff_t>(count)),
        std::make_move_iterator(stack.end()));
    stack.resize(stack.size() - count);
    return many;
  };
  for (const expression::node& n : tree.nodes()) {
    switch (n.what) {
      case node_code::literal: {
        operand o;
        o.is = operand::form::literal;
        o.literal = tree.literal_at(n.index);
        o.at = n.at;
        stack.push_back(std::move(o));
        break;
      }
      case node_code::parameter:
        stack.push_back(parameter(tree.parameter_at(n.index), n.at));
        break;
      case node_code::path: stack.push_back(path(tree.path_at(n), in, n.at)); break;
      case node_code::related: stack.push_back(related(tree.related_at(n.index), in, n.at)); break;
      case node_code::not_: stack.push_back(truth_of(apply(truth(take()), op::not_), n.at)); break;
      case node_code::negate: stack.push_back(settled(negate(take(), n.at))); break;
      case node_code::is_null: stack.push_back(null_test(take(), n.at)); break;
      case node_code::and_: stack.push_back(connect(op::and_, take_many(n.count), n.at)); break;
      case node_code::or_: stack.push_back(connect(op::or_, take_many(n.count), n.at)); break;
      case node_code::in: {
        std::vector<operand> list = take_many(n.count);
        operand left = take();
        stack.push_back(this->in(std::move(left), std::move(list), n.at));
        break;
      }
      case node_code::call:
        stack.push_back(settled(call(static_cast<function>(n.function), take_many(n.count), n.at)));
        break;
      default: {
        operand b = take();
        operand a = take();
        if (n.what == node_code::like) {
          stack.push_back(like(std::move(a), std::move(b), n.at));
        } else if (n.what >= node_code::add && n.what <= node_code::concat) {
          stack.push_back(arithmetic(n.what, std::move(a), std::move(b), n.at));
        } else {
          stack.push_back(compare(n.what, std::move(a), std::move(b), n.at));
        }
      }
    }
  }
  return std::move(stack.back());
}

// ---------------------------------------------------------------------------------------- outside

std::vector<program> bind_condition(const bind_context& context, const entity_type& entity,
                                    const expression& tree) {
  std::vector<program> programs;
  if (tree.empty()) return programs;
  binder b(context, std::make_shared<constant_pool>());
  for (fragment& c : b.conjuncts(b.bind(tree, {&entity, {}}))) {
    programs.push_back(b.finish(std::move(c)));
  }
  return programs;
}

bound_value bind_value(const bind_context& context, const entity_type& entity,
                       const expression& tree) {
  binder b(context, std::make_shared<constant_pool>());
  operand o = b.as_cells(b.bind(tree, {&entity, {}}));
  bound_value bound{o.type, {}};
  const auto parts = parts_of(o.type.kind, o.type.options);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].role == part_role::value) bound.parts.push_back(b.finish(std::move(o.cells[i])));
  }
  return bound;
}

value value_on(evaluator& run, const bound_value& of, const row& r) {
  std::array<owned_cell, max_parts> kept;
  std::array<cell, max_parts> cells;
  const auto parts = parts_of(of.type.kind, of.type.options);
  std::size_t next = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].role == part_role::value) kept[i] = owned_cell(run.result(of.parts[next++], r));
    cells[i] = kept[i].view();
  }
  return value::of(of.type.kind, of.type.options, {cells.data(), parts.size()});
}

namespace {

storage storage_of(const result_type& type, std::size_t compared) {
  const auto parts = parts_of(type.kind, type.options);
  const auto order = comparison_of(type.kind, type.options);
  return parts[order[compared]].type;
}

}  // namespace

std::vector<order_term> bind_order(const bind_context& context, const entity_type& entity,
                                   std::span<const order_key> keys) {
  if (keys.size() > limits{}.order_keys) {
    throw error(error_code::limit,
                "a query has at most " + std::to_string(limits{}.order_keys) + " order keys");
  }
  binder b(context, std::make_shared<constant_pool>());
  std::vector<order_term> terms;
  for (const order_key& key : keys) {
    const operand o = b.as_cells(b.bind(key.by, {&entity, {}}));
    std::vector<fragment> cells = b.comparison(o);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      terms.push_back({b.finish(std::move(cells[i])), storage_of(o.type, i), key.descending});
    }
  }
  return terms;
}

std::vector<program> bind_identity(const bind_context& context, const entity_type& entity,
                                   const expression& tree) {
  binder b(context, std::make_shared<constant_pool>());
  const operand o = b.as_cells(b.bind(tree, {&entity, {}}));
  std::vector<program> programs;
  for (fragment& c : b.comparison(o)) programs.push_back(b.finish(std::move(c)));
  return programs;
}

}  // namespace kith::inline v1::detail
