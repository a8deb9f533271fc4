// SPDX-License-Identifier: Apache-2.0
//
// The stores that the tests in this folder run on. To add one, add a line to backends.cpp: it is
// the only file that names stores. Tests ask a store for its capabilities, never for its name.
//
//   class my_suite : public ::testing::TestWithParam<backend> {};
//   INSTANTIATE_TEST_SUITE_P(stores, my_suite, ::testing::ValuesIn(backends()), name_of_backend);
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kith/core/store.hpp"

namespace kith::conformance {

/// How long the stores under test let a writer wait for another one.
inline constexpr int busy_timeout_ms = 200;

/// A kind of store, and how to get one.
struct backend {
  std::string name;  ///< letters, digits and _: part of the tests' names
  /// A new, empty store in a place of its own. The place before it is gone.
  std::function<std::unique_ptr<store>()> fresh;
  /// Opens the place that fresh() made last once more. Null when the content is gone with the
  /// store object.
  std::function<std::unique_ptr<store>()> reopen{};
  /// The same for reading only.
  std::function<std::unique_ptr<store>()> reopen_read_only{};
};

const std::vector<backend>& backends();
/// The store that a test's parameter stands for: itself, unless stores take turns (kit.cpp).
const backend& in_turn(const backend& parameter);
/// For files of tests; in memory where there is such a place.
std::filesystem::path temporary_folder();

inline std::string name_of_backend(const ::testing::TestParamInfo<backend>& b) {
  return b.param.name;
}
void PrintTo(const backend& b, std::ostream* out);

}  // namespace kith::conformance
