// SPDX-License-Identifier: Apache-2.0
//
// The table of ratios: rows pair the limit with Kith, both measured in one run, in turns.
//
//   static const row get("get by id", "<= 1.15", raw_get, kith_get);
//
// `per` is what one iteration does: results are divided by it.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <string>

namespace kith::bench {

/// How many customers the stores hold: KITH_BENCH_CUSTOMERS, 100,000 by default.
std::int64_t customer_count();
/// A folder for files, emptied at the start.
const std::string& scratch();

struct row {
  std::string store;  ///< sqlite, memory
  std::string work;
  std::string goal;   ///< as docs/performance.md states it
  std::string unit;   ///< ns, us or ms per operation
  double per = 1;     ///< operations in one iteration
  bool wall = false;  ///< time on the wall (durable writes wait for the disk), else of the CPU
  std::function<void(benchmark::State&)> limit;
  std::function<void(benchmark::State&)> kith;
  std::int64_t iterations = 0;  ///< 0: as many as are needed
};

/// The rows of each store, in order.
std::vector<row> sqlite_reads();
std::vector<row> sqlite_writes();
std::vector<row> memory_rows();
std::vector<row> exchange_rows();
std::vector<row> arrow_rows();
std::vector<row> totals_rows();
/// The C API; its limit is C++.
std::vector<row> capi_rows();
/// A second table: bytes of history.
void print_history_bytes();

}  // namespace kith::bench
