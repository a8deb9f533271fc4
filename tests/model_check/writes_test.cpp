// SPDX-License-Identifier: Apache-2.0
//
// Random sequences of writes on every store, compared with the reference model after every commit:
// records, unique values, back aggregates, computed fields, the change feed, readers that began
// earlier, the store as of earlier commits. Among the steps are imports, and drafts that others
// overtake.
//
//   KITH_MODEL_CHECK_WRITES=5000 KITH_MODEL_CHECK_SEED=7 build/dev/tests/model_check_test
//       --gtest_filter='writes/*'
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "environment.hpp"
#include "model_check/replay.hpp"

namespace kith::model_check {
namespace {

constexpr std::size_t steps_of_a_sequence = 60;

class writes : public ::testing::TestWithParam<conformance::backend> {};

TEST_P(writes, leave_what_the_reference_model_says) {
  const std::uint64_t all = number_in("KITH_MODEL_CHECK_WRITES", rounds(300));
  const std::uint64_t count = all / conformance::backends().size() + 1;
  const std::uint64_t seed = number_in("KITH_MODEL_CHECK_SEED", 20'260'302);
  write_counts counts;
  int failures = 0;
  for (std::uint64_t i = 0; i < count && failures < 3; ++i) {
    const world start = make_strict_model(seed + i);
    const std::vector<step> steps = make_steps(start, seed + i, steps_of_a_sequence);
    const std::string first = replay(GetParam(), start, steps, &counts);
    if (first.empty()) continue;
    ++failures;
    const std::vector<step> few = shrunk(GetParam(), start, steps);
    const std::string again = replay(GetParam(), start, few);
    ADD_FAILURE() << "on " << GetParam().name << ", sequence " << seed + i << ", "
                  << (again.empty() ? "not every time: " + first : again) << "\n"
                  << listed(start, few);
  }
  if (failures == 0 && count > 20) {
    EXPECT_GE(counts.sequences["import"], count * 3 / 4) << "too few imports";
    EXPECT_GE(counts.outcomes["save conflict"], count / 5) << "too few drafts that were overtaken";
  }
  if (std::getenv("KITH_MODEL_CHECK_WRITES") == nullptr) return;
  std::cout << GetParam().name << ": " << count << " sequences, " << counts.steps << " steps, "
            << counts.refused << " refused, " << counts.commits << " comparisons, " << counts.held
            << " with a reader, " << counts.questions << " questions, " << counts.past
            << " as of earlier commits, " << counts.reopened << " reopened\n";
  for (const auto& [what, n] : counts.sequences) {
    std::cout << "  " << what << " in " << n * 100 / count << " % of the sequences\n";
  }
  for (const auto& [what, n] : counts.outcomes) std::cout << "  " << what << " " << n << "\n";
}

INSTANTIATE_TEST_SUITE_P(stores, writes, ::testing::ValuesIn(conformance::backends()),
                         conformance::name_of_backend);

}  // namespace
}  // namespace kith::model_check
