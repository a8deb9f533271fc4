// SPDX-License-Identifier: Apache-2.0
//
// What became of each file of an import.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <kith/kith.hpp>

namespace examples {

using import_report = std::vector<std::pair<std::string, kith::import_result>>;

}  // namespace examples
