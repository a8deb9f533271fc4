// SPDX-License-Identifier: Apache-2.0
//
// Where a page ended, as bytes that may travel to a browser and back.
#pragma once

#include <string>
#include <string_view>

#include "kith/core/query.hpp"

namespace kith::capi {

/// Empty for the mark of the last page.
std::string written_mark(const page_mark& mark);
/// error_code::invalid for bytes that are no mark.
page_mark read_mark(std::string_view bytes);

}  // namespace kith::capi
