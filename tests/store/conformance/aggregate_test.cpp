// SPDX-License-Identifier: Apache-2.0
//
// Aggregates: taken whole and right, or not at all.
#include <algorithm>
#include <optional>

#include "scan_suite.hpp"

namespace kith::conformance {
namespace {

__extension__ typedef __int128 int128;
using group_rows = std::vector<std::vector<naive::value>>;

bool before(const std::vector<naive::value>& a, const std::vector<naive::value>& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const int order = naive::compare(a[i], b[i]);
    if (order != 0) return order < 0;
  }
  return a.size() < b.size();
}

std::string shown(const group_rows& groups) {
  std::string text;
  for (const auto& g : groups) {
    for (const naive::value& v : g) {
      if (const auto* n = std::get_if<std::int64_t>(&v)) text += std::to_string(*n);
      if (const auto* x = std::get_if<double>(&v)) text += std::to_string(*x + 0.0) + "r";
      if (const auto* t = std::get_if<std::string>(&v)) text += "'" + *t + "'";
      if (const auto* b = std::get_if<naive::bytes>(&v)) text += "\"" + b->all + "\"";
      text += naive::is_null(v) ? "null | " : " | ";
    }
    text += "\n";
  }
  return text;
}

class aggregates : public scan_suite {
 protected:
  using measure = aggregate_request::measure;

  struct question {
    std::vector<program> conditions;
    std::vector<program> groups;
    std::vector<measure> measures;
    lifecycle of = lifecycle::live;
  };

  static measure rows_counted() { return {aggregate::count, {}}; }
  template <class Field>
  measure of(aggregate what, const Field& field) const {
    return {what, cell_of(field)};
  }

  // The answer in some fixed order, or nothing when the store did not take the question.
  std::optional<group_rows> ask(connection& through, const question& q) {
    std::vector<storage> types;
    for (const program& g : q.groups) types.push_back(g.code.front().type);
    aggregate_request request;
    request.entity = &samples();
    request.rows = q.of;
    request.conditions = q.conditions;
    request.groups = q.groups;
    request.group_types = types;
    request.measures = q.measures;
    group_rows answer;
    const bool did = through.aggregate(request, [&](std::span<const cell> cells) {
      EXPECT_EQ(cells.size(), q.groups.size() + q.measures.size());
      auto& group = answer.emplace_back();
      for (const cell& c : cells) group.push_back(naive::value_of(c));
    });
    if (!can().aggregates) {
      EXPECT_FALSE(did);
    }
    if (!did) {
      EXPECT_TRUE(answer.empty()) << "not taken, and yet delivered";
    }
    if (!did) return {};
    std::sort(answer.begin(), answer.end(), before);
    return answer;
  }

  naive::value measured(const measure& m, const std::vector<const naive::record*>& group) {
    if (m.of.empty()) return static_cast<std::int64_t>(group.size());
    std::int64_t count = 0;
    naive::value best;
    int128 whole = 0;
    double real = 0;
    for (const naive::record* r : group) {
      const naive::value v = world.run(m.of, *r);
      if (naive::is_null(v)) continue;
      const bool first = count++ == 0;
      const int order = first ? 0 : naive::compare(v, best);
      if (first || (m.what == aggregate::min ? order < 0 : order > 0)) best = v;
      if (const auto* n = std::get_if<std::int64_t>(&v)) whole += *n;
      if (const auto* x = std::get_if<double>(&v)) real += *x;  // in the order of the ids
    }
    if (m.what == aggregate::count) return count;
    if (m.what != aggregate::sum || count == 0) return best;
    if (best.index() == 2) return real;
    overflow = overflow || whole > INT64_MAX || whole < INT64_MIN;
    return static_cast<std::int64_t>(whole);
  }
  group_rows expected(const question& q) {
    overflow = false;
    std::map<std::vector<naive::value>, std::vector<const naive::record*>, decltype(&before)>
        groups(&before);
    for (const std::int64_t id : world.ids(samples(), q.of, q.conditions)) {
      const naive::record& r = world.of(samples()).at(id);
      std::vector<naive::value> key;
      for (const program& g : q.groups) key.push_back(world.run(g, r));
      groups[key].push_back(&r);
    }
    group_rows all;
    for (const auto& [key, members] : groups) {
      auto& row = all.emplace_back(key);
      for (const measure& m : q.measures) row.push_back(measured(m, members));
    }
    return all;
  }

  // A sum that does not fit must not be taken; nothing else is wrong but a wrong answer.
  void expect_answer(const question& q, connection& through) {
    const group_rows want = expected(q);
    const std::optional<group_rows> have = ask(through, q);
    if (overflow) {
      EXPECT_FALSE(have) << "the sum does not fit";
    }
    if (!have) return;
    ++taken;
    const bool nothing = want.empty() && q.groups.empty();
    if (nothing && have->size() == 1) {  // one group of nothing is as good as none
      for (std::size_t i = 0; i < q.measures.size(); ++i) {
        const bool counts = q.measures[i].what == aggregate::count;
        EXPECT_EQ(naive::compare((*have)[0][i], counts ? std::int64_t{0} : naive::value()), 0);
      }
      return;
    }
    EXPECT_EQ(shown(*have), shown(want));
  }
  void expect_answer(const question& q) { expect_answer(q, *rows); }
  void expect_some_were_taken() {
    if (can().aggregates) {
      EXPECT_GT(taken, 0) << "declared, but never done";
    }
  }

  bool overflow = false;
  int taken = 0;
};
INSTANTIATE_TEST_SUITE_P(stores, aggregates, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(aggregates, over_all_rows) {
  for (const lifecycle each : {lifecycle::live, lifecycle::deleted, lifecycle::all}) {
    expect_answer({{}, {}, {rows_counted()}, each});
    expect_answer(
        {{}, {}, {of(aggregate::count, sample::lot), of(aggregate::sum, sample::lot)}, each});
    for (const slot_number s : every_slot) {
      expect_answer({{}, {}, {{aggregate::count, cell_of(s)}}, each});
      expect_answer({{}, {}, {{aggregate::min, cell_of(s)}, {aggregate::max, cell_of(s)}}, each});
    }
  }
  expect_some_were_taken();
}

TEST_P(aggregates, by_one_and_two_groups_with_nulls) {
  const slot_number currency = static_cast<slot_number>(sample::price.slot() + 1);
  const std::vector<measure> all{rows_counted(), of(aggregate::count, sample::whole),
                                 of(aggregate::sum, sample::lot), of(aggregate::min, sample::exact),
                                 of(aggregate::max, sample::whole)};
  for (const lifecycle each : {lifecycle::live, lifecycle::all}) {
    for (const slot_number s : every_slot) expect_answer({{}, {cell_of(s)}, all, each});
    expect_answer({{}, {cell_of(sample::lot), cell_of(currency)}, all, each});
    expect_answer({{}, {cell_of(currency), cell_of(sample::home)}, all, each});
  }
  const program chosen = call(op::coalesce, {cell_of(sample::lot), constant(2)});
  expect_answer({{}, {chosen}, all});
  expect_some_were_taken();
}

TEST_P(aggregates, of_groups_alone_list_them) {
  expect_answer({{}, {cell_of(sample::lot)}, {}});
  expect_answer({{}, {cell_of(sample::lot), cell_of(sample::exact)}, {}, lifecycle::all});
}

TEST_P(aggregates, with_conditions) {
  for (const std::string_view text :
       {"whole > 1", "lot = 1 and exact like '%a%'", "price >= 0 EUR", "words is null", "lot = 77",
        "not (lot = 1 or whole is null)"}) {
    SCOPED_TRACE(std::string(text));
    const std::vector<program> bound = conditions(*model, samples(), text);
    expect_answer({bound, {}, {rows_counted(), of(aggregate::sum, sample::lot)}});
    expect_answer(
        {bound, {cell_of(sample::lot)}, {rows_counted(), of(aggregate::max, sample::lot)}});
  }
  expect_some_were_taken();
}

TEST_P(aggregates, of_chosen_values) {
  const program euro = call(
      op::equal, {cell_of(static_cast<slot_number>(sample::price.slot() + 1)), constant("EUR")});
  const program small = call(op::less, {cell_of(sample::price), constant(1000)});
  const program chosen = call(op::only_if, {call(op::and_, {euro, small}), cell_of(sample::price)});
  expect_answer({{}, {}, {{aggregate::count, chosen}, {aggregate::sum, chosen}}});
  expect_answer({{}, {cell_of(sample::lot)}, {{aggregate::sum, chosen}, {aggregate::min, chosen}}});
  expect_answer(
      {{}, {cell_of(sample::lot)}, {{aggregate::count, call(op::only_if, {euro, constant(1)})}}});
}

TEST_P(aggregates, of_nothing_count_zero) {
  const program never = constant(0);
  expect_answer(
      {{never},
       {},
       {rows_counted(), of(aggregate::sum, sample::lot), of(aggregate::min, sample::exact)}});
  expect_answer({{never}, {cell_of(sample::lot)}, {rows_counted()}});
}

TEST_P(aggregates, whose_sum_does_not_fit_are_the_cores) {
  expect_answer({{}, {}, {of(aggregate::sum, sample::whole)}, lifecycle::all});
  rows->begin(access::write);
  for (const std::int64_t id : {1001, 1002}) {
    world.add(
        samples(),
        *version(samples(), id).set(sample::whole, INT64_MAX).set(sample::lot, 9).write(*rows));
  }
  const question all{{}, {}, {of(aggregate::sum, sample::whole)}};
  const question grouped{
      {}, {cell_of(sample::lot)}, {rows_counted(), of(aggregate::sum, sample::whole)}};
  expect_answer(all);
  expect_answer(grouped);
  EXPECT_TRUE(overflow);
  // Once more with what fits, on the same connection.
  expect_answer({{}, {}, {of(aggregate::sum, sample::lot), of(aggregate::max, sample::whole)}});
  rows->commit();
}

TEST_P(aggregates, that_fit_only_at_the_end_may_be_either) {
  rows->begin(access::write);
  const std::vector<program> only = {call(op::greater, {cell_of(id_slot), constant(1000)})};
  std::int64_t id = 1000;
  for (const std::int64_t n : {INT64_MAX, std::int64_t{5}, std::int64_t{-10}}) {
    world.add(samples(), *version(samples(), ++id).set(sample::whole, n).write(*rows));
  }
  expect_answer({only, {}, {of(aggregate::sum, sample::whole)}});
  EXPECT_FALSE(overflow);
  rows->rollback();
}

TEST_P(aggregates, of_real_numbers_add_in_the_order_of_ids) {
  transaction(*rows, [&] {
    std::int64_t id = 1000;
    for (const double x : {1e16, 1.0, -1e16, 1.0}) {
      version v(samples(), ++id);
      world.add(samples(), *v.set(sample::ratio, x).set(sample::lot, 50).write(*rows));
    }
  });
  const std::vector<program> only = {call(op::equal, {cell_of(sample::lot), constant(50)})};
  expect_answer({only, {}, {of(aggregate::sum, sample::ratio)}});
}

TEST_P(aggregates, of_other_kinds_are_the_cores) {
  for (const aggregate what : {aggregate::exists, aggregate::avg}) {
    EXPECT_FALSE(ask(*rows, {{}, {}, {of(what, sample::lot)}}));
    EXPECT_FALSE(ask(*rows, {{}, {}, {rows_counted(), of(what, sample::lot)}}));
  }
}

TEST_P(aggregates, with_an_unknown_operation_are_the_cores) {
  program strange = call(op::equal, {cell_of(sample::whole), constant(7)});
  strange.code.back().code = static_cast<op>(9999);
  EXPECT_FALSE(ask(*rows, {{strange}, {}, {rows_counted()}}));
  EXPECT_FALSE(ask(*rows, {{}, {strange}, {rows_counted()}}));
  EXPECT_FALSE(ask(*rows, {{}, {}, {rows_counted(), {aggregate::sum, strange}}}));
  expect_answer({{}, {}, {rows_counted()}});
}

TEST_P(aggregates, over_paths_are_right_where_they_are_taken) {
  const program rank = order(*model, samples(), "home.rank")[0].key;
  const std::vector<program> bound = conditions(*model, samples(), "home.rank > 0");
  for (const question& q : {question{{}, {rank}, {rows_counted()}},
                            question{bound, {cell_of(sample::lot)}, {rows_counted()}},
                            question{{}, {}, {{aggregate::sum, rank}}}}) {
    if (can().paths) {
      expect_answer(q);
    } else {
      EXPECT_FALSE(ask(*rows, q));
    }
  }
}

TEST_P(aggregates, see_the_writes_of_their_transaction) {
  const question q{{}, {cell_of(sample::lot)}, {rows_counted(), of(aggregate::sum, sample::lot)}};
  rows->begin(access::write);
  world.add(samples(), *version(samples(), 1001).set(sample::lot, 3).write(*rows));
  rows->erase(samples(), {1});
  world.erase(samples(), 1);
  expect_answer(q);
  rows->commit();
  expect_answer(q);
  const auto other = connect();
  other->begin(access::read);
  expect_answer(q, *other);
  if (can().parallel_reads) {
    transaction(*rows, [&] { rows->erase(samples(), {2}); });
    expect_answer(q, *other);  // its own instant
  }
  other->commit();
}

TEST_P(aggregates, let_errors_of_the_sink_through) {
  aggregate_request request;
  const measure count = rows_counted();
  request.entity = &samples();
  request.measures = {&count, 1};
  const auto refuse = [](std::span<const cell>) { throw error(error_code::interrupted, "enough"); };
  const std::string result = outcome([&] { rows->aggregate(request, refuse); });
  EXPECT_TRUE(result == "interrupted" ||
              (result == "done" && taken == 0 && !ask(*rows, {{}, {}, {count}})))
      << result;
  expect_answer({{}, {}, {rows_counted()}});
}

}  // namespace
}  // namespace kith::conformance
