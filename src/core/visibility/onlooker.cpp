// SPDX-License-Identifier: Apache-2.0
//
// Single rows: who sees them, and what of them. The conditions of a visibility are asked with full
// rights; what is computed for the session is computed from what it sees.
#include <algorithm>
#include <array>

#include "core/session/computed.hpp"
#include "core/visibility/seen_rows.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr std::size_t most_known = 100'000;

class cells_of_row final : public cell_sink {
 public:
  explicit cells_of_row(owned_cell* at) : at_(at) {}
  void put(unsigned part, cell c) override { at_[part] = owned_cell(c); }

 private:
  owned_cell* at_;
};

row_ptr made_of(const row& r, const std::vector<owned_cell>& cells, bool survivor_seen) {
  system_cells system = r.system();
  system.checksum = 0;  // it would tell of what is not shown
  if (!survivor_seen) system.merged_into = {};
  std::vector<cell> views(cells.begin(), cells.end());
  return row_ptr::make(system, views);
}

connection& of_now(const seen_connection& of) {
  return of.past() ? of.past()->newest() : of.base();
}

// Rows for a field that is computed for the session: of each no more than the field reads.
class computing_reader final : public row_source {
 public:
  computing_reader(seen_connection& of, const entity_sight::computed_field& for_field)
      : of_(of), for_(for_field) {}

  row_ptr referred(std::uint16_t entity, record_id id) override {
    const entity_type* e = of_.by()->of()->find(entity);
    const row_ptr r = of_.base().get(*e, id, needed_cells::with_keys);
    onlooker look(of_, false);
    if (!r || !look.sees(*e, *r)) return {};
    std::vector<const entity_sight::computed_field*> wanted;
    for (const auto& c : of_.by()->on(entity).computed) {
      if (for_.reads_any_of(entity, *c.field)) wanted.push_back(&c);
    }
    return look.shown(*e, r, wanted);
  }
  void each_related(std::uint16_t entity, slot_number slot, record_id id,
                    const std::function<bool(const row&)>& visit) override {
    const entity_type& child = *of_.by()->of()->find(entity);
    const program by = equals(slot, storage::integer, cell::integer(id.value));
    slot_set read(child);
    read.add(slot);
    for (const auto& [of, at] : for_.reads) {
      if (of == entity) read.add(at);
    }
    const std::vector<slot_number> slots = read.only();
    scan_request request;
    request.entity = &child;
    request.conditions = {&by, 1};
    request.slots = slots;
    const auto rows = of_.scan(request);
    evaluator filter(nullptr, of_.zone());
    while (const row_ptr r = rows->next()) {
      if (passes(request.conditions, rows->taken(), filter, *r) && !visit(*r)) return;
    }
  }

 private:
  seen_connection& of_;
  const entity_sight::computed_field& for_;
};

}  // namespace

std::vector<const entity_sight::computed_field*> all_computed(const entity_sight& s) {
  std::vector<const entity_sight::computed_field*> all;
  for (const auto& c : s.computed) all.push_back(&c);
  return all;
}

onlooker::onlooker(seen_connection& of, bool keep)
    : of_(of),
      keep_(keep),
      reader_(of_now(of), *of.by()->of(), of.zone(), keep),
      run_(&reader_, of.zone()) {}

bool onlooker::meets(const entity_sight& s, const row& r) {
  return std::all_of(s.only.begin(), s.only.end(),
                     [&](const program& p) { return run_.holds(p, r); });
}

bool onlooker::sees(const entity_type& e, const row& r) {
  const entity_sight& s = of_.by()->on(e);
  if (s.hidden) return false;
  if (s.only.empty()) return true;
  return of_.past() ? sees(e.number, r.id()) : meets(s, r);
}

bool onlooker::sees(std::uint16_t entity, record_id id) {
  const entity_type* e = of_.by()->of()->find(entity);
  const entity_sight& s = of_.by()->on(entity);
  if (e == nullptr || s.hidden || !id) return false;
  if (s.only.empty()) return true;
  if (!keep_) return decide(*e, id);
  if (known_.size() >= most_known) known_.clear();
  const auto [at, first] = known_.try_emplace(id.value, false);
  if (first) known_[id.value] = decide(*e, id);
  return known_[id.value];
}

bool onlooker::decide(const entity_type& e, record_id id) {
  if (!of_.past()) {
    const row_ptr r = of_.base().get(e, id, needed_cells::with_keys);
    return r && meets(of_.by()->on(e), *r);
  }
  const past_rows::use open(of_.past());
  const row_ptr r = open->newest().get(e, id, needed_cells::with_keys);
  return r && meets(of_.by()->on(e), *r);
}

// The cells of others first: what is computed reads the row as it is shown.
row_ptr onlooker::shown(const entity_type& e, const row_ptr& r,
                        std::span<const entity_sight::computed_field* const> computed) {
  row_ptr seen = altered(e, r, false);
  for (const entity_sight::computed_field* c : computed) {
    std::vector<owned_cell> cells;
    for (slot_number s = 0; s < std::max<unsigned>(seen->slots(), e.columns.size()); ++s) {
      cells.emplace_back(s < e.columns.size() ? seen->at(s, e.columns[s].type) : cell::null());
    }
    computing_reader reader(of_, *c);
    evaluator run(&reader, of_.zone());
    cells_of_row sink(&cells[c->field->slot]);
    for (unsigned i = 0; i < c->field->parts().size(); ++i) sink.put(i, cell::null());
    put_computed(*c->field, c->from, run, *seen, sink);
    seen = made_of(*seen, cells, true);
  }
  return seen;
}

row_ptr onlooker::shown_then(const entity_type& e, const row_ptr& r) {
  return r ? altered(e, r, true) : r;
}

row_ptr onlooker::altered(const entity_type& e, const row_ptr& r, bool computed_too) {
  const entity_sight& s = of_.by()->on(e);
  const record_id survivor = r->system().merged_into;
  const bool survivor_seen = !survivor || !s.restricted() || sees(e.number, survivor);
  if (!s.any_altered && survivor_seen) return r;
  std::vector<bool> gone(r->slots());
  bool any = !survivor_seen;
  const auto drop = [&](unsigned slot) {
    if (!r->has(slot)) return;
    gone[slot] = any = true;
  };
  for (std::size_t f = 0; f < e.fields.size() && f < s.masked.size(); ++f) {
    if (!s.masked[f] || !e.fields[f].is_stored()) continue;
    for (unsigned i = 0; i < e.fields[f].parts().size(); ++i) drop(e.fields[f].slot + i);
  }
  for (const entity_sight::reference& to : s.references) {
    if (!r->has(to.slot)) continue;
    const std::int64_t number = to.target != 0 ? to.target : r->integer(to.slot + 1u);
    const bool known = number > 0 && number <= 0xffff;
    if (known && sees(static_cast<std::uint16_t>(number), {r->integer(to.slot)})) continue;
    drop(to.slot);
    if (to.target == 0) drop(to.slot + 1u);
  }
  for (const entity_sight::computed_field& c : s.computed) {
    for (unsigned i = 0; computed_too && i < c.field->parts().size(); ++i) drop(c.field->slot + i);
  }
  if (!any) return r;
  std::vector<owned_cell> cells;
  for (slot_number slot = 0; slot < r->slots(); ++slot) {
    const bool kept = !gone[slot] && slot < e.columns.size();
    cells.emplace_back(kept ? r->at(slot, e.columns[slot].type) : cell::null());
  }
  return made_of(*r, cells, survivor_seen);
}

}  // namespace kith::inline v1::detail
