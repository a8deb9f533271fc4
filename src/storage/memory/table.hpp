// SPDX-License-Identifier: Apache-2.0
//
// All of one entity: its columns, its records, its indexes; and the three things that can happen to
// a record: a version is put in place, taken back, or forgotten when no reader needs it any more.
// Everything is looked up without the latch; only putting in place is done with it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/memory/index.hpp"

namespace kith::inline v1::memory {

struct stored_column {
  std::string name;
  storage type = storage::integer;
  stamp born = 0;
};

struct table {
  std::uint16_t number = 0;
  std::string name;
  stamp born = 0;
  std::vector<stored_column> columns;  ///< by slot of the rows
  std::vector<std::unique_ptr<index>> indexes;
  record_set records;
  std::uint64_t arrangement = 0;  ///< grows when the columns get another order
};

/// What a write does to one index.
struct index_effect {
  index* in = nullptr;
  const entry* dies = nullptr;
  bool adds = false;
  index::place where{};  ///< of the new entry: first the hint, then the entry
};

/// Puts a version in place; without a row it says that the record is erased. `effects` is scratch
/// space. Answers the record, and whether it had a version before. Throws error_code::exists, or
/// std::bad_alloc; then nothing has changed.
struct placed {
  const record* of;
  bool replaced;
};
placed put(table& in, const entity_type& entity, std::int64_t id, row_ptr after, stamp now,
           latch& readers, std::vector<index_effect>& effects);
/// Takes back the newest version, which this write made.
void take_back(table& in, const record& of, stamp write, latch& readers) noexcept;
/// Removes the version that this write replaced, and what only that version needed.
void forget_replaced(table& in, const record& of, stamp write, latch& readers) noexcept;

}  // namespace kith::inline v1::memory
