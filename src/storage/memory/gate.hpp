// SPDX-License-Identifier: Apache-2.0
//
// The writers' turn: one at a time, in the order of their coming, each for as long as it is willing
// to wait. Unlike a mutex it may be left by another thread than the one that entered, because a
// session may move between threads while its transaction is open.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace kith::inline v1::memory {

class gate {
 public:
  /// False when the turn did not come in time.
  bool enter(std::chrono::milliseconds most) {
    std::unique_lock lock(mutex_);
    if (!taken_) {
      taken_ = true;
      return true;
    }
    waiter me;
    waiter** end = &first_;
    while (*end != nullptr) end = &(*end)->next;
    *end = &me;
    if (me.called.wait_for(lock, most, [&me] { return me.has_turn; })) return true;
    for (waiter** w = &first_; *w != nullptr; w = &(*w)->next) {
      if (*w != &me) continue;
      *w = me.next;
      break;
    }
    return false;
  }
  bool try_enter() noexcept {
    const std::lock_guard lock(mutex_);
    if (taken_) return false;
    taken_ = true;
    return true;
  }
  void leave() noexcept {
    const std::lock_guard lock(mutex_);
    if (first_ == nullptr) {
      taken_ = false;
      return;
    }
    waiter* const next = first_;  // stays taken: handed over
    first_ = next->next;
    next->has_turn = true;
    next->called.notify_one();
  }

 private:
  struct waiter {
    std::condition_variable called;
    bool has_turn = false;
    waiter* next = nullptr;
  };

  std::mutex mutex_;
  bool taken_ = false;
  waiter* first_ = nullptr;
};

/// Has the turn until it goes, or is let go of.
class turn {
 public:
  turn() = default;
  /// Takes over a turn that was entered.
  explicit turn(gate& entered) noexcept : gate_(&entered) {}
  turn(turn&& other) noexcept : gate_(other.gate_) { other.gate_ = nullptr; }
  turn& operator=(turn&& other) noexcept {
    end();
    gate_ = other.gate_;
    other.gate_ = nullptr;
    return *this;
  }
  ~turn() { end(); }
  explicit operator bool() const noexcept { return gate_ != nullptr; }
  void end() noexcept {
    if (gate_ != nullptr) gate_->leave();
    gate_ = nullptr;
  }
  /// Forgets the turn: in a child process, where it is the parent's.
  void forget() noexcept { gate_ = nullptr; }

 private:
  gate* gate_ = nullptr;
};

}  // namespace kith::inline v1::memory
