// SPDX-License-Identifier: Apache-2.0
//
// Stored computed fields. Those of a record are computed when it is written; records that depend
// on it are marked and computed again once, before anything reads and before the commit.
#include <algorithm>

#include "core/checksum.hpp"
#include "core/session/computed.hpp"
#include "core/session/state.hpp"

namespace kith::inline v1 {
namespace {

// Brings a computed amount to the field's scale; the model has checked that nothing is lost.
cell scaled(const cell& c, const detail::result_type& from, const field_def& to,
            const cell& currency) {
  if (c.is_null()) return c;
  int by = 0;
  if (to.kind == kind_id::decimal) {
    by = to.options.scale - (from.kind == kind_id::decimal ? from.options.scale : 0);
  } else if (to.kind == kind_id::money) {
    const auto code = currency_code::parse(currency.as_bytes());
    if (code) by = digits_of(to.options.scale, *code) - digits_of(from.options.scale, *code);
  }
  if (by == 0) return c;
  wide n = 0;
  if (!checked_multiply(c.as_integer(), power_of_ten(by), n) || !fits_int64(n)) {
    throw error(error_code::limit, std::string(to.name) + ": the computed value does not fit",
                {{}, 0, std::string(to.name)});
  }
  return cell::integer(static_cast<std::int64_t>(n));
}

}  // namespace

void session::state::compute_own(const entity_type& e, any_draft& d, record_id id) {
  if (e.stored_computed.empty()) return;
  const parameters nothing;
  const detail::bind_context context = binding(nothing);
  for (const field_type* one : e.stored_computed) {
    const field_type& f = *one;
    system_cells system;
    system.id = id;
    const row_ptr candidate = build(e, system, d);
    const detail::bound_value bound = detail::bind_value(context, e, *e.computed(f));
    detail::connection_reader reader(rows(), *model, options.zone, false);
    detail::evaluator run(&reader, options.zone);
    draft_sink sink(d, f.slot);
    detail::put_computed(f, bound, run, *candidate, sink);
  }
}

void detail::put_computed(const field_type& f, const bound_value& from, evaluator& run,
                          const row& r, cell_sink& to) {
  std::array<owned_cell, max_parts> parts;
  for (std::size_t i = 0; i < from.parts.size(); ++i) {
    parts[i] = owned_cell(run.result(from.parts[i], r));
  }
  const auto defs = f.parts();
  std::array<cell, max_parts> views;
  for (std::size_t i = 0, next = 0; i < defs.size(); ++i) {
    if (defs[i].role != part_role::value) continue;
    views[i] = parts[next].view();
    if (next == 0) views[i] = scaled(views[i], from.type, *f.def, parts[1].view());
    ++next;
  }
  for (unsigned i = 0; i < defs.size(); ++i) {
    if (defs[i].role == part_role::value) to.put(i, views[i]);
  }
  if (f.kind().derive != nullptr && defs.size() > 1) {
    f.kind().derive(f.def->options, views.data(), to);
  }
}

void session::state::mark_dependents(const entity_type& e, const row* before, const row* after,
                                     std::span<const slot_number> changed) {
  for (const dependent& d : e.dependents) {
    if (d.steps.empty()) continue;  // the record itself: computed while it was written
    const bool is_new = before == nullptr;
    if (is_new && d.steps.front().down) continue;  // nothing can refer to it yet
    const bool read = std::any_of(changed.begin(), changed.end(), [&](slot_number s) {
      const std::uint16_t number = e.field_at(s).number();
      return std::find(d.reads.begin(), d.reads.end(), number) != d.reads.end();
    });
    const bool came_or_went = is_new || changed.empty();
    if (!read && !(came_or_went && (d.existence || is_new))) continue;
    for (const row* r : {before, after}) {
      if (r != nullptr) mark_along(d, 0, e, *r);
    }
  }
}

void session::state::mark_along(const dependent& d, std::size_t step, const entity_type& e,
                                const row& r) {
  if (step == d.steps.size()) {
    tx->dirty.emplace(e.number, r.id().value);
    return;
  }
  const dependent::step& s = d.steps[step];
  if (s.down) {
    for (const row_ptr& next : referring(*s.entity, *s.by, r.id())) {
      mark_along(d, step + 1, *s.entity, *next);
    }
    return;
  }
  const std::int64_t id = r.integer(s.by->slot);
  if (id == 0) return;
  if (step + 1 == d.steps.size()) {
    tx->dirty.emplace(s.entity->number, id);
  } else if (const row_ptr next = rows().get(*s.entity, {id})) {
    mark_along(d, step + 1, *s.entity, *next);
  }
}

void session::state::settle() {
  if (tx == nullptr || tx->settling || tx->dirty.empty()) return;
  struct settling {
    explicit settling(open_transaction& of) : tx_(of) { tx_.settling = true; }
    ~settling() { tx_.settling = false; }
    open_transaction& tx_;
  } const now(*tx);
  for (std::size_t rounds = 0; !tx->dirty.empty(); ++rounds) {
    if (rounds > eng->limits().cascade_records) {
      throw error(error_code::limit, "computed fields that depend on each other do not settle");
    }
    auto next = tx->dirty.extract(tx->dirty.begin());
    const auto [number, id] = next.value();
    try {
      settle_one(*model->find(number), {id});
    } catch (...) {
      tx->dirty.insert(std::move(next));  // still to be done: the commit may not forget it
      throw;
    }
  }
}

void session::state::settle_one(const entity_type& e, record_id id) {
  const row_ptr current = rows().get(e, id, needed_cells::with_keys);
  if (!current || !current->live()) return;
  any_draft d(current);
  compute_own(e, d, id);
  const std::vector<slot_number> changed = drop_unchanged(e, d);
  if (changed.empty()) return;
  system_cells system = current->system();
  system.revision = tx->sequence;
  store_row({&e, current, build(e, system, d), changed}, change_kind::update);
}

}  // namespace kith::inline v1
