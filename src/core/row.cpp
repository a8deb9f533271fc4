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
    case checksum_slot: return cell::integer(static_cast<std::int64_t>(system_.checksum));
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

row_writer::row_writer(const system_cells& system, unsigned slots, std::size_t text_bytes) {
  const std::size_t fixed =
      sizeof(row) + (row::presence_words(slots) + slots) * sizeof(std::uint64_t);
  if (text_bytes > 0x7fffffff - fixed)
    throw error(error_code::limit, "a record is larger than 2 GiB");
  void* const block = ::operator new(fixed + text_bytes);
  row* const made = new (block) row(system, slots, fixed + text_bytes);
  row_.row_ = made;
  presence_ = reinterpret_cast<std::uint64_t*>(made + 1);
  words_ = presence_ + row::presence_words(slots);
  tail_ = reinterpret_cast<char*>(words_ + slots);
  std::memset(presence_, 0, static_cast<std::size_t>(tail_ - reinterpret_cast<char*>(presence_)));
}

row_ptr row_ptr::make(const system_cells& system, std::span<const cell> cells) {
  std::size_t text_bytes = 0;
  for (const cell& c : cells) {
    if (c.has_bytes()) text_bytes += c.as_bytes().size();
  }
  row_writer to(system, static_cast<unsigned>(cells.size()), text_bytes);
  for (unsigned i = 0; i < cells.size(); ++i) {
    const cell& c = cells[i];
    if (c.has_bytes()) {
      to.set(i, c.as_bytes());
    } else if (c.type() == storage::real) {
      to.set(i, c.as_real());
    } else if (!c.is_null()) {
      to.set(i, c.as_integer());
    }
  }
  return to.finish();
}

void row_ptr::destroy(const row* r) noexcept {
  r->~row();
  ::operator delete(const_cast<row*>(r));
}

}  // namespace kith::inline v1
