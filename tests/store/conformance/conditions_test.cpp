// SPDX-License-Identifier: Apache-2.0
//
// Conditions: whatever a store takes it evaluates as the naive interpreter does, nulls, code points
// and unlike numbers included; whatever it does not know it leaves alone.
#include <algorithm>
#include <random>

#include "scan_suite.hpp"

namespace kith::conformance {
namespace {

class conditions_of_scans : public scan_suite {
 protected:
  void expect_text(std::string_view text, lifecycle of = lifecycle::live) {
    const std::vector<program> bound = conditions(*model, samples(), text);
    scan_request request = scan_of(samples(), of);
    request.conditions = bound;
    SCOPED_TRACE(std::string(text));
    expect_scan(request);
  }
  void expect_some_were_taken() {
    if (can().conditions) {
      EXPECT_GT(taken_conditions, 0u) << "declared, but never done";
    }
  }
};
INSTANTIATE_TEST_SUITE_P(stores, conditions_of_scans, ::testing::ValuesIn(backends()),
                         name_of_backend);

constexpr op comparisons[] = {op::equal,      op::not_equal, op::less,
                              op::less_equal, op::greater,   op::greater_equal};

TEST_P(conditions_of_scans, compare_every_column_with_its_values_and_null) {
  const auto values = sample_values(samples());
  for (slot_number slot = 0; slot < samples().columns.size(); ++slot) {
    for (const op what : comparisons) {
      for (const owned_cell& v : values[slot]) {
        expect_condition(call(what, {cell_of(slot), constant(v.view())}));
      }
    }
  }
  expect_some_were_taken();
}

TEST_P(conditions_of_scans, compare_whole_and_real_numbers_by_value) {
  for (const op what : comparisons) {
    for (const double x : {0.5, -0.0, 7.0, -5.5, 9007199254740992.0, 9.3e18, -9.3e18, 1e300}) {
      expect_condition(call(what, {cell_of(sample::whole), constant(cell::real(x))}));
    }
    for (const std::int64_t n : {std::int64_t{0}, std::int64_t{7}, std::int64_t{-2},
                                 (std::int64_t{1} << 53) + 1, INT64_MAX, INT64_MIN}) {
      expect_condition(call(what, {cell_of(sample::ratio), constant(n)}));
    }
    expect_condition(call(what, {cell_of(sample::whole), cell_of(sample::ratio)}));
    expect_condition(call(what, {cell_of(sample::ratio), cell_of(sample::lot)}));
  }
}

TEST_P(conditions_of_scans, compare_columns_with_columns) {
  for (const op what : comparisons) {
    expect_condition(call(what, {cell_of(sample::whole), cell_of(sample::lot)}));
    expect_condition(call(what, {cell_of(sample::exact), cell_of(sample::words)}));
    expect_condition(call(what, {cell_of(sample::whole), cell_of(sample::whole)}));
    expect_condition(call(what, {constant(5), cell_of(sample::whole)}));
    expect_condition(call(what, {constant(cell::null()), cell_of(sample::whole)}));
    expect_condition(call(what, {constant(5), constant(6)}));
  }
}

TEST_P(conditions_of_scans, compare_system_cells) {
  for (const lifecycle of : {lifecycle::live, lifecycle::deleted, lifecycle::all}) {
    const auto& all = world.of(samples());
    for (const std::int64_t id : {5, 10, 11}) {
      const system_cells& s = all.at(id).system;
      for (const op what : comparisons) {
        expect_condition(call(what, {cell_of(id_slot), constant(id)}), of);
        expect_condition(call(what, {cell_of(revision_slot), constant(s.revision)}), of);
        expect_condition(call(what, {cell_of(created_slot), constant(s.created)}), of);
        expect_condition(call(what, {cell_of(deleted_slot), constant(s.deleted)}), of);
        expect_condition(call(what, {cell_of(merged_slot), constant(id + 1)}), of);
      }
    }
    for (const slot_number s : {id_slot, revision_slot, created_slot, deleted_slot, merged_slot}) {
      expect_condition(call(op::is_null, {cell_of(s)}), of);
    }
  }
}

TEST_P(conditions_of_scans, are_true_only_for_numbers_other_than_zero) {
  for (const program& p : {cell_of(sample::lot), cell_of(sample::whole), constant(1), constant(0),
                           constant(-3), constant(cell::null())}) {
    expect_condition(p);
    expect_condition(call(op::not_, {p}));
    expect_condition(call(op::not_, {call(op::not_, {p})}));
    expect_condition(call(op::is_null, {p}));
    expect_condition(call(op::not_, {call(op::is_null, {p})}));
  }
}

TEST_P(conditions_of_scans, know_three_truths) {
  const program truths[] = {constant(1), constant(0), constant(cell::null()),
                            call(op::greater, {cell_of(sample::whole), constant(3)}),
                            call(op::less, {cell_of(sample::ratio), constant(1)})};
  for (const op what : {op::and_, op::or_}) {
    for (const program& a : truths) {
      for (const program& b : truths) {
        expect_condition(call(what, {a, b}));
        expect_condition(call(op::not_, {call(what, {a, b})}));
        expect_condition(call(op::is_null, {call(what, {a, b, truths[3]})}));
      }
    }
  }
}

TEST_P(conditions_of_scans, find_in_lists_with_and_without_null) {
  const program null = constant(cell::null());
  const std::vector<program> lists[] = {
      {cell_of(sample::whole), constant(7)},
      {cell_of(sample::whole), constant(7), constant(-5), constant(INT64_MIN)},
      {cell_of(sample::whole), constant(7), null},
      {cell_of(sample::whole), null},
      {cell_of(sample::whole), constant(cell::real(7.0)), constant(cell::real(0.5))},
      {cell_of(sample::whole), cell_of(sample::lot), constant(100)},
      {cell_of(sample::ratio), constant(7), constant(cell::real(-0.0)), null},
      {cell_of(sample::exact), constant("a"), constant("Омск"), constant("")},
      {cell_of(sample::exact), constant("a"), null, constant("z'z")},
      {cell_of(sample::bytes), constant(cell::blob("abc")), constant(cell::blob(""))},
      {null, constant(1), constant(2)},
      {constant(1), cell_of(sample::lot), cell_of(sample::whole)},
  };
  for (const std::vector<program>& list : lists) {
    expect_condition(call(op::in_list, list));
    expect_condition(call(op::not_, {call(op::in_list, list)}));
    expect_condition(call(op::is_null, {call(op::in_list, list)}));
  }
  std::vector<program> many{cell_of(sample::whole)};
  for (int n = 0; n < 300; ++n) many.push_back(constant(n * 7));
  expect_condition(call(op::in_list, many));
}

TEST_P(conditions_of_scans, match_patterns_by_code_points) {
  for (const std::string_view pattern :
       {"",           "%",      "%%",     "_",      "__",   "___",     "a",     "A",
        "a%",         "A%",     "%b",     "%B",     "a_b",  "a%b",     "a\\%b", "a\\_b",
        "a\\\\b",     "\\a",    "100\\%", "Омск",   "омск", "О%",      "%с_",   "____",
        "\U0001F600", "\u00e9", "e_",     "\uffff", "z'z",  "%'%",     "%a%b%", "_%_",
        "a\\",        "[a]",    "*",      "?",      "#",    "%e\u0301"}) {
    for (const slot_number slot : {sample::exact.slot(), sample::words.slot(),
                                   static_cast<slot_number>(sample::words.slot() + 1)}) {
      const program matches = call(op::like, {cell_of(slot), constant(pattern)});
      expect_condition(matches);
      expect_condition(call(op::not_, {matches}));
    }
  }
  expect_condition(call(op::like, {cell_of(sample::exact), constant(cell::null())}));
  expect_condition(call(op::like, {constant("a%b"), cell_of(sample::exact)}));
  const std::string hard = "%a%a%a%a%a%a%a%b";
  expect_condition(call(op::like, {cell_of(sample::exact), constant(hard)}));
}

TEST_P(conditions_of_scans, choose_values) {
  const program euro = call(
      op::equal, {cell_of(static_cast<slot_number>(sample::price.slot() + 1)), constant("EUR")});
  for (const op what : comparisons) {
    expect_condition(
        call(op::only_if, {euro, call(what, {cell_of(sample::price), constant(100)})}));
    expect_condition(
        call(op::not_,
             {call(op::only_if, {euro, call(what, {cell_of(sample::price), constant(100)})})}));
    expect_condition(call(what, {call(op::only_if, {euro, cell_of(sample::whole)}), constant(7)}));
    const program chosen =
        call(op::coalesce, {cell_of(sample::whole), cell_of(sample::lot), constant(2)});
    expect_condition(call(what, {chosen, constant(2)}));
    const program text = call(op::coalesce, {cell_of(sample::words), constant("")});
    expect_condition(call(what, {text, constant("a")}));
  }
  expect_condition(call(op::coalesce, {cell_of(sample::lot), constant(cell::null())}));
}

TEST_P(conditions_of_scans, bound_from_text_mean_what_the_text_says) {
  for (const std::string_view text : {"whole = 7",
                                      "whole > 5 and ratio < 1",
                                      "not whole > 5",
                                      "whole between 0 and 7",
                                      "exact = 'a'",
                                      "exact >= 'b' or exact is null",
                                      "words = 'ЁЛКА'",
                                      "words like 'ёл%'",
                                      "words > 'е' and words < 'ж'",
                                      "not (words like '%A%' or lot = 1)",
                                      "words in ('елка', 'жук', 'Apple')",
                                      "price = 100 EUR",
                                      "price != 100 EUR",
                                      "price >= 0 EUR",
                                      "not price > 0 EUR",
                                      "price is null",
                                      "price is not null",
                                      "lot in (1, 2) and exact like '%a%' and whole is not null",
                                      "home is null",
                                      "home = 1003",
                                      "ratio = 7",
                                      "ratio >= 0.5",
                                      "whole = ratio",
                                      "coalesce(lot, 0) = 0",
                                      "deleted",
                                      "not deleted",
                                      "lot = 1 or lot = 2 or lot is null"}) {
    for (const lifecycle of : {lifecycle::live, lifecycle::deleted, lifecycle::all}) {
      expect_text(text, of);
    }
  }
  expect_some_were_taken();
}

// The operations of the second group may be left to the core; who takes them calculates as it does.
TEST_P(conditions_of_scans, that_calculate_mean_the_same_as_plain_ones) {
  const std::pair<std::string_view, std::string_view> twins[] = {
      {"whole + 1 > 7", "whole > 6"},
      {"whole * 2 = 14", "whole = 7"},
      {"whole - 7 = 0", "whole = 7"},
      {"whole / 2 = 3.5", "whole = 7"},
      {"-whole = 5", "whole = -5"},
      {"abs(whole) = 5", "whole in (5, -5)"},
      {"whole + whole > 9223372036854775807", "whole > 4611686018427387903"},
      {"length(exact) = 2", "exact like '__'"},
      {"ratio * 2 = 10", "ratio = 5"},
      {"coalesce(words, 'x') = 'X'", "words = 'x' or words is null"},
  };
  for (const auto& [text, plain] : twins) {
    const std::vector<program> calculating = conditions(*model, samples(), text);
    const std::vector<program> simple = conditions(*model, samples(), plain);
    scan_request request = scan_of(samples());
    request.conditions = calculating;
    request.slots = every_slot;
    const auto cursor = rows->scan(request);
    if (!can().conditions) {
      EXPECT_EQ(cursor->taken(), 0u);
    }
    EXPECT_EQ(remaining(request, *cursor), world.ids(samples(), lifecycle::live, simple)) << text;
  }
}

TEST_P(conditions_of_scans, with_an_unknown_operation_are_left_to_the_core) {
  program strange = call(op::equal, {cell_of(sample::whole), constant(7)});
  strange.code.back().code = static_cast<op>(9999);
  const program known = call(op::equal, {cell_of(sample::lot), constant(1)});
  const program both[] = {strange, known, call(op::and_, {strange, known})};
  scan_request request = scan_of(samples());
  request.conditions = both;
  request.slots = every_slot;
  request.limit = 2;
  const auto cursor = rows->scan(request);
  EXPECT_EQ(cursor->taken() & 0b101, 0u);
  std::vector<std::int64_t> found;
  residual rest(*rows, *model);
  scan_request only_known = scan_of(samples());
  only_known.conditions = {&known, 1};
  while (const row_ptr r = cursor->next()) {
    if (rest.passes(only_known, cursor->taken() >> 1, *r)) {
      found.push_back(r->id().value);
    }
  }
  EXPECT_EQ(found, world.ids(samples(), lifecycle::live, {&known, 1})) << "no limit either";
}

TEST_P(conditions_of_scans, beyond_the_64th_are_the_cores) {
  std::vector<program> many;
  for (int n = 0; n < 70; ++n) {
    many.push_back(call(op::not_equal, {cell_of(id_slot), constant(n < 64 ? 1000 + n : n - 63)}));
  }
  scan_request request = scan_of(samples());
  for (const std::size_t count : {std::size_t{63}, std::size_t{64}, std::size_t{65}, many.size()}) {
    request.conditions = std::span(many).first(count);
    request.limit = 0;
    expect_scan(request);
    request.limit = 3;  // does not count where the core still has conditions
    expect_scan(request);
  }
}

// --------------------------------------------------------------------------------------- at random

class condition_maker {
 public:
  condition_maker(const entity_type& samples, unsigned seed)
      : samples_(samples), values_(sample_values(samples)), random_(seed) {}

  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }

  program condition(int depth) {
    const std::uint32_t what = depth == 0 ? below(4) : below(8);
    switch (what) {
      case 0: return call(op::is_null, {load(samples_, any_slot())});
      case 1: {
        const slot_number texts[] = {sample::exact.slot(), sample::words.slot()};
        constexpr std::string_view patterns[] = {"%a%", "a_b", "%\\%%", "О%", "__"};
        return call(op::like, {load(samples_, texts[below(2)]), constant(patterns[below(5)])});
      }
      case 2:
      case 3: return comparison();
      case 4: return call(op::not_, {condition(depth - 1)});
      case 5: return call(op::only_if, {condition(depth - 1), condition(depth - 1)});
      default:
        return call(what == 6 ? op::and_ : op::or_,
                    {condition(depth - 1), condition(depth - 1), condition(depth - 1)});
    }
  }

 private:
  slot_number any_slot() {
    return static_cast<slot_number>(below(static_cast<std::uint32_t>(samples_.columns.size())));
  }
  program value_for(slot_number s) {
    return constant(values_[s][below(static_cast<std::uint32_t>(values_[s].size()))].view());
  }
  program comparison() {
    const slot_number s = any_slot();
    if (below(4) == 0) {
      return call(op::in_list, {load(samples_, s), value_for(s), value_for(s), value_for(s)});
    }
    return call(comparisons[below(6)], {load(samples_, s), value_for(s)});
  }

  const entity_type& samples_;
  std::vector<std::vector<owned_cell>> values_;
  std::mt19937 random_;
};

TEST_P(conditions_of_scans, at_random_find_what_the_naive_interpreter_finds) {
  constexpr unsigned seed = 20240607;
  condition_maker make(samples(), seed);
  for (int round = 0; round < 400 && !HasFailure(); ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", round " + std::to_string(round));
    std::vector<program> all;
    for (std::uint32_t n = 1 + make.below(3); n > 0; --n) all.push_back(make.condition(3));
    order_term by_id{load(samples(), id_slot), storage::integer, make.below(2) == 0};
    const cell place = cell::integer(make.below(60));
    const cell after[] = {place, place};
    scan_request request = scan_of(samples());
    request.rows = static_cast<lifecycle>(make.below(3));
    request.conditions = all;
    if (make.below(2) == 0) request.order = {&by_id, 1};
    if (make.below(3) == 0) request.after = std::span(after).first(request.order.size() + 1);
    if (make.below(2) == 0) request.limit = 1 + make.below(5);
    expect_scan(request);
  }
}

}  // namespace
}  // namespace kith::conformance
