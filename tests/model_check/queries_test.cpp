// SPDX-License-Identifier: Apache-2.0
//
// Random questions on random models and records, asked on every store and compared with the
// reference model: rows, order, values and errors.
//
//   KITH_MODEL_CHECK=200000 KITH_MODEL_CHECK_SEED=7 KITH_MODEL_CHECK_REPORT=report.md
//       build/dev/tests/model_check_test --gtest_filter=queries.*
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "environment.hpp"
#include "model_check/coverage.hpp"
#include "model_check/generate.hpp"
#include "model_check/run.hpp"

namespace kith::model_check {
namespace {

constexpr std::uint64_t queries_of_a_world = 200;

class queries : public ::testing::Test {
 protected:
  void check_world(std::uint64_t seed, std::uint64_t count) {
    world w = make_world(seed);
    std::vector<std::unique_ptr<loaded>> stores;
    for (const conformance::backend& b : conformance::backends()) {
      stores.push_back(std::make_unique<loaded>(b, w));
      const auto want = expected_dump(w);
      ASSERT_EQ(first_difference(stores.back()->dump(), want), "") << b.name << ", world " << seed;
      for (std::size_t i = 0; i < want.size(); ++i) {
        ASSERT_EQ(stores.back()->id_of(static_cast<std::int64_t>(i + 1)),
                  stores.front()->id_of(static_cast<std::int64_t>(i + 1)))
            << "ids differ between stores";
      }
    }
    stores.front()->copy_numbers(w);
    for (std::uint64_t i = 0; i < count && failures_ < 5; ++i) {
      const question q = query_maker(w, seed * 1'000'003 + i).make();
      covered_.note(q);
      const std::vector<answer> want = expect(w, q);
      covered_.note_answer(q, want.front());
      for (std::size_t s = 0; s < stores.size(); ++s) {
        if (!check(w, q, want, *stores[s], s)) break;  // the others mostly fail alike
      }
    }
  }

  bool check(const world& w, const question& q, const std::vector<answer>& want, loaded& in,
             std::size_t store) {
    const answer is = ask(in, w, q);
    if (std::find(want.begin(), want.end(), is) != want.end()) return true;
    ++failures_;
    const conformance::backend& where = conformance::backends()[store];
    ADD_FAILURE() << report(where, shrunk(where, {w, q}));
    return false;
  }

  coverage covered_;
  int failures_ = 0;
};

TEST_F(queries, answer_as_the_reference_model_on_every_store) {
  const std::uint64_t count = number_in("KITH_MODEL_CHECK", rounds(4000, 4));
  const std::uint64_t seed = number_in("KITH_MODEL_CHECK_SEED", 20'260'301);
  for (std::uint64_t done = 0; done < count && failures_ < 5; done += queries_of_a_world) {
    const std::uint64_t here = std::min(queries_of_a_world, count - done);
    ASSERT_NO_FATAL_FAILURE(check_world(seed + done / queries_of_a_world, here));
  }
  if (count > 4000) std::cout << covered_.table();
  if (const char* const file = std::getenv("KITH_MODEL_CHECK_REPORT")) {
    std::ofstream(file) << "# Random questions\n\n" << covered_.markdown();
  }
  EXPECT_GE(covered_.share_of_found(), 50) << "most answers are empty: the questions say little";
  if (count < 20'000) return;  // too few to meet every operator in every circumstance
  for (const std::string& cell : covered_.missing()) ADD_FAILURE() << "never asked: " << cell;
}

}  // namespace
}  // namespace kith::model_check
