// SPDX-License-Identifier: Apache-2.0
//
// Rows as bytes: system cells, presence bits, then every cell that is there, in the order of the
// slots: eight bytes for a number, size and bytes for a text or blob.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kith/core/row.hpp"
#include "storage/memory/table.hpp"

namespace kith::inline v1::memory {

/// Appends a row; slots behind the columns are left out.
void pack_row(const row& r, std::span<const stored_column> columns, std::string& to);
/// Takes a row from the front; null when the bytes are no row of these columns. `cells` is scratch
/// space.
row_ptr unpack_row(std::string_view& from, std::span<const stored_column> columns,
                   std::vector<cell>& cells);

}  // namespace kith::inline v1::memory
