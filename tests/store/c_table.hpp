// SPDX-License-Identifier: Apache-2.0
//
// Any store of ours as a plug-in: what a C program would write, on top of a C++ store. With it
// every case of the suites runs through the table of C functions and back.
//
//   const auto kept = export_store("exported", [](auto& where, auto& how) { return open_memory(…);
//   }); std::unique_ptr<store> s = open_plugin(exported_table(), "exported:");
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "kith/core/store.hpp"
#include "kith/storage/plugin.hpp"

namespace kith::conformance {

/// Opens the place behind the scheme.
using exported_store =
    std::function<std::unique_ptr<store>(const std::string& where, const plugin_options& how)>;

/// From now on the table opens places of this scheme with it.
void export_store(const std::string& scheme, exported_store open);
const ::kith_store_api* exported_table();

}  // namespace kith::conformance
