// SPDX-License-Identifier: Apache-2.0
//
// How readers and the writer share the containers in memory. A reader raises the flag of its own
// seat (nobody else writes it, so reading scales), looks whether the latch is closed, reads, and
// lowers the flag. The writer closes the latch, waits until every flag is down, puts one thing in
// place and opens it again. Both orders are sequentially consistent: of a raised flag and a closed
// latch at least one is seen by the other side. Neither side holds the latch while conditions or
// foreign code run: a reader for one batch of rows at most, the writer for one record.
//
// A seat also says how old an instant its readers still need, so that old versions can go.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace kith::inline v1::memory {

/// A place in the order of all writes; 0 is before the first one.
using stamp = std::uint64_t;
/// Later than every write: of an entry that is alive, of a seat that needs no old versions.
inline constexpr stamp never = ~stamp{0};

class latch {
 public:
  /// One for each connection.
  struct alignas(64) seat {
    std::atomic<bool> inside{false};
    std::atomic<stamp> oldest{never};  ///< the oldest instant that is being read
  };

  void add(seat& s) {
    const std::lock_guard lock(mutex_);
    seats_.push_back(&s);
  }
  void remove(seat& s) noexcept {
    const std::lock_guard lock(mutex_);
    seats_.erase(std::find(seats_.begin(), seats_.end(), &s));
  }

  /// A reader's side; does not nest.
  class shared {
   public:
    shared(latch& of, seat& at) noexcept : seat_(at) {
      seat_.inside.store(true, std::memory_order_seq_cst);
      if (of.closed_.load(std::memory_order_seq_cst)) of.wait(seat_);
    }
    ~shared() { seat_.inside.store(false, std::memory_order_release); }
    shared(const shared&) = delete;

   private:
    seat& seat_;
  };

  /// The writer's side. Who takes it must also have the writers' turn (gate.hpp).
  class exclusive {
   public:
    explicit exclusive(latch& of) noexcept : latch_(of) { latch_.close(); }
    ~exclusive() { latch_.open(); }
    exclusive(const exclusive&) = delete;
    /// The oldest instant that anybody but `except` reads.
    stamp oldest(const seat* except = nullptr) const noexcept {
      stamp oldest = never;
      for (const seat* s : latch_.seats_) {
        if (s != except) oldest = std::min(oldest, s->oldest.load(std::memory_order_acquire));
      }
      return oldest;
    }

   private:
    latch& latch_;
  };

 private:
  static void pause(unsigned& spins) noexcept {
    if (++spins % 64 == 0) std::this_thread::yield();
  }
  void wait(seat& s) noexcept {
    unsigned spins = 0;
    do {
      s.inside.store(false, std::memory_order_release);
      while (closed_.load(std::memory_order_acquire)) pause(spins);
      s.inside.store(true, std::memory_order_seq_cst);
    } while (closed_.load(std::memory_order_seq_cst));
  }
  void close() noexcept {
    mutex_.lock();
    closed_.store(true, std::memory_order_seq_cst);
    unsigned spins = 0;
    for (const seat* s : seats_) {
      while (s->inside.load(std::memory_order_seq_cst)) pause(spins);
    }
  }
  void open() noexcept {
    closed_.store(false, std::memory_order_release);
    mutex_.unlock();
  }

  alignas(64) std::atomic<bool> closed_{false};
  alignas(64) std::mutex mutex_;
  std::vector<seat*> seats_;
};

}  // namespace kith::inline v1::memory
