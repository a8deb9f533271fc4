// SPDX-License-Identifier: Apache-2.0
//
// Tables, columns and indexes that a model asks for. Columns are known by their names: a snapshot
// of another model gets the order of this one when its entity is first named, and keeps, behind it,
// the columns that this model does not know.
#include <algorithm>
#include <optional>

#include "kith/core/error.hpp"
#include "storage/memory/content.hpp"

namespace kith::inline v1::memory {
namespace {

// Where the columns of a table go.
struct arrangement {
  std::vector<stored_column> columns;
  std::vector<std::optional<slot_number>> from;  // by new slot
  std::vector<slot_number> to;                   // by old slot

  arrangement(const table& in, const entity_type& entity, stamp now) : to(in.columns.size()) {
    std::vector<bool> placed(in.columns.size());
    for (const column& c : entity.columns) {
      const auto same = std::find_if(in.columns.begin(), in.columns.end(),
                                     [&](const stored_column& s) { return s.name == c.name; });
      if (same == in.columns.end()) {
        columns.push_back({c.name, c.type, now});
        from.emplace_back();
        continue;
      }
      if (same->type != c.type) {
        throw error(error_code::model, "the column " + c.name + " of " + in.name +
                                           " exists with another class of values");
      }
      const auto slot = static_cast<std::size_t>(same - in.columns.begin());
      placed[slot] = true;
      add(in, slot);
    }
    for (std::size_t slot = 0; slot < placed.size(); ++slot) {
      if (!placed[slot]) add(in, slot);
    }
  }

  row_ptr arranged(const table& in, const row_ptr& r) const {
    if (!r) return r;
    std::vector<cell> cells(columns.size());
    std::size_t used = 0;
    for (std::size_t slot = 0; slot < cells.size(); ++slot) {
      if (!from[slot]) continue;
      cells[slot] = r->at(*from[slot], in.columns[*from[slot]].type);
      if (!cells[slot].is_null()) used = slot + 1;
    }
    return row_ptr::make(r->system(), {cells.data(), used});
  }

 private:
  void add(const table& in, std::size_t slot) {
    to[slot] = static_cast<slot_number>(columns.size());
    columns.push_back(in.columns[slot]);
    from.emplace_back(static_cast<slot_number>(slot));
  }
};

[[noreturn]] void others_are_busy(const table& in) {
  throw error(error_code::busy, "the columns of " + in.name +
                                    " get the order of another model, which others must not see "
                                    "half done: end the other transactions first");
}

}  // namespace

void content::rearrange(const entity_type& entity, const latch::seat& mine, bool my_turn) {
  turn own;
  const auto found = tables_.find(entity.number);
  table& in = *found->second;
  if (!my_turn) {
    if (!writers.try_enter()) others_are_busy(in);
    own = turn(writers);
  }
  const stamp now = published.load(std::memory_order_relaxed);
  if (find(entity, newest).fits) return;  // somebody else was faster
  if (in.born > now || in.columns.back().born > now) {
    throw error(error_code::model,
                "the columns of " + in.name + " change twice in one transaction, in unlike orders");
  }
  arrangement next(in, entity, now);
  std::vector<std::pair<version*, row_ptr>> rows;
  rows.reserve(in.records.size());
  in.records.forward(least_id, [&](const record& of) {
    for (version* v = &of.newest; v != nullptr; v = v->older.get()) {
      rows.emplace_back(v, next.arranged(in, v->content));
    }
    return true;
  });
  const latch::exclusive alone(readers);
  if (!rows.empty() && alone.oldest(&mine) != never) others_are_busy(in);
  for (auto& [v, r] : rows) std::swap(v->content, r);
  for (const auto& i : in.indexes) {
    for (key_column& c : i->key) c.slot = next.to[c.slot];
  }
  in.columns.swap(next.columns);
  ++in.arrangement;
  layouts.fetch_add(1, std::memory_order_release);
}

// ------------------------------------------------------------------------------------------- apply

void content::apply(const entity_type& entity, stamp& last, std::vector<step>& steps) {
  table* in = find(entity, newest).in;
  const auto done = [&](step::what what) { steps.push_back({last, what, in, nullptr}); };
  make_room(steps);
  if (in == nullptr) {
    in = make_table(entity, ++last);
    done(step::what::made_table);
  } else if (in->columns.size() < entity.columns.size()) {
    add_columns(*in, entity, ++last);
    done(step::what::made_columns);
  }
  for (const index_type& wanted : entity.indexes) {
    const bool has = std::any_of(in->indexes.begin(), in->indexes.end(),
                                 [&](const auto& i) { return i->name == wanted.name; });
    if (has) continue;
    make_room(steps);
    add_index(*in, entity, wanted, ++last);
    done(step::what::made_index);
  }
  for (const auto& i : in->indexes) {
    const auto& names = entity.retired_indexes;
    if (!i->refuses() || std::find(names.begin(), names.end(), i->name) == names.end()) continue;
    make_room(steps);
    release_index(*i, ++last);
    done(step::what::released_index);
  }
}

// Its entries go on being kept: readers of earlier instants walk along them.
void content::release_index(index& of, stamp at) {
  const latch::exclusive alone(readers);
  of.released = at;
}

table* content::make_table(const entity_type& entity, stamp at) {
  auto made = std::make_unique<table>();
  made->number = entity.number;
  made->name = entity.name();
  made->born = at;
  for (const column& c : entity.columns) made->columns.push_back({c.name, c.type, at});
  const latch::exclusive alone(readers);
  return tables_.emplace(entity.number, std::move(made)).first->second.get();
}

void content::add_columns(table& in, const entity_type& entity, stamp at) {
  std::vector<stored_column> columns = in.columns;
  for (std::size_t slot = columns.size(); slot < entity.columns.size(); ++slot) {
    columns.push_back({entity.columns[slot].name, entity.columns[slot].type, at});
  }
  const latch::exclusive alone(readers);
  in.columns.swap(columns);
}

void content::add_index(table& in, const entity_type& entity, const index_type& wanted, stamp at) {
  key_columns key;
  for (const slot_number slot : wanted.keys) {
    if (slot >= entity.columns.size()) {
      throw error(error_code::misuse,
                  "the index " + wanted.name + " names a slot without a column");
    }
    key.push_back({slot, entity.columns[slot].type});
  }
  if (key.empty()) throw error(error_code::misuse, "the index " + wanted.name + " has no keys");
  auto made = std::make_unique<index>(wanted.name, wanted.as, std::move(key), at);
  const index::clash clash = made->build(in.records);
  if (clash.refused) throw exists_already(entity, wanted, *clash.refused, clash.other);
  const latch::exclusive alone(readers);
  in.indexes.push_back(std::move(made));
}

}  // namespace kith::inline v1::memory
