// SPDX-License-Identifier: Apache-2.0
//
// CSV against a hand-written program.
#include "table.hpp"

namespace kith::bench {
std::vector<row> exchange_rows() { return {}; }
}  // namespace kith::bench
