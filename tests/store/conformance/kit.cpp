// SPDX-License-Identifier: Apache-2.0
//
// GoogleTest from inside: the tests of the suite on one store that is given at run time.
#include "kit.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <ostream>
#include <stdexcept>

#include "../backends.hpp"

namespace kith::conformance {
namespace {

// The store whose turn it is. Tests are registered once, runs are many.
backend& current() {
  static backend of{"store", {}};
  return of;
}
std::mutex& one_at_a_time() {
  static std::mutex mutex;
  return mutex;
}

// GoogleTest's `stores/transactions.rolls_back/store` is our `transactions.rolls_back`.
constexpr std::string_view before = "stores/", behind = "/store";

std::string name_of(const ::testing::TestInfo& test) {
  const std::string name = std::string(test.test_suite_name()) + "." + test.name();
  return name.substr(before.size(), name.size() - before.size() - behind.size());
}

// The same the other way round, for each pattern of a filter.
std::string filter_of(std::string_view wanted) {
  std::string filter, pattern;
  const auto end = [&] {
    if (!pattern.empty()) filter += std::string(before) + pattern + std::string(behind);
    pattern.clear();
  };
  for (const char c : wanted) {
    if (c != ':' && c != '-') {
      pattern += c;
      continue;
    }
    end();
    filter += c;
  }
  end();
  return filter.empty() || filter.front() == '-' ? "*" + filter : filter;
}

void initialize() {
  static const bool once = [] {
    static char name[] = "kith-conformance";
    static char* arguments[] = {name, nullptr};
    int count = 1;
    ::testing::InitGoogleTest(&count, arguments);
    ::testing::TestEventListeners& listeners = ::testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    return true;
  }();
  static_cast<void>(once);
}

class listener final : public ::testing::EmptyTestEventListener {
 public:
  listener(kit_result& counts, const std::function<void(const kit_test_result&)>& told)
      : counts_(counts), told_(told) {}

  void OnTestEnd(const ::testing::TestInfo& test) override {
    const ::testing::TestResult& result = *test.result();
    kit_test_result is{name_of(test), kit_outcome::passed, {}, 0};
    is.milliseconds = static_cast<int>(result.elapsed_time());
    if (result.Skipped()) is.outcome = kit_outcome::skipped;
    if (result.Failed()) is.outcome = kit_outcome::failed;
    for (int i = 0; i < result.total_part_count(); ++i) {
      const ::testing::TestPartResult& part = result.GetTestPartResult(i);
      if (part.passed()) continue;
      if (!is.text.empty()) is.text += '\n';
      is.text += part.message();
      if (part.failed() && part.file_name() != nullptr) {
        is.text +=
            std::string("\n(") + part.file_name() + ":" + std::to_string(part.line_number()) + ")";
      }
    }
    (is.outcome == kit_outcome::passed    ? counts_.passed
     : is.outcome == kit_outcome::skipped ? counts_.skipped
                                          : counts_.failed) += 1;
    if (told_) told_(is);
  }

 private:
  kit_result& counts_;
  const std::function<void(const kit_test_result&)>& told_;
};

}  // namespace

// The suite's list of stores: one parameter, which stands for the store whose turn it is.
const std::vector<backend>& backends() {
  static const std::vector<backend> all{{"store", {}}};
  return all;
}
const backend& in_turn(const backend&) { return current(); }

std::vector<std::string> kit_tests() {
  const std::lock_guard lock(one_at_a_time());
  initialize();
  std::vector<std::string> names;
  const ::testing::UnitTest& all = *::testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const ::testing::TestSuite& suite = *all.GetTestSuite(i);
    for (int j = 0; j < suite.total_test_count(); ++j) {
      names.push_back(name_of(*suite.GetTestInfo(j)));
    }
  }
  return names;
}

kit_result run_kit(const kit_store& of, std::string_view filter,
                   const std::function<void(const kit_test_result&)>& told) {
  const std::lock_guard lock(one_at_a_time());
  initialize();
  if (!of.fresh) throw std::invalid_argument("a store under test needs a way to make a fresh one");
  kit_result counts;
  current() = {"store", of.fresh, of.reopen, of.reopen_read_only};
  ::testing::GTEST_FLAG(filter) = filter_of(filter);
  auto* const mine = new listener(counts, told);
  ::testing::TestEventListeners& listeners = ::testing::UnitTest::GetInstance()->listeners();
  listeners.Append(mine);
  if (RUN_ALL_TESTS() != 0 && counts.failed == 0) counts.failed = 1;  // outside of a test
  delete listeners.Release(mine);
  current() = {"store", {}};
  return counts;
}

void PrintTo(const backend&, std::ostream* out) { *out << "the store under test"; }

}  // namespace kith::conformance
