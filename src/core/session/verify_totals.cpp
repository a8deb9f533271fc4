// SPDX-License-Identifier: Apache-2.0
//
// Live totals that are verified: counted again from the records, group by group.
#include "core/session/verify.hpp"
#include "core/totals/total_rows.hpp"

namespace kith::inline v1::detail {
namespace {

std::string shown(const total_type& t, const std::string& group) {
  std::string text;
  const std::vector<owned_cell> cells = unpacked_group(group);
  for (std::size_t i = 0; i < t.groups.size() && i < cells.size(); ++i) {
    const cell c = cells[i].view();
    const value v = value::of(t.groups[i].type.kind, t.groups[i].type.options, {&c, 1});
    text += (i == 0 ? " of " : ", ") + t.groups[i].name + " " +
            (v.is_null() ? std::string("(none)") : v.to_string());
  }
  return text;
}

std::string shown(const total_type& t, const tally& state) {
  std::string text;
  std::vector<value> values;
  measured(state, t, values);
  for (std::size_t i = 0; i < t.measures.size(); ++i) {
    text += (i == 0 ? "" : ", ") + t.measures[i].name + " " +
            (values[i].is_null() ? std::string("(none)") : values[i].to_string());
  }
  return text;
}

std::string remedy(std::string_view name) {
  return "call session.rebuild_total(\"" + std::string(name) + "\")";
}

}  // namespace

void verifier::totals() {
  const total_rows rows(state_.rows(), *state_.model);
  if (!rows.exist()) return;
  for (const auto& e : state_.model->entities()) {
    if (e->totals == nullptr || seen_[e->number].unreadable) continue;
    for (const total_type& t : e->totals->known()) {
      if (t.kept) guarded("total_row", {}, [&] { total(t); });
    }
  }
  std::set<std::uint16_t> numbers;
  for (const total_entry& line : state_.model->made_from().totals) {
    if (line.stored && !line.retired) numbers.insert(line.number);
  }
  rows.each([&](const row& r) {
    if (numbers.contains(total_rows::number_of(r.id()))) return;
    found_.add("total_row", r.id(), "it is of no total",
               "nobody reads it: nothing needs to be done");
  });
}

void verifier::total(const total_type& t) {
  const group_map kept = total_rows(state_.rows(), *state_.model).read(t);
  const group_map right = counted(state_.rows(), t);
  const tally nothing;
  const auto at = [&](const group_map& groups, const std::string& group) -> const tally& {
    const auto found = groups.find(group);
    return found == groups.end() ? nothing : found->second;
  };
  const auto compare = [&](const std::string& group) {
    const tally& says = at(kept, group);
    const tally& is = at(right, group);
    if (same(says, is)) return;
    found_.add("total_row", total_rows::id_of(t.line.number, group),
               "the total " + t.line.name + " says" + shown(t, group) + ": " + shown(t, says) +
                   "; the records say: " + shown(t, is),
               remedy(t.line.name));
  };
  for (const auto& [group, state] : kept) compare(group);
  for (const auto& [group, state] : right) {
    if (!kept.contains(group)) compare(group);
  }
}

}  // namespace kith::inline v1::detail
