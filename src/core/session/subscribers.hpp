// SPDX-License-Identifier: Apache-2.0
//
// Who is asked before a commit and who is told after it. Any thread; no lock is held while a
// callback runs.
//
// Order: a commit takes its place in the queue while it still keeps other writers out, so places
// stand in the order of sequences. When its fate is known, whoever finds the first place decided
// delivers from there on. One thread delivers at a time: another one that commits meanwhile leaves
// its set to it and goes on, so a listener may write, or wait for threads that do.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "kith/core/history.hpp"

namespace kith::inline v1::detail {

class subscribers {
 public:
  using callback = std::function<void(const change_set&)>;

  /// The token keeps the callback: with its last copy it is gone.
  std::shared_ptr<void> listen(callback call) { return listeners_.add(mutex_, std::move(call)); }
  std::shared_ptr<void> veto(callback call) { return vetoes_.add(mutex_, std::move(call)); }

  /// Nobody is there: a commit need not collect what it did.
  bool none() const noexcept { return listeners_.empty() && vetoes_.empty(); }

  /// Asks those who may refuse: their kith::error comes through, what else they throw becomes
  /// error_code::denied.
  void ask(const change_set& about);

  /// A commit's place among those that listeners are told of. What has not lasted when the place
  /// goes is told to nobody.
  class place {
   public:
    place() = default;
    place(subscribers& of, change_set set);
    ~place() { end(); }
    place(place&& other) noexcept = default;
    place& operator=(place&& other) noexcept;
    void lasts() noexcept { lasts_ = true; }
    bool is_empty() const noexcept { return content_ == nullptr; }

   private:
    friend class subscribers;
    struct content;
    void end() noexcept;
    subscribers* of_ = nullptr;
    std::shared_ptr<content> content_;
    bool lasts_ = false;
  };

 private:
  struct subscriber;
  // Lists are replaced, never changed: a commit keeps the one of its moment.
  using list = std::vector<std::weak_ptr<subscriber>>;
  struct group {
    std::shared_ptr<void> add(std::mutex& guard, callback call);
    bool empty() const noexcept { return living->load(std::memory_order_acquire) == 0; }
    std::shared_ptr<const list> all = std::make_shared<list>();
    std::shared_ptr<std::atomic<std::size_t>> living =
        std::make_shared<std::atomic<std::size_t>>(0);
  };
  void deliver() noexcept;

  std::mutex mutex_;
  group listeners_;
  group vetoes_;
  std::deque<std::shared_ptr<place::content>> queue_;
  bool delivering_ = false;
};

}  // namespace kith::inline v1::detail
