// SPDX-License-Identifier: Apache-2.0
//
// Agreeing with a library on an interface.
#pragma once

#include <string>

#include "kith_plugin.h"

namespace kith::inline v1::plugin {

/// Asks for the newest interface first, then for lower ones. `newest` differs in tests only.
const ::kith_store_api* negotiated(::kith_store_init_function init, const std::string& path,
                                   std::uint32_t newest = KITH_STORE_ABI);

}  // namespace kith::inline v1::plugin
