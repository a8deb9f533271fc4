// SPDX-License-Identifier: Apache-2.0
//
// What every commit leaves behind: one change set, in the same transaction, numbered without gaps.
// History, undo, as-of, live totals, search and synchronisation all read it and nothing else
// (docs/decisions/0006-change-feed.md).
//
//   for (const change_set& set : session.changes(since)) {
//     for (const record_change& c : set.changes) print(c.what, c.entity->name(), c.id);
//   }
//
// An addition stores no copy of the row; an update stores the cells that were there before.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kith/core/model.hpp"

namespace kith::inline v1 {

/// Who or what caused a change.
enum class origin : std::uint8_t { user = 1, import = 2, plugin = 3, rule = 4, undo = 5, sync = 6 };
template <>
inline constexpr auto choices<origin> = std::array{
    choice_option{1, "user", "пользователь"}, choice_option{2, "import", "импорт"},
    choice_option{3, "plugin", "расширение"}, choice_option{4, "rule", "правило"},
    choice_option{5, "undo", "отмена"},       choice_option{6, "sync", "синхронизация"},
};

/// What happened to a record.
enum class change_kind : std::uint8_t {
  add = 1,
  update = 2,
  remove = 3,
  restore = 4,
  erase = 5,
  merge = 6
};

/// One cell as it was before the change.
struct cell_before {
  std::uint16_t field = 0;
  std::uint8_t part = 0;
  owned_cell before;
};

/// What one commit did to one record. A record may occur more than once, in the order of events.
struct record_change {
  change_kind what = change_kind::add;
  std::uint16_t entity = 0;
  record_id id;
  std::int64_t previous = 0;        ///< sequence of the record's change before this; 0: none
  std::vector<cell_before> before;  ///< values only, no keys
};

/// Who committed, when and why.
struct change_head {
  std::int64_t sequence = 0;
  instant at;  ///< never earlier than that of the sequence before
  std::string actor;
  origin from = origin::user;
  std::string reason;
  record_id batch;          ///< the import it belongs to
  std::int64_t undoes = 0;  ///< the sequence it takes back
};

/// One commit.
struct change_set : change_head {
  std::string operation_key;  ///< bytes; unique in the store
  std::vector<record_change> changes;
};

/// One cell as it was before the change, on its way into the packed form.
struct cell_change {
  std::uint16_t field = 0;
  std::uint8_t part = 0;
  cell before;
};

/// The packed form of changes (version 1), as it is stored.
class change_packer {
 public:
  void add(change_kind what, std::uint16_t entity, record_id id, std::int64_t previous,
           std::span<const cell_change> before = {});
  std::size_t size() const noexcept { return bytes_.size(); }
  std::string_view first(std::size_t bytes) const {
    return std::string_view(bytes_).substr(0, bytes);
  }
  void cut(std::size_t size) { bytes_.resize(size); }
  void replace(std::string_view bytes) { bytes_ = bytes; }
  /// All bytes so far; the packer is empty again.
  std::string take();

 private:
  std::string bytes_;
};

/// Reads the packed form; error_code::damaged when the bytes are not one.
std::vector<record_change> unpack_changes(std::string_view bytes);

}  // namespace kith::inline v1
