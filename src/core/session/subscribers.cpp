// SPDX-License-Identifier: Apache-2.0
//
// Asking before a commit, and telling after it, in order.
#include "core/session/subscribers.hpp"

#include <algorithm>
#include <new>

#include "kith/core/error.hpp"

namespace kith::inline v1::detail {

struct subscribers::subscriber {
  subscriber(callback c, std::shared_ptr<std::atomic<std::size_t>> among)
      : call(std::move(c)), living(std::move(among)) {
    living->fetch_add(1, std::memory_order_acq_rel);
  }
  ~subscriber() { living->fetch_sub(1, std::memory_order_acq_rel); }
  subscriber(const subscriber&) = delete;

  callback call;
  std::shared_ptr<std::atomic<std::size_t>> living;  // the token may outlive the crm
};

struct subscribers::place::content {
  enum class fate : std::uint8_t { open, lasts, gone };
  change_set set;
  std::shared_ptr<const list> to;
  fate what = fate::open;
};

std::shared_ptr<void> subscribers::group::add(std::mutex& guard, callback call) {
  if (!call) throw error(error_code::misuse, "an empty function cannot be called; give a real one");
  const auto made = std::make_shared<subscriber>(std::move(call), living);
  const std::lock_guard lock(guard);
  auto next = std::make_shared<list>();
  next->reserve(all->size() + 1);
  std::copy_if(all->begin(), all->end(), std::back_inserter(*next),
               [](const auto& s) { return !s.expired(); });
  next->push_back(made);
  all = std::move(next);
  return made;
}

void subscribers::ask(const change_set& about) {
  if (vetoes_.empty()) return;
  std::shared_ptr<const list> all;
  {
    const std::lock_guard lock(mutex_);
    all = vetoes_.all;
  }
  for (const std::weak_ptr<subscriber>& one : *all) {
    const std::shared_ptr<subscriber> s = one.lock();
    if (!s) continue;
    try {
      s->call(about);
    } catch (const error&) {
      throw;
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& e) {
      throw error(error_code::denied,
                  std::string("the commit was refused: ") + e.what() + "; change what it asks for");
    } catch (...) {
      throw error(error_code::denied, "the commit was refused by a veto that gave no reason");
    }
  }
}

// ------------------------------------------------------------------------------------------ places

subscribers::place::place(subscribers& of, change_set set) {
  if (of.listeners_.empty()) return;
  auto made = std::make_shared<content>();
  made->set = std::move(set);
  const std::lock_guard lock(of.mutex_);
  made->to = of.listeners_.all;
  of.queue_.push_back(made);  // nothing fails from here on
  of_ = &of;
  content_ = std::move(made);
}

subscribers::place& subscribers::place::operator=(place&& other) noexcept {
  end();
  of_ = other.of_;
  content_ = std::move(other.content_);
  lasts_ = other.lasts_;
  return *this;
}

void subscribers::place::end() noexcept {
  if (!content_) return;
  {
    const std::lock_guard lock(of_->mutex_);
    content_->what = lasts_ ? content::fate::lasts : content::fate::gone;
  }
  content_.reset();
  of_->deliver();
}

void subscribers::deliver() noexcept {
  using fate = place::content::fate;
  std::unique_lock lock(mutex_);
  if (delivering_) return;  // that thread takes along what has become ready
  delivering_ = true;
  while (!queue_.empty() && queue_.front()->what != fate::open) {
    std::shared_ptr<place::content> next = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    for (const std::weak_ptr<subscriber>& one : *next->to) {
      if (next->what == fate::gone) break;
      const std::shared_ptr<subscriber> s = one.lock();
      if (!s) continue;
      try {
        s->call(next->set);
      } catch (...) {  // the commit lasts, whatever a listener makes of it
      }
    }
    next.reset();
    lock.lock();
  }
  delivering_ = false;
}

}  // namespace kith::inline v1::detail
