// SPDX-License-Identifier: Apache-2.0
//
// Everything that a session can be asked about the lab's entities, as lines: two sessions that see
// the same give the same answers.
#pragma once

#include <string>
#include <vector>

#include "kith/core/session.hpp"

namespace kith::lab {

using answers = std::vector<std::string>;
answers look(session& of);

}  // namespace kith::lab
