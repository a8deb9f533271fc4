// SPDX-License-Identifier: Apache-2.0
//
// Query text to trees: recursive descent over the grammar of docs/query-language.md. Names are
// resolved against the model while reading, so that a complaint can name near ones.
#pragma once

#include <algorithm>

#include "core/expression/lexer.hpp"
#include "kith/core/query.hpp"

namespace kith::inline v1::detail {

/// The aggregates by name: as measures, and inside conditions.
inline constexpr std::pair<std::string_view, aggregate> aggregates[] = {
    {"exists", aggregate::exists}, {"count", aggregate::count}, {"sum", aggregate::sum},
    {"min", aggregate::min},       {"max", aggregate::max},     {"avg", aggregate::avg}};

/// A function: how many operands it takes.
struct function_row {
  std::string_view name;
  function what;
  unsigned least, most;
};

/// The row of a table of pairs that begins with this word, in any case.
template <class Table>
auto find_word(const Table& table, std::string_view word) {
  return std::find_if(std::begin(table), std::end(table),
                      [&](const auto& row) { return same_word(row.first, word); });
}

/// One text. Its files follow the grammar from above: whole queries, operators, operands.
class parser {
 public:
  parser(const model& of, const entity_type& entity, std::string_view text)
      : model_(of), entity_(&entity), words_(text) {}

  query_spec query();
  expression whole_expression();
  measure whole_measure(std::string_view name);
  std::vector<measure> whole_measures();  ///< `count() as n, sum(amount) as amount`

 private:
  // parse.cpp
  std::vector<order_key> order();
  measure one_measure();

  // parse_operators.cpp
  expression disjunction();
  expression conjunction();
  expression negation();
  expression predicate();
  expression predicate_rest(expression left, bool negated, std::uint32_t at);
  expression list_in(expression left, std::uint32_t at);
  expression sum();
  expression product();
  expression factor();

  // parse_operands.cpp
  expression primary();
  expression number();
  expression named();
  expression call(const function_row& f, std::uint32_t at);
  expression related(aggregate what, std::uint32_t at);
  expression path();

  std::uint32_t at() const { return words_.now().at; }
  void expect(std::string_view sign, std::string_view why);
  void expect_end();
  [[noreturn]] void fail(const std::string& message) const {
    query_error(words_.source(), at(), message);
  }
  std::string found() const;

  // Parentheses and operators that open a level: the text may not exhaust the stack.
  struct level {
    explicit level(parser& of) : of_(of) {
      if (++of_.depth_ > 4 * limits{}.expression_depth) {
        throw error(error_code::limit, "the query nests deeper than " +
                                           std::to_string(limits{}.expression_depth) +
                                           " operators; use `and`, `or` and `in` side by side");
      }
    }
    ~level() { --of_.depth_; }
    level(const level&) = delete;
    parser& of_;
  };

  const model& model_;
  const entity_type* entity_;
  lexer words_;
  std::size_t depth_ = 0;
  unsigned placed_ = 0;
};

}  // namespace kith::inline v1::detail
