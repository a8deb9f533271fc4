// SPDX-License-Identifier: Apache-2.0
#include "suite.hpp"

#include "kith/analytics/standard.hpp"

namespace kith::lab {

std::string shown(const violation_list& found) {
  std::string text;
  for (const violation& v : found) {
    text += text.empty() ? "" : ", ";
    text += v.field.empty() ? v.rule : v.field + " " + v.rule;
  }
  return text;
}

std::string outcome(const std::function<void()>& call) {
  const std::optional<error> e = refusal(call);
  if (!e) return "done";
  std::string text(name_of(e->code()));
  if (!e->violations().empty()) return text + ": " + shown(e->violations());
  return e->field().empty() ? text : text + ": " + e->field();
}

std::vector<entity_description> all_entities() {
  std::vector<entity_description> all(standard_entities.begin(), standard_entities.end());
  all.insert(all.end(), own_entities.begin(), own_entities.end());
  return all;
}

suite::suite(crm_options wanted) { open(std::move(wanted)); }

crm_options suite::completed(crm_options wanted) const {
  if (wanted.entities.empty()) {
    wanted.entities = all_entities();
    const auto actions = standard_actions();
    wanted.actions.insert(wanted.actions.begin(), actions.begin(), actions.end());
    const auto reports = standard_reports();
    wanted.reports.insert(wanted.reports.begin(), reports.begin(), reports.end());
  }
  if (!wanted.clock) wanted.clock = clock;
  if (!wanted.random) wanted.random = chance;
  return wanted;
}

void suite::open(crm_options wanted) {
  s.reset();
  base.reset();
  base.emplace(GetParam().fresh(), completed(std::move(wanted)));
  s.emplace(base->open_session({.actor = "anna", .actor_id = {}, .zone = {}}));
}

void suite::reopen(crm_options wanted) {
  if (base->can().save) base->save();
  s.reset();
  base.reset();
  base.emplace(GetParam().reopen(), completed(std::move(wanted)));
  s.emplace(base->open_session({.actor = "anna", .actor_id = {}, .zone = {}}));
}

bool suite::keeps_content() const {
  return GetParam().reopen &&
         (base->can().save || base->can().durable == capabilities::durability::on_commit);
}

namespace {

// Parts of a value on their way into a draft.
class parsed_parts final : public cell_sink {
 public:
  void put(unsigned part, cell c) override { cells.emplace_back(part, c); }
  std::vector<std::pair<unsigned, owned_cell>> cells;
};

}  // namespace

void put_text(any_draft& d, const entity_type& entity, std::string_view field,
              std::string_view text) {
  const field_place place = entity.field(field);
  const field_type& f = *place.field;
  if (place.part != whole_value) {
    d.put(static_cast<slot_number>(f.slot + place.part), cell::text(text));
    return;
  }
  if (text.empty()) {
    for (unsigned i = 0; i < f.parts().size(); ++i) {
      d.put(static_cast<slot_number>(f.slot + i), cell::null());
    }
    return;
  }
  parsed_parts parts;
  if (const auto problem = f.kind().parse(f.def->options, text, {}, parts)) {
    throw error(error_code::invalid,
                std::string(field) + ": '" + std::string(text) + "' " + *problem);
  }
  for (const auto& [part, c] : parts.cells) d.put(static_cast<slot_number>(f.slot + part), c);
}

row_ptr suite::add(std::string_view entity_name,
                   std::initializer_list<std::pair<const char*, const char*>> values) {
  const entity_type& e = entity(entity_name);
  any_draft d;
  for (const auto& [field, text] : values) put_text(d, e, field, text);
  return s->add_row(e, d);
}

std::vector<std::string> suite::feed(std::int64_t since) {
  constexpr const char* words[] = {"", "add", "update", "remove", "restore", "erase", "merge"};
  std::vector<std::string> lines;
  for (const change_set& set : s->changes(since)) {
    std::string line;
    for (const record_change& c : set.changes) {
      const entity_type& e = *s->model()->find(c.entity);
      line += line.empty() ? "" : "; ";
      line += std::string(words[static_cast<int>(c.what)]) + " " + std::string(e.name());
      std::string fields;
      for (const cell_before& b : c.before) {
        const field_type& f = *e.field(b.field);
        if (fields.ends_with(f.name())) continue;  // another part of the same field
        fields += (fields.empty() ? " " : " ") + std::string(f.name());
      }
      line += fields;
    }
    lines.push_back(line);
  }
  return lines;
}

}  // namespace kith::lab
