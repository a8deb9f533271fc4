// SPDX-License-Identifier: Apache-2.0
//
// Options and results that imports of all formats share.
#pragma once

#include "handles.hpp"

namespace kith::capi {

/// The options for the C++ importer; the struct may be newer or older than this library.
import_options import_options_of(const kith_import_options& o, const model& of);
/// The settings of files, read and checked where there is no file: what is given is never ignored.
void check_file_settings(const kith_import_options& o);
/// The table of what was refused, and the numbers.
void give_import(const import_result& result, kith_imported* imported, kith_table** errors);

}  // namespace kith::capi
