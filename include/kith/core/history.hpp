// SPDX-License-Identifier: Apache-2.0
//
// What readers of the change feed are given: the life of a record, what differs between two
// moments, what an undo did, what a verification found (docs/decisions/0006-change-feed.md).
//
//   for (const history_entry& h : session.history(ref<deal>(d))) {
//     print(h.at, h.actor, h.what);
//     for (const field_change& f : h.fields) print(f.field->name(), f.before, f.after);
//   }
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kith/core/change.hpp"
#include "kith/core/record.hpp"

namespace kith::inline v1 {

/// One field of a record, before and after a change.
struct field_change {
  const field_type* field = nullptr;
  value before;  ///< null: there was none
  value after;
};

/// One change of one record.
struct history_entry : change_head {
  change_kind what = change_kind::add;
  /// Of an update: what changed. Of an addition: the values it was given. In the order of fields.
  std::vector<field_change> fields;
};

/// A record at two moments; a side without a live record is empty.
struct record_difference {
  any_record before;
  any_record after;
};

/// What an undo does where later work stands in its way.
enum class undo_mode : std::uint8_t {
  all,   ///< nothing is taken back, and the error names what is contested
  skip,  ///< the rest is taken back, and what is contested is reported
};

/// A change that cannot be taken back any more.
struct contested_change {
  const entity_type* entity = nullptr;  ///< null: unknown here, or about the sets of a batch
  record_id id;
  std::string field;  ///< empty: the record as a whole
  std::string why;    ///< with what would help
};

struct undo_result {
  std::int64_t sequence = 0;  ///< of the change set that takes back; 0: there was nothing to do
  std::uint64_t records = 0;  ///< whose changes were taken back
  std::vector<contested_change> contested;
};

/// One thing that is wrong in a store.
struct damage {
  std::string entity;  ///< empty: not about a record
  record_id id;
  std::string what;
  std::string remedy;
};

/// What a verification looked at and found.
struct verification {
  std::uint64_t records = 0;  ///< of all entities, internal ones included
  std::uint64_t change_sets = 0;
  std::vector<damage> found;  ///< the first thousand
  std::uint64_t more = 0;     ///< found beyond them
  bool sound() const noexcept { return found.empty(); }
};

/// Is told of each commit of one process, in order, after it lasts. It may use other sessions.
using change_listener = std::function<void(const change_set&)>;
/// Is asked before each commit; throws kith::error to take the transaction back.
using commit_veto = std::function<void(const change_set&)>;

}  // namespace kith::inline v1
