// SPDX-License-Identifier: Apache-2.0
//
// Looking entries up, and building an index.
#include "storage/memory/index.hpp"

#include <algorithm>

namespace kith::inline v1::memory {

index::place index::find_born(const row& r, const record& of, stamp when) const noexcept {
  const entry_place p{key_place(r, key, of.id), when};
  const place found = first_not_before(p);
  const bool same = found != entries.end() && entry_order(key).against(*found, p) == 0;
  return same ? found : entries.end();
}

index::place index::find_died(const row& r, const record& of, stamp when) const noexcept {
  const key_place p(r, key, of.id);
  const entry_order order(key);
  for (place at = first_not_before(p); at != entries.end(); ++at) {
    if (order.against(*at, p) != 0) break;
    if (at->died == when) return at;
  }
  return entries.end();
}

index::place index::place_for(const row& r, std::int64_t id, stamp when,
                              const record*& taken) const noexcept {
  if (refuses() && !has_null(r, key)) {  // null is never equal
    const key_place p(r, key);
    const entry_order order(key);
    place at = first_not_before(p);
    if (at == entries.end() || order.against(*at, p) != 0) return at;
    for (; at != entries.end() && order.against(*at, p) == 0; ++at) {
      if (at->died == never && at->of->id != id) taken = at->of;
    }
  }
  return first_not_before(entry_place{key_place(r, key, id), when});
}

index::clash index::build(const record_set& records) {
  std::vector<entry> all;
  all.reserve(records.size());
  records.forward(least_id, [&](const record& of) {
    const row_ptr& r = of.newest.content;
    if (r && holds(*r)) all.push_back({&of, of.newest.born, never, prefix_of(*r, key, of.id)});
    return true;
  });
  std::sort(all.begin(), all.end(), entry_order(key));
  const entry* last = nullptr;
  for (const entry& e : all) {
    const bool same = exclusive() && last != nullptr && !has_null(e.key(), key) &&
                      same_key(last->key(), e.key(), key);
    if (same) return {e.of->newest.content, last->of->id};
    entries.emplace_hint(entries.end(), e);
    last = &e;
  }
  return {};
}

}  // namespace kith::inline v1::memory
