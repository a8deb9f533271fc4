// SPDX-License-Identifier: Apache-2.0
//
// Putting a model together: live totals. The lines of the store rule, whoever wrote them; what the
// entities describe is added, and takes the place of other definitions when the store is opened.
#include <algorithm>

#include "core/model/build.hpp"
#include "core/totals/total_type.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {
namespace {

total_entry* find_line(std::vector<total_entry>& lines, std::string_view name) {
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const total_entry& line) {
    return !line.retired && line.name == name;
  });
  return found == lines.end() ? nullptr : &*found;
}

// Part of the ids of its rows.
std::uint16_t next_number(const std::vector<total_entry>& lines) {
  std::uint16_t largest = 0;
  for (const total_entry& line : lines) largest = std::max(largest, line.number);
  if (largest == 0xffff) throw error(error_code::limit, "the store has no numbers for more totals");
  return static_cast<std::uint16_t>(largest + 1);
}

bool same_definition(const total_entry& line, std::uint16_t entity, const total_def& d) {
  return line.entity == entity && line.where == d.where && line.by == d.by &&
         line.measures == d.measures;
}

template <class Visit>
void each_described(const model& of, std::span<const entity_description> entities, Visit visit) {
  for (const entity_description& d : entities) {
    if (d.totals.empty()) continue;
    const entity_type* const e =
        d.about->id != 0 ? of.find(d.about->id) : of.find(std::string_view(d.about->name));
    for (const total_def& t : d.totals) visit(*e, t);
  }
}

bool is_known(const model& of, const total_entry& line) {
  const entity_type* const e = of.find(line.entity);
  return e != nullptr && e->totals != nullptr && e->totals->find(line.number) != nullptr;
}

// Brings lines to what the entities describe, and calls `count` with each number that is affected.
template <class Count>
void describe_lines(const model& of, std::vector<total_entry>& lines, Count count) {
  for (total_entry& line : lines) {
    if (line.retired || (line.stored && !line.stale) || !is_known(of, line)) continue;
    line.stored = true;
    line.stale = false;
    count(line.number);
  }
  each_described(of, of.made_from().entities, [&](const entity_type& e, const total_def& d) {
    total_entry& line = *find_line(lines, d.name);
    if (same_definition(line, e.number, d)) return;
    line.entity = e.number;
    line.where = d.where;
    line.by = d.by;
    line.measures = d.measures;
    line.stale = false;
    count(line.number);
  });
}

}  // namespace

void model_builder::number_totals() {
  std::vector<std::string_view> names;
  each_described(*model_, source_.entities, [&](const entity_type& e, const total_def& d) {
    if (!detail::well_named(d.name)) {
      contradiction("a total of " + std::string(e.plural()) + " is called '" + std::string(d.name) +
                    "'; use lower-case words with _");
    }
    if (std::find(names.begin(), names.end(), d.name) != names.end()) {
      contradiction("two totals are called " + std::string(d.name));
    }
    names.push_back(d.name);
    const total_entry* const there = find_line(source_.totals, d.name);
    if (there != nullptr && same_definition(*there, e.number, d)) return;  // was typed when it came
    const total_entry described{0,
                                e.number,
                                std::string(d.name),
                                std::string(d.where),
                                std::string(d.by),
                                std::string(d.measures)};
    try {
      (void)detail::typed_total(*model_, described);
    } catch (const error& problem) {
      contradiction("the total " + std::string(d.name) + ": " + problem.message());
    }
    if (there != nullptr) return;
    source_.totals.push_back(described);
    source_.totals.back().number = next_number(source_.totals);
  });
}

void model_builder::place_totals() {
  std::map<std::uint16_t, std::vector<total_entry>> all;
  for (const total_entry& line : source_.totals) {
    if (!line.retired && find(line.entity) != nullptr) all[line.entity].push_back(line);
  }
  for (auto& [entity, lines] : all) {
    find(entity)->totals = std::make_shared<const entity_totals>(*model_, std::move(lines));
  }
}

// --------------------------------------------------------------------------------- the next model

const total_entry& model::total(std::string_view name) const {
  std::vector<std::string_view> names;
  for (const total_entry& line : source_.totals) {
    if (line.retired) continue;
    if (line.name == name) return line;
    names.push_back(line.name);
  }
  const std::string hint = did_you_mean(name, names);
  throw error(error_code::not_found,
              "there is no total '" + shortened(name) + "'" + (hint.empty() ? "" : "; " + hint));
}

std::shared_ptr<const model> model::with(const custom_total& added) const {
  if (!detail::well_named(added.name)) {
    throw error(error_code::invalid, "the total '" + shortened(added.name) +
                                         "' is not a name: use lower-case words with _");
  }
  source next = source_;
  if (find_line(next.totals, added.name) != nullptr) {
    throw error(error_code::exists,
                "there is a total " + added.name + " already; remove it first or use another name");
  }
  const entity_type& e = entity(added.entity);
  if (e.about->internal) {
    throw error(error_code::denied, std::string(e.name()) + " belongs to the engine");
  }
  total_entry line{
      next_number(next.totals), e.number, added.name, added.where, added.by, added.measures};
  line.stored = true;
  (void)detail::typed_total(*this, line);
  next.totals.push_back(std::move(line));
  return build(std::move(next));
}

std::shared_ptr<const model> model::without_total(std::string_view name) const {
  const total_entry& line = total(name);
  each_described(*this, source_.entities, [&](const entity_type&, const total_def& d) {
    if (d.name != name) return;
    throw error(error_code::denied, "the total " + std::string(name) +
                                        " is described by the program; only totals added at run "
                                        "time can be removed");
  });
  source next = source_;
  for (total_entry& t : next.totals) t.retired = t.retired || t.number == line.number;
  return build(std::move(next));
}

std::shared_ptr<const model> model::with_new_total(std::string_view name) const {
  total_entry again = total(name);
  (void)detail::total_of(*this, again);
  source next = source_;
  if (again.stored) {
    for (total_entry& t : next.totals) t.retired = t.retired || t.number == again.number;
    again.number = next_number(next.totals);
    next.totals.push_back(again);
  }
  total_entry& line = *find_line(next.totals, name);
  line.stored = true;
  line.stale = false;
  return build(std::move(next));
}

std::vector<std::uint16_t> model::totals_to_count() const {
  std::vector<total_entry> lines = source_.totals;
  std::vector<std::uint16_t> numbers;
  describe_lines(*this, lines, [&](std::uint16_t number) { numbers.push_back(number); });
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

std::shared_ptr<const model> model::with_described_totals() const {
  source next = source_;
  describe_lines(*this, next.totals, [](std::uint16_t) {});
  return build(std::move(next));
}

std::shared_ptr<const model> model::with_stale_totals(const entity_type& of) const {
  source next = source_;
  for (total_entry& line : next.totals) {
    const auto& unknown = of.totals->unknown();
    if (std::find(unknown.begin(), unknown.end(), line.number) != unknown.end()) line.stale = true;
  }
  return build(std::move(next));
}

}  // namespace kith::inline v1
