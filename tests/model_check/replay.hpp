// SPDX-License-Identifier: Apache-2.0
//
// Steps done to a store and to the reference model, compared after every commit: each record,
// each change set, unique values, and questions over what is there now and over what was there
// after earlier commits; what an import said of each row.
//
//   EXPECT_EQ(replay(backend, start, steps), "");
#pragma once

#include <string>
#include <vector>

#include "model_check/ledger.hpp"
#include "model_check/load.hpp"

namespace kith::model_check {

/// How often what was done, over all sequences.
struct write_counts {
  std::uint64_t steps = 0, refused = 0, commits = 0, reopened = 0, questions = 0, held = 0;
  std::uint64_t past = 0;                            ///< questions as of earlier commits
  std::map<std::string, std::uint64_t> outcomes{};   ///< `add done`, `remove invalid` …
  std::map<std::string, std::uint64_t> sequences{};  ///< in how many there is such a step
};

/// The first difference, or nothing.
std::string replay(const conformance::backend& where, const world& start,
                   const std::vector<step>& steps, write_counts* counts = nullptr);
/// Fewer steps that still differ.
std::vector<step> shrunk(const conformance::backend& where, const world& start,
                         std::vector<step> steps);
/// The steps that were possible, as lines.
std::string listed(const world& start, const std::vector<step>& steps);

}  // namespace kith::model_check
