// SPDX-License-Identifier: Apache-2.0
//
// A file as text, and its import into a store.
#pragma once

#include "model_check/ledger.hpp"
#include "model_check/load.hpp"

namespace kith::model_check {

/// The file as people and programs would write it for this store.
std::string csv_text(const world& w, const loaded& in, int entity, const import_file& f);
/// Imports it; what became of it, as shown(import_outcome) says it. `want` knows the handles of
/// what is added, and which complaints count.
std::string run_import(const world& w, loaded& in, int entity, const import_file& f,
                       const import_outcome& want);

}  // namespace kith::model_check
