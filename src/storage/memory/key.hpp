// SPDX-License-Identifier: Apache-2.0
//
// Keys of indexes: the cells of a row at some slots. They are compared where they are; only the
// beginning of the first cell is copied, as a number that orders like the cell, so that most
// comparisons need no look at the row. Null comes first; numbers that are not numbers come last.
#pragma once

#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
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

constexpr bool is_number(storage type) {
  return type == storage::integer || type == storage::real;
}

/// Orders like the number.
inline std::uint64_t order_of(std::int64_t value) noexcept {
  return static_cast<std::uint64_t>(value) ^ std::uint64_t{1} << 63;
}
inline std::uint64_t order_of(double value) noexcept {
  if (value == 0) value = 0;  // -0 and 0 are one value
  if (value != value) return ~std::uint64_t{0};
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return (bits >> 63) != 0 ? ~bits : bits | std::uint64_t{1} << 63;
}
/// Orders like the text as far as its first eight bytes go.
inline std::uint64_t order_of(std::string_view text) noexcept {
  std::uint64_t first = 0;
  if (text.size() >= sizeof first) {
    std::memcpy(&first, text.data(), sizeof first);
  } else if (!text.empty()) {
    std::memcpy(&first, text.data(), text.size());
  }
  if constexpr (std::endian::native == std::endian::little) first = __builtin_bswap64(first);
  return first;
}

/// Never greater for the lesser of two keys; 0 for null.
inline std::uint64_t prefix_of(const row& r, key_column first) noexcept {
  if (!r.has(first.slot)) return 0;
  if (first.type == storage::integer) return order_of(r.integer(first.slot));
  if (first.type == storage::real) return order_of(r.real(first.slot));
  return order_of(r.text(first.slot));
}
/// The same for a cell of the column's class.
inline std::uint64_t prefix_of(const cell& c) noexcept {
  if (c.is_null()) return 0;
  if (c.type() == storage::integer) return order_of(c.as_integer());
  if (c.type() == storage::real) return order_of(c.as_real());
  return order_of(c.as_bytes());
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

}  // namespace kith::inline v1::memory
