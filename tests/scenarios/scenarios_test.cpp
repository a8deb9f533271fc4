// SPDX-License-Identifier: Apache-2.0
//
// Every scenario, through C++: what is written is the file itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "story.hpp"

namespace kith::scenarios {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> files() {
  std::vector<std::string> all;
  for (const auto& entry : fs::directory_iterator(fs::path(KITH_TESTS_DIR) / "scenarios")) {
    if (entry.path().extension() == ".txt") all.push_back(entry.path().stem());
  }
  std::sort(all.begin(), all.end());
  return all;
}

class scenario : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(all, scenario, ::testing::ValuesIn(files()),
                         [](const auto& file) { return file.param; });

TEST_P(scenario, is_what_cpp_does) {
  std::ifstream in(fs::path(KITH_TESTS_DIR) / "scenarios" / (GetParam() + ".txt"));
  const std::string file{std::istreambuf_iterator<char>(in), {}};
  ASSERT_FALSE(file.empty());
  EXPECT_EQ(story().told(file), file);
}

}  // namespace
}  // namespace kith::scenarios
