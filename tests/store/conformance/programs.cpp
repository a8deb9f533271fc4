// SPDX-License-Identifier: Apache-2.0
//
// Building, binding and finishing programs.
#include "programs.hpp"

#include "core/expression/bind.hpp"
#include "suite.hpp"

namespace kith::conformance {

program load(const entity_type& entity, slot_number slot) {
  instruction i;
  i.code = op::load;
  i.slot = slot;
  i.type = is_system_slot(slot) ? storage::integer : entity.columns[slot].type;
  i.entity = entity.number;
  return {{i}, nullptr};
}

program constant(const cell& c) {
  const auto pool = std::make_shared<constant_pool>();
  instruction i;
  i.constant = pool->keep(c);
  return {{i}, pool};
}

program call(op what, const std::vector<program>& operands) {
  const auto pool = std::make_shared<constant_pool>();
  program joined;
  for (const program& p : operands) {
    for (instruction i : p.code) {
      i.constant = pool->keep(i.constant);
      joined.code.push_back(i);
    }
  }
  instruction i;
  i.code = what;
  const auto count = static_cast<std::uint32_t>(operands.size());
  if (what == op::and_ || what == op::or_ || what == op::coalesce) i.count = count;
  if (what == op::in_list) i.count = count - 1;
  joined.code.push_back(i);
  joined.constants = pool;
  return joined;
}

namespace {

const parameters no_parameters;

detail::bind_context context_of(const model& of) {
  return {of, no_parameters, instant{1'700'000'000'000'000}, {}};
}

}  // namespace

std::vector<program> conditions(const model& of, const entity_type& entity, std::string_view text) {
  return detail::bind_condition(context_of(of), entity, parse_expression(of, entity, text));
}

std::vector<order_term> order(const model& of, const entity_type& entity, std::string_view text) {
  const query_spec spec = parse_query(of, entity, "order by " + std::string(text));
  return detail::bind_order(context_of(of), entity, spec.order);
}

std::string shown(const entity_type& entity, const program& p) {
  std::string text;
  for (const instruction& i : p.code) {
    text += text.empty() ? "" : "; ";
    if (i.code == op::load) {
      text += "load ";
      text += i.slot < entity.columns.size() ? entity.columns[i.slot].name
                                             : "system slot " + std::to_string(i.slot & 0xf);
    } else if (i.code == op::constant) {
      text += "constant " + shown(i.constant);
    } else {
      text +=
          "op " + std::to_string(static_cast<int>(i.code)) + "(" + std::to_string(i.count) + ")";
    }
  }
  return text;
}

// ---------------------------------------------------------------------------------------- residual

bool residual::passes(const scan_request& request, std::uint64_t taken, const row& r) {
  for (std::size_t i = 0; i < request.conditions.size(); ++i) {
    if (i < 64 && (taken >> i & 1) != 0) continue;
    if (!run_.holds(request.conditions[i], r)) return false;
  }
  return true;
}

row_ptr residual::referred(std::uint16_t entity, record_id id) {
  return through_.get(*model_.find(entity), id, needed_cells::with_keys);
}

void residual::each_related(std::uint16_t entity, slot_number slot, record_id id,
                            const std::function<bool(const row&)>& visit) {
  const entity_type& child = *model_.find(entity);
  const std::vector<slot_number> slots = all_slots(child);
  scan_request request = scan_of(child);
  request.slots = slots;
  const auto cursor = through_.scan(request);
  while (const row_ptr r = cursor->next()) {
    if (r->at(slot, storage::integer) == cell::integer(id.value) && !visit(*r)) return;
  }
}

}  // namespace kith::conformance
