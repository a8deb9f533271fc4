// SPDX-License-Identifier: Apache-2.0
//
// The conformance suite as a library (libkith_conformance), for stores that live elsewhere:
// plug-ins, stores written in another language. The program kith-conformance is one user of it.
//
//   kith::conformance::kit_store mine{"mine", [] { return std::make_unique<my_store>(); }};
//   for (const std::string& test : kith::conformance::kit_tests()) …      // "transactions.…"
//   const auto result = kith::conformance::run_kit(mine, "transactions.*");
//
// Tests ask a store for its capabilities: what is not declared is skipped, or must be refused with
// error_code::unsupported. One run at a time per process.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kith/core/store.hpp"

namespace kith::conformance {

/// A store under test: how to get one.
struct kit_store {
  std::string name;
  /// A new, empty store in a place of its own. The place before it is gone.
  std::function<std::unique_ptr<store>()> fresh;
  /// Opens the place that fresh() made last once more. Empty when the content is gone with the
  /// store object.
  std::function<std::unique_ptr<store>()> reopen{};
  /// The same for reading only.
  std::function<std::unique_ptr<store>()> reopen_read_only{};
};

/// How long a store under test should let a writer wait for another one, in milliseconds: tests
/// wait for it to give up.
inline constexpr int kit_busy_timeout_ms = 200;

enum class kit_outcome { passed, skipped, failed };

struct kit_test_result {
  std::string test;  ///< `transactions.rolls_back`
  kit_outcome outcome = kit_outcome::passed;
  std::string text;  ///< why it was skipped; where and how it failed
  int milliseconds = 0;
};
struct kit_result {
  int passed = 0, skipped = 0, failed = 0;
  bool conforms() const noexcept { return failed == 0 && passed > 0; }
};

/// The names of all tests.
std::vector<std::string> kit_tests();
/// Runs the tests that a filter names: `transactions.*:scan*-*.slow_one` as GoogleTest knows them.
/// Each result is told when its test has ended, in the calling thread.
kit_result run_kit(const kit_store& of, std::string_view filter = "*",
                   const std::function<void(const kit_test_result&)>& told = {});

}  // namespace kith::conformance
