// SPDX-License-Identifier: Apache-2.0
//
// The binder: names, logic, functions and aggregates over related records.
#include "core/expression/bind.hpp"

#include <algorithm>

#include "core/expression/names.hpp"
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

fragment binder::load(slot_number slot, storage type, const scope& in) const {
  instruction i = make(in.prefix.empty() ? op::load : op::load_path,
                       static_cast<std::uint32_t>(in.prefix.size()));
  i.slot = slot;
  i.type = type;
  i.entity = in.entity->number;
  fragment code{i};
  for (const hop& h : in.prefix) {
    instruction follow = make(op::hop);
    follow.slot = h.slot;
    follow.entity = h.entity;
    code.push_back(follow);
  }
  return code;
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

// ------------------------------------------------------------------------------------------ names

const entity_type& binder::follow(std::span<const key_ref> keys, scope& through, std::uint32_t at) {
  for (const key_ref& key : keys) {
    const field_type* f = through.entity->field(key.field);
    const bool known =
        key.owner == 0 ? key.entity == through.entity->number : key.owner == through.entity->type;
    if (!known || f == nullptr) {
      fail(at,
           "the path contains a field that is not one of " + std::string(through.entity->name()));
    }
    if (f->target == nullptr)
      fail(at, std::string(f->name()) + " is not a reference to one entity");
    through.prefix.push_back({f->slot, f->target->number});
    through.entity = f->target;
  }
  if (through.prefix.size() > 2 * limits{}.path_length) fail(at, "the path is too long");
  return *through.entity;
}

operand binder::path(std::span<const key_ref> keys, const scope& in, std::uint32_t at) {
  scope through = in;
  follow(keys.first(keys.size() - 1), through, at);
  const key_ref& last = keys.back();
  const bool known =
      last.owner == 0 ? last.entity == through.entity->number : last.owner == through.entity->type;
  if (!known)
    fail(at, "the path ends in a field that is not one of " + std::string(through.entity->name()));
  if (is_system_slot(last.field)) return system_cell(last.field, through, at);
  const field_type* f = through.entity->field(last.field);
  if (f == nullptr) fail(at, std::string(through.entity->name()) + " has no such field");
  return field_cells(*f, last.part, through, at);
}

// Behind a reference that is null there is nothing: no truth, not even a count.
fragment binder::behind(const scope& in, const fragment& code) const {
  if (in.prefix.empty()) return code;
  const fragment known = apply(apply(load(id_slot, storage::integer, in), op::is_null), op::not_);
  return apply(known, code, op::only_if);
}

operand binder::system_cell(slot_number slot, const scope& in, std::uint32_t at) {
  operand o;
  o.at = at;
  if (slot == deleted_slot) {
    o.type.kind = kind_id::boolean;
    o.cells.push_back(
        behind(in, apply(apply(load(slot, storage::integer, in), op::is_null), op::not_)));
  } else if (slot == created_slot) {
    o.type.kind = kind_id::instant;
    o.cells.push_back(apply(load(id_slot, storage::integer, in), op::creation));
  } else {
    o.type.kind = slot == id_slot ? kind_id::ref : kind_id::integer;
    o.type.target = slot == id_slot ? in.entity : nullptr;
    o.cells.push_back(load(slot, storage::integer, in));
  }
  return o;
}

operand binder::field_cells(const field_type& f, std::uint8_t part, const scope& in,
                            std::uint32_t at) {
  if (!f.is_stored()) {
    // Computed on read: its tree takes the place of its name.
    const expression* tree = in.entity->computed(f);
    if (tree == nullptr || computed_depth_ >= 8) {
      throw error(error_code::model, std::string(in.entity->name()) + "." + std::string(f.name()) +
                                         " is computed from itself");
    }
    ++computed_depth_;
    operand o = as_cells(bind(*tree, in));
    --computed_depth_;
    for (fragment& code : o.cells) {
      if (!code.empty()) code = behind(in, code);
    }
    o.at = at;
    o.field = &f;
    return o;
  }
  operand o;
  o.at = at;
  o.field = &f;
  const auto parts = f.parts();
  const auto load_part = [&](std::size_t i) {
    return load(static_cast<slot_number>(f.slot + i), parts[i].type, in);
  };
  if (part == whole_value) {
    o.type = {f.def->kind, f.def->options, f.target};
    for (std::size_t i = 0; i < parts.size(); ++i) o.cells.push_back(load_part(i));
    return o;
  }
  const bool keyed = part + 1u < parts.size() && parts[part + 1u].role == part_role::key;
  o.type.kind = parts[part].type == storage::text ? kind_id::text : kind_id::integer;
  o.type.options.folded = keyed;
  o.cells.push_back(load_part(part));
  if (keyed) o.cells.push_back(load_part(part + 1u));
  return o;
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

// ---------------------------------------------------------------------------------------- related

fragment binder::related_code(const expression::related_node& node, const relation_type& relation,
                              const fragment& id, const operand* of, std::uint8_t flags,
                              storage type) {
  scope child{relation.child, {}};
  fragment filter;
  std::uint32_t conditions = 0;
  const auto add = [&](const fragment& c) {
    append(filter, c);
    ++conditions;
  };
  if (relation.only != nullptr) {
    add(apply(load(relation.only->slot, storage::integer, child),
              constant(cell::integer(relation.only_value)), op::equal));
  }
  if (!node.where.empty()) {
    for (const fragment& c : conjuncts(bind(node.where, child))) add(c);
  }
  if (conditions > 1) filter.push_back(make(op::and_, conditions));
  fragment value;
  if (of != nullptr) {
    append(value, of->cells[0]);
    if ((flags & related_of_money) != 0) append(value, of->cells[1]);
  }
  instruction i = make(op::related, static_cast<std::uint32_t>(filter.size()));
  i.count2 = static_cast<std::uint32_t>(value.size());
  i.slot = relation.by->slot;
  i.entity = relation.child->number;
  i.type = type;
  i.detail = static_cast<std::uint8_t>(static_cast<std::uint8_t>(node.what) | flags);
  fragment code = id;
  code.push_back(i);
  append(code, filter);
  append(code, value);
  return code;
}

operand binder::related(const expression::related_node& node, const scope& in, std::uint32_t at) {
  scope owner = in;
  follow(node.keys, owner, at);
  const relation_type* relation = owner.entity->find_relation(node.relation.name);
  if (relation == nullptr) {
    fail(at, std::string(owner.entity->name()) + " has no relation " + node.relation.name);
  }
  // The id of the record whose relations are meant: the last reference, or the record itself.
  fragment id;
  if (owner.prefix.empty()) {
    id = load(id_slot, storage::integer, owner);
  } else {
    scope before = owner;
    const hop last = before.prefix.back();
    before.prefix.pop_back();
    id = load(last.slot, storage::integer, before);
  }
  operand o;
  o.at = at;
  if (node.what == aggregate::exists) {
    return truth_of(related_code(node, *relation, id, nullptr, 0, storage::integer), at);
  }
  if (node.what == aggregate::count) {
    o.type.kind = kind_id::integer;
    o.cells.push_back(related_code(node, *relation, id, nullptr, 0, storage::integer));
    return o;
  }
  operand of = as_cells(bind(node.of, {relation->child, {}}));
  const kind_id k = of.type.kind;
  o.type = of.type;
  if (k == kind_id::money) {
    o.cells.push_back(related_code(node, *relation, id, &of, related_of_money, storage::integer));
    o.cells.push_back(
        related_code(node, *relation, id, &of, related_of_money | related_currency, storage::text));
    return o;
  }
  const bool adds = is_exact(k) || k == kind_id::real || k == kind_id::duration;
  const bool orders = adds || k == kind_id::date || k == kind_id::instant;
  const bool sums = node.what == aggregate::sum || node.what == aggregate::avg;
  if (sums ? !adds : !orders) {
    fail(at, describe(of) + " cannot be " + (sums ? "summed" : "the least or the most"));
  }
  o.cells.push_back(related_code(node, *relation, id, &of, 0,
                                 k == kind_id::real ? storage::real : storage::integer));
  return o;
}

// -------------------------------------------------------------------------------------- functions

operand binder::call(function f, std::vector<operand> operands, std::uint32_t at) {
  const bool of_null = !operands.empty() && operands[0].is_null_literal() && operands[0].given;
  if (of_null && f != function::coalesce) return std::move(operands[0]);
  operand o;
  o.at = at;
  switch (f) {
    case function::today:
    case function::now:
      o.is = operand::form::literal;
      o.literal =
          f == function::now ? value(context_.now) : value(context_.zone.date_of(context_.now));
      return o;
    case function::coalesce: return coalesce(std::move(operands), at);
    case function::round:
    case function::round_even:
      return round(std::move(operands[0]), operands.size() > 1 ? &operands[1] : nullptr,
                   f == function::round_even, at);
    case function::abs: return absolute(std::move(operands[0]), at);
    default: break;
  }
  const bool is_text = operands[0].is == operand::form::literal &&
                       operands[0].literal.kind() == kind_id::text &&
                       !operands[0].is_null_literal();
  if (f == function::date && is_text) {
    operand day;
    day.type.kind = kind_id::date;
    return adapt(operands[0], day);
  }
  operand a = as_cells(std::move(operands[0]));
  if (f == function::length) {
    if (!is_texty(a.type.kind)) fail(at, "length() is of text, not of " + describe(a));
    o.type.kind = kind_id::integer;
    o.cells.push_back(apply(std::move(a.cells[0]), op::length));
    return o;
  }
  if (a.type.kind == kind_id::instant) {
    a.cells[0] = apply(std::move(a.cells[0]), op::date_of);
  } else if (a.type.kind != kind_id::date) {
    fail(at, describe(a) + " is neither a date nor a moment");
  }
  o.type.kind = f == function::date ? kind_id::date : kind_id::integer;
  if (f == function::year) a.cells[0] = apply(std::move(a.cells[0]), op::year);
  if (f == function::month) a.cells[0] = apply(std::move(a.cells[0]), op::month);
  if (f == function::day) a.cells[0] = apply(std::move(a.cells[0]), op::day);
  o.cells.push_back(std::move(a.cells[0]));
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
