// SPDX-License-Identifier: Apache-2.0
//
// Query text to trees: recursive descent over the grammar of docs/query-language.md. Names are
// resolved against the model while reading, so that a complaint can name near ones.
#include <algorithm>
#include <charconv>
#include <optional>

#include "core/expression/lexer.hpp"
#include "core/expression/names.hpp"
#include "kith/core/query.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {
namespace {

using namespace detail;
using code = expression::code;

constexpr std::pair<std::string_view, code> comparisons[] = {
    {"=", code::equal},       {"!=", code::not_equal},     {"<>", code::not_equal},
    {"<=", code::less_equal}, {">=", code::greater_equal}, {"<", code::less},
    {">", code::greater}};
constexpr std::pair<std::string_view, aggregate> aggregates[] = {
    {"exists", aggregate::exists}, {"count", aggregate::count}, {"sum", aggregate::sum},
    {"min", aggregate::min},       {"max", aggregate::max},     {"avg", aggregate::avg}};
struct function_row {
  std::string_view name;
  function what;
  unsigned least, most;  // operands
};
constexpr function_row functions[] = {{"today", function::today, 0, 0},
                                      {"now", function::now, 0, 0},
                                      {"coalesce", function::coalesce, 2, 8},
                                      {"round", function::round, 1, 2},
                                      {"round_even", function::round_even, 1, 2},
                                      {"abs", function::abs, 1, 1},
                                      {"length", function::length, 1, 1},
                                      {"year", function::year, 1, 1},
                                      {"month", function::month, 1, 1},
                                      {"day", function::day, 1, 1},
                                      {"date", function::date, 1, 1}};
constexpr std::string_view keywords[] = {"and", "or",   "not",   "in",    "between", "like",
                                         "is",  "null", "true",  "false", "order",   "by",
                                         "asc", "desc", "limit", "where"};

template <class Table>
auto find_word(const Table& table, std::string_view word) {
  return std::find_if(std::begin(table), std::end(table),
                      [&](const auto& row) { return same_word(row.first, word); });
}

class parser {
 public:
  parser(const model& of, const entity_type& entity, std::string_view text)
      : model_(of), entity_(&entity), words_(text) {}

  query_spec query();
  expression whole_expression();
  measure whole_measure(std::string_view name);

 private:
  expression disjunction();
  expression conjunction();
  expression negation();
  expression predicate();
  expression predicate_rest(expression left, bool negated, std::uint32_t at);
  expression sum();
  expression product();
  expression factor();
  expression primary();
  expression number();
  expression named();
  expression call(const function_row& f, std::uint32_t at);
  expression related(aggregate what, std::uint32_t at);
  expression path();
  expression list_in(expression left, std::uint32_t at);
  std::vector<order_key> order();

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

std::string parser::found() const {
  const token& t = words_.now();
  if (t.what == token::kind::end) return "the query ends";
  if (t.what == token::kind::text) return "there is '" + shortened(t.text, 30) + "'";
  return "there is `" + shortened(t.text, 30) + "`";
}

void parser::expect(std::string_view sign, std::string_view why) {
  if (!words_.take(sign)) {
    fail("expected `" + std::string(sign) + "` " + std::string(why) + ", but " + found());
  }
}

void parser::expect_end() {
  if (words_.now().what == token::kind::end) return;
  std::string hint = did_you_mean(words_.now().text, keywords);
  fail("expected `and`, `or`, `order by`, `limit` or the end, but " + found() +
       (hint.empty() ? "" : "; " + hint));
}

query_spec parser::query() {
  query_spec spec;
  spec.entity = entity_;
  const bool has_condition = words_.now().what != token::kind::end && !words_.is("limit") &&
                             !(words_.is("order") && same_word(words_.peek().text, "by"));
  if (has_condition) spec.where = disjunction();
  if (words_.is("order")) spec.order = order();
  if (words_.take("limit")) {
    const token t = words_.now();
    const auto read = std::from_chars(t.text.data(), t.text.data() + t.text.size(), spec.limit);
    if (t.what != token::kind::number || read.ec != std::errc{} ||
        read.ptr != t.text.data() + t.text.size() || spec.limit == 0) {
      fail("expected a whole number behind `limit`, but " + found());
    }
    words_.advance();
  }
  expect_end();
  return spec;
}

std::vector<order_key> parser::order() {
  words_.advance();
  expect("by", "behind `order`");
  std::vector<order_key> keys;
  do {
    order_key key{sum(), false};
    if (words_.take("desc")) {
      key.descending = true;
    } else {
      words_.take("asc");
    }
    keys.push_back(std::move(key));
  } while (words_.take(","));
  return keys;
}

expression parser::whole_expression() {
  expression e = disjunction();
  expect_end();
  return e;
}

measure parser::whole_measure(std::string_view name) {
  measure m;
  m.name = name;
  const auto what = find_word(aggregates, words_.now().text);
  if (words_.now().what != token::kind::name || what == std::end(aggregates)) {
    fail("expected count, sum, min, max or avg, but " + found());
  }
  m.what = what->second;
  words_.advance();
  expect("(", "behind the measure");
  if (!words_.is(")") && !words_.is("where")) m.of = sum();
  if (words_.take("where")) m.where = disjunction();
  expect(")", "behind the measure");
  expect_end();
  if (m.of.empty() && m.what != aggregate::count) {
    query_error(words_.source(), 0, "say what to compute, such as sum(amount)");
  }
  return m;
}

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

expression parser::primary() {
  const token t = words_.now();
  switch (t.what) {
    case token::kind::number: return number();
    case token::kind::text:
      words_.advance();
      return expression::literal(value(unquoted(t.text)), t.at);
    case token::kind::placed:
      words_.advance();
      return expression::parameter(std::to_string(placed_++), t.at);
    case token::kind::named:
      words_.advance();
      return expression::parameter(std::string(t.text), t.at);
    case token::kind::name: return named();
    default: break;
  }
  if (!words_.take("(")) fail("expected a value, a name or `(`, but " + found());
  expression inner = disjunction();
  expect(")", "behind the expression in parentheses");
  return inner;
}

// 1000, 9.99, 1000 EUR, 30d, 2h.
expression parser::number() {
  const token digits = words_.now();
  words_.advance();
  const auto amount = decimal::parse(digits.text);
  if (!amount) query_error(words_.source(), digits.at, "the number has too many digits");
  const token unit = words_.now();
  if (unit.what == token::kind::name) {
    if (const auto currency = currency_code::parse(unit.text)) {
      words_.advance();
      return expression::literal(value(money(*amount, *currency)), digits.at);
    }
    if (unit.at == digits.at + digits.text.size()) {
      const auto length = duration::parse(std::string(digits.text) + std::string(unit.text));
      if (!length) {
        fail("expected a unit such as d, h, min or a currency such as EUR, but " + found());
      }
      words_.advance();
      return expression::literal(value(*length), digits.at);
    }
  }
  const bool whole = amount->scale() == 0;
  return expression::literal(whole ? value(amount->units()) : value(*amount), digits.at);
}

expression parser::named() {
  const token t = words_.now();
  const bool called = words_.peek().text == "(" && words_.peek().what == token::kind::sign;
  if (called) {
    const auto what = find_word(aggregates, t.text);
    const auto f = std::find_if(std::begin(functions), std::end(functions),
                                [&](const function_row& r) { return same_word(r.name, t.text); });
    if (what == std::end(aggregates) && f == std::end(functions)) {
      std::vector<std::string_view> names;
      for (const auto& row : aggregates) names.push_back(row.first);
      for (const auto& row : functions) names.push_back(row.name);
      const std::string hint = did_you_mean(t.text, names);
      fail("there is no function `" + shortened(t.text, 30) + "`" +
           (hint.empty() ? "" : "; " + hint));
    }
    words_.advance();
    words_.advance();
    return what != std::end(aggregates) ? related(what->second, t.at) : call(*f, t.at);
  }
  for (const auto& [word, v] : {std::pair{"true", value(true)}, std::pair{"false", value(false)},
                                std::pair{"null", value()}}) {
    if (words_.take(word)) return expression::literal(v, t.at);
  }
  return path();
}

expression parser::call(const function_row& f, std::uint32_t where) {
  std::vector<expression> operands;
  if (!words_.is(")")) {
    do {
      operands.push_back(sum());
    } while (words_.take(","));
  }
  expect(")", "behind the operands of " + std::string(f.name));
  if (operands.size() < f.least || operands.size() > f.most) {
    query_error(
        words_.source(), where,
        std::string(f.name) + " takes " +
            (f.least == f.most ? std::to_string(f.least)
                               : std::to_string(f.least) + " to " + std::to_string(f.most)) +
            " operands, not " + std::to_string(operands.size()));
  }
  return expression::call(f.what, std::move(operands), where);
}

expression parser::path() {
  const std::uint32_t where = at();
  name_walk walk(model_, *entity_, words_.source());
  do {
    if (words_.now().what != token::kind::name) fail("expected a name, but " + found());
    walk.step(words_.now().text, at());
    words_.advance();
  } while (words_.take("."));
  return expression::path(walk.keys(), where);
}

// exists(interactions where …), sum(lines.net), sum(lines, quantity * unit_price where …)
expression parser::related(aggregate what, std::uint32_t where) {
  name_walk walk(model_, *entity_, words_.source());
  const relation_type* relation = nullptr;
  bool more = true;
  while (relation == nullptr && more) {
    if (words_.now().what != token::kind::name)
      fail("expected the name of a relation, but " + found());
    relation = walk.relation_step(words_.now().text, at());
    words_.advance();
    more = words_.take(".");
  }
  if (relation == nullptr) {
    query_error(
        words_.source(), where,
        "an aggregate inside a condition is over related records, such as " + walk.relation_hint());
  }
  const entity_type* const outer = std::exchange(entity_, relation->child);
  expression of;
  if (more) {
    of = path();
  } else if (words_.take(",")) {
    of = sum();
  }
  expression filter;
  if (words_.take("where")) filter = disjunction();
  entity_ = outer;
  expect(")", "behind the aggregate");
  const bool needs_value = what != aggregate::exists && what != aggregate::count;
  if (needs_value == of.empty()) {
    query_error(words_.source(), where,
                needs_value ? "say what to compute, such as sum(lines.net)"
                            : "exists and count take a relation only");
  }
  return expression::related(what, walk.keys(),
                             {0, walk.entity().number, std::string(relation->def->name)},
                             std::move(of), std::move(filter), where);
}

}  // namespace

query_spec parse_query(const model& of, const entity_type& entity, std::string_view text) {
  return parser(of, entity, text).query();
}

expression parse_expression(const model& of, const entity_type& entity, std::string_view text) {
  return parser(of, entity, text).whole_expression();
}

measure parse_measure(const model& of, const entity_type& entity, std::string_view name,
                      std::string_view text) {
  return parser(of, entity, text).whole_measure(name);
}

}  // namespace kith::inline v1
