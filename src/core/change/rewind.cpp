// SPDX-License-Identifier: Apache-2.0
//
// Versions of a record, backwards.
#include "core/change/rewind.hpp"

#include <algorithm>

#include "core/checksum.hpp"
#include "core/kept_cells.hpp"

namespace kith::inline v1::detail {
namespace {

// A version on its way to be one: its cells by slot.
struct version {
  std::vector<owned_cell> cells;
  cell at(slot_number s, storage) const { return cells[s].view(); }
};

void derive_keys(const field_type& f, version& of) {
  if (f.kind().derive == nullptr || f.parts().size() == 1) return;
  kept_cells derived(f, of);
  derived.derive(f);
  for (unsigned i = 0; i < f.parts().size(); ++i) of.cells[f.slot + i] = derived[i];
}

}  // namespace

row_ptr rewound(const entity_type& entity, const row& after, const record_change& change) {
  if (change.what == change_kind::add) return {};
  version before;
  before.cells.reserve(entity.columns.size());
  for (slot_number s = 0; s < entity.columns.size(); ++s) {
    before.cells.emplace_back(after.at(s, entity.columns[s].type));
  }
  std::vector<const field_type*> touched;
  for (const cell_before& b : change.before) {
    const field_type* const f = entity.field(b.field);
    if (f == nullptr || !f->is_stored() || b.part >= f->parts().size()) continue;
    before.cells[f->slot + b.part] = b.before;
    if (touched.empty() || touched.back() != f) touched.push_back(f);
  }
  for (const field_type* f : touched) derive_keys(*f, before);

  system_cells system = after.system();
  system.revision = change.previous;
  // A deleted record does not change: what was restored had been deleted by its change before.
  if (change.what == change_kind::remove) system.deleted = 0;
  if (change.what == change_kind::restore) system.deleted = change.previous;
  if (change.what == change_kind::merge) {
    system.deleted = 0;
    system.merged_into = {};
  }
  std::vector<cell> views;
  views.reserve(before.cells.size());
  for (const owned_cell& c : before.cells) views.push_back(c.view());
  system.checksum = checksum_of(entity, system, views);
  return row_ptr::make(system, views);
}

}  // namespace kith::inline v1::detail
