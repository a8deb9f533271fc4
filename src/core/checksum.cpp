// SPDX-License-Identifier: Apache-2.0
//
// SipHash-2-4 (libsodium) of the cells, encoded one behind the other.
#include "core/checksum.hpp"

#include <sodium/crypto_shorthash.h>

#include <array>
#include <cstring>
#include <string>

namespace kith::inline v1::detail {
namespace {

// Bytes on their way into the hash: on the stack for records of usual size.
class encoder {
 public:
  void put(std::uint16_t number, std::uint8_t part, const cell& c) {
    const auto head = static_cast<std::uint32_t>(number) << 16 |
                      static_cast<std::uint32_t>(part) << 8 | static_cast<std::uint32_t>(c.type());
    raw(&head, sizeof head);
    if (c.has_bytes()) {
      const auto size = static_cast<std::uint32_t>(c.as_bytes().size());
      raw(&size, sizeof size);
      raw(c.as_bytes().data(), size);
    } else if (c.type() == storage::real) {
      const double value = c.as_real() == 0 ? 0.0 : c.as_real();  // -0 and 0 are one value
      raw(&value, sizeof value);
    } else {
      const std::int64_t value = c.as_integer();
      raw(&value, sizeof value);
    }
  }

  std::uint64_t finish() const {
    static constexpr unsigned char key[crypto_shorthash_KEYBYTES] = "kith checksum 1";
    const bool long_one = !overflow_.empty();
    std::uint64_t hash = 0;
    crypto_shorthash(
        reinterpret_cast<unsigned char*>(&hash),
        reinterpret_cast<const unsigned char*>(long_one ? overflow_.data() : near_.data()),
        long_one ? overflow_.size() : used_, key);
    return hash;
  }

 private:
  void raw(const void* bytes, std::size_t size) {
    if (size == 0) return;
    if (overflow_.empty() && used_ + size <= near_.size()) {
      std::memcpy(near_.data() + used_, bytes, size);
      used_ += size;
      return;
    }
    if (overflow_.empty()) overflow_.assign(near_.data(), used_);
    overflow_.append(static_cast<const char*>(bytes), size);
  }

  std::array<char, 1024> near_;
  std::size_t used_ = 0;
  std::string overflow_;
};

void put_system(encoder& to, const system_cells& s) {
  to.put(id_slot, 0, cell::integer(s.id.value));
  to.put(revision_slot, 0, cell::integer(s.revision));
  to.put(created_slot, 0, cell::integer(s.created));
  if (s.deleted != 0) to.put(deleted_slot, 0, cell::integer(s.deleted));
  if (s.merged_into) to.put(merged_slot, 0, cell::integer(s.merged_into.value));
}

}  // namespace

std::uint64_t checksum_of(const entity_type& entity, const system_cells& system,
                          std::span<const cell> cells) {
  encoder bytes;
  put_system(bytes, system);
  for (std::size_t slot = 0; slot < cells.size(); ++slot) {
    const column& c = entity.columns[slot];
    if (cells[slot].is_null() || c.role != part_role::value) continue;
    bytes.put(entity.fields[c.field].number(), c.part, cells[slot]);
  }
  return bytes.finish();
}

std::uint64_t checksum_of(const entity_type& entity, const row& r) {
  encoder bytes;
  put_system(bytes, r.system());
  for (std::size_t slot = 0; slot < entity.columns.size(); ++slot) {
    const column& c = entity.columns[slot];
    const auto s = static_cast<slot_number>(slot);
    if (c.role != part_role::value || !r.has(s)) continue;
    bytes.put(entity.fields[c.field].number(), c.part, r.at(s, c.type));
  }
  return bytes.finish();
}

}  // namespace kith::inline v1::detail
