// SPDX-License-Identifier: Apache-2.0
//
// Random questions: what is asked, in which shape, in which order.
#include "model_check/generate.hpp"

#include <algorithm>

namespace kith::model_check {

question query_maker::make() {
  using shape = question::shape;
  question q;
  const std::size_t chance = dice_.below(100);
  q.as = chance < 26   ? shape::list
         : chance < 40 ? shape::pages
         : chance < 46 ? shape::count
         : chance < 50 ? shape::exists
         : chance < 54 ? shape::first
         : chance < 70 ? shape::select
         : chance < 95 ? shape::aggregate
                       : shape::compute;
  q.entity = static_cast<int>(dice_.below(world_.entities.size()));
  q.as_tree = dice_.percent(35);
  q.in_transaction = dice_.percent(12);
  q.in_writing = !q.in_transaction && dice_.percent(6);
  trees_ = q.as_tree;
  parameters_ = q.as != shape::compute;
  if (dice_.percent(q.as == shape::aggregate ? 60 : 90)) {
    q.where = condition(q.entity, static_cast<int>(dice_.between(0, dice_.percent(85) ? 2 : 5)));
  }
  if (dice_.percent(8)) q.rows = dice_.percent(50) ? lifecycle::all : lifecycle::deleted;
  if (dice_.percent(22)) q.limit = static_cast<std::uint64_t>(dice_.between(1, 8));
  if (q.as == shape::pages) q.limit = 0;
  if (q.as != shape::aggregate) choose_order(q);
  for (int i = 0; i < 3; ++i) q.page_sizes.push_back(static_cast<std::size_t>(dice_.between(1, 9)));
  if (q.as == shape::select || q.as == shape::compute) choose_columns(q);
  if (q.as == shape::aggregate) choose_aggregation(q);
  return q;
}

void query_maker::choose_order(question& q) {
  const std::size_t chance = dice_.below(100);
  const int keys = chance < 30 ? 0 : chance < 65 ? 1 : chance < 88 ? 2 : 3;
  for (int i = 0; i < keys; ++i) {
    tree_ptr by = value(q.entity, dice_.pick(sorts), dice_.percent(30) ? 2 : 0);
    if (by) q.order.push_back({by, dice_.percent(45)});
  }
}

void query_maker::choose_columns(question& q) {
  const auto count = static_cast<int>(dice_.between(1, 4));
  for (int i = 0; i < count; ++i) {
    tree_ptr of = value(q.entity, dice_.pick(sorts), static_cast<int>(dice_.between(0, 3)));
    if (of) q.columns.push_back({"c" + std::to_string(i), of});
  }
  if (q.columns.empty()) q.columns.push_back({"c", make_path(world_, q.entity, {id_step})});
}

measure_plan query_maker::measure(int entity, int number) {
  measure_plan m;
  m.name = "m" + std::to_string(number);
  if (dice_.percent(40)) m.where = condition(entity, dice_.percent(70) ? 0 : 1);
  if (dice_.percent(20)) return m;  // count()
  constexpr aggregate all[] = {aggregate::count, aggregate::sum, aggregate::min, aggregate::max,
                               aggregate::avg};
  for (int attempt = 0; attempt < 10 && !m.of; ++attempt) {
    const sort_of_value& sort = dice_.pick(sorts);
    const bool adds = sort.kind == kind_id::integer || sort.kind == kind_id::decimal ||
                      sort.kind == kind_id::real || sort.kind == kind_id::money ||
                      sort.kind == kind_id::duration;
    m.computes = dice_.pick(all);
    if (!adds && (m.computes == aggregate::sum || m.computes == aggregate::avg)) continue;
    m.of = value(entity, sort, dice_.percent(30) ? 2 : 0);
  }
  if (!m.of) m.computes = aggregate::count;
  return m;
}

void query_maker::choose_aggregation(question& q) {
  const std::size_t chance = dice_.below(100);
  const int groups = chance < 20 ? 0 : chance < 65 ? 1 : chance < 92 ? 2 : 3;
  for (int i = 0; i < groups; ++i) {
    tree_ptr by = value(q.entity, dice_.pick(sorts), dice_.percent(25) ? 2 : 0);
    if (by) q.columns.push_back({"g" + std::to_string(i), by});
  }
  const auto measures = static_cast<int>(dice_.between(q.columns.empty() ? 1 : 0, 3));
  for (int i = 0; i < measures; ++i) q.measures.push_back(measure(q.entity, i));
  if (dice_.percent(30)) q.having = having(q);
  const std::size_t columns = q.columns.size() + q.measures.size();
  while (columns != 0 && dice_.percent(35) && q.table_order.size() < 3) {
    const std::size_t at = dice_.below(columns);
    const std::string& name =
        at < q.columns.size() ? q.columns[at].name : q.measures[at - q.columns.size()].name;
    q.table_order.emplace_back(name, dice_.percent(50));
  }
}

// One or two comparisons of columns of the result with values.
tree_ptr query_maker::having(const question& q) {
  const entity_plan result = result_entity(q);
  if (result.fields.empty()) return {};
  constexpr op comparisons[] = {op::equal, op::not_equal, op::less, op::greater_equal};
  const bool as_tree = trees_;
  trees_ = false;  // `having` is text
  std::vector<tree_ptr> parts;
  for (int i = 0; i < 2; ++i) {
    auto column = std::make_shared<tree>();
    column->what = op::path;
    column->constant = false;
    column->entity = -1;
    column->steps = {static_cast<int>(dice_.below(result.fields.size()))};
    column->is = result.fields[static_cast<std::size_t>(column->steps[0])].is;
    tree_ptr with = literal_for(column);
    if (!with || dice_.percent(25)) {
      parts.push_back(make_logic(op::not_, {make_test(op::is_null, {column})}));
    } else if (dice_.percent(20)) {
      parts.push_back(make_test(op::in, {column, with, literal_for(column)}));
    } else {
      parts.push_back(make_test(dice_.pick(comparisons), {column, with}));
    }
    if (dice_.percent(70)) break;
  }
  trees_ = as_tree;
  if (parts.size() == 1) return parts[0];
  return make_logic(dice_.percent(50) ? op::and_ : op::or_, std::move(parts));
}

}  // namespace kith::model_check
