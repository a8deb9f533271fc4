// SPDX-License-Identifier: Apache-2.0
//
// Cells, rows and programs from one side to the other. What comes from a plug-in is checked here;
// what is wrong with it is thrown as a text for call.hpp to put a name to.
#pragma once

#include <deque>
#include <functional>
#include <span>
#include <vector>

#include "kith/core/store.hpp"
#include "kith_plugin.h"

namespace kith::inline v1::plugin {

::kith_cell to_c(const cell& from) noexcept;

/// What a plug-in gave is not what it may give: error_code::damaged, said with its name.
using complaint = std::function<void(const std::string& what)>;

/// A cell of any class; the complaint throws.
cell from_c(const ::kith_cell& from, const complaint& refuse);
/// A row that fits the entity's columns.
row_ptr from_c(const ::kith_store_row& from, const entity_type& entity, const complaint& refuse);

/// A row in C, for as long as both live.
struct row_in_c {
  row_in_c(const row& of, const entity_type& entity);
  std::vector<::kith_cell> cells;
  ::kith_store_row row{};
};

/// Programs in C, with their instructions; their constants stay with the originals.
class programs_in_c {
 public:
  ::kith_store_program add(const program& from);
  std::vector<::kith_store_program> add(std::span<const program> from);

 private:
  std::deque<std::vector<::kith_store_instruction>> code_;
};

}  // namespace kith::inline v1::plugin
