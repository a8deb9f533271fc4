// SPDX-License-Identifier: Apache-2.0
//
// Libraries that a program loads while it runs: plug-ins.
#pragma once

#include <string>

namespace kith::inline v1::detail {

/// Opens a library by its path, for ever; its symbols stay its own. error_code::invalid for a name
/// without a slash, not_found, storage.
void* opened_library(const std::string& path);
/// A function that it exports; error_code::misuse.
void* exported_by(void* library, const std::string& path, const char* symbol, const char* what);

}  // namespace kith::inline v1::detail
