// SPDX-License-Identifier: Apache-2.0
//
// Live totals in a session: what each stored row does to them is noted while a transaction writes,
// and written once at its end. Who asks in between gets both together.
#include <algorithm>

#include "core/expression/parser.hpp"
#include "core/session/as_of.hpp"
#include "core/session/state.hpp"
#include "core/totals/total_rows.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {

using detail::contribution;
using detail::group_map;
using detail::tally;
using detail::total_type;

// ---------------------------------------------------------------------------------------- writing

namespace {

bool is_read(const total_type& t, const row_change& change) {
  if (!change.before || change.changed.empty()) return true;  // it came, went or came back
  return std::any_of(change.changed.begin(), change.changed.end(), [&](slot_number s) {
    return std::binary_search(t.reads.begin(), t.reads.end(), s);
  });
}

}  // namespace

std::vector<session::state::total_effect> session::state::total_effects(const row_change& change) {
  const entity_type& e = newest(*change.entity);
  std::vector<total_effect> effects;
  detail::evaluator run(nullptr, {});
  const auto of_row = [&](const total_type& t, const row_ptr& r) -> std::optional<contribution> {
    if (!r || !r->live()) return {};
    return contribution_of(t, run, t.reads_keys ? *with_keys(e, r) : *r);
  };
  for (const total_type& t : e.totals->known()) {
    if (!t.kept || !is_read(t, change)) continue;
    total_effect effect{&t, of_row(t, change.before), of_row(t, change.after)};
    if (effect.before || effect.after) effects.push_back(std::move(effect));
  }
  return effects;
}

void session::state::note_totals(const entity_type& e, const std::vector<total_effect>& effects) {
  if (!e.totals->unknown().empty()) tx->beyond.insert(e.number);
  const std::size_t floor = tx->marks.empty() ? 0 : tx->marks.back().totals;
  for (const auto& [total, before, after] : effects) {
    const total_type& t = *total;
    if (before == after) continue;
    const auto at = [&](const contribution& c) -> tally& {
      return tx->totals.at(t.line.number, c.group, floor);
    };
    if (before && after && before->group == after->group) {
      detail::replace(at(*before), t, *before, *after);
      continue;
    }
    if (before) detail::add(at(*before), t, *before, -1);
    if (after) detail::add(at(*after), t, *after, 1);
  }
}

// One look-up and one write for each group that was touched, in the order of their rows.
void session::state::write_totals() {
  for (const std::uint16_t number : tx->beyond) {
    const entity_type& e = *model->find(number);
    if (e.totals != nullptr && !e.totals->unknown().empty()) {
      change_model(model->with_stale_totals(e));
    }
  }
  if (tx->totals.empty()) return;
  struct touched {
    record_id id;
    const detail::total_log::entry* entry;
    const total_type* total;
  };
  std::vector<touched> order;
  const total_type* t = nullptr;
  for (const detail::total_log::entry& e : tx->totals.entries()) {
    if (says_nothing(e.difference)) continue;
    if (t == nullptr || t->line.number != e.number()) t = detail::kept_total(*model, e.number());
    if (t == nullptr) continue;  // it was removed meanwhile
    order.push_back({detail::total_rows::id_of(e.number(), e.group()), &e, t});
  }
  std::sort(order.begin(), order.end(),
            [](const touched& a, const touched& b) { return a.id < b.id; });
  detail::total_rows there(rows(), *model);
  for (const auto& [id, entry, total] : order) {
    const std::string group(entry->group());
    there.change(*total, group, tx->sequence, [&, entry = entry, total = total](tally& says) {
      if (!detail::apply(says, *total, entry->difference)) {
        says = detail::counted(rows(), *total, &group)[group];
      }
    });
  }
}

// ---------------------------------------------------------------------------------------- reading

namespace {

// The cells of a group as a condition on its fields would compare them.
std::string packed_values(const detail::bind_context& context, const total_type& t,
                          std::span<const value> group) {
  if (group.size() != t.groups.size()) {
    throw error(error_code::misuse, "the total " + t.line.name + " is grouped by " +
                                        (t.line.by.empty() ? "nothing" : t.line.by) + ": give " +
                                        std::to_string(t.groups.size()) + " values, not " +
                                        std::to_string(group.size()));
  }
  std::vector<cell> cells;
  std::vector<std::vector<program>> kept;  // they have the bytes
  for (std::size_t i = 0; i < group.size(); ++i) {
    cells.emplace_back();
    if (group[i].is_null()) continue;
    const expression same = expression::binary(
        expression::code::equal, parse_expression(context.of, *t.entity, t.groups[i].name),
        expression::literal(group[i]));
    kept.push_back(bind_condition(context, *t.entity, same));
    const std::vector<program>& bound = kept.back();
    const bool plain = bound.size() == 1 && bound[0].code.size() == 3 &&
                       bound[0].code[1].code == op::constant && bound[0].code[2].code == op::equal;
    if (!plain) {
      throw error(error_code::misuse,
                  "'" + shortened(group[i].to_string()) + "' is not a value of " + t.groups[i].name,
                  {std::string(t.entity->name()), 0, t.groups[i].name});
    }
    cells.back() = bound[0].code[1].constant;
  }
  return detail::packed_group(cells);
}

table empty_table(const total_type& t) {
  table made;
  made.columns.reserve(t.groups.size() + t.measures.size());
  for (const detail::total_group& g : t.groups) {
    made.columns.push_back({g.name, g.type.kind, g.type.options});
  }
  for (const detail::total_measure& m : t.measures) {
    const bool counts = m.what == aggregate::count;
    made.columns.push_back({m.name, counts ? kind_id::integer : m.of.type.kind,
                            counts ? kind_options{} : m.of.type.options});
  }
  return made;
}

// The groups as rows, in the order of their cells.
class table_maker {
 public:
  explicit table_maker(const total_type& of) : total_(of) {
    lines_.reserve(usual_groups);
    cells_.reserve(usual_groups * of.groups.size());
  }

  void add(std::string_view group, const tally& says) {
    line& made = lines_.emplace_back(line{cells_.size(), {}});
    detail::unpack_group(group, cells_);
    made.values.reserve(total_.groups.size() + total_.measures.size());
    for (std::size_t i = 0; i < total_.groups.size(); ++i) {
      const cell c = cells_[made.first + i].view();
      const auto& type = total_.groups[i].type;
      made.values.push_back(value::of(type.kind, type.options, {&c, 1}));
    }
    measured(says, total_, made.values);
  }

  table made() {
    std::sort(lines_.begin(), lines_.end(), [this](const line& a, const line& b) {
      for (std::size_t i = 0; i < total_.groups.size(); ++i) {
        const auto order = cells_[a.first + i].view() <=> cells_[b.first + i].view();
        if (order != 0) return order < 0;
      }
      return false;
    });
    table all = empty_table(total_);
    all.rows.reserve(lines_.size());
    for (line& l : lines_) all.rows.push_back(std::move(l.values));
    return all;
  }

 private:
  struct line {
    std::size_t first;  ///< of its group's cells
    std::vector<value> values;
  };
  static constexpr std::size_t usual_groups = 16;  // the stages of a board
  const total_type& total_;
  std::vector<owned_cell> cells_;  // of all groups
  std::vector<line> lines_;
};

table table_of(const total_type& t, const group_map& groups) {
  table_maker all(t);
  for (const auto& [group, says] : groups) all.add(group, says);
  return all.made();
}

// A total whose rows say it all; else null.
const total_type* plain_total(const model& of, std::string_view name) {
  for (const total_entry& line : of.made_from().totals) {
    if (!line.retired && line.name == name) return detail::kept_total(of, line.number);
  }
  return nullptr;
}

void require_all_seen(const session::state& s, std::string_view name) {
  s.require_full_sight("use the total " + shortened(name) + ", which is over all records");
}

}  // namespace

table session::state::total(std::string_view name, std::optional<std::span<const value>> group) {
  require_all_seen(*this, name);
  const auto read = [&](const total_type& t) {
    if (!group && tx == nullptr && !past && t.kept && !t.groups.empty()) return whole_total(t);
    const parameters nothing;
    std::optional<std::string> only;
    if (group) only = packed_values(binding(nothing), t, *group);
    group_map groups = total_groups(t, only ? &*only : nullptr);
    if (t.groups.empty()) groups.try_emplace({});  // measures of nothing
    return table_of(t, groups);
  };
  // Alone it is one look-up, which needs no transaction, unless it tells that the model changed.
  if (const total_type* const t = tx == nullptr && !past ? plain_total(*model, name) : nullptr) {
    const model_ptr known = model;
    std::optional<table> found;
    try {
      found = read(*t);
    } catch (const error&) {
      saw_new_data();
      if (model == known) throw;
    }
    if (found) saw_new_data();
    if (model == known) return std::move(*found);
  }
  return at_one_instant([&] { return read(detail::total_of(*model, model->total(name))); });
}

// What is stored, as it is.
table session::state::whole_total(const total_type& t) {
  table_maker all(t);
  detail::total_rows(rows(), *model).each_group(t, [&](std::string_view group, const tally& says) {
    all.add(group, says);
  });
  return all.made();
}

// What is stored, and what the open transaction did since.
group_map session::state::total_groups(const total_type& t, const std::string* only) {
  if (past || !t.kept) return detail::counted(rows(), t, only);
  const detail::total_rows there(rows(), *model);
  group_map groups;
  if (only == nullptr) {
    groups = there.read(t);
  } else if (auto found = there.read_row(t, *only).extract(*only)) {
    groups.insert(std::move(found));
  }
  if (tx == nullptr) return groups;
  for (const auto& [group, difference] : tx->totals.of(t, only)) {
    tally& says = groups[group];
    if (!detail::apply(says, t, difference)) says = detail::counted(rows(), t, &group)[group];
  }
  std::erase_if(groups, [](const auto& g) { return g.second.records == 0; });
  return groups;
}

// ------------------------------------------------------------------------------------ definitions

void session::state::add_total(const custom_total& added) {
  require_all_seen(*this, added.name);
  in_transaction(true, [&] {
    settle();
    change_model(model->with(added));
    const total_type& t = detail::total_of(*model, model->total(added.name));
    detail::total_rows(rows(), *model).rebuild(t, tx->sequence);
  });
}

void session::state::remove_total(std::string_view name) {
  require_all_seen(*this, name);
  in_transaction(true, [&] {
    detail::total_rows(rows(), *model).clear(model->total(name).number);
    change_model(model->without_total(name));
  });
}

// Under a new number: what the transaction noted for the old one is in what is counted now.
void session::state::rebuild_total(std::string_view name) {
  require_all_seen(*this, name);
  in_transaction(true, [&] {
    settle();
    detail::total_rows(rows(), *model).clear(model->total(name).number);
    change_model(model->with_new_total(name));
    const total_type& t = detail::total_of(*model, model->total(name));
    detail::total_rows(rows(), *model).rebuild(t, tx->sequence);
  });
}

}  // namespace kith::inline v1
