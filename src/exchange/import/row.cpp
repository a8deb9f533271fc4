// SPDX-License-Identifier: Apache-2.0
//
// A row's way: its shape, its record, what belongs to the record.
#include "exchange/import/row.hpp"

#include <algorithm>

#include "exchange/lookup.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {

row_import::row_import(session& in, external_keys& keys, import_plan& plan,
                       const column_names& columns, const import_options& options,
                       import_doubts doubts)
    : session_(in),
      keys_(keys),
      plan_(plan),
      columns_(columns),
      options_(options),
      values_(doubts) {}

row_import::fate row_import::take(std::uint64_t row, std::uint64_t line, row_cells cells,
                                  const circumstances& known) {
  problems_.begin(row, line);
  last_ = known.last;
  typed_ = known.latest_of;
  key_is_free_ = false;
  waiting_.clear();
  created_.clear();
  if (!known.is_text) check_text(cells);
  check_shape(cells);
  if (problems_.any()) return fate::refused;
  fate done = fate::refused;
  try {
    done = take_parts(row, cells);
  } catch (...) {
    step_.reset();
    throw;
  }
  step_.reset();  // takes back what was not committed
  if (done == fate::refused || done == fate::later) {
    for (const created& c : created_) c.by->finder->forget(c.text);
  }
  return done;
}

row_import::fate row_import::take_parts(std::uint64_t row, row_cells cells) {
  draft_.clear();
  read(plan_.record, cells, draft_);
  if (options_.each_row) call_hook(row, cells);
  try {
    const fate done = take_record(cells);
    if (step_ && done != fate::refused && done != fate::later) step_->commit();
    return done;
  } catch (const error& e) {
    if (!is_about_the_row(e)) throw;
    report(plan_.record, e, cells);
    return fate::refused;
  }
}

// Cells without a column are an error unless they are empty: something would be lost.
void row_import::check_shape(row_cells cells) {
  const std::size_t wanted = plan_.columns;
  if (cells.size() < wanted) {
    problems_.add({}, {}, {},
                  "the row has " + std::to_string(cells.size()) + " cells, not " +
                      std::to_string(wanted) + "; add the missing ones, or their delimiters");
    return;
  }
  const auto extra = std::find_if(cells.begin() + static_cast<std::ptrdiff_t>(wanted), cells.end(),
                                  [](std::string_view cell) { return !cell.empty(); });
  if (extra != cells.end()) {
    problems_.add(std::to_string(extra - cells.begin() + 1), {},
                  invalid_utf8(*extra) ? std::string_view() : *extra,
                  "the row has " + std::to_string(cells.size()) + " cells, not " +
                      std::to_string(wanted) + "; quote cells that contain the delimiter");
  }
}

void row_import::check_text(row_cells cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto bad = invalid_utf8(cells[i]);
    if (!bad) continue;
    problems_.add(columns_.shown(i), {}, cells[i].substr(0, *bad),
                  "byte " + std::to_string(*bad + 1) +
                      " of the cell is not UTF-8 text; correct it, or name the file's encoding");
  }
}

void row_import::call_hook(std::uint64_t row, row_cells cells) {
  import_row given;
  given.number = row;
  given.record = &draft_;
  given.text = [&](std::string_view column) {
    const auto at = columns_.find(column);
    return at && *at < cells.size() ? cells[*at] : std::string_view{};
  };
  try {
    options_.each_row(given);
  } catch (const error& e) {
    if (!is_about_the_row(e)) throw;
    report(plan_.record, e, cells);
  }
}

row_import::fate row_import::take_record(row_cells cells) {
  const row_ptr base = find_base(cells);
  if (base) {
    draft_.rebase(base);
    if (options_.empty_clears) clear_empty(plan_.record, cells, draft_);
  }
  self_ = base ? base->id() : record_id{};
  if (problems_.any()) {  // all that is wrong, not only what was seen first
    report(plan_.record, session_.check(*plan_.entity, draft_), cells);
    for (planned_record& o : plan_.owned) check_owned(o, cells);
    return fate::refused;
  }
  if (!waiting_.empty()) return fate::later;
  fate done = base ? fate::unchanged : fate::inserted;
  if (plan_.several_writes) open_step();
  write_record(base, done);
  write_keys(cells);
  for (planned_record& o : plan_.owned) {
    if (write_owned(o, cells) && done == fate::unchanged) done = fate::updated;
  }
  if (problems_.any()) return fate::refused;
  return waiting_.empty() ? done : fate::later;
}

// ------------------------------------------------------------------------------------------
// finding

row_ptr row_import::find_base(row_cells cells) {
  if (plan_.match == match_by::nothing || match_waits()) return {};
  const bool wrong = problems_.any();
  row_ptr base = plan_.match == match_by::key ? find_by_key(cells) : find_by_fields();
  if (!wrong && problems_.any()) return base;
  using mode = import_options::mode;
  const std::string name(plan_.entity->name());
  if (base && options_.how == mode::insert_only) {
    problems_.add({}, {}, {},
                  "there is such a " + name + " already (" + std::to_string(base->id().value) +
                      "); leave the row out, or import with mode upsert");
  }
  if (!base && options_.how == mode::update_only && waiting_.empty()) {
    problems_.add({}, {}, {},
                  "there is no such " + name + "; correct the key, or import with mode upsert");
  }
  return base;
}

// Whether the row is found by a record that may be in a row to come.
bool row_import::match_waits() const {
  return std::any_of(waiting_.begin(), waiting_.end(), [&](const planned_cell* c) {
    return std::any_of(plan_.match_fields.begin(), plan_.match_fields.end(),
                       [&](const field_place& at) { return at.field == c->where.field; });
  });
}

row_ptr row_import::find_by_key(row_cells cells) {
  const planned_cell& c = plan_.keys[plan_.match_key];
  const std::string_view text = text_of(c, cells);
  if (text.empty()) {
    problems_.add(c.header, c.to, text,
                  "the key is empty; give each row what " + c.where.source + " calls it");
    return {};
  }
  const auto record = keys_.find(c.where.source, text);
  key_is_free_ = !record;
  if (!record) return {};
  if (record->entity != plan_.entity->number) {
    const entity_type* other = plan_.of->find(record->entity);
    problems_.add(c.header, c.to, text,
                  c.where.source + " calls a " +
                      (other != nullptr ? std::string(other->name()) : "record") + " '" +
                      shortened(text) + "'; use another name before the key for each entity");
    return {};
  }
  row_ptr found = session_.find_row(*plan_.entity, record->id);
  return found && found->live() ? found : row_ptr();
}

row_ptr row_import::find_by_fields() {
  std::vector<value> values;
  bool any = false;
  for (const field_place& at : plan_.match_fields) {
    values.push_back(value_at(at, draft_));
    any = any || !values.back().is_null();
  }
  if (!any) {
    if (problems_.any() || !waiting_.empty())
      return {};  // the cell was there and could not be read
    const auto by = std::find_if(
        plan_.record.cells.begin(), plan_.record.cells.end(),
        [&](const planned_cell& c) { return c.where.field == plan_.match_fields.front().field; });
    problems_.add(by->header, by->to, {},
                  "nothing is given by which the " + std::string(plan_.entity->name()) +
                      " could be found; fill in " + options_.match.front());
    return {};
  }
  if (plan_.match_fields.size() == 1) {
    return find_record(session_, *plan_.entity, plan_.match_fields.front(), draft_);
  }
  const auto found = find_records(session_, *plan_.entity, plan_.match_fields, values, 2);
  if (found.size() < 2) return found.empty() ? row_ptr() : found.front();
  throw error(error_code::invalid, "the row may change several " +
                                       std::string(plan_.entity->plural()) + ", such as " +
                                       std::to_string(found[0]->id().value) + " and " +
                                       std::to_string(found[1]->id().value) + "; match by more");
}

// ------------------------------------------------------------------------------------------
// writing

void row_import::open_step() {
  if (!step_) step_.emplace(session_.write());
}

bool row_import::differs(const entity_type& e, const any_draft& d) const {
  for (slot_number s = 0; s < d.slots() && s < e.columns.size(); ++s) {
    const storage type = e.columns[s].type;
    if (d.changed(s) && !(d.at(s, type) == d.base()->at(s, type))) return true;
  }
  return false;
}

bool row_import::write_record(const row_ptr& base, fate& done) {
  added_ = !base;
  if (!base) {
    self_ = session_.add_row(*plan_.entity, draft_)->id();
    return true;
  }
  self_ = base->id();
  if (!differs(*plan_.entity, draft_)) return false;
  session_.update_row(*plan_.entity, self_, draft_);
  done = fate::updated;
  return true;
}

void row_import::write_keys(row_cells cells) {
  for (const planned_cell& c : plan_.keys) {
    const std::string_view text = text_of(c, cells);
    if (text.empty()) continue;
    const bool looked_up = key_is_free_ && &c == &plan_.keys[plan_.match_key];
    const auto other = looked_up ? std::nullopt : keys_.find(c.where.source, text);
    if (other && other->entity == plan_.entity->number && other->id == self_) continue;
    if (!other) {
      keys_.add(c.where.source, text, {plan_.entity->number, self_});
      continue;
    }
    problems_.add(c.header, c.to, text,
                  c.where.source + " calls another record '" + shortened(text) + "' (" +
                      std::to_string(other->id.value) + "); correct the key");
  }
}

// ----------------------------------------------------------------------------------------
// reporting

void row_import::report(const planned_record& r, const error& e, row_cells cells) {
  if (!e.violations().empty()) return report(r, e.violations(), cells);
  report(r, violation_list{{e.entity(), e.field(), {}, {}, e.message()}}, cells);
}

// A violation belongs to the cell that gives the field, unless that cell was complained about.
void row_import::report(const planned_record& r, const violation_list& found, row_cells cells) {
  for (const violation& v : found) {
    const auto gives = [&](const planned_cell& c) {
      return !v.field.empty() && (v.entity.empty() || v.entity == r.entity->name()) &&
             (c.where.field->name() == v.field ||
              (c.where.part != whole_value &&
               c.where.field->parts()[c.where.part].name == v.field));
    };
    const auto by = std::find_if(r.cells.begin(), r.cells.end(), gives);
    if (by == r.cells.end()) {
      std::string message = v.field.empty() ? v.message : v.field + " " + v.message;
      problems_.add({}, v.field, v.value, std::move(message));
      continue;
    }
    const bool waits = std::find(waiting_.begin(), waiting_.end(), &*by) != waiting_.end();
    if (waits || problems_.has(by->to)) continue;
    const std::string_view text = text_of(*by, cells);
    problems_.add(by->header, by->to, text.empty() ? std::string_view(v.value) : text, v.message);
  }
}

}  // namespace kith::inline v1::detail
