// SPDX-License-Identifier: Apache-2.0
//
// A declared index: entries in the order of (key cells, record id). An entry points to its record;
// its key is that of the version it was made for. It is seen by readers of instants from its birth
// until its death, and goes together with that version.
//
// An exclusive index has entries of live records only: deleted ones do not take a value.
#pragma once

#include <boost/multi_index/identity.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>
#include <span>
#include <string>

#include "kith/core/model.hpp"
#include "storage/memory/key.hpp"
#include "storage/memory/records.hpp"

namespace kith::inline v1::memory {

struct entry {
  std::uint64_t prefix;
  const record* of;
  stamp born;
  mutable stamp died = never;

  const row_ptr& version_of_key() const noexcept {
    const version* v = &of->newest;
    while (v->born >= died) v = v->older.get();
    return v->content;
  }
  const row& key() const noexcept { return *version_of_key(); }
  bool seen_at(stamp instant) const noexcept { return born <= instant && instant < died; }
};

/// A place among entries, given by cells; with an id, or else by all entries of these cells.
struct cell_place {
  std::span<const cell> cells;
  const std::int64_t* id = nullptr;
};
/// A place among entries, given by the key of a row; `born` counts only behind an id.
struct row_place {
  const row* key;
  std::uint64_t prefix;
  const std::int64_t* id = nullptr;
  const stamp* born = nullptr;
};

class entry_order {
 public:
  explicit entry_order(const key_columns& key) noexcept : key_(&key) {}

  bool operator()(const entry& a, const entry& b) const noexcept {
    return against(a, {&b.key(), b.prefix, &b.of->id, &b.born}) < 0;
  }
  bool operator()(const entry& a, const cell_place& b) const noexcept { return against(a, b) < 0; }
  bool operator()(const cell_place& a, const entry& b) const noexcept { return against(b, a) > 0; }
  bool operator()(const entry& a, const row_place& b) const noexcept { return against(a, b) < 0; }
  bool operator()(const row_place& a, const entry& b) const noexcept { return against(b, a) > 0; }

  std::strong_ordering against(const entry& a, const row_place& b) const noexcept {
    if (a.prefix != b.prefix) return a.prefix <=> b.prefix;
    std::size_t i = first_to_compare(a.prefix);
    if (i < key_->size()) {
      for (const row& mine = a.key(); i < key_->size(); ++i) {
        const auto order = compare_cells(mine, *b.key, (*key_)[i]);
        if (order != 0) return order;
      }
    }
    if (b.id == nullptr || a.of->id != *b.id) {
      return b.id == nullptr ? std::strong_ordering::equal : a.of->id <=> *b.id;
    }
    return b.born == nullptr ? std::strong_ordering::equal : a.born <=> *b.born;
  }
  std::strong_ordering against(const entry& a, const cell_place& b) const noexcept {
    if (!b.cells.empty()) {
      const std::uint64_t prefix = prefix_of(b.cells[0]);
      if (a.prefix != prefix) return a.prefix <=> prefix;
      std::size_t i = first_to_compare(prefix);
      if (i < b.cells.size()) {
        for (const row& mine = a.key(); i < b.cells.size(); ++i) {
          const auto order = compare_cells(mine, b.cells[i], (*key_)[i]);
          if (order != 0) return order;
        }
      }
    }
    return b.id == nullptr ? std::strong_ordering::equal : a.of->id <=> *b.id;
  }

 private:
  // A number is known by its prefix alone, unless it may be null.
  std::size_t first_to_compare(std::uint64_t prefix) const noexcept {
    return prefix != 0 && is_number((*key_)[0].type) ? 1 : 0;
  }
  const key_columns* key_;
};

struct index {
  using container = boost::multi_index_container<
      entry, boost::multi_index::indexed_by<boost::multi_index::ordered_unique<
                 boost::multi_index::identity<entry>, entry_order>>>;
  using place = container::iterator;

  index(std::string its_name, index_def::shape shape, key_columns its_key, stamp when)
      : name(std::move(its_name)), as(shape), born(when), key(std::move(its_key)),
        entries(container::ctor_args_list(boost::make_tuple(boost::multi_index::identity<entry>(),
                                                            entry_order(key)))) {}
  index(const index&) = delete;

  bool exclusive() const noexcept { return as == index_def::shape::exclusive; }
  bool holds(const row& r) const noexcept { return !exclusive() || r.live(); }
  template <class Place>
  place first_not_before(const Place& p) const {
    return entries.lower_bound(p, entry_order(key));
  }
  template <class Place>
  place first_behind(const Place& p) const {
    return entries.upper_bound(p, entry_order(key));
  }
  row_place place_of(const row& r) const noexcept { return {&r, prefix_of(r, key[0])}; }

  /// The entry of a record for this key that was born or that died at a stamp; end() when there is
  /// none.
  place find_born(const row& r, const record& of, stamp when) const noexcept;
  place find_died(const row& r, const record& of, stamp when) const noexcept;
  /// Where an entry for this row belongs. `taken` becomes the other live record that has the key,
  /// when the index is exclusive.
  place place_for(const row& r, std::int64_t id, stamp born, const record*& taken) const noexcept;
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
  key_columns key;
  container entries;
};

}  // namespace kith::inline v1::memory
