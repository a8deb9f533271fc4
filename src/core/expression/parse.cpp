// SPDX-License-Identifier: Apache-2.0
//
// The parser: whole texts. Conditions with their order and limit, expressions, measures; and how a
// complaint says what was found instead.
#include <charconv>

#include "core/expression/parser.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {
namespace detail {
namespace {

constexpr std::string_view keywords[] = {"and", "or",   "not",   "in",    "between", "like",
                                         "is",  "null", "true",  "false", "order",   "by",
                                         "asc", "desc", "limit", "where"};

}  // namespace

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
  measure m = one_measure();
  m.name = name;
  expect_end();
  return m;
}

std::vector<measure> parser::whole_measures() {
  std::vector<measure> all;
  do {
    measure m = one_measure();
    expect("as", "behind the measure, and its name");
    if (words_.now().what != token::kind::name) fail("expected a name, but " + found());
    m.name = words_.now().text;
    words_.advance();
    all.push_back(std::move(m));
  } while (words_.take(","));
  expect_end();
  return all;
}

measure parser::one_measure() {
  measure m;
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
  if (m.of.empty() && m.what != aggregate::count) {
    query_error(words_.source(), 0, "say what to compute, such as sum(amount)");
  }
  return m;
}

}  // namespace detail

query_spec parse_query(const model& of, const entity_type& entity, std::string_view text) {
  return detail::parser(of, entity, text).query();
}

expression parse_expression(const model& of, const entity_type& entity, std::string_view text) {
  return detail::parser(of, entity, text).whole_expression();
}

measure parse_measure(const model& of, const entity_type& entity, std::string_view name,
                      std::string_view text) {
  return detail::parser(of, entity, text).whole_measure(name);
}

}  // namespace kith::inline v1
