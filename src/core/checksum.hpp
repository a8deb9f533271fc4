// SPDX-License-Identifier: Apache-2.0
//
// Record checksums: 64 bits over (number, part, cell) of every cell that is not null, system cells
// included. A column that is added later is null in old rows and changes nothing. Keys are derived
// and not covered; verification derives them again.
#pragma once

#include <cstdint>
#include <span>

#include "kith/core/model.hpp"
#include "kith/core/row.hpp"

namespace kith::inline v1::detail {

/// Of a row about to be made from these cells (in slot order).
std::uint64_t checksum_of(const entity_type& entity, const system_cells& system,
                          std::span<const cell> cells);
/// Of a row as it is; compare it with row.system().checksum.
std::uint64_t checksum_of(const entity_type& entity, const row& r);

}  // namespace kith::inline v1::detail
