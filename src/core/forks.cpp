// SPDX-License-Identifier: Apache-2.0
//
// Counting on the side of the children.
#include "core/forks.hpp"

#include <pthread.h>

#include <new>

namespace kith::inline v1::detail {

std::atomic<unsigned> forks{0};

unsigned fork_generation() {
  static const int refused =
      ::pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  if (refused != 0) throw std::bad_alloc();  // the one reason there is
  return forks.load(std::memory_order_relaxed);
}

}  // namespace kith::inline v1::detail
