// SPDX-License-Identifier: Apache-2.0
//
// One version of one record: an immutable, reference-counted block of presence bits, 8-byte cells
// and the bytes of its texts. A row is shared freely between threads; a change makes a new row.
//
//   row_ptr r = connection.get(entity, id);
//   std::string_view name = r->text(slot);     // lives as long as r
//
// Which slot holds what is said by the entity's columns (model.hpp). A slot beyond the end of a
// short row reads null: the row is older than the field.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "kith/core/cell.hpp"
#include "kith/core/entity.hpp"
#include "kith/core/value/record_id.hpp"

namespace kith::inline v1 {

/// The cells that every row has (docs/decisions/0004-system-cells.md).
struct system_cells {
  record_id id;
  std::int64_t revision = 0;   ///< sequence of the commit that made this version
  std::int64_t created = 0;    ///< sequence of the commit that added the record
  std::int64_t deleted = 0;    ///< sequence of the commit that deleted it; 0: live
  record_id merged_into{};     ///< the survivor, when it was merged into another record
  std::uint64_t checksum = 0;  ///< of (field number, part, cell) of all values, see checksum.hpp
};

/// System cells as slots of conditions and orders.
inline constexpr slot_number id_slot = 0xfff0;
inline constexpr slot_number revision_slot = 0xfff1;
inline constexpr slot_number created_slot = 0xfff2;
inline constexpr slot_number deleted_slot = 0xfff3;
inline constexpr slot_number merged_slot = 0xfff4;
inline constexpr slot_number checksum_slot = 0xfff5;
constexpr bool is_system_slot(slot_number s) { return s >= id_slot && s != no_slot; }

class row_ptr;
class row_writer;

/// Made by row_ptr::make(); never changed afterwards.
class row {
 public:
  row(const row&) = delete;
  row& operator=(const row&) = delete;

  const system_cells& system() const noexcept { return system_; }
  record_id id() const noexcept { return system_.id; }
  bool live() const noexcept { return system_.deleted == 0; }
  unsigned slots() const noexcept { return slots_; }
  /// The whole block in bytes, for memory caps.
  std::size_t bytes() const noexcept { return bytes_; }

  bool has(unsigned slot) const noexcept {
    return slot < slots_ && (presence()[slot / 64] >> (slot % 64) & 1) != 0;
  }
  // These read 0 and "" from null and from beyond the end.
  std::int64_t integer(unsigned slot) const noexcept {
    return static_cast<std::int64_t>(word(slot));
  }
  double real(unsigned slot) const noexcept { return std::bit_cast<double>(word(slot)); }
  std::string_view text(unsigned slot) const noexcept {
    const std::uint64_t w = word(slot);
    return {tail() + (w >> 32), static_cast<std::size_t>(w & 0xffffffff)};
  }
  /// Any slot, system slots included, as a cell of the given class; null where there is none.
  cell at(slot_number slot, storage type) const noexcept;

 private:
  friend class row_ptr;
  friend class row_writer;
  row(const system_cells& system, unsigned slots, std::size_t bytes) noexcept
      : system_(system),
        bytes_(static_cast<std::uint32_t>(bytes)),
        slots_(static_cast<std::uint16_t>(slots)) {}
  ~row() = default;

  static std::size_t presence_words(unsigned slots) noexcept { return (slots + 63) / 64; }
  const std::uint64_t* presence() const noexcept {
    return reinterpret_cast<const std::uint64_t*>(this + 1);
  }
  const std::uint64_t* words() const noexcept { return presence() + presence_words(slots_); }
  std::uint64_t word(unsigned slot) const noexcept { return slot < slots_ ? words()[slot] : 0; }
  const char* tail() const noexcept { return reinterpret_cast<const char*>(words() + slots_); }

  system_cells system_;
  mutable std::atomic<std::uint32_t> references_{1};
  std::uint32_t bytes_;
  std::uint16_t slots_;
};

/// Shared ownership of a row; eight bytes, one atomic add to copy.
class row_ptr {
 public:
  row_ptr() noexcept = default;
  row_ptr(const row_ptr& other) noexcept : row_(other.row_) {
    if (row_ != nullptr) row_->references_.fetch_add(1, std::memory_order_relaxed);
  }
  row_ptr(row_ptr&& other) noexcept : row_(std::exchange(other.row_, nullptr)) {}
  row_ptr& operator=(row_ptr other) noexcept {
    std::swap(row_, other.row_);
    return *this;
  }
  ~row_ptr() {
    if (row_ != nullptr && row_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      destroy(row_);
    }
  }

  /// A row of these cells in slot order. One allocation.
  static row_ptr make(const system_cells& system, std::span<const cell> cells);

  explicit operator bool() const noexcept { return row_ != nullptr; }
  const row* operator->() const noexcept { return row_; }
  const row& operator*() const noexcept { return *row_; }
  const row* get() const noexcept { return row_; }
  friend bool operator==(const row_ptr&, const row_ptr&) noexcept = default;

 private:
  friend class row_writer;
  static void destroy(const row* r) noexcept;
  const row* row_ = nullptr;
};

/// Fills a new row cell by cell, for stores that read many: slots that are not set are null. The
/// sizes of all texts are known before.
class row_writer {
 public:
  row_writer(const system_cells& system, unsigned slots, std::size_t text_bytes);
  void set(unsigned slot, std::int64_t value) noexcept {
    words_[slot] = static_cast<std::uint64_t>(value);
    presence_[slot / 64] |= std::uint64_t{1} << (slot % 64);
  }
  void set(unsigned slot, double value) noexcept { set(slot, std::bit_cast<std::int64_t>(value)); }
  void set(unsigned slot, std::string_view bytes) noexcept {
    if (!bytes.empty()) std::memcpy(tail_ + used_, bytes.data(), bytes.size());
    set(slot, static_cast<std::int64_t>(used_ << 32 | bytes.size()));
    used_ += bytes.size();
  }
  row_ptr finish() noexcept { return std::move(row_); }

 private:
  row_ptr row_;
  std::uint64_t* presence_;
  std::uint64_t* words_;
  char* tail_;
  std::uint64_t used_ = 0;
};

}  // namespace kith::inline v1
