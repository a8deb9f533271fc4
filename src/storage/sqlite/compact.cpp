// SPDX-License-Identifier: Apache-2.0
//
// The file written anew: VACUUM copies what is there into fresh pages, so that nothing that was
// removed is left between them; the checkpoint brings them into the file and cuts the log to
// nothing. Both take the write lock, so that neither overlaps a commit of any process
// (docs/decisions/0009-sqlite-file.md).
#include "storage/sqlite/connection.hpp"

namespace kith::inline v1::sqlite {
namespace {

// It attaches a file of its own for a moment, which nobody else may.
void vacuum(sqlite3* on) {
  const int most = sqlite3_limit(on, SQLITE_LIMIT_ATTACHED, 1);
  const prepared s = prepare(on, "VACUUM", false);
  running(s.get()).step("compact the file");
  sqlite3_limit(on, SQLITE_LIMIT_ATTACHED, most);
}

}  // namespace

void site::compact() {
  check();
  if (options_.read_only) {
    throw error(error_code::read_only, "the store was opened for reading");
  }
  if (in_memory()) {
    const turn mine(*this);
    vacuum(only_->raw());
    return;
  }
  check_same_file();
  const std::lock_guard lock(checkpoint_mutex_);
  const handle own = open_handle();
  make_settings(own.get());
  sqlite3_wal_autocheckpoint(own.get(), 0);
  sqlite3_busy_timeout(own.get(), options_.busy_timeout_ms);
  // A copy of the whole store does not belong into memory; the file has no name.
  run(own.get(), "PRAGMA temp_store = FILE; PRAGMA secure_delete = ON");
  vacuum(own.get());
  int left = 0;
  int done = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(own.get(), "main", SQLITE_CHECKPOINT_TRUNCATE, &left, &done);
  if ((code & 0xff) == SQLITE_BUSY) {
    throw error(error_code::busy,
                "the file is compact, but somebody still reads what was there before, so that the "
                "log beside it stays; end that transaction and compact again");
  }
  if ((code & 0xff) == SQLITE_IOERR) poison();
  if (code != SQLITE_OK) fail(own.get(), code, "bring the log into the file");
}

}  // namespace kith::inline v1::sqlite
