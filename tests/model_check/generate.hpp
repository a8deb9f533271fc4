// SPDX-License-Identifier: Apache-2.0
//
// Random questions about a world: conditions, orders, aggregations, of every operator and kind.
// What they compare with mostly comes from the records, so that most answers are not empty.
//
//   question q = query_maker(w, seed).make();
#pragma once

#include "model_check/tree.hpp"

namespace kith::model_check {

/// The sorts of values that questions are about.
struct sort_of_value {
  std::string_view name;
  kind_id kind;
  bool folded;
};
inline constexpr sort_of_value sorts[] = {
    {"text", kind_id::text, false},       {"folded", kind_id::text, true},
    {"e-mail", kind_id::email, false},    {"integer", kind_id::integer, false},
    {"decimal", kind_id::decimal, false}, {"real", kind_id::real, false},
    {"boolean", kind_id::boolean, false}, {"date", kind_id::date, false},
    {"instant", kind_id::instant, false}, {"duration", kind_id::duration, false},
    {"money", kind_id::money, false},     {"choice", kind_id::choice, false},
    {"ref", kind_id::ref, false}};

class query_maker {
 public:
  query_maker(const world& w, std::uint64_t seed) : world_(w), dice_(seed) {}

  question make();
  /// A condition with so many levels of and, or and not at most.
  tree_ptr condition(int entity, int depth);
  /// A value of this kind, with so many levels of operators at most; null when there is none.
  tree_ptr value(int entity, const sort_of_value& sort, int depth);

 private:
  // generate.cpp: questions
  void choose_order(question& q);
  void choose_columns(question& q);
  void choose_aggregation(question& q);
  tree_ptr having(const question& q);
  measure_plan measure(int entity, int number);

  // generate_conditions.cpp
  tree_ptr test(int entity, int depth);
  tree_ptr comparison(int entity, int depth);
  tree_ptr list_test(int entity, int depth);
  tree_ptr range_test(int entity, int depth);
  tree_ptr pattern_test(int entity, int depth);
  tree_ptr null_test(int entity, int depth);
  tree_ptr truth(int entity, int depth);

  // generate_values.cpp
  tree_ptr calculated(int entity, const sort_of_value& sort, int depth);
  tree_ptr whole_number(int entity, int depth);
  tree_ptr exact_number(int entity, int depth);
  tree_ptr real_number(int entity, int depth);
  tree_ptr amount(int entity, int depth);
  tree_ptr moment(int entity, kind_id kind, int depth);
  tree_ptr length_of_time(int entity, int depth);
  tree_ptr words(int entity, const sort_of_value& sort, int depth);
  tree_ptr first_known(int entity, const sort_of_value& sort, int depth);
  tree_ptr number(int entity, int depth);  ///< exact
  tree_ptr rounding_of(tree_ptr of);

  // generate_leaves.cpp
  tree_ptr path(int entity, const sort_of_value& sort);
  tree_ptr related(int entity, const sort_of_value& sort, int depth);
  tree_ptr related_condition(int entity, int depth);
  /// What a value is compared with: often a value that some record has.
  tree_ptr operand_for(int entity, const tree_ptr& of, int depth);
  tree_ptr literal_for(const tree_ptr& of, bool in_comparison = true);
  tree_ptr literal(const type& is, const datum& d, bool in_comparison);
  tree_ptr pattern_for(const tree_ptr& of);
  tree::form form_for(bool has_text);
  datum sample(const tree_ptr& of);

  const world& world_;
  random dice_;
  bool trees_ = false;  ///< for kith::expression: no text
  bool parameters_ = true;
};

}  // namespace kith::model_check
