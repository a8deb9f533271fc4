// SPDX-License-Identifier: Apache-2.0
//
// The memory store against bare Boost.MultiIndex.
#include "table.hpp"

namespace kith::bench {
std::vector<row> memory_rows() { return {}; }
}  // namespace kith::bench
