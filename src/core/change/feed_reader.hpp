// SPDX-License-Identifier: Apache-2.0
//
// The change feed through one connection: single sets, sets in order, newest first, by instant.
// History, as-of, undo, consumers and subscriptions all read it here.
#pragma once

#include <functional>
#include <optional>

#include "kith/core/change.hpp"
#include "kith/core/store.hpp"

namespace kith::inline v1::detail {

class feed_reader {
 public:
  /// Both outlive it.
  feed_reader(connection& through, const model& of);

  /// The set of this sequence; nothing when there is none, or when it was trimmed.
  std::optional<change_set> at(std::int64_t sequence);
  /// Sets after `since`, oldest first, until `visit` answers false.
  void forward(std::int64_t since, std::uint64_t most,
               const std::function<bool(change_set&)>& visit);
  /// Sets after `since`, newest first, until `visit` answers false.
  void backward(std::int64_t since, const std::function<bool(change_set&)>& visit);
  /// The newest sequence whose instant is not after this one; 0 before the first.
  std::int64_t sequence_at(instant when);
  /// error_code::not_found, with the oldest sequence kept, when sets after `since` were trimmed.
  void require_after(std::int64_t since);
  /// The oldest set that was not trimmed; 0 when there is none.
  std::int64_t oldest();

 private:
  void walk(std::int64_t since, std::uint64_t most, bool newest_first,
            const std::function<bool(const row&)>& visit);
  change_set read(const row& r);

  connection& connection_;
  const entity_type& sets_;
  const entity_type& chunks_;
};

}  // namespace kith::inline v1::detail
