// SPDX-License-Identifier: Apache-2.0
//
// Plans of scans. The shape of a request (its instructions without their constants, its order, what
// is read) finds the statement that was prepared for it; only values are bound then.
#include <algorithm>
#include <cstddef>

#include "core/expression/slots.hpp"
#include "kith/core/error.hpp"
#include "storage/sqlite/database.hpp"

namespace kith::inline v1::sqlite {
namespace {

constexpr std::size_t most_plans = 500;

void append(std::string& shape, const void* bytes, std::size_t size) {
  shape.append(static_cast<const char*>(bytes), size);
}

void append(std::string& shape, const program& p) {
  for (const instruction& i : p.code) {
    // Everything before the constant; of the constant, whether it can be a pattern.
    append(shape, &i, offsetof(instruction, constant));
    shape += static_cast<char>(i.constant.type());
  }
  shape += '\xff';
}

void shape_of(const scan_request& request, std::string& shape) {
  shape.clear();
  const std::uint32_t head[] = {request.entity->number,
                                static_cast<std::uint32_t>(request.entity->columns.size()),
                                static_cast<std::uint32_t>(request.rows),
                                (request.limit == 0 ? 0u : 1u) | (request.any_order ? 2u : 0u)};
  append(shape, head, sizeof head);
  for (const program& p : request.conditions) append(shape, p);
  shape += '\xfe';
  for (const order_term& t : request.order) {
    append(shape, t.key);
    shape += t.descending ? 'd' : 'a';
  }
  shape += '\xfe';
  for (const cell& c : request.after) shape += c.is_null() ? 'n' : 'v';
  shape += '\xfe';
  append(shape, request.slots.data(), request.slots.size_bytes());
}

// What the statement selects. Lists do without the system cells that only single records need, and
// without those that say "live" when only live rows are asked for.
std::vector<slot_number> selected(const scan_request& request) {
  std::vector<slot_number> slots{id_slot};
  if (!request.slots.empty()) {
    for (const slot_number s : request.slots) {
      if (s != id_slot) slots.push_back(s);
    }
    return slots;
  }
  slots.push_back(revision_slot);
  if (request.rows != lifecycle::live) {
    slots.push_back(deleted_slot);
    slots.push_back(merged_slot);
  }
  for (slot_number s = 0; s < request.entity->columns.size(); ++s) {
    if (request.entity->columns[s].role == part_role::value) slots.push_back(s);
  }
  return slots;
}

// The core evaluates what is left to it: it needs the cells for that.
void add_slots_for_the_core(const scan_request& request, const scan_plan& plan,
                            std::vector<slot_number>& slots) {
  detail::slot_set needed(*request.entity);
  for (std::size_t i = 0; i < request.conditions.size(); ++i) {
    if (i >= 64 || (plan.taken >> i & 1) == 0) needed.add(request.conditions[i]);
  }
  if (!plan.ordered) needed.add(request.order);
  if (needed.empty()) return;
  for (const slot_number s : needed.only()) {
    if (std::find(slots.begin(), slots.end(), s) == slots.end()) slots.push_back(s);
  }
}

bool took_all(std::uint64_t taken, std::size_t conditions) {
  if (conditions > 64) return false;
  return conditions == 64 ? taken == ~std::uint64_t{0}
                          : taken == (std::uint64_t{1} << conditions) - 1;
}

scan_plan::source source_of(const scan_request& request, const sql::parameter& p) {
  using place = scan_plan::source::place;
  for (std::size_t i = 0; i < request.after.size(); ++i) {
    if (p.value == &request.after[i]) {
      return {place::after, false, static_cast<std::uint16_t>(i), 0};
    }
  }
  for (std::size_t c = 0; c < request.conditions.size(); ++c) {
    const std::vector<instruction>& code = request.conditions[c].code;
    for (std::size_t i = 0; i < code.size(); ++i) {
      if (p.value != &code[i].constant) continue;
      return {place::condition, p.is_pattern, static_cast<std::uint16_t>(c),
              static_cast<std::uint16_t>(i)};
    }
  }
  return {place::limit, false, 0, 0};
}

}  // namespace

scan_plan& database::plan_of(const scan_request& request) {
  if (layout_undone) forget_layout();
  shape_of(request, shape_);
  const auto found = by_shape_.find(shape_);
  if (found != by_shape_.end()) return found->second;
  if (by_shape_.size() >= most_plans) {
    std::erase_if(by_shape_, [](const auto& entry) { return entry.second.statements.in_use == 0; });
  }

  const entity_type& entity = *request.entity;
  sql::writer writer(sqlite_dialect);
  scan_plan plan;
  sql::text where = writer.where(entity, request.rows, request.conditions, plan.taken);
  std::optional<sql::text> order;
  if (!request.any_order) order = writer.order(entity, request.order);
  plan.ordered = order.has_value();
  if (plan.ordered && !request.after.empty()) {
    where += where.sql.empty() ? " WHERE " : " AND ";
    where += writer.behind(entity, request.order, request.after);
  }
  if (plan.ordered) where += std::move(*order);
  static const cell limit;
  if (plan.ordered && request.limit != 0 && took_all(plan.taken, request.conditions.size())) {
    where += " LIMIT ?";
    where.values.push_back({&limit, false});
  }
  for (const sql::parameter& p : where.values) plan.values.push_back(source_of(request, p));
  std::vector<slot_number> slots = selected(request);
  add_slots_for_the_core(request, plan, slots);
  plan.rows = row_reader(entity, slots);
  plan.text = "SELECT " + columns(entity, slots, "t.") + " FROM " + sql::table_name(entity) + " t" +
              where.sql;
  return by_shape_.emplace(shape_, std::move(plan)).first->second;
}

}  // namespace kith::inline v1::sqlite
