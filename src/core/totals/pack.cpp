// SPDX-License-Identifier: Apache-2.0
//
// Groups and their states as bytes, version 1:
//
//   group   for each cell: 'n' | 'i' number | 't' length bytes
//   row     for each group: length, group, records; for each measure the number of its parts, and
//           for each: length, currency, count, the value's upper and lower half
//
// Numbers are zigzag varints; a row begins with the number of its groups.
#include "core/totals/tally.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::detail {
namespace {

void put(std::string& to, std::int64_t n) {
  std::uint64_t u = static_cast<std::uint64_t>(n) << 1 ^ static_cast<std::uint64_t>(n >> 63);
  for (; u >= 0x80; u >>= 7) to += static_cast<char>(u | 0x80);
  to += static_cast<char>(u);
}

void put(std::string& to, std::string_view bytes) {
  put(to, static_cast<std::int64_t>(bytes.size()));
  to += bytes;
}

class byte_reader {
 public:
  explicit byte_reader(std::string_view bytes) : rest_(bytes) {}

  bool at_end() const noexcept { return rest_.empty(); }
  char letter() { return taken(1)[0]; }
  std::int64_t number() {
    if (!rest_.empty() && static_cast<unsigned char>(rest_[0]) < 0x80) {  // most are small
      const auto u = static_cast<unsigned char>(rest_[0]);
      rest_.remove_prefix(1);
      return u >> 1 ^ -static_cast<std::int64_t>(u & 1);
    }
    std::uint64_t u = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto b = static_cast<unsigned char>(taken(1)[0]);
      u |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return static_cast<std::int64_t>(u >> 1 ^ (~(u & 1) + 1));
    }
    damaged();
  }
  std::string_view bytes() {
    const std::int64_t size = number();
    if (size < 0) damaged();
    return taken(static_cast<std::size_t>(size));
  }
  /// A count of things that take at least a byte each.
  std::size_t count() {
    const std::int64_t n = number();
    if (n < 0 || static_cast<std::size_t>(n) > rest_.size()) damaged();
    return static_cast<std::size_t>(n);
  }
  [[noreturn]] static void damaged() {
    throw error(error_code::damaged,
                "what a live total says of a group cannot be read; call session.rebuild_total()",
                {"total_row", 0, "groups"});
  }

 private:
  std::string_view taken(std::size_t size) {
    if (size > rest_.size()) damaged();
    const std::string_view front = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return front;
  }
  std::string_view rest_;
};

void put(std::string& to, const tally_part& p) {
  put(to, p.currency);
  put(to, p.count);
  put(to, static_cast<std::int64_t>(p.value >> 64));
  put(to, static_cast<std::int64_t>(static_cast<std::uint64_t>(p.value)));
}

tally_part read_part(byte_reader& from) {
  tally_part p;
  p.currency = from.bytes();
  p.count = from.number();
  const auto upper = static_cast<std::uint64_t>(from.number());
  const auto lower = static_cast<std::uint64_t>(from.number());
  p.value = static_cast<wide>(static_cast<unsigned_wide>(upper) << 64 | lower);
  p.has = true;
  return p;
}

}  // namespace

std::string packed_group(std::span<const cell> cells) {
  std::string bytes;
  for (const cell& c : cells) {
    if (c.is_null()) {
      bytes += 'n';
    } else if (c.type() == storage::text) {
      bytes += 't';
      put(bytes, c.as_bytes());
    } else {
      bytes += 'i';
      put(bytes, c.as_integer());
    }
  }
  return bytes;
}

void unpack_group(std::string_view bytes, std::vector<owned_cell>& cells) {
  for (byte_reader from(bytes); !from.at_end();) {
    switch (from.letter()) {
      case 'n': cells.emplace_back(); break;
      case 'i': cells.emplace_back(cell::integer(from.number())); break;
      case 't': cells.emplace_back(cell::text(from.bytes())); break;
      default: byte_reader::damaged();
    }
  }
}

std::vector<owned_cell> unpacked_group(std::string_view bytes) {
  std::vector<owned_cell> cells;
  unpack_group(bytes, cells);
  return cells;
}

std::string packed(const group_map& groups) {
  std::string bytes;
  put(bytes, static_cast<std::int64_t>(groups.size()));
  for (const auto& [group, state] : groups) {
    put(bytes, group);
    put(bytes, state.records);
    for (const auto& parts : state.measures) {
      put(bytes, static_cast<std::int64_t>(parts.size()));
      for (const tally_part& p : parts) put(bytes, p);
    }
  }
  return bytes;
}

void each_group(const total_type& t, std::string_view bytes, tally& room,
                const std::function<void(std::string_view group, const tally& says)>& visit) {
  byte_reader from(bytes);
  for (std::size_t n = from.count(); n > 0; --n) {
    const std::string_view group = from.bytes();
    room.records = from.number();
    room.measures.resize(t.measures.size());
    for (auto& parts : room.measures) {
      parts.resize(from.count());
      for (tally_part& p : parts) p = read_part(from);
    }
    visit(group, room);
  }
  if (!from.at_end()) byte_reader::damaged();
}

group_map unpacked(const total_type& t, std::string_view bytes) {
  group_map groups;
  tally room;
  each_group(t, bytes, room, [&](std::string_view group, const tally& says) {
    groups.insert_or_assign(std::string(group), says);
  });
  return groups;
}

}  // namespace kith::inline v1::detail
