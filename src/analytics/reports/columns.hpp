// SPDX-License-Identifier: Apache-2.0
//
// Columns that a report needs to tell groups apart and to sort them, and does not show.
#pragma once

#include "kith/core/query.hpp"

namespace kith::inline v1::analytics {

inline void hide_columns(table& t, std::size_t first, std::size_t how_many) {
  const auto hide = [&](auto& list) {
    const auto from = list.begin() + static_cast<std::ptrdiff_t>(first);
    list.erase(from, from + static_cast<std::ptrdiff_t>(how_many));
  };
  hide(t.columns);
  for (std::vector<value>& row : t.rows) hide(row);
}

}  // namespace kith::inline v1::analytics
