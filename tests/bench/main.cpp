// SPDX-License-Identifier: Apache-2.0
//
// Runs all rows, limit and Kith in turns, five times each, and prints medians and their ratio as a
// table in Markdown.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "table.hpp"

namespace kith::bench {

std::int64_t customer_count() {
  const char* given = std::getenv("KITH_BENCH_CUSTOMERS");
  return given != nullptr ? std::atoll(given) : 100'000;
}

const std::string& scratch() {
  static const std::string folder = [] {
    const char* given = std::getenv("KITH_BENCH_SCRATCH");
    const auto path = given != nullptr ? std::filesystem::path(given)
                                       : std::filesystem::temp_directory_path() / "kith-bench";
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
    return path.string();
  }();
  return folder;
}

namespace {

class collector final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& r : runs) {
      if (r.run_type != Run::RT_Iteration) continue;
      if (r.error_occurred)
        std::fprintf(stderr, "%s: %s\n", r.run_name.function_name.c_str(), r.error_message.c_str());
      const double n = static_cast<double>(r.iterations);
      cpu[r.run_name.function_name].push_back(r.cpu_accumulated_time / n);
      wall[r.run_name.function_name].push_back(r.real_accumulated_time / n);
    }
  }
  std::map<std::string, std::vector<double>> cpu, wall;
};

double median(std::vector<double> v) {
  if (v.empty()) return 0;
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

double scale_of(const std::string& unit) { return unit == "ns" ? 1e9 : unit == "us" ? 1e6 : 1e3; }

}  // namespace
}  // namespace kith::bench

int main(int argc, char** argv) {
  using namespace kith::bench;
  benchmark::Initialize(&argc, argv);
  std::vector<row> rows = sqlite_reads();
  for (auto more :
       {sqlite_writes(), memory_rows(), exchange_rows(), arrow_rows(), totals_rows(), capi_rows()})
    rows.insert(rows.end(), more.begin(), more.end());
  for (const row& r : rows) {
    for (int turn = 0; turn < 5; ++turn) {
      for (const bool ours : {false, true}) {
        const std::string name = r.store + ": " + r.work + (ours ? " (kith)" : " (limit)");
        auto* b = benchmark::RegisterBenchmark(name.c_str(), ours ? r.kith : r.limit);
        if (r.iterations > 0) b->Iterations(r.iterations);
      }
    }
  }
  collector results;
  benchmark::RunSpecifiedBenchmarks(&results);
  std::printf(
      "| store | work | unit | limit | kith | ratio | goal |\n|---|---|---|---|---|---|---|\n");
  for (const row& r : rows) {
    const auto& from = r.wall ? results.wall : results.cpu;
    const auto find = [&](const char* which) {
      const auto found = from.find(r.store + ": " + r.work + which);
      return found == from.end() ? 0 : median(found->second) * scale_of(r.unit) / r.per;
    };
    const double limit = find(" (limit)");
    const double ours = find(" (kith)");
    if (limit == 0 || ours == 0) continue;
    std::printf("| %s | %s | %s | %.4g | %.4g | %.2f | %s |\n", r.store.c_str(), r.work.c_str(),
                r.unit.c_str(), limit, ours, ours / limit, r.goal.c_str());
  }
  print_history_bytes();
  std::filesystem::remove_all(scratch());
}
