// SPDX-License-Identifier: Apache-2.0
//
// Each entry of an index leads to a row, and there are as many as rows that belong there: entries
// are distinct, so that none is missing then.
#include "storage/memory/check.hpp"

#include "storage/memory/cursor.hpp"

namespace kith::inline v1::memory {
namespace {

constexpr std::size_t batch_rows = 256;

// How many rows a path leads to.
std::uint64_t rows_along(line& reader, const table& in, const access_path& path, lifecycle which,
                         stamp instant) {
  walk rows(in, path, which, instant);
  std::vector<row_ptr> batch;
  std::uint64_t count = 0;
  while (!rows.ended()) {
    batch.clear();
    const latch::shared inside(reader.of->readers, reader.seat);
    rows.fetch(batch_rows, batch);
    count += batch.size();
  }
  return count;
}

struct known_index {
  const table* in;
  const index* of;
};

}  // namespace

void check_indexes(const std::shared_ptr<content>& of, const damage_sink& found) {
  held_instant now(of);
  std::vector<known_index> all;
  {
    const latch::shared inside(of->readers, now.reader.seat);
    for (const table* t : of->tables_at(now.at)) {
      for (const auto& i : t->indexes) {
        if (i->born <= now.at) all.push_back({t, i.get()});
      }
    }
  }
  for (const known_index& k : all) {
    const lifecycle which = k.of->exclusive() ? lifecycle::live : lifecycle::all;
    access_path by_id;
    access_path through;
    through.through = k.of;
    const std::uint64_t rows = rows_along(now.reader, *k.in, by_id, which, now.at);
    const std::uint64_t entries = rows_along(now.reader, *k.in, through, which, now.at);
    if (rows == entries) continue;
    found("the index " + k.of->name + " of " + k.in->name + " leads to " + std::to_string(entries) +
              " of " + std::to_string(rows) + " records",
          "save the store and open it again, which makes its indexes anew; please report it, too");
  }
}

}  // namespace kith::inline v1::memory
