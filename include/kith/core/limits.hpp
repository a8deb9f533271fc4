// SPDX-License-Identifier: Apache-2.0
//
// Every limit, named. An undefined limit is an untested one: each can be lowered per store and is
// tested on both sides. Reaching one is error_code::limit and names it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kith::inline v1 {

struct limits {
  std::size_t text_bytes = 1 << 20;   ///< one text value
  std::size_t blob_bytes = 64 << 10;  ///< one blob value
  std::size_t fields_per_entity = 500;
  std::size_t expression_depth = 16;   ///< operators nested in operators
  std::size_t expression_terms = 256;  ///< nodes of one expression
  std::size_t path_length = 6;         ///< references followed by one path
  std::size_t order_keys = 8;
  std::size_t page_rows = 1000;
  std::size_t sort_bytes = 256 << 20;         ///< rows held for sorting and grouping by the core
  std::size_t list_values = 1000;             ///< values of one `in (…)`
  std::size_t pattern_bytes = 1000;           ///< a `like` pattern
  std::size_t change_chunk_bytes = 64 << 10;  ///< a change set is stored in pieces of this size
  std::size_t cascade_records = 100'000;      ///< records that one deletion takes along
  std::size_t rule_rounds = 16;               ///< reactions that cause reactions
};

}  // namespace kith::inline v1
