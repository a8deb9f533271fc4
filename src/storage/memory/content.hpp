// SPDX-License-Identifier: Apache-2.0
//
// What all connections of one memory store share: the tables, whose turn it is, which instant is
// the newest committed one, and what waits to be forgotten. It lives as long as the store and every
// connection; once the store is gone, its connections only answer error_code::closed.
//
// Containers and the list of what is to be forgotten belong to whoever has the writers' turn.
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/forks.hpp"
#include "kith/core/store.hpp"
#include "kith/storage/memory.hpp"
#include "storage/memory/gate.hpp"
#include "storage/memory/latch.hpp"
#include "storage/memory/table.hpp"

namespace kith::inline v1::memory {

/// The instant of the writer: everything it wrote itself.
inline constexpr stamp newest = never - 1;

/// One thing that a write transaction did, and how to take it back.
struct step {
  enum class what : std::uint8_t {
    added_version,     ///< of a new record
    replaced_version,  ///< the older one is forgotten later
    made_table,
    made_columns,
    made_index,      ///< the table's last one
    released_index,  ///< of a retired field
  };
  stamp at : 56;
  what done : 8;
  table* in;
  const record* of;  ///< of a version
};

/// The steps of one transaction.
struct step_list {
  std::vector<step> steps;
  stamp published = 0;  ///< the instant from which on all of them are seen
  std::size_t forgotten = 0;
};

/// What an entity looks like in the store.
struct layout_found {
  table* in = nullptr;  ///< null: the store has none at this instant
  bool fits = true;     ///< the columns that both know are at the same slots
};

class content {
 public:
  explicit content(memory_options given);

  const memory_options options;
  capabilities can;
  latch readers;
  gate writers;
  std::atomic<stamp> published{1};
  std::atomic<std::uint64_t> layouts{1};  ///< grows when what connections remember may be wrong
  std::atomic<bool> closed{false};
  const unsigned generation = detail::fork_generation();  ///< of the process that opened it

  /// Whether this is the copy in a child process. What threads of the parent were doing is never
  /// finished there: nothing is done with it any more.
  bool forked() const noexcept {
    return detail::forks.load(std::memory_order_relaxed) != generation;
  }
  /// Throws error_code::closed or forked.
  void check() const;

  /// Under the latch. Throws error_code::model when a column has another class.
  layout_found find(const entity_type& entity, stamp instant) const;
  /// Brings the columns of a table into the order of this entity, so that it fits. What the entity
  /// does not know goes to the end. `mine` is the seat of the connection that asks;
  /// error_code::busy when others read or write. With `my_turn` the caller has the writers' turn.
  void rearrange(const entity_type& entity, const latch::seat& mine, bool my_turn);
  /// Adds what the store lacks of the entity; each step gets the next stamp. When it throws, the
  /// steps so far are there to be taken back. Needs the writers' turn and a table that fits.
  void apply(const entity_type& entity, stamp& last, std::vector<step>& steps);

  void take_back(const step& s) noexcept;
  /// Makes the steps of a transaction visible and keeps those that leave something to forget.
  void publish(std::list<step_list>& transaction, stamp at) noexcept;
  /// Forgets what nobody can see any more, at most so many steps. Needs the writers' turn.
  void forget(std::size_t most) noexcept;
  /// Forgets all versions but the newest; error_code::busy while somebody writes or reads others.
  void compact();
  bool has_forgettable() const noexcept { return waiting_.load(std::memory_order_relaxed); }

  /// Called once, before there is any connection.
  void adopt(std::unique_ptr<table> loaded) { tables_[loaded->number] = std::move(loaded); }
  /// Under the latch: the tables as they are, by number.
  std::vector<const table*> tables_at(stamp instant) const;

 private:
  table* make_table(const entity_type& entity, stamp at);
  void add_columns(table& in, const entity_type& entity, stamp at);
  void add_index(table& in, const entity_type& entity, const index_type& wanted, stamp at);
  void release_index(index& of, stamp at);

  std::unordered_map<std::uint16_t, std::unique_ptr<table>> tables_;
  std::list<step_list> past_;  // in the order of their publication
  std::atomic<bool> waiting_{false};
};

/// Appends without failing, once there is room().
template <class T>
void make_room(std::vector<T>& list) {
  if (list.size() == list.capacity()) list.reserve(list.size() < 32 ? 64 : list.size() * 2);
}

/// A connection's place among the readers, shared with its cursors: which instants they hold.
class line {
 public:
  explicit line(std::shared_ptr<content> of);
  ~line() {
    if (!of->forked()) of->readers.remove(seat);
  }
  line(const line&) = delete;

  /// Inside the latch: what is seen at this instant stays.
  void hold(stamp instant) {
    held_.push_back(instant);
    show_oldest();
  }
  void let_go(stamp instant) noexcept;

  const std::shared_ptr<content> of;
  latch::seat seat;
  std::uint64_t serial = 0;  ///< grows when a transaction or savepoint ends: cursors end with it

 private:
  void show_oldest() noexcept {
    seat.oldest.store(held_.empty() ? never : *std::min_element(held_.begin(), held_.end()),
                      std::memory_order_release);
  }
  std::vector<stamp> held_;
};

/// The newest published instant, held for one who goes through the whole store.
class held_instant {
 public:
  explicit held_instant(std::shared_ptr<content> of);
  ~held_instant() { reader.let_go(at); }
  held_instant(const held_instant&) = delete;

  line reader;
  stamp at = 0;
};

}  // namespace kith::inline v1::memory
