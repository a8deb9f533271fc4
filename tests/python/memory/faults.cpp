// SPDX-License-Identifier: Apache-2.0
//
// A library that comes before Python's (LD_PRELOAD) and makes allocations of C++ and of SQLite
// fail; Python's own never do. Its caller is test_memory.py, by ctypes.
#include "support/memory.hpp"

namespace memory = kith::faults::memory;

namespace {
// SQLite takes another allocator before it is used for the first time only.
__attribute__((constructor)) void watch() { memory::watch_sqlite(); }
}  // namespace

extern "C" {
/// The n-th allocation from now on fails; 0: none, but all are counted.
void kith_faults_arm(std::uint64_t n) { memory::arm({.at = n, .for_ever = false}); }
/// How many there were since.
std::uint64_t kith_faults_disarm() { return memory::disarm(); }
/// How many are not given back.
std::int64_t kith_faults_alive() { return memory::alive(); }
}
