// SPDX-License-Identifier: Apache-2.0
//
// The model as a store keeps it: its lines and totals, read and written, and the format record that
// says which ones they are.
#include <algorithm>

#include "core/session/engine.hpp"
#include "core/system.hpp"
#include "core/totals/total_log.hpp"
#include "core/totals/total_rows.hpp"

namespace kith::inline v1 {

using system::model_line;
using system::store_format;
using system::total_line;

// The descriptions of this program with the numbers and lines of the store.
model_ptr engine::stored_model(connection& c, const kith::model& known, const row& format) {
  kith::model::source source;
  source.entities = entities_;
  source.version = format.integer(store_format::model_version.slot());
  if (format.integer(store_format::lines.slot()) > 0) source.entries = stored_lines(c, known);
  source.totals = total_lines(c, known);
  return built(std::move(source));
}

std::vector<model_entry> engine::stored_lines(connection& c, const kith::model& known) {
  std::vector<model_entry> entries;
  scan_request all;
  all.entity = &known.entity<model_line>();
  const auto cursor = c.scan(all);
  while (const row_ptr r = cursor->next()) {
    const auto number = [&](const auto& f) {
      return static_cast<std::uint16_t>(r->integer(f.slot()));
    };
    entries.push_back({number(model_line::entity), number(model_line::field_number),
                       std::string(r->text(model_line::name.slot())),
                       std::string(r->text(model_line::definition.slot())),
                       number(model_line::retired) != 0});
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::pair(a.entity, a.field) < std::pair(b.entity, b.field);
  });
  return entries;
}

std::vector<total_entry> engine::total_lines(connection& c, const kith::model& known) {
  std::vector<total_entry> lines;
  scan_request all;
  all.entity = &known.entity<total_line>();
  if (!c.has(*all.entity)) return lines;  // of before totals
  const auto cursor = c.scan(all);
  while (const row_ptr r = cursor->next()) {
    const auto text = [&](const auto& f) { return std::string(r->text(f.slot())); };
    total_entry& line = lines.emplace_back();
    line.number = static_cast<std::uint16_t>(r->id().value);
    line.entity = static_cast<std::uint16_t>(r->integer(total_line::entity.slot()));
    line.name = text(total_line::name);
    line.where = text(total_line::condition);
    line.by = text(total_line::grouped_by);
    line.measures = text(total_line::measures);
    line.retired = r->integer(total_line::retired.slot()) != 0;
    line.stale = r->integer(total_line::stale.slot()) != 0;
    line.stored = true;
  }
  std::sort(lines.begin(), lines.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  return lines;
}

model_ptr engine::reload(connection& c) {
  const model_ptr known = model();
  const row_ptr format = c.get(known->entity<store_format>(), {1});
  if (!format) throw error(error_code::damaged, "the store has lost its format record");
  if (is_newest(c, *known, *format)) return known;
  publish(stored_model(c, *known, *format));
  return model();
}

void engine::write_format(connection& c, const kith::model& now, row_ptr before) {
  const entity_type& formats = now.entity<store_format>();
  const cell cells[] = {cell::integer(system::format_version),
                        cell::integer(system::format_version),
                        cell::integer(system::format_version),
                        cell::integer(static_cast<std::int64_t>(now.layout_hash())),
                        cell::integer(static_cast<std::int64_t>(now.entries().size())),
                        cell::integer(now.version()),
                        cell::integer(1),
                        cell::integer(origin_number_),
                        cell::text("kith")};
  const row_ptr after =
      detail::internal_row(formats, {.id = {1}, .revision = now.version(), .created = 1}, cells);
  std::vector<slot_number> changed;
  for (slot_number s = 0; before && s < formats.columns.size(); ++s) changed.push_back(s);
  c.write({&formats, std::move(before), after, changed});
}

void engine::write_lines(connection& c, const kith::model& now) {
  const entity_type& lines = now.entity<model_line>();
  for (const model_entry& e : now.entries()) {
    const record_id id{static_cast<std::int64_t>(e.entity) << 16 | e.field};
    row_ptr before = c.get(lines, id);
    const bool same = before && before->text(model_line::definition.slot()) == e.definition &&
                      (before->integer(model_line::retired.slot()) != 0) == e.retired;
    if (same) continue;
    const cell cells[] = {cell::integer(e.entity), cell::integer(e.field), cell::text(e.name),
                          cell::text(e.definition), cell::integer(e.retired)};
    const std::int64_t created = before ? before->system().created : now.version();
    const row_ptr after = detail::internal_row(
        lines, {.id = id, .revision = now.version(), .created = created}, cells);
    std::vector<slot_number> changed;
    for (slot_number s = 0; before && s < lines.columns.size(); ++s) changed.push_back(s);
    c.write({&lines, std::move(before), after, changed});
  }
  write_total_lines(c, now);
}

void engine::write_total_lines(connection& c, const kith::model& now) {
  const entity_type& lines = now.entity<total_line>();
  for (const total_entry& t : now.made_from().totals) {
    if (!t.stored) continue;
    const cell cells[] = {cell::integer(t.entity), cell::text(t.name),     cell::text(t.where),
                          cell::text(t.by),        cell::text(t.measures), cell::integer(t.retired),
                          cell::integer(t.stale)};
    row_ptr before = c.get(lines, {t.number});
    system_cells system{.id = {t.number}, .revision = now.version(), .created = now.version()};
    if (before) system.created = before->system().created;
    const row_ptr after = detail::internal_row(lines, system, cells);
    std::vector<slot_number> changed;
    for (slot_number s = 0; before && s < lines.columns.size(); ++s) {
      const storage type = lines.columns[s].type;
      if (before->at(s, type) != after->at(s, type)) changed.push_back(s);
    }
    if (before && changed.empty()) continue;
    c.write({&lines, std::move(before), after, changed});
  }
}

void engine::write_model(connection& c, const kith::model& now) {
  write_lines(c, now);
  write_format(c, now, c.get(now.entity<store_format>(), {1}));
}

}  // namespace kith::inline v1
