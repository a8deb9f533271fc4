// SPDX-License-Identifier: Apache-2.0
//
// Keys of indexes: the cells of a row at some slots, and the record's id. They are compared where
// they are; only their beginning is copied, in a form whose bytes order like the keys, so that most
// comparisons need no look at the row. Null comes first; a real that is no number comes last.
//
//   null       00
//   integer    80+n and its n significant bytes; a negative one 7f-n and those of its complement
//   real       01 and eight bytes
//   text, blob 01, the bytes with 00 as 00 ff, and 00 00
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kith/core/row.hpp"

namespace kith::inline v1::memory {

struct key_column {
  slot_number slot = 0;
  storage type = storage::integer;
};
/// At least one.
using key_columns = std::vector<key_column>;

constexpr bool is_number(storage type) { return type == storage::integer || type == storage::real; }

/// The first 23 bytes of a key with its id; the last byte is 1 when there would be more.
using key_prefix = std::array<std::uint64_t, 3>;

inline bool is_whole(const key_prefix& p) noexcept { return (p[2] & 1) == 0; }

/// Orders like the number.
inline std::uint64_t order_of(double value) noexcept {
  if (value == 0) value = 0;  // -0 and 0 are one value
  if (value != value) return ~std::uint64_t{0};
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return (bits >> 63) != 0 ? ~bits : bits | std::uint64_t{1} << 63;
}

/// Writes the bytes of a key as long as there is room.
class key_bytes {
 public:
  void put(const row& r, key_column at) noexcept {
    if (!r.has(at.slot)) return put_byte(0);
    if (at.type == storage::integer) return put(r.integer(at.slot));
    if (at.type == storage::real) return put(r.real(at.slot));
    put(r.text(at.slot));
  }
  void put(const cell& c) noexcept {
    if (c.is_null()) return put_byte(0);
    if (c.type() == storage::integer) return put(c.as_integer());
    if (c.type() == storage::real) return put(c.as_real());
    put(c.as_bytes());
  }
  void put(std::int64_t value) noexcept {
    const bool negative = value < 0;
    const auto bits = static_cast<std::uint64_t>(negative ? ~value : value);
    const unsigned bytes = (static_cast<unsigned>(std::bit_width(bits)) + 7) / 8;
    put_byte(static_cast<unsigned char>(negative ? 0x7f - bytes : 0x80 + bytes));
    put_bytes(negative ? ~bits : bits, bytes);
  }

  std::size_t size() const noexcept { return size_; }
  bool cut() const noexcept { return cut_; }
  key_prefix words() const noexcept {
    key_prefix p;
    for (std::size_t i = 0; i < p.size(); ++i) {
      p[i] = 0;
      for (std::size_t k = 0; k < 8; ++k) p[i] = p[i] << 8 | bytes_[8 * i + k];
    }
    return p;
  }

 private:
  static constexpr std::size_t room = 23;

  void put_byte(unsigned char b) noexcept {
    if (size_ < room) {
      bytes_[size_++] = b;
    } else {
      cut_ = true;
    }
  }
  void put_bytes(std::uint64_t bits, unsigned count) noexcept {
    while (count-- > 0) put_byte(static_cast<unsigned char>(bits >> (8 * count)));
  }
  void put(double value) noexcept {
    put_byte(1);
    put_bytes(order_of(value), 8);
  }
  void put(std::string_view text) noexcept {
    put_byte(1);
    for (const char c : text) {
      put_byte(static_cast<unsigned char>(c));
      if (c == 0) put_byte(0xff);
      if (cut_) return;
    }
    put_byte(0);
    put_byte(0);
  }

  std::array<unsigned char, 24> bytes_{};
  std::size_t size_ = 0;
  bool cut_ = false;
};

inline key_prefix prefix_of(const row& r, const key_columns& key, std::int64_t id) noexcept {
  key_bytes bytes;
  for (const key_column& c : key) bytes.put(r, c);
  bytes.put(id);
  key_prefix p = bytes.words();
  p[2] |= bytes.cut() ? 1 : 0;
  return p;
}

inline std::strong_ordering compare_cells(const row& a, const row& b, key_column at) noexcept {
  const bool has = a.has(at.slot);
  if (has != b.has(at.slot)) return has <=> !has;
  if (!has) return std::strong_ordering::equal;
  if (at.type == storage::integer) return a.integer(at.slot) <=> b.integer(at.slot);
  if (at.type == storage::real) return order_of(a.real(at.slot)) <=> order_of(b.real(at.slot));
  return a.text(at.slot).compare(b.text(at.slot)) <=> 0;
}
/// `b` is null or of the column's class.
inline std::strong_ordering compare_cells(const row& a, const cell& b, key_column at) noexcept {
  const bool has = a.has(at.slot);
  if (has == b.is_null()) return has <=> !has;
  if (!has) return std::strong_ordering::equal;
  if (at.type == storage::integer) return a.integer(at.slot) <=> b.as_integer();
  if (at.type == storage::real) return order_of(a.real(at.slot)) <=> order_of(b.as_real());
  return a.text(at.slot).compare(b.as_bytes()) <=> 0;
}

inline bool same_key(const row& a, const row& b, const key_columns& key) noexcept {
  for (const key_column& c : key) {
    if (compare_cells(a, b, c) != 0) return false;
  }
  return true;
}
inline bool has_null(const row& r, const key_columns& key) noexcept {
  for (const key_column& c : key) {
    if (!r.has(c.slot)) return true;
  }
  return false;
}

/// Where to look in an index: at the entries that begin with some cells, or at one entry.
class key_place {
 public:
  key_place() = default;
  /// Leading cells.
  explicit key_place(std::span<const cell> cells) noexcept : cells_(cells) {
    key_bytes bytes;
    for (const cell& c : cells) bytes.put(c);
    take(bytes);
  }
  /// Leading cells, all of them, with an id.
  key_place(std::span<const cell> cells, std::int64_t id) noexcept
      : cells_(cells), id_(id), has_id_(true) {
    key_bytes bytes;
    for (const cell& c : cells) bytes.put(c);
    bytes.put(id);
    take(bytes);
  }
  /// All cells of a row.
  key_place(const row& r, const key_columns& key) noexcept : row_(&r) {
    key_bytes bytes;
    for (const key_column& c : key) bytes.put(r, c);
    take(bytes);
  }
  key_place(const row& r, const key_columns& key, std::int64_t id) noexcept
      : row_(&r), id_(id), has_id_(true) {
    key_bytes bytes;
    for (const key_column& c : key) bytes.put(r, c);
    bytes.put(id);
    take(bytes);
  }

  /// How an entry with this prefix compares, if that is enough to know.
  std::strong_ordering against(const key_prefix& p) const noexcept {
    for (std::size_t i = 0; i < p.size(); ++i) {
      const std::uint64_t theirs = p[i] & mask_[i];
      if (theirs != words_[i]) return theirs <=> words_[i];
    }
    return std::strong_ordering::equal;
  }
  bool whole() const noexcept { return whole_; }
  /// The same by the row and id of the entry.
  std::strong_ordering against(const row& theirs, std::int64_t id,
                               const key_columns& key) const noexcept {
    const std::size_t count = row_ != nullptr ? key.size() : cells_.size();
    for (std::size_t i = 0; i < count; ++i) {
      const auto order = row_ != nullptr ? compare_cells(theirs, *row_, key[i])
                                         : compare_cells(theirs, cells_[i], key[i]);
      if (order != 0) return order;
    }
    return has_id_ ? id <=> id_ : std::strong_ordering::equal;
  }

 private:
  void take(const key_bytes& bytes) noexcept {
    words_ = bytes.words();
    whole_ = !bytes.cut();
    for (std::size_t i = 0; i < mask_.size(); ++i) {
      const std::size_t used =
          bytes.size() < 8 * i ? 0 : std::min<std::size_t>(bytes.size() - 8 * i, 8);
      mask_[i] = used == 0 ? 0 : ~std::uint64_t{0} << (64 - 8 * used);
    }
  }

  key_prefix words_{};
  key_prefix mask_{};  // empty: every entry is there
  const row* row_ = nullptr;
  std::span<const cell> cells_;
  std::int64_t id_ = 0;
  bool has_id_ = false;
  bool whole_ = true;
};

}  // namespace kith::inline v1::memory
