// SPDX-License-Identifier: Apache-2.0
//
// The parser: operators, from `or` that binds loosest down to a sign in front of a value.
#include "core/expression/parser.hpp"

namespace kith::inline v1::detail {
namespace {

using code = expression::code;

constexpr std::pair<std::string_view, code> comparisons[] = {
    {"=", code::equal},       {"!=", code::not_equal},     {"<>", code::not_equal},
    {"<=", code::less_equal}, {">=", code::greater_equal}, {"<", code::less},
    {">", code::greater}};

}  // namespace

expression parser::disjunction() {
  const level deeper(*this);
  expression left = conjunction();
  while (words_.is("or")) {
    const std::uint32_t where = at();
    words_.advance();
    left = expression::binary(code::or_, std::move(left), conjunction(), where);
  }
  return left;
}

expression parser::conjunction() {
  expression left = negation();
  while (words_.is("and")) {
    const std::uint32_t where = at();
    words_.advance();
    left = expression::binary(code::and_, std::move(left), negation(), where);
  }
  return left;
}

expression parser::negation() {
  const level deeper(*this);
  const std::uint32_t where = at();
  if (words_.take("not")) return expression::unary(code::not_, negation(), where);
  return predicate();
}

expression parser::predicate() {
  expression left = sum();
  const std::uint32_t where = at();
  for (const auto& [sign, what] : comparisons) {
    if (words_.take(sign)) return expression::binary(what, std::move(left), sum(), where);
  }
  if (words_.take("is")) {
    const bool negated = words_.take("not");
    if (!words_.take("null")) fail("expected `null` behind `is`, but " + found());
    expression test = expression::unary(code::is_null, std::move(left), where);
    return negated ? expression::unary(code::not_, std::move(test), where) : test;
  }
  const bool negated = words_.is("not");
  if (negated) words_.advance();
  return predicate_rest(std::move(left), negated, where);
}

expression parser::predicate_rest(expression left, bool negated, std::uint32_t where) {
  expression test;
  if (words_.take("in")) {
    test = list_in(std::move(left), where);
  } else if (words_.take("like")) {
    test = expression::binary(code::like, std::move(left), sum(), where);
  } else if (words_.take("between")) {
    expression least = sum();
    expect("and", "between the two values of `between`");
    expression again = left;
    test = expression::binary(
        code::and_,
        expression::binary(code::greater_equal, std::move(left), std::move(least), where),
        expression::binary(code::less_equal, std::move(again), sum(), where), where);
  } else {
    if (negated) fail("expected `in`, `like` or `between` behind `not`, but " + found());
    return left;
  }
  return negated ? expression::unary(code::not_, std::move(test), where) : test;
}

expression parser::list_in(expression left, std::uint32_t where) {
  expect("(", "behind `in`");
  std::vector<expression> values;
  do {
    values.push_back(sum());
  } while (words_.take(","));
  expect(")", "behind the list");
  return expression::in(std::move(left), std::move(values), where);
}

expression parser::sum() {
  expression left = product();
  while (words_.is("+") || words_.is("-") || words_.is("||")) {
    const std::uint32_t where = at();
    const code what = words_.is("+") ? code::add : words_.is("-") ? code::subtract : code::concat;
    words_.advance();
    left = expression::binary(what, std::move(left), product(), where);
  }
  return left;
}

expression parser::product() {
  expression left = factor();
  while (words_.is("*") || words_.is("/")) {
    const std::uint32_t where = at();
    const code what = words_.is("*") ? code::multiply : code::divide;
    words_.advance();
    left = expression::binary(what, std::move(left), factor(), where);
  }
  return left;
}

expression parser::factor() {
  const level deeper(*this);
  const std::uint32_t where = at();
  if (words_.take("-")) return expression::unary(code::negate, factor(), where);
  return primary();
}

}  // namespace kith::inline v1::detail
