// SPDX-License-Identifier: Apache-2.0
//
// How a transaction of Kith is made on a SQLite handle: with BEGIN and COMMIT on its own, with a
// savepoint on a host's (docs/decisions/0020-guest.md).
#pragma once

#include <cstdint>
#include <memory>

#include "kith/core/store.hpp"

namespace kith::inline v1::sqlite {

class database;

class transactions {
 public:
  virtual ~transactions() = default;

  virtual void begin(access mode) = 0;
  /// Whether SQLite still has the transaction that began.
  virtual bool is_open() const noexcept = 0;
  /// SQLite's code: SQLITE_DONE when it lasts, or will last with the host's.
  virtual int commit() = 0;
  /// Takes the open transaction back; false when SQLite could not. Needs no memory.
  virtual bool roll_back() noexcept = 0;

  /// Before each write of a transaction, and after a savepoint was gone back to.
  virtual void before_write() {}
  virtual void went_back() {}
  /// Changes whenever the content may have changed otherwise than through this handle's writes.
  virtual std::uint64_t data_version() = 0;
  /// Whether a transaction of a host is open around Kith's.
  virtual bool provisional() const noexcept { return false; }
  /// A commit that writes over what a failed one may have left on the disk.
  virtual void commit_once_more() = 0;
  /// The handle rolled a transaction back by itself since begin().
  virtual bool taken_back() const noexcept { return false; }
};

/// BEGIN IMMEDIATE, COMMIT and ROLLBACK on a handle of Kith's own.
std::unique_ptr<transactions> own_transactions(database& on);
/// A savepoint for each transaction, on a host's handle.
std::unique_ptr<transactions> host_transactions(database& on);

}  // namespace kith::inline v1::sqlite
