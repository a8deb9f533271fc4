// SPDX-License-Identifier: Apache-2.0
//
// Takes values out of the change feed: each set that tells of one of the records is written anew,
// once, without the values of before. The chain of a record's changes leads to its sets.
#pragma once

#include <map>

#include "core/erasure/file.hpp"
#include "core/session/state.hpp"

namespace kith::inline v1::detail {

class feed_eraser {
 public:
  /// Works in the open write transaction. Both outlive it.
  feed_eraser(session::state& through, const persons& who) : s_(through), persons_(who) {}

  /// A record whose values go: all of them, or the personal ones.
  void add(const member& m, std::int64_t revision);
  /// Rewrites the sets; once, before the records themselves are written.
  void run();
  /// Takes what was computed from the values out of the changes of this transaction.
  void clean_own_set();
  std::uint64_t sets() const noexcept { return sets_; }

 private:
  using key = std::pair<std::uint16_t, std::int64_t>;

  void rewrite(std::int64_t sequence);
  bool rewrite_piece(const entity_type& e, record_id id, slot_number changes, slot_number seals,
                     std::int64_t sequence, std::int64_t piece);
  std::string stripped(std::string_view bytes, std::int64_t sequence);
  bool strip(record_change& c, bool all) const;
  void write(const entity_type& e, const row_ptr& before, slot_number changes, slot_number seals,
             std::string_view bytes, std::string_view new_seals);

  session::state& s_;
  const persons& persons_;
  std::map<key, bool> records_;  // whether all values go
  std::set<std::int64_t> waiting_;
  std::uint64_t sets_ = 0;
};

}  // namespace kith::inline v1::detail
