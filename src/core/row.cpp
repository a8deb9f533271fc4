// SPDX-License-Identifier: Apache-2.0
//
// Building rows: one allocation holds the head, the presence bits, the cells and the bytes.
#include "kith/core/row.hpp"

#include <cstring>
#include <new>

#include "kith/core/error.hpp"

namespace kith::inline v1 {

cell row::at(slot_number slot, storage type) const noexcept {
  switch (slot) {
    case id_slot: return cell::integer(system_.id.value);
    case revision_slot: return cell::integer(system_.revision);
    case created_slot: return cell::integer(system_.created);
    case deleted_slot: return system_.deleted == 0 ? cell::null() : cell::integer(system_.deleted);
    case merged_slot:
      return system_.merged_into ? cell::integer(system_.merged_into.value) : cell::null();
    default: break;
  }
  if (!has(slot)) return cell::null();
  switch (type) {
    case storage::integer: return cell::integer(integer(slot));
    case storage::real: return cell::real(real(slot));
    case storage::text: return cell::text(text(slot));
    case storage::blob: return cell::blob(text(slot));
    case storage::null: break;
  }
  return cell::null();
}

row_ptr row_ptr::make(const system_cells& system, std::span<const cell> cells) {
  std::size_t tail = 0;
  for (const cell& c : cells) {
    if (c.has_bytes()) tail += c.as_bytes().size();
  }
  const auto slots = static_cast<unsigned>(cells.size());
  const std::size_t fixed =
      sizeof(row) + (row::presence_words(slots) + slots) * sizeof(std::uint64_t);
  if (tail > 0x7fffffff - fixed) throw error(error_code::limit, "a record is larger than 2 GiB");
  void* const block = ::operator new(fixed + tail);
  row* const made = new (block) row(system, slots, fixed + tail);

  auto* const presence = reinterpret_cast<std::uint64_t*>(made + 1);
  std::uint64_t* const words = presence + row::presence_words(slots);
  char* const bytes = reinterpret_cast<char*>(words + slots);
  std::memset(presence, 0, row::presence_words(slots) * sizeof(std::uint64_t));
  std::uint64_t used = 0;
  for (unsigned i = 0; i < slots; ++i) {
    const cell& c = cells[i];
    words[i] = 0;
    if (c.is_null()) continue;
    presence[i / 64] |= std::uint64_t{1} << (i % 64);
    if (c.has_bytes()) {
      const std::string_view b = c.as_bytes();
      if (!b.empty()) std::memcpy(bytes + used, b.data(), b.size());
      words[i] = used << 32 | b.size();
      used += b.size();
    } else if (c.type() == storage::real) {
      words[i] = std::bit_cast<std::uint64_t>(c.as_real());
    } else {
      words[i] = static_cast<std::uint64_t>(c.as_integer());
    }
  }
  row_ptr result;
  result.row_ = made;
  return result;
}

void row_ptr::destroy(const row* r) noexcept {
  r->~row();
  ::operator delete(const_cast<row*>(r));
}

}  // namespace kith::inline v1
