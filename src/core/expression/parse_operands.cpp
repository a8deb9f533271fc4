// SPDX-License-Identifier: Apache-2.0
//
// The parser: what operators stand between: numbers, texts, parameters, names with their paths,
// calls of functions, and aggregates over related records.
#include <utility>

#include "core/expression/names.hpp"
#include "core/expression/parser.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

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

}  // namespace

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
  name_walk walk(*entity_, words_.source());
  do {
    if (words_.now().what != token::kind::name) fail("expected a name, but " + found());
    walk.step(words_.now().text, at());
    words_.advance();
  } while (words_.take("."));
  return expression::path(walk.keys(), where);
}

// exists(interactions where …), sum(lines.net), sum(lines, quantity * unit_price where …)
expression parser::related(aggregate what, std::uint32_t where) {
  name_walk walk(*entity_, words_.source());
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

}  // namespace kith::inline v1::detail
