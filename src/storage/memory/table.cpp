// SPDX-License-Identifier: Apache-2.0
//
// Versions of records and their entries in all indexes.
#include "storage/memory/table.hpp"

#include "kith/core/error.hpp"
#include "kith/core/store.hpp"

namespace kith::inline v1::memory {
namespace {

[[noreturn]] void refuse(const entity_type& entity, const index& in, const row& refused,
                         std::int64_t other) {
  for (const index_type& i : entity.indexes) {
    if (i.name == in.name) throw exists_already(entity, i, refused, other);
  }
  throw error(error_code::exists,
              "the " + std::string(entity.name()) + " " + std::to_string(other) +
                  " has the same values in the unique index " + in.name,
              {std::string(entity.name()), other, {}});
}

/// Whether the rows have different places in an index; either may be missing.
struct difference {
  bool leaves;
  bool arrives;

  difference(const index& in, const row* before, const row* after)
      : leaves(before != nullptr && in.holds(*before)),
        arrives(after != nullptr && in.holds(*after)) {
    if (leaves && arrives && same_key(*before, *after, in.key)) leaves = arrives = false;
  }
};

void look_up(const table& in, const entity_type& entity, std::int64_t id, const record* at,
             const row* after, stamp now, std::vector<index_effect>& effects) {
  effects.clear();
  const row* const before = at == nullptr ? nullptr : at->newest.content.get();
  for (const auto& i : in.indexes) {
    const difference d(*i, before, after);
    if (!d.leaves && !d.arrives) continue;
    index_effect e{i.get(), nullptr, d.arrives, {}};
    if (d.leaves) e.dies = &*i->find_died(*before, *at, never);
    if (d.arrives) {
      const record* taken = nullptr;
      e.where = i->place_for(*after, id, now, taken);
      if (taken != nullptr) refuse(entity, *i, *after, taken->id);
    }
    effects.push_back(e);
  }
}

// All or none.
void add_entries(std::vector<index_effect>& effects, const record& of, stamp now) {
  std::size_t done = 0;
  try {
    for (; done < effects.size(); ++done) {
      index_effect& e = effects[done];
      if (!e.adds) continue;
      const key_prefix prefix = prefix_of(*of.newest.content, e.in->key, of.id);
      e.where = e.in->entries.emplace_hint(e.where, entry{&of, now, never, prefix});
    }
  } catch (...) {
    while (done-- > 0) {
      if (effects[done].adds) effects[done].in->entries.erase(effects[done].where);
    }
    throw;
  }
}

void push(version& newest, row_ptr& after, stamp now, std::unique_ptr<version>& room) noexcept {
  *room = std::move(newest);
  newest.content = std::move(after);
  newest.born = now;
  newest.older = std::move(room);
}

// Answers what was the newest version.
version pop(version& newest) noexcept {
  const std::unique_ptr<version> room = std::move(newest.older);
  version gone = std::move(newest);
  newest = std::move(*room);
  return gone;
}

}  // namespace

placed put(table& in, const entity_type& entity, std::int64_t id, row_ptr after, stamp now,
           latch& readers, std::vector<index_effect>& effects) {
  const record* const at = in.records.find(id);
  look_up(in, entity, id, at, after.get(), now, effects);
  if (at == nullptr) {
    record_set::place where = in.records.prepare(id);
    const latch::exclusive alone(readers);
    const record& made = in.records.insert(std::move(where), id, std::move(after), now);
    try {
      add_entries(effects, made, now);
    } catch (...) {
      in.records.erase(made);
      throw;
    }
    return {&made, false};
  }
  auto room = std::make_unique<version>();
  const latch::exclusive alone(readers);
  push(at->newest, after, now, room);
  for (const index_effect& e : effects) {
    if (e.dies != nullptr) e.dies->died = now;
  }
  try {
    add_entries(effects, *at, now);
  } catch (...) {
    for (const index_effect& e : effects) {
      if (e.dies != nullptr) e.dies->died = never;
    }
    pop(at->newest);
    throw;
  }
  return {at, true};
}

void take_back(table& in, const record& of, stamp write, latch& readers) noexcept {
  version gone;  // destroyed without the latch
  const latch::exclusive alone(readers);
  const version* const older = of.newest.older.get();
  const row* const before = older == nullptr ? nullptr : older->content.get();
  const row* const after = of.newest.content.get();
  for (const auto& i : in.indexes) {
    const difference d(*i, before, after);
    // Both are found before one is changed: until the version is gone, an entry that lives again
    // would be taken for one of the newer key.
    const auto died = d.leaves ? i->find_died(*before, of, write) : i->entries.end();
    const auto made = d.arrives ? i->find_born(*after, of, write) : i->entries.end();
    if (made != i->entries.end()) i->entries.erase(made);
    if (died != i->entries.end()) died->died = never;
  }
  if (older == nullptr) {
    in.records.erase(of);
  } else {
    gone = pop(of.newest);
  }
}

void forget_replaced(table& in, const record& of, stamp write, latch& readers) noexcept {
  version* const kept = of.born_at(write);
  if (kept == nullptr || !kept->older) return;
  const row* const before = kept->older->content.get();
  for (const auto& i : in.indexes) {
    const difference d(*i, before, kept->content.get());
    const auto dead = d.leaves ? i->find_died(*before, of, write) : i->entries.end();
    if (dead == i->entries.end()) continue;
    const latch::exclusive alone(readers);
    i->entries.erase(dead);
  }
  std::unique_ptr<version> gone;  // destroyed without the latch
  const latch::exclusive alone(readers);
  gone = std::move(kept->older);
  if (!kept->content && kept == &of.newest) in.records.erase(of);
}

}  // namespace kith::inline v1::memory
