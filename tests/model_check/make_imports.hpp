// SPDX-License-Identifier: Apache-2.0
//
// Random files to import: rows that add, rows that change, rows that name each other, and rows
// that are wrong in one way or another.
#pragma once

#include <optional>

#include "model_check/import_file.hpp"

namespace kith::model_check {

/// A file for an entity of this world; nothing when it has no field to fill. Handles from `beyond`
/// are nobody's. `alone`: not in a transaction.
std::optional<import_file> random_file(random& dice, const world& w, int entity,
                                       std::int64_t beyond, bool alone);

}  // namespace kith::model_check
