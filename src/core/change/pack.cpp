// SPDX-License-Identifier: Apache-2.0
//
// The packed form of changes, version 1 (docs/decisions/0006-change-feed.md). For each record:
//
//   head     varint   kind | 8 if cells follow
//   entity   varint
//   id       8 bytes, little endian
//   previous varint
//   cells    (number varint, part byte, class byte, value)…, ended by number 0
//
// Whole numbers are zigzag varints, reals 8 bytes, texts and blobs a varint length and bytes.
#include <bit>
#include <cstring>

#include <algorithm>

#include "core/change/packed_entries.hpp"

namespace kith::inline v1 {
namespace {

constexpr std::uint64_t has_cells = 8;

void put_varint(std::string& to, std::uint64_t n) {
  while (n >= 0x80) {
    to += static_cast<char>(n | 0x80);
    n >>= 7;
  }
  to += static_cast<char>(n);
}

void put_fixed(std::string& to, std::uint64_t n) {
  if constexpr (std::endian::native == std::endian::big) n = __builtin_bswap64(n);
  to.append(reinterpret_cast<const char*>(&n), sizeof n);
}

std::uint64_t zigzag(std::int64_t n) {
  return static_cast<std::uint64_t>(n) << 1 ^ static_cast<std::uint64_t>(n >> 63);
}

class unpacker {
 public:
  explicit unpacker(std::string_view bytes) : bytes_(bytes) {}
  bool at_end() const { return bytes_.empty(); }
  const char* place() const { return bytes_.data(); }

  std::uint64_t varint() {
    std::uint64_t n = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto b = byte();
      n |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return n;
    }
    damaged();
  }
  std::uint8_t byte() {
    if (bytes_.empty()) damaged();
    const auto b = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return b;
  }
  std::uint64_t fixed() {
    std::uint64_t n = 0;
    std::memcpy(&n, take(sizeof n).data(), sizeof n);
    if constexpr (std::endian::native == std::endian::big) n = __builtin_bswap64(n);
    return n;
  }
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size()) damaged();
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  owned_cell value() {
    const auto type = static_cast<storage>(byte());
    switch (type) {
      case storage::null: return {};
      case storage::integer: {
        const std::uint64_t n = varint();
        return cell::integer(static_cast<std::int64_t>(n >> 1) ^ -static_cast<std::int64_t>(n & 1));
      }
      case storage::real: return cell::real(std::bit_cast<double>(fixed()));
      case storage::text: return cell::text(take(varint()));
      case storage::blob: return cell::blob(take(varint()));
    }
    damaged();
  }
  [[noreturn]] static void damaged() {
    throw error(error_code::damaged, "a change set is not what Kith wrote");
  }

 private:
  std::string_view bytes_;
};

record_change unpack_one(unpacker& from) {
  record_change c;
  const std::uint64_t head = from.varint();
  c.what = static_cast<change_kind>(head & 7);
  if (c.what < change_kind::add || c.what > change_kind::merge) unpacker::damaged();
  c.entity = static_cast<std::uint16_t>(from.varint());
  c.id = {static_cast<std::int64_t>(from.fixed())};
  c.previous = static_cast<std::int64_t>(from.varint());
  if ((head & has_cells) == 0) return c;
  while (const std::uint64_t number = from.varint()) {
    cell_before before;
    before.field = static_cast<std::uint16_t>(number);
    before.part = from.byte();
    before.before = from.value();
    c.before.push_back(std::move(before));
  }
  return c;
}

}  // namespace

void change_packer::add(change_kind what, std::uint16_t entity, record_id id, std::int64_t previous,
                        std::span<const cell_change> before) {
  put_varint(bytes_, static_cast<std::uint64_t>(what) | (before.empty() ? 0 : has_cells));
  put_varint(bytes_, entity);
  put_fixed(bytes_, static_cast<std::uint64_t>(id.value));
  put_varint(bytes_, static_cast<std::uint64_t>(previous));
  if (before.empty()) return;
  for (const cell_change& c : before) {
    put_varint(bytes_, c.field);
    bytes_ += static_cast<char>(c.part);
    bytes_ += static_cast<char>(c.before.type());
    if (c.before.has_bytes()) {
      put_varint(bytes_, c.before.as_bytes().size());
      bytes_ += c.before.as_bytes();
    } else if (c.before.type() == storage::real) {
      put_fixed(bytes_, std::bit_cast<std::uint64_t>(c.before.as_real()));
    } else if (c.before.type() == storage::integer) {
      put_varint(bytes_, zigzag(c.before.as_integer()));
    }
  }
  bytes_ += '\0';
}

std::string change_packer::take() {
  std::string taken = std::move(bytes_);
  bytes_.clear();
  return taken;
}

std::vector<record_change> unpack_changes(std::string_view bytes) {
  std::vector<record_change> changes;
  unpacker from(bytes);
  while (!from.at_end()) changes.push_back(unpack_one(from));
  return changes;
}

namespace detail {

bool has_erased_values(const record_change& c) {
  return std::any_of(c.before.begin(), c.before.end(),
                     [](const cell_before& b) { return b.field == erased_field; });
}

std::vector<std::string_view> packed_entries(std::string_view bytes) {
  std::vector<std::string_view> entries;
  unpacker from(bytes);
  while (!from.at_end()) {
    const char* const begin = from.place();
    unpack_one(from);
    const char* const end = from.at_end() ? bytes.data() + bytes.size() : from.place();
    entries.emplace_back(begin, static_cast<std::size_t>(end - begin));
  }
  return entries;
}

std::string packed(const record_change& c) {
  std::vector<cell_change> cells;
  for (const cell_before& b : c.before) cells.push_back({b.field, b.part, b.before.view()});
  change_packer packer;
  packer.add(c.what, c.entity, c.id, c.previous, cells);
  return packer.take();
}

}  // namespace detail
}  // namespace kith::inline v1
