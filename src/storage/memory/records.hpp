// SPDX-License-Identifier: Apache-2.0
//
// The records of one entity by id, each with its versions, newest first. A version is seen from the
// stamp of its write on, until a newer one was born; older ones stay as long as a reader needs
// them.
//
// Records lie in containers of limited size, one behind the other in the order of ids. Ids grow, so
// a container that is full stays as it is, and growing never moves more than one of them.
#pragma once

#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>
#include <limits>
#include <memory>
#include <vector>

#include "kith/core/row.hpp"
#include "storage/memory/latch.hpp"
#include "storage/memory/pool.hpp"

namespace kith::inline v1::memory {

struct version {
  row_ptr content;  ///< null: the record was erased
  stamp born = 0;
  std::unique_ptr<version> older;

  version() = default;
  version(row_ptr r, stamp when) noexcept : content(std::move(r)), born(when) {}
  version(version&&) noexcept = default;
  version& operator=(version&&) noexcept = default;
  ~version() {  // one by one: a chain may be longer than the stack is deep
    while (older) older = std::move(older->older);
  }
};

struct record {
  std::int64_t id;
  mutable version newest;

  record(std::int64_t its_id, row_ptr r, stamp born) noexcept
      : id(its_id), newest(std::move(r), born) {}

  /// What a reader of this instant sees; null when that is nothing.
  const row_ptr* seen_at(stamp instant) const noexcept {
    const version* v = &newest;
    while (v->born > instant) {
      v = v->older.get();
      if (v == nullptr) return nullptr;
    }
    return v->content ? &v->content : nullptr;
  }
  /// The version that this write made; null when it is gone.
  version* born_at(stamp write) const noexcept {
    version* v = &newest;
    while (v != nullptr && v->born != write) v = v->older.get();
    return v;
  }
};

/// Only one thread changes it; others may read meanwhile under the latch.
class record_set {
  using by_id = boost::multi_index::member<record, std::int64_t, &record::id>;
  using container = boost::multi_index_container<
      record,
      boost::multi_index::indexed_by<boost::multi_index::hashed_unique<by_id>,
                                     boost::multi_index::ordered_unique<by_id>>,
      pool_allocator<record>>;

 public:
  /// Records of one container; more only when ids do not grow.
  static constexpr std::size_t container_records = std::size_t{1} << 15;

  std::size_t size() const noexcept { return size_; }

  const record* find(std::int64_t id) const noexcept {
    if (parts_.empty()) return nullptr;
    const container& in = *parts_[part_of(id)];
    const auto found = in.find(id);
    return found == in.end() ? nullptr : &*found;
  }

  /// Where a record will be: what can be done without the latch.
  class place {
    friend class record_set;
    container* in = nullptr;
    std::unique_ptr<container> fresh;
  };
  place prepare(std::int64_t id);
  /// Under the latch. The id must be new.
  const record& insert(place where, std::int64_t id, row_ptr r, stamp born);
  /// Under the latch.
  void erase(const record& gone) noexcept;

  /// Visits records by id, up from the first one that is not less, until `visit` answers false.
  template <class Visit>
  void forward(std::int64_t from, Visit&& visit) const {
    if (parts_.empty()) return;
    std::size_t part = part_of(from);
    auto at = parts_[part]->template get<1>().lower_bound(from);
    for (;;) {
      for (const auto end = parts_[part]->template get<1>().end(); at != end; ++at) {
        if (!visit(*at)) return;
      }
      if (++part == parts_.size()) return;
      at = parts_[part]->template get<1>().begin();
    }
  }
  /// The same, down from the first one that is not greater.
  template <class Visit>
  void backward(std::int64_t from, Visit&& visit) const {
    if (parts_.empty()) return;
    std::size_t part = part_of(from);
    auto at = parts_[part]->template get<1>().upper_bound(from);
    for (;;) {
      for (const auto begin = parts_[part]->template get<1>().begin(); at != begin;) {
        if (!visit(*--at)) return;
      }
      if (part-- == 0) return;
      at = parts_[part]->template get<1>().end();
    }
  }

 private:
  // The last part whose first id is not greater; without jumps that would be guessed wrong.
  std::size_t part_of(std::int64_t id) const noexcept {
    const std::int64_t* at = firsts_.data();
    for (std::size_t count = firsts_.size(); count > 1;) {
      const std::size_t half = count / 2;
      at = at[half] <= id ? at + half : at;
      count -= half;
    }
    return static_cast<std::size_t>(at - firsts_.data());
  }

  node_pool nodes_;
  std::vector<std::int64_t> firsts_;  // the least id that belongs to each part; any for the first
  std::vector<std::unique_ptr<container>> parts_;
  std::size_t size_ = 0;
};

inline constexpr std::int64_t least_id = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t greatest_id = std::numeric_limits<std::int64_t>::max();

}  // namespace kith::inline v1::memory
