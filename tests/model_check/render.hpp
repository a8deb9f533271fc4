// SPDX-License-Identifier: Apache-2.0
//
// Questions as Kith takes them: query text with parameters, and trees of kith::expression.
#pragma once

#include "kith/core/query.hpp"
#include "model_check/load.hpp"
#include "model_check/tree.hpp"

namespace kith::model_check {

/// Writes trees for one store: ids and numbers differ from handles.
class renderer {
 public:
  renderer(const world& w, const loaded& in) : world_(w), in_(in) {}

  /// Text that needs no parentheses around it as an operand of a condition, or of everything.
  std::string text(const tree& t);
  /// Text where a sum may stand: comparisons are put in parentheses.
  std::string sum_text(const tree& t);
  expression build(const tree& t);
  /// The whole question: condition, order, limit.
  std::string query_text(const question& q);
  std::string measure_text(const measure_plan& m);

  /// The values of `?` and `:name` so far.
  parameters values;
  /// Each text that is read apart counts its `?` from 0: then only names are used.
  bool only_names = false;
  /// What `having` is about.
  entity_plan result;

 private:
  std::string operand(const tree& t, int least);
  std::string test(const tree& t, const char* between);
  std::string literal(const tree& t);
  std::string parameter(const tree& t);
  std::string path(const tree& t) const;
  std::string related(const tree& t);
  std::string call(const tree& t);
  std::string binary(const tree& t, const char* sign, int least);
  expression build_literal(const tree& t);
  expression build_operands(const tree& t);
  std::vector<key_ref> keys(const tree& t) const;
  value value_of(const tree& t) const;
  std::string value_text(const tree& t) const;

  const world& world_;
  const loaded& in_;
};

}  // namespace kith::model_check
