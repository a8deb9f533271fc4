// SPDX-License-Identifier: Apache-2.0
//
// Whether the indexes of a memory store agree with its rows, at one instant, while others write.
#pragma once

#include <memory>

#include "storage/memory/content.hpp"

namespace kith::inline v1::memory {

void check_indexes(const std::shared_ptr<content>& of, const damage_sink& found);

}  // namespace kith::inline v1::memory
