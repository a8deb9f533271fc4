// SPDX-License-Identifier: Apache-2.0
//
// The binder: conditions and aggregates over related records, such as exists(tasks where …) and
// sum(lines.net).
#include "core/expression/operand.hpp"

namespace kith::inline v1::detail {

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
  reads_null(*relation->child, *relation->by);
  if (relation->only != nullptr) reads_null(*relation->child, *relation->only);
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

}  // namespace kith::inline v1::detail
