// SPDX-License-Identifier: Apache-2.0
//
// A row's cells into drafts, references among them, and the records that belong to the row's own.
#include <algorithm>

#include "exchange/import/row.hpp"
#include "exchange/lookup.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {

void row_import::read(planned_record& r, row_cells cells, any_draft& d) {
  for (planned_cell& c : r.cells) {
    const std::string_view text = text_of(c, cells);
    if (text.empty()) continue;
    if (c.where.is_reference()) {
      read_reference(c, text, d);
    } else {
      read_value(r, c, text, cells, d);
    }
  }
}

// Whether the column's value is wanted as the source has it: nothing is to be done to its text.
bool row_import::is_as_given(const planned_cell& c) const {
  return typed_ != nullptr && c.column != no_column && c.where.part == whole_value &&
         c.translate.empty() && !c.times;
}

void row_import::read_value(planned_record& r, planned_cell& c, std::string_view text,
                            row_cells cells, any_draft& d) {
  if (c.only_with_amount) return;  // the amount reads it
  if (is_as_given(c)) {
    draft_sink to(d, c.where.field->slot);
    if (typed_->put(c.column, *c.where.field, to)) return;
  }
  std::string_view currency;
  if (c.currency != no_column) currency = text_of(r.cells[c.currency], cells);
  if (const auto why = values_.read(c, text, currency, d)) {
    problems_.add(c.header, c.to, text, refused(text, *why));
  }
}

// ----------------------------------------------------------------------------------------
// references

// Whether the source has a number, which may be an id.
bool row_import::gives_id(const planned_cell& c) const {
  struct id_sink final : cell_sink {
    void put(unsigned, cell) override {}
  } any;
  return is_as_given(c) && typed_->put(c.column, *c.where.field, any);
}

void row_import::read_reference(planned_cell& c, std::string_view text, any_draft& d) {
  const reference_finder::answer* found = nullptr;
  std::uint16_t entity = 0;
  bool may_come = false;
  try {
    if (c.finder) {
      found = &c.finder->find(text, gives_id(c));
      may_come = c.finder->plan().may_come_later;
    } else {
      const auto any = c.any_finder->find(text);
      found = any.found;
      entity = any.entity;
      may_come = any.may_come_later;
    }
    if (found->id) return put_reference(c, entity, found->id, d);
    if (may_come && !last_ && !found->ambiguous) {
      waiting_.push_back(&c);
      return;
    }
    if (c.create_missing && c.finder && !found->ambiguous) {
      return put_reference(c, entity, create(c, text), d);
    }
  } catch (const error& e) {
    if (!is_about_the_row(e)) throw;
    problems_.add(c.header, c.to, text, e.message());
    return;
  }
  problems_.add(c.header, c.to, text, found->problem);
}

void row_import::put_reference(const planned_cell& c, std::uint16_t entity, record_id id,
                               any_draft& d) {
  const slot_number slot = c.where.field->slot;
  d.put(slot, cell::integer(id.value));
  if (entity != 0) d.put(static_cast<slot_number>(slot + 1), cell::integer(entity));
}

record_id row_import::create(planned_cell& c, std::string_view text) {
  open_step();
  const record_id id = c.finder->create(text);
  created_.push_back({&c, std::string(text)});
  return id;
}

void row_import::clear_empty(const planned_record& r, row_cells cells, any_draft& d) {
  for (const planned_cell& c : r.cells) {
    if (c.column == no_column || !text_of(c, cells).empty() || c.only_with_amount) continue;
    const field_type& f = *c.where.field;
    for (unsigned i = 0; i < f.parts().size(); ++i) {
      const bool mine = c.where.part == whole_value || c.where.part == i;
      if (!mine || f.parts()[i].role == part_role::key) continue;
      d.put(static_cast<slot_number>(f.slot + i), cell::null());
    }
  }
}

// ------------------------------------------------------------------------------------ owned
// records

bool row_import::is_given(const planned_record& o, row_cells cells) const {
  return std::any_of(o.cells.begin(), o.cells.end(), [&](const planned_cell& c) {
    return c.column != no_column && !text_of(c, cells).empty();
  });
}

// Where a record is told from its siblings by all that is given, two rows that say the same stand
// for two records: each record is claimed once.
row_ptr row_import::find_sibling(const planned_record& o, const any_draft& d) {
  if (claims_of_ != self_) claimed_.clear();
  claims_of_ = self_;
  if (added_ && o.first) return {};
  const relation_type& r = *o.relation;
  std::vector<field_place> places{{r.by, whole_value}};
  if (r.only != nullptr) places.push_back({r.only, whole_value});
  const bool by_all = o.identity.empty();
  if (by_all) {
    for (const planned_cell& c : o.cells) {
      if (!c.only_with_amount) places.push_back({c.where.field, c.where.part});
    }
  } else {
    places.insert(places.end(), o.identity.begin(), o.identity.end());
  }
  std::vector<value> values;
  for (const field_place& at : places) values.push_back(value_at(at, d));
  if (!by_all) {
    const auto found = find_records(session_, *o.entity, places, values, 1);
    return found.empty() ? row_ptr() : found.front();
  }
  for (const row_ptr& found :
       find_records(session_, *o.entity, places, values, claimed_.size() + 1)) {
    if (claimed_.insert(found->id().value).second) return found;
  }
  return {};
}

void row_import::read_owned(planned_record& o, row_cells cells) {
  owned_.clear();
  read(o, cells, owned_);
  const relation_type& r = *o.relation;
  if (r.only != nullptr) owned_.put(r.only->slot, cell::integer(r.only_value));
  if (!self_) return;  // to be refused: there is no owner yet
  owned_.put(r.by->slot, cell::integer(self_.value));
  if (r.by->def->kind == kind_id::any_ref) {
    owned_.put(static_cast<slot_number>(r.by->slot + 1), cell::integer(plan_.entity->number));
  }
}

bool row_import::write_owned(planned_record& o, row_cells cells) {
  if (!is_given(o, cells)) return false;
  read_owned(o, cells);
  try {
    if (problems_.any() || !waiting_.empty()) {
      report(o, session_.check(*o.entity, owned_), cells);
      return false;
    }
    const row_ptr base = find_sibling(o, owned_);
    if (!base) {
      const record_id id = session_.add_row(*o.entity, owned_)->id();
      if (o.identity.empty()) claimed_.insert(id.value);
      return true;
    }
    owned_.rebase(base);
    if (options_.empty_clears) clear_empty(o, cells, owned_);
    if (!differs(*o.entity, owned_)) return false;
    session_.update_row(*o.entity, base->id(), owned_);
    return true;
  } catch (const error& e) {
    if (!is_about_the_row(e)) throw;
    report(o, e, cells);
    return false;
  }
}

// What is wrong with it, when its owner is refused anyway.
void row_import::check_owned(planned_record& o, row_cells cells) {
  if (!is_given(o, cells)) return;
  read_owned(o, cells);
  violation_list found = session_.check(*o.entity, owned_);
  std::erase_if(found, [&](const violation& v) { return v.field == o.relation->by->name(); });
  report(o, found, cells);
}

}  // namespace kith::inline v1::detail
