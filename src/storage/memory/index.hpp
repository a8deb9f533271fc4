// SPDX-License-Identifier: Apache-2.0
//
// A declared index: entries in the order of (key cells, record id, birth). An entry points to its
// record; its key is that of the version it was made for. It is seen by readers of instants from
// its birth until its death, and goes together with that version.
//
// An exclusive index has entries of live records only: deleted ones do not take a value.
#pragma once

#include <boost/multi_index/identity.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>
#include <string>

#include "kith/core/model.hpp"
#include "storage/memory/key.hpp"
#include "storage/memory/records.hpp"

namespace kith::inline v1::memory {

struct entry {
  const record* of;
  stamp born;
  mutable stamp died;
  key_prefix prefix;

  const row_ptr& version_of_key() const noexcept {
    const version* v = &of->newest;
    while (v->born >= died) v = v->older.get();
    return v->content;
  }
  const row& key() const noexcept { return *version_of_key(); }
  bool seen_at(stamp instant) const noexcept { return born <= instant && instant < died; }
};

/// One entry by its key, id and birth.
struct entry_place {
  key_place key;
  stamp born;
};

class entry_order {
 public:
  explicit entry_order(const key_columns& key) noexcept : key_(&key) {}

  bool operator()(const entry& a, const entry& b) const noexcept {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    if (!is_whole(a.prefix)) {
      const auto order = against(a, key_place(b.key(), *key_, b.of->id));
      if (order != 0) return order < 0;
    }
    return a.born < b.born;
  }
  bool operator()(const entry& a, const key_place& b) const noexcept { return against(a, b) < 0; }
  bool operator()(const key_place& a, const entry& b) const noexcept { return against(b, a) > 0; }
  bool operator()(const entry& a, const entry_place& b) const noexcept { return against(a, b) < 0; }
  bool operator()(const entry_place& a, const entry& b) const noexcept { return against(b, a) > 0; }

  std::strong_ordering against(const entry& a, const key_place& b) const noexcept {
    const auto order = b.against(a.prefix);
    return order != 0 || b.whole() ? order : b.against(a.key(), a.of->id, *key_);
  }
  std::strong_ordering against(const entry& a, const entry_place& b) const noexcept {
    const auto order = against(a, b.key);
    return order != 0 ? order : a.born <=> b.born;
  }

 private:
  const key_columns* key_;
};

struct index {
  using container = boost::multi_index_container<
      entry,
      boost::multi_index::indexed_by<
          boost::multi_index::ordered_unique<boost::multi_index::identity<entry>, entry_order>>,
      pool_allocator<entry>>;
  using place = container::iterator;

  index(std::string its_name, index_def::shape shape, key_columns its_key, stamp when)
      : name(std::move(its_name)),
        as(shape),
        born(when),
        key(std::move(its_key)),
        entries(container::ctor_args_list(
                    boost::make_tuple(boost::multi_index::identity<entry>(), entry_order(key))),
                pool_allocator<entry>(nodes)) {}
  index(const index&) = delete;

  bool exclusive() const noexcept { return as == index_def::shape::exclusive; }
  /// Whether it refuses a second record with the key.
  bool refuses() const noexcept { return exclusive() && released == never; }
  bool holds(const row& r) const noexcept { return !exclusive() || r.live(); }
  template <class Place>
  place first_not_before(const Place& p) const {
    return entries.lower_bound(p, entry_order(key));
  }
  template <class Place>
  place first_behind(const Place& p) const {
    return entries.upper_bound(p, entry_order(key));
  }

  /// The entry of a record for this key that was born or that died at a stamp; end() when there is
  /// none.
  place find_born(const row& r, const record& of, stamp when) const noexcept;
  place find_died(const row& r, const record& of, stamp when) const noexcept;
  /// Where an entry for this row belongs. `taken` becomes the other live record that has the key,
  /// when the index refuses that.
  place place_for(const row& r, std::int64_t id, stamp when, const record*& taken) const noexcept;
  /// Two live records with one key, where that must not be.
  struct clash {
    row_ptr refused;
    std::int64_t other = 0;
  };
  /// Makes entries for all records as they are, or says why that cannot be.
  clash build(const record_set& records);

  std::string name;
  index_def::shape as;
  stamp born;
  stamp released = never;  ///< from here on it refuses nothing: its field is retired
  key_columns key;
  node_pool nodes;
  container entries;
};

}  // namespace kith::inline v1::memory
