// SPDX-License-Identifier: Apache-2.0
//
// Writing and reading the bytes of rows.
#include "storage/memory/packed_row.hpp"

#include <algorithm>
#include <cstring>

namespace kith::inline v1::memory {
namespace {

constexpr std::uint8_t is_deleted = 1;
constexpr std::uint8_t is_merged = 2;

template <class Value>
void put(std::string& to, Value value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// Takes values from the front; remembers whether there were enough bytes.
class taker {
 public:
  explicit taker(std::string_view& from) : from_(from) {}

  bool failed() const noexcept { return failed_; }
  template <class Value>
  Value take() {
    Value value{};
    const std::string_view bytes = take_bytes(sizeof value);
    if (!failed_) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  std::string_view take_bytes(std::size_t size) {
    failed_ = failed_ || size > from_.size();
    if (failed_) return {};
    const std::string_view bytes = from_.substr(0, size);
    from_.remove_prefix(size);
    return bytes;
  }

 private:
  std::string_view& from_;
  bool failed_ = false;
};

}  // namespace

void pack_row(const row& r, std::span<const stored_column> columns, std::string& to) {
  const system_cells& s = r.system();
  put(to, s.id.value);
  put(to, s.revision);
  put(to, s.created);
  put(to, s.checksum);
  const int flags = (s.deleted != 0 ? is_deleted : 0) | (s.merged_into ? is_merged : 0);
  put(to, static_cast<std::uint8_t>(flags));
  if (s.deleted != 0) put(to, s.deleted);
  if (s.merged_into) put(to, s.merged_into.value);

  const std::size_t slots = std::min<std::size_t>(r.slots(), columns.size());
  put(to, static_cast<std::uint16_t>(slots));
  const std::size_t presence = to.size();
  to.append((slots + 7) / 8, '\0');
  for (unsigned slot = 0; slot < slots; ++slot) {
    if (!r.has(slot)) continue;
    to[presence + slot / 8] = static_cast<char>(to[presence + slot / 8] | 1 << slot % 8);
    if (is_number(columns[slot].type)) {
      put(to, r.integer(slot));  // the eight bytes of a real as well
    } else {
      const std::string_view text = r.text(slot);
      put(to, static_cast<std::uint32_t>(text.size()));
      to.append(text);
    }
  }
}

row_ptr unpack_row(std::string_view& from, std::span<const stored_column> columns,
                   std::vector<cell>& cells) {
  taker bytes(from);
  system_cells s;
  s.id.value = bytes.take<std::int64_t>();
  s.revision = bytes.take<std::int64_t>();
  s.created = bytes.take<std::int64_t>();
  s.checksum = bytes.take<std::uint64_t>();
  const auto flags = bytes.take<std::uint8_t>();
  if ((flags & is_deleted) != 0) s.deleted = bytes.take<std::int64_t>();
  if ((flags & is_merged) != 0) s.merged_into.value = bytes.take<std::int64_t>();

  const auto slots = bytes.take<std::uint16_t>();
  const std::string_view presence = bytes.take_bytes((slots + 7u) / 8u);
  if (bytes.failed() || slots > columns.size()) return {};
  cells.assign(slots, cell::null());
  for (std::size_t slot = 0; slot < slots; ++slot) {
    if ((presence[slot / 8] >> slot % 8 & 1) == 0) continue;
    switch (columns[slot].type) {
      case storage::integer: cells[slot] = cell::integer(bytes.take<std::int64_t>()); break;
      case storage::real: cells[slot] = cell::real(bytes.take<double>()); break;
      case storage::text:
        cells[slot] = cell::text(bytes.take_bytes(bytes.take<std::uint32_t>()));
        break;
      default: cells[slot] = cell::blob(bytes.take_bytes(bytes.take<std::uint32_t>())); break;
    }
  }
  if (bytes.failed()) return {};
  return row_ptr::make(s, cells);
}

}  // namespace kith::inline v1::memory
