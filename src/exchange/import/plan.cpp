// SPDX-License-Identifier: Apache-2.0
//
// Planning an import: columns and constants to places, places to records.
#include "exchange/import/plan.hpp"

#include <algorithm>

#include "exchange/import/headers.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

[[noreturn]] void refuse(const std::string& why) { throw error(error_code::invalid, why); }

bool is_number(kind_id k) {
  return k == kind_id::integer || k == kind_id::decimal || k == kind_id::real ||
         k == kind_id::money;
}

class planner {
 public:
  planner(session& in, external_keys& keys, const column_names& columns,
          const import_options& options)
      : session_(in), keys_(keys), columns_(columns), options_(options) {
    plan_.of = in.model();
    if (options.entity.empty()) refuse("an import needs the entity that rows become");
    plan_.entity = &plan_.of->entity(options.entity);
    plan_.record.entity = plan_.entity;
    plan_.columns = columns.size();
  }

  import_plan make() {
    take_mapping();
    take_headers();
    take_constants();
    pair_currencies(plan_.record);
    for (planned_record& o : plan_.owned) {
      pair_currencies(o);
      find_identity(o);
    }
    find_match();
    find_what_became();
    decide_writes();
    return std::move(plan_);
  }

 private:
  struct mapped {
    std::size_t column;
    const column_mapping* by;
  };

  void take_mapping() {
    for (const column_mapping& m : options_.columns) {
      const auto column = columns_.find(m.column);
      if (!column) unknown_column(m.column);
      mapped_.push_back({*column, &m});
      if (!m.to.empty()) add(*column, m.to, m.how);
    }
  }

  [[noreturn]] void unknown_column(const std::string& name) const {
    const auto& headers = columns_.headers();
    const std::vector<std::string_view> views(headers.begin(), headers.end());
    const std::string hint = did_you_mean(name, views);
    throw error(error_code::not_found,
                "there is no column '" + shortened(name) + "'; " +
                    (!hint.empty()           ? hint
                     : columns_.have_names() ? "use a header of the file"
                                             : "columns without names have numbers from 1"));
  }

  // Further places of a column, and those of constants, count as decided columns without a name.
  void take_headers() {
    if (options_.only_mapped || !columns_.have_names()) return;
    std::vector<std::string> headers = columns_.headers();
    std::vector<decided_column> decided(headers.size());
    const auto decide = [&](decided_column d) {
      headers.emplace_back();
      decided.push_back(std::move(d));
    };
    for (const mapped& m : mapped_) {
      if (decided[m.column].decided) {
        decide({true, m.by->to});
      } else {
        decided[m.column] = {true, m.by->to};
      }
    }
    for (const auto& [to, text] : options_.constants) decide({true, to});
    const auto places = places_by_header(*plan_.entity, headers, decided);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!decided[i].decided && !places[i].empty()) add(i, places[i], {});
    }
  }

  void take_constants() {
    for (const auto& [to, text] : options_.constants) {
      planned_cell& c = add(no_column, to, {});
      if (c.where.field == nullptr) refuse("a key is of one record: '" + to + "' needs a column");
      c.constant = text;
    }
  }

  planned_cell& add(std::size_t column, const std::string& to, const column_options& how) {
    planned_cell c;
    c.column = column;
    if (column != no_column) c.header = columns_.shown(column);
    c.to = to;
    c.where = parse_place(*plan_.entity, to);
    c.format = options_.format;
    if (how.currency) c.format.currency = *how.currency;
    for (const auto& [from, into] : how.translate) c.translate.emplace(from, into);
    c.times = how.times;
    c.create_missing = how.create_missing;
    check_options(c, how);
    if (c.where.field == nullptr) {
      keys_.require();
      plan_.keys.push_back(std::move(c));
      return plan_.keys.back();
    }
    if (c.where.is_reference()) add_finder(c);
    planned_record& r = record_for(c);
    r.cells.push_back(std::move(c));
    return r.cells.back();
  }

  void check_options(const planned_cell& c, const column_options& how) const {
    const bool number = c.where.field != nullptr && c.where.part == whole_value &&
                        is_number(c.where.field->def->kind);
    if (how.times && !number) refuse("'" + c.to + "' is no number: it cannot be multiplied");
    if (how.currency && !(number && c.where.field->def->kind == kind_id::money)) {
      refuse("'" + c.to + "' is no amount: it has no currency");
    }
    if (how.create_missing && !c.where.is_reference()) {
      refuse("'" + c.to + "' is no reference: nothing can be missing");
    }
  }

  void add_finder(planned_cell& c) {
    const bool any = c.where.field->def->kind == kind_id::any_ref;
    reference_plan p;
    p.target = any ? plan_.entity : c.where.field->target;
    p.by = c.where.by;
    p.source = c.where.source;
    p.create_missing = c.create_missing;
    p.may_come_later = p.target == plan_.entity;
    p.format = c.format;
    if (any) {
      c.any_finder = std::make_shared<any_reference_finder>(session_, keys_, std::move(p));
    } else {
      c.finder = std::make_shared<reference_finder>(session_, keys_, std::move(p));
    }
  }

  // A second value for the same place begins a second owned record.
  planned_record& record_for(const planned_cell& c) {
    const auto fills_place = [&](const planned_record& r) {
      return std::any_of(r.cells.begin(), r.cells.end(), [&](const planned_cell& other) {
        return other.where.field == c.where.field && other.where.part == c.where.part;
      });
    };
    if (c.where.relation == nullptr) {
      if (fills_place(plan_.record)) refuse("two columns go to '" + c.to + "'; leave one out");
      return plan_.record;
    }
    planned_record* last = nullptr;
    for (planned_record& o : plan_.owned) {
      if (o.relation == c.where.relation) last = &o;
    }
    if (last == nullptr || fills_place(*last)) {
      const bool first = last == nullptr;
      last = &plan_.owned.emplace_back();
      last->entity = c.where.entity;
      last->relation = c.where.relation;
      last->first = first;
    }
    return *last;
  }

  static void pair_currencies(planned_record& r) {
    for (planned_cell& amount : r.cells) {
      if (amount.where.part != whole_value || amount.where.field->def->kind != kind_id::money) {
        continue;
      }
      for (std::size_t i = 0; i < r.cells.size(); ++i) {
        const place& other = r.cells[i].where;
        if (other.field != amount.where.field || other.part == whole_value) continue;
        amount.currency = i;
        r.cells[i].only_with_amount = true;
      }
    }
  }

  // The shorthand; else what is unique or names a record to people; else whom it connects with the
  // owner; else everything.
  static void find_identity(planned_record& o) {
    const auto take = [&](auto counts) {
      for (const planned_cell& c : o.cells) {
        if (counts(*c.where.field)) o.identity.push_back({c.where.field, c.where.part});
      }
      return !o.identity.empty();
    };
    if (take([&](const field_type& f) { return &f == o.relation->shorthand; })) return;
    if (take([](const field_type& f) { return f.def->unique || f.def->natural_key; })) return;
    take([](const field_type& f) { return f.def->kind == kind_id::ref && f.def->required; });
  }

  void find_match() {
    if (options_.match.empty()) {
      if (options_.how == import_options::mode::update_only) {
        refuse("to change records an import needs to know by what it finds them: set match");
      }
      return;
    }
    for (const std::string& by : options_.match) {
      const place p = parse_place(*plan_.entity, by);
      if (p.field == nullptr) {
        match_key(by, p);
      } else {
        match_field(by, p);
      }
    }
    if (plan_.match == match_by::key && options_.match.size() > 1) {
      refuse("records are found by one key of another system, or by fields, not by both");
    }
  }

  [[noreturn]] static void nothing_fills(const std::string& by) {
    refuse("match names '" + by + "', which no column fills; map a column to it");
  }

  void match_key(const std::string& by, const place& p) {
    const auto same = [&](const planned_cell& c) { return c.where.source == p.source; };
    const auto found = std::find_if(plan_.keys.begin(), plan_.keys.end(), same);
    if (found == plan_.keys.end()) nothing_fills(by);
    plan_.match = match_by::key;
    plan_.match_key = static_cast<std::size_t>(found - plan_.keys.begin());
  }

  void match_field(const std::string& by, const place& p) {
    const bool filled = std::any_of(
        plan_.record.cells.begin(), plan_.record.cells.end(), [&](const planned_cell& c) {
          return c.where.field == p.field &&
                 (c.where.part == p.part || c.where.part == whole_value);
        });
    if (p.relation != nullptr || !filled) nothing_fills(by);
    if (plan_.match == match_by::nothing) plan_.match = match_by::fields;
    plan_.match_fields.push_back({p.field, p.part});
  }

  void find_what_became() {
    std::vector<bool> used(columns_.size());
    const auto became = [&](const planned_cell& c) {
      if (c.column == no_column) return;
      used[c.column] = true;
      column_mapping m{c.header, c.to, {}};
      const auto by = std::find_if(mapped_.begin(), mapped_.end(), [&](const mapped& given) {
        return given.column == c.column && given.by->to == c.to;
      });
      if (by != mapped_.end()) m.how = by->by->how;
      plan_.became.push_back(std::move(m));
    };
    for (const planned_cell& c : plan_.keys) became(c);
    for (const planned_cell& c : plan_.record.cells) became(c);
    for (const planned_record& o : plan_.owned) {
      for (const planned_cell& c : o.cells) became(c);
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (!used[i]) plan_.ignored.push_back(columns_.shown(i));
    }
    if (plan_.became.empty()) {
      refuse("no column is known to be anything of a " + std::string(plan_.entity->name()) +
             "; map the columns");
    }
  }

  void decide_writes() {
    bool creates = false;
    for (const planned_cell& c : plan_.record.cells) creates = creates || c.create_missing;
    plan_.several_writes =
        creates || !plan_.keys.empty() || !plan_.owned.empty() || !plan_.entity->dependents.empty();
  }

  session& session_;
  external_keys& keys_;
  const column_names& columns_;
  const import_options& options_;
  import_plan plan_;
  std::vector<mapped> mapped_;
};

}  // namespace

import_plan make_plan(session& in, external_keys& keys, const column_names& columns,
                      const import_options& options) {
  return planner(in, keys, columns, options).make();
}

}  // namespace kith::inline v1::detail
