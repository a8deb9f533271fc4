// SPDX-License-Identifier: Apache-2.0
//
// Whether a host's database can be lived in, asked without changing anything.
#pragma once

#include <sqlite3.h>

#include "kith/storage/sqlite.hpp"

namespace kith::inline v1::sqlite {

/// Throws unless it can.
void check_host(sqlite3* of_host, const sqlite_guest_options& accepted);
/// Whether what this host commits is kept, as far as its settings go.
bool keeps_commits(sqlite3* of_host);
/// Whether a guest has made its table: kith_file, with what SQLite keeps in the header of Kith's
/// own files, and with the mark of the newest write.
bool has_guest(sqlite3* in);
bool is_own_file(sqlite3* in);
/// A host's own tables with names like Kith's would be taken for them.
void refuse_taken_names(sqlite3* in);

}  // namespace kith::inline v1::sqlite
