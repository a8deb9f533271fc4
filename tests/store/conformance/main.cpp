// SPDX-License-Identifier: Apache-2.0
//
// kith-conformance: runs the conformance suite on a store plug-in.
//
//   kith-conformance ./libown_store.so --uri 'own:{}' [--filter 'transactions.*'] [--list]
//
// `{}` in the place stands for a path that is new each time, so that stores can be opened again;
// without it each opening must give an empty store. 0: the store conforms; 1: it does not; 2: the
// call is wrong.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "kit.hpp"
#include "kith/core/error.hpp"
#include "kith/storage/plugin.hpp"

namespace {

namespace fs = std::filesystem;
using kith::conformance::kit_outcome;

constexpr const char* usage =
    "kith-conformance ./library.so --uri PLACE [--filter PATTERNS] [--list]\n"
    "  PLACE     as kith::open() gets it; {} in it stands for a path that is new each time\n"
    "  PATTERNS  as GoogleTest knows them: transactions.*:scan.*-threads.*\n";

struct wish {
  std::string library, uri, filter = "*";
  bool list = false;
};

// Empty when the call is wrong.
std::unique_ptr<wish> read(int count, char** arguments) {
  auto w = std::make_unique<wish>();
  for (int i = 1; i < count; ++i) {
    const std::string a = arguments[i];
    const bool last = i + 1 == count;
    if (a == "--list") {
      w->list = true;
    } else if ((a == "--uri" || a == "--filter") && !last) {
      (a == "--uri" ? w->uri : w->filter) = arguments[++i];
    } else if (a.starts_with("-") || !w->library.empty()) {
      return nullptr;
    } else {
      w->library = a;
    }
  }
  return w->list || (!w->library.empty() && !w->uri.empty()) ? std::move(w) : nullptr;
}

// A place of our own that each fresh store gets a new part of.
class places {
 public:
  explicit places(std::string pattern)
      : pattern_(std::move(pattern)),
        folder_(fs::temp_directory_path() / ("kith-conformance-" + std::to_string(::getpid()))) {}
  places(const places&) = delete;
  places& operator=(const places&) = delete;
  ~places() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  bool kept() const { return pattern_.find("{}") != std::string::npos; }
  std::string fresh() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    ++number_;
    return same();
  }
  std::string same() const {
    std::string uri = pattern_;
    const std::size_t at = uri.find("{}");
    if (at != std::string::npos) {
      uri.replace(at, 2, (folder_ / ("store" + std::to_string(number_))).string());
    }
    return uri;
  }

 private:
  std::string pattern_;
  fs::path folder_;
  int number_ = 0;
};

int run(const wish& w) {
  const ::kith_store_api* const table = kith::load_store_plugin(w.library);
  places where(w.uri);
  const auto open = [&](const std::string& uri, bool read_only) {
    return kith::open_plugin(
        table, uri,
        {.busy_timeout_ms = kith::conformance::kit_busy_timeout_ms, .read_only = read_only});
  };
  kith::conformance::kit_store mine{w.library, [&] { return open(where.fresh(), false); }};
  if (where.kept()) {
    mine.reopen = [&] { return open(where.same(), false); };
    mine.reopen_read_only = [&] { return open(where.same(), true); };
  }
  const auto result =
      kith::conformance::run_kit(mine, w.filter, [](const kith::conformance::kit_test_result& r) {
        if (r.outcome == kit_outcome::passed) return;
        const bool failed = r.outcome == kit_outcome::failed;
        std::cout << (failed ? "FAILED   " : "skipped  ") << r.test << ": " << r.text << '\n';
      });
  std::cout << w.library << ": " << result.passed << " passed, " << result.skipped << " skipped, "
            << result.failed << " failed\n";
  return result.conforms() ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const auto w = read(count, arguments);
  if (!w) {
    std::cerr << usage;
    return 2;
  }
  try {
    if (!w->list) return run(*w);
    for (const std::string& test : kith::conformance::kit_tests()) std::cout << test << '\n';
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "kith-conformance: " << e.what() << '\n';
    return 1;
  }
}
