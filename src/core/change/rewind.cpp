// SPDX-License-Identifier: Apache-2.0
//
// Versions of a record, backwards.
#include "core/change/rewind.hpp"

#include <algorithm>
#include <array>

#include "core/checksum.hpp"

namespace kith::inline v1::detail {
namespace {

class kept_cells final : public cell_sink {
 public:
  explicit kept_cells(owned_cell* at) : at_(at) {}
  void put(unsigned part, cell c) override { at_[part] = owned_cell(c); }

 private:
  owned_cell* at_;
};

void derive_keys(const field_type& f, std::vector<owned_cell>& cells) {
  if (f.kind().derive == nullptr || f.parts().size() == 1) return;
  std::array<owned_cell, max_parts> kept;  // the sink writes where the views look
  std::array<cell, max_parts> views;
  for (unsigned i = 0; i < f.parts().size(); ++i) {
    owned_cell& c = cells[f.slot + i];
    if (f.parts()[i].role == part_role::key) c = {};
    kept[i] = c;
    views[i] = kept[i].view();
  }
  kept_cells sink(&cells[f.slot]);
  f.kind().derive(f.def->options, views.data(), sink);
}

}  // namespace

row_ptr rewound(const entity_type& entity, const row& after, const record_change& change) {
  if (change.what == change_kind::add) return {};
  std::vector<owned_cell> cells;
  cells.reserve(entity.columns.size());
  for (slot_number s = 0; s < entity.columns.size(); ++s) {
    cells.emplace_back(after.at(s, entity.columns[s].type));
  }
  std::vector<const field_type*> touched;
  for (const cell_before& b : change.before) {
    const field_type* const f = entity.field(b.field);
    if (f == nullptr || !f->is_stored() || b.part >= f->parts().size()) continue;
    cells[f->slot + b.part] = b.before;
    if (touched.empty() || touched.back() != f) touched.push_back(f);
  }
  for (const field_type* f : touched) derive_keys(*f, cells);

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
  views.reserve(cells.size());
  for (const owned_cell& c : cells) views.push_back(c.view());
  system.checksum = checksum_of(entity, system, views);
  return row_ptr::make(system, views);
}

}  // namespace kith::inline v1::detail
