// SPDX-License-Identifier: Apache-2.0
//
// The order of rows, as every scan keeps it: by the cells of the order's terms, then by id, in the
// direction of the last term.
#pragma once

#include <span>

#include "kith/core/program.hpp"
#include "kith/core/value/record_id.hpp"

namespace kith::inline v1::detail {

inline cell cell_view(const cell& c) { return c; }
inline cell cell_view(const owned_cell& c) { return c.view(); }

/// Whether row a, with these cells of its order, comes before row b.
template <class A, class B>
bool comes_before(std::span<const order_term> order, const A& a, record_id id_a, const B& b,
                  record_id id_b) {
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto o = cell_view(a[i]) <=> cell_view(b[i]);
    if (o != 0) return (o < 0) != order[i].descending;
  }
  return !order.empty() && order.back().descending ? id_b < id_a : id_a < id_b;
}

}  // namespace kith::inline v1::detail
