// SPDX-License-Identifier: Apache-2.0
//
// Whose turn it is to write.
#include <algorithm>
#include <chrono>
#include <utility>

#include "storage/sqlite/site.hpp"

namespace kith::inline v1::sqlite {
namespace {

// True: the transaction is open; false: somebody else writes.
bool begins(database& on, int patience_ms) {
  const int usual = std::exchange(on.patience_ms, patience_ms);
  const checked_out s = on.statement("BEGIN IMMEDIATE");
  const int code = sqlite3_step(s.get());
  on.patience_ms = usual;
  if (code == SQLITE_DONE) return true;
  if ((code & 0xff) == SQLITE_BUSY && patience_ms == 0) return false;
  fail(on.raw(), code, "begin to write");
}

}  // namespace

// Who is alone, or comes when nobody writes or waits, does not wait in line. A place that was left
// behind, by a child of a process that was killed, holds up everybody for a second, and no longer.
void site::begin_to_write(database& on) {
  using std::chrono::milliseconds;
  using std::chrono::steady_clock;
  constexpr int longest_ms = 1000;
  if (shares_one()) return on.scope().begin(access::write);
  const writers_queue line(options_.path);
  if (!line.has_anybody() && begins(on, 0)) return;
  const auto begin = steady_clock::now();
  const milliseconds all(options_.busy_timeout_ms);
  const writers_queue::place mine(line, begin + std::min(all, milliseconds(longest_ms)));
  const auto waited = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
  begins(on, std::max(1, static_cast<int>((all - waited).count())));
}

}  // namespace kith::inline v1::sqlite
