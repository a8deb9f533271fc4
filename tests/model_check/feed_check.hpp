// SPDX-License-Identifier: Apache-2.0
//
// A change set against the worlds before and after it: the changes must lead from one to the
// other, forwards for what lives, backwards for values.
#pragma once

#include <map>

#include "model_check/ledger.hpp"
#include "model_check/load.hpp"

namespace kith::model_check {

/// Follows the feed of one store.
class feed_check {
 public:
  feed_check(loaded& in, std::int64_t sequence) : in_(in), sequence_(sequence) {}

  /// What is wrong with the newest change set, or that there is one where nothing was written.
  std::string newest(const ledger& told);
  /// The whole feed: every number once, and as many changes as when it was written.
  std::string whole();
  /// The commit that wrote this record last.
  std::int64_t revision(std::int64_t handle) const;

 private:
  std::string check(const change_set& set, const ledger& told);
  std::string check_record(const std::vector<const record_change*>& changes,
                           const record_plan* before, const record_plan& after, const ledger& told,
                           int entity);

  loaded& in_;
  std::int64_t sequence_;
  std::map<std::int64_t, std::int64_t> revisions_;
  std::map<std::int64_t, std::size_t> sizes_;
};

}  // namespace kith::model_check
