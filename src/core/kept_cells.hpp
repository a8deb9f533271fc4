// SPDX-License-Identifier: Apache-2.0
//
// The cells of one value with their bytes, and the keys that follow from them.
//
//   kept_cells of;
//   if (!kind.parse(options, text, format, of)) of.derive(kind, options);
#pragma once

#include <array>

#include "kith/core/model.hpp"

namespace kith::inline v1::detail {

class kept_cells final : public cell_sink {
 public:
  kept_cells() = default;
  /// The values of a field, without its keys; `at` has at(slot, storage): a row, a draft.
  template <class At>
  kept_cells(const field_type& f, const At& at) {
    const auto parts = f.parts();
    for (unsigned i = 0; i < parts.size(); ++i) {
      if (parts[i].role != part_role::value) continue;
      cells_[i] = at.at(static_cast<slot_number>(f.slot + i), parts[i].type);
    }
  }

  void put(unsigned part, cell c) override { cells_[part] = owned_cell(c); }
  cell operator[](unsigned part) const noexcept { return cells_[part].view(); }
  std::array<cell, max_parts> views() const noexcept {
    std::array<cell, max_parts> all;
    for (std::size_t i = 0; i < max_parts; ++i) all[i] = cells_[i].view();
    return all;
  }

  /// Puts the keys; kinds without keys have none to put.
  void derive(const kind& k, const kind_options& options) {
    if (k.derive != nullptr) k.derive(options, views().data(), *this);
  }
  void derive(const field_type& f) {
    if (f.parts().size() > 1) derive(f.kind(), f.def->options);
  }

 private:
  std::array<owned_cell, max_parts> cells_;
};

}  // namespace kith::inline v1::detail
