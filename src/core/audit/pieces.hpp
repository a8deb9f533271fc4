// SPDX-License-Identifier: Apache-2.0
//
// The pieces of a change set in a store.
#pragma once

#include "core/audit/chain.hpp"
#include "kith/core/store.hpp"

namespace kith::inline v1::detail {

struct set_pieces {
  std::vector<sealed_piece> all;  ///< views into the rows and the set
  std::vector<row_ptr> chunks;
};

/// Chunks that are missing are left out: the set's digest has their number.
set_pieces pieces_of(connection& through, const model& of, const row& set);

}  // namespace kith::inline v1::detail
