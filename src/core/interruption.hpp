// SPDX-License-Identifier: Apache-2.0
//
// Lets a store stop in the middle of a question that it answers alone: while one runs, the flag of
// the session that asked is known to this thread.
//
//   const detail::stoppable scope(flag);        // the session
//   if (detail::stop_wanted()) ...              // the store, now and then
#pragma once

#include <atomic>

namespace kith::inline v1::detail {

inline thread_local std::atomic<bool>* stop_flag = nullptr;

class stoppable {
 public:
  explicit stoppable(std::atomic<bool>& flag) noexcept : outer_(stop_flag) { stop_flag = &flag; }
  ~stoppable() { stop_flag = outer_; }
  stoppable(const stoppable&) = delete;

 private:
  std::atomic<bool>* outer_;
};

/// Somebody called session.interrupt(); asked once, it is forgotten.
inline bool stop_wanted() noexcept {
  std::atomic<bool>* const flag = stop_flag;
  return flag != nullptr && flag->load(std::memory_order_relaxed) && flag->exchange(false);
}

}  // namespace kith::inline v1::detail
