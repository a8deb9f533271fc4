// SPDX-License-Identifier: Apache-2.0
//
// The answers to the questions that were asked latest, by key; the oldest one makes room.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kith::inline v1::detail {

/// Keys are kept as Kept and asked for as Asked, which sees the kept one.
template <class Kept, class Asked, class Answer>
class recent {
 public:
  explicit recent(std::size_t most) : most_(most) {}

  /// The answer, or null; it stays until the next put().
  const Answer* find(Asked key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return nullptr;
    to_front(found->second);
    return &entries_[found->second].answer;
  }

  const Answer& put(Asked key, Answer answer) {
    forget(key);
    std::size_t at = entries_.size();
    if (!free_.empty()) {
      at = free_.back();
      free_.pop_back();
    } else if (entries_.size() < most_) {
      entries_.emplace_back();
    } else {
      at = oldest_;
      unlink(at);
      places_.erase(Asked(entries_[at].key));
    }
    entry& e = entries_[at];
    e.key = Kept(key);
    e.answer = std::move(answer);
    places_.emplace(Asked(e.key), at);
    link_front(at);
    return e.answer;
  }

  void forget(Asked key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return;
    const std::size_t at = found->second;
    places_.erase(found);
    unlink(at);
    free_.push_back(at);
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  struct entry {
    Kept key{};
    Answer answer{};
    std::size_t newer = none, older = none;
  };

  void unlink(std::size_t at) {
    entry& e = entries_[at];
    (e.newer == none ? newest_ : entries_[e.newer].older) = e.older;
    (e.older == none ? oldest_ : entries_[e.older].newer) = e.newer;
  }
  void link_front(std::size_t at) {
    entries_[at].newer = none;
    entries_[at].older = newest_;
    (newest_ == none ? oldest_ : entries_[newest_].newer) = at;
    newest_ = at;
  }
  void to_front(std::size_t at) {
    if (at == newest_) return;
    unlink(at);
    link_front(at);
  }

  std::size_t most_;
  std::deque<entry> entries_;  // entries stay where they are: places_ sees their keys
  std::vector<std::size_t> free_;
  std::unordered_map<Asked, std::size_t> places_;
  std::size_t newest_ = none;
  std::size_t oldest_ = none;
};

template <class Answer>
using recent_by_text = recent<std::string, std::string_view, Answer>;
template <class Answer>
using recent_by_id = recent<std::int64_t, std::int64_t, Answer>;

}  // namespace kith::inline v1::detail
