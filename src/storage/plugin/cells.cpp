// SPDX-License-Identifier: Apache-2.0
//
// From one side to the other.
#include "storage/plugin/cells.hpp"

#include <array>
#include <string>

namespace kith::inline v1::plugin {
namespace {

constexpr std::array names{"null", "an integer", "a real", "a text", "a blob"};
constexpr std::size_t largest = 0x7fffffff;

}  // namespace

::kith_cell to_c(const cell& from) noexcept {
  ::kith_cell to{};
  to.type = static_cast<std::uint32_t>(from.type());
  switch (from.type()) {
    case storage::null: break;
    case storage::integer: to.as.integer = from.as_integer(); break;
    case storage::real: to.as.real = from.as_real(); break;
    case storage::text:
    case storage::blob: {
      const std::string_view bytes = from.as_bytes();
      to.as.bytes = {bytes.data() == nullptr ? "" : bytes.data(), bytes.size()};
    }
  }
  return to;
}

cell from_c(const ::kith_cell& from, const complaint& refuse) {
  switch (from.type) {
    case KITH_NULL: return {};
    case KITH_INTEGER: return cell::integer(from.as.integer);
    case KITH_REAL: return cell::real(from.as.real);
    case KITH_TEXT:
    case KITH_BLOB: break;
    default: refuse("a cell of the class " + std::to_string(from.type)); return {};
  }
  if (from.as.bytes.data == nullptr) refuse("a text or blob without bytes: NULL");
  if (from.as.bytes.size > largest) refuse("a text or blob of more than 2 GiB");
  const std::string_view bytes(from.as.bytes.data, from.as.bytes.size);
  return from.type == KITH_TEXT ? cell::text(bytes) : cell::blob(bytes);
}

row_ptr from_c(const ::kith_store_row& from, const entity_type& entity, const complaint& refuse) {
  const std::string of = std::string(entity.name()) + " " + std::to_string(from.id);
  if (from.id <= 0) refuse("the record " + of + ": ids are greater than 0");
  if (from.deleted < 0 || from.merged_into < 0 || from.revision < 0 || from.created < 0) {
    refuse("system cells less than 0 for " + of);
  }
  if (from.count > entity.columns.size()) {
    refuse(std::to_string(from.count) + " cells for " + of + ", which has " +
           std::to_string(entity.columns.size()));
  }
  if (from.cells == nullptr && from.count != 0) refuse("NULL for the cells of " + of);
  std::vector<cell> cells(from.count);
  for (std::size_t slot = 0; slot < cells.size(); ++slot) {
    const column& c = entity.columns[slot];
    cells[slot] = from_c(from.cells[slot], refuse);
    if (!cells[slot].is_null() && cells[slot].type() != c.type) {
      refuse(std::string(names[from.cells[slot].type]) + " for " + of + ", column " + c.name +
             ", which holds " + names[static_cast<std::size_t>(c.type)]);
    }
  }
  return row_ptr::make({.id = {from.id},
                        .revision = from.revision,
                        .created = from.created,
                        .deleted = from.deleted,
                        .merged_into = {from.merged_into},
                        .checksum = from.checksum},
                       cells);
}

row_in_c::row_in_c(const kith::row& of, const entity_type& entity) {
  cells.reserve(entity.columns.size());
  for (slot_number s = 0; s < entity.columns.size(); ++s) {
    cells.push_back(to_c(of.at(s, entity.columns[s].type)));
  }
  const system_cells& s = of.system();
  row = {s.id.value,          s.revision, s.created,    s.deleted,
         s.merged_into.value, s.checksum, cells.data(), cells.size()};
}

::kith_store_program programs_in_c::add(const program& from) {
  std::vector<::kith_store_instruction>& code = code_.emplace_back();
  code.reserve(from.code.size());
  for (const instruction& i : from.code) {
    code.push_back({static_cast<std::uint16_t>(i.code), i.slot, i.entity,
                    static_cast<std::uint8_t>(i.type), i.detail, i.count, i.count2,
                    to_c(i.constant)});
  }
  return {code.data(), code.size()};
}

std::vector<::kith_store_program> programs_in_c::add(std::span<const program> from) {
  std::vector<::kith_store_program> all;
  all.reserve(from.size());
  for (const program& p : from) all.push_back(add(p));
  return all;
}

}  // namespace kith::inline v1::plugin
