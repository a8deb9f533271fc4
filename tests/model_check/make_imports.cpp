// SPDX-License-Identifier: Apache-2.0
#include "model_check/make_imports.hpp"

#include <algorithm>

#include "model_check/naive.hpp"

namespace kith::model_check {
namespace {

using sort = import_cell::sort;

// Nobody's handles: less than 1,024 away, the distance of ids, so that no row gets one of theirs.
constexpr std::int64_t far = 500;

const char* unreadable_text(kind_id kind) {
  switch (kind) {
    case kind_id::decimal: return "0.12345678";
    case kind_id::money: return "12.50";  // of what?
    case kind_id::real: return "nan";
    case kind_id::boolean: return "maybe";
    case kind_id::choice: return "gone";
    case kind_id::date: return "2026-02-30";
    case kind_id::instant: return "noon";
    case kind_id::duration: return "5 m";
    case kind_id::email: return "anna at x";
    case kind_id::integer: return "9223372036854775808";
    default: return "nobody";
  }
}

class file_maker {
 public:
  file_maker(random& dice, const world& w, int entity, std::int64_t beyond)
      : dice_(dice),
        world_(w),
        entity_(w.entities[static_cast<std::size_t>(entity)]),
        records_(w.records[static_cast<std::size_t>(entity)]),
        own_(entity),
        beyond_(beyond) {}

  std::optional<import_file> make(bool alone) {
    choose_columns();
    if (file_.columns.empty()) return {};
    choose_match();
    file_.empty_clears = dice_.percent(25);
    file_.dry_run = dice_.percent(15);
    if (!alone && dice_.percent(40))
      file_.chunk_rows = static_cast<std::size_t>(dice_.between(1, 3));
    file_.header = dice_.percent(85);
    file_.delimiter = dice_.pick(",;|\t");
    if (file_.delimiter == '\0') file_.delimiter = ',';
    file_.comma = dice_.percent(30);
    file_.quoted = dice_.percent(20);
    make_rows();
    return std::move(file_);
  }

 private:
  const field_plan& field_of(const import_column& c) const {
    return entity_.fields[static_cast<std::size_t>(entity_.field(c.field))];
  }

  void choose_columns() {
    for (const field_plan& f : entity_.fields) {
      if (f.computed || !dice_.percent(f.required ? 92 : f.unique ? 65 : 40)) continue;
      import_column c;
      c.field = f.name;
      if (dice_.percent(30)) c.header = "No. " + std::to_string(file_.columns.size() + 1) + " here";
      if (f.is.kind == kind_id::ref && dice_.percent(50)) c.by = name_of(f.is.target);
      file_.columns.push_back(std::move(c));
    }
    for (std::size_t i = file_.columns.size(); i > 1; --i) {
      std::swap(file_.columns[i - 1], file_.columns[dice_.below(i)]);
    }
  }

  // A field by which records of an entity can be named.
  std::string name_of(int target) {
    std::vector<std::string> names;
    for (const field_plan& f : world_.entities[static_cast<std::size_t>(target)].fields) {
      if (!f.computed && (is_texty(f.is.kind) || f.is.kind == kind_id::integer)) {
        names.push_back(f.name);
      }
    }
    return names.empty() ? "" : dice_.pick(names);
  }

  void choose_match() {
    if (dice_.percent(30)) return;
    const std::size_t most = dice_.percent(65) ? 1 : 2;
    for (const bool unique : {true, false}) {
      for (const import_column& c : file_.columns) {
        const field_plan& f = field_of(c);
        const bool fits = f.is.kind != kind_id::money && f.is.kind != kind_id::any_ref;
        if (f.unique != unique || !fits || file_.match.size() == most || !dice_.percent(70))
          continue;
        file_.match.push_back(c.field);
      }
    }
    if (file_.match.empty()) return;
    const std::size_t chance = dice_.below(10);
    if (chance == 0) file_.how = import_file::mode::insert_only;
    if (chance == 1 || chance == 2) file_.how = import_file::mode::update_only;
  }

  // ------------------------------------------------------------------------------------------
  // rows

  void make_rows() {
    file_.rows.resize(static_cast<std::size_t>(dice_.between(1, 6)));
    for (auto& row : file_.rows) {
      for (const import_column& c : file_.columns) row.push_back(cell_of(c));
    }
    for (auto& row : file_.rows) aim(row);
    for (auto& row : file_.rows) name_others(row);
    for (auto& row : file_.rows) spoil(row);
  }

  import_cell cell_of(const import_column& c) {
    const field_plan& f = field_of(c);
    if (!dice_.percent(f.required ? 95 : 82)) return {};
    if (!is_reference(f.is.kind)) {
      return {sort::value, random_datum(dice_, f.is, f.extreme), {}};
    }
    const int target =
        f.is.kind == kind_id::any_ref ? static_cast<int>(dice_.below(2)) : f.is.target;
    const auto& all = world_.records[static_cast<std::size_t>(target)];
    if (!c.by.empty()) return name(c, all);
    if (dice_.percent(4) || all.empty()) return {sort::value, datum::of(beyond_ + far), {}};
    return {sort::value, datum::of(somebody(all).handle), {}};
  }

  // Mostly one who lives.
  const record_plan& somebody(const std::vector<record_plan>& all) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      const record_plan& r = dice_.pick(all);
      if (!r.deleted) return r;
    }
    return dice_.pick(all);
  }

  import_cell name(const import_column& c, const std::vector<record_plan>& all) {
    const entity_plan& e = world_.entities[static_cast<std::size_t>(field_of(c).is.target)];
    const auto by = static_cast<std::size_t>(e.field(c.by));
    const auto has = [&](const record_plan& r, const datum& name) {
      return !r.deleted && r.values[by].known &&
             naive::order(e.fields[by].is, r.values[by], name) == 0;
    };
    for (int attempt = 0; attempt < 4 && !all.empty() && dice_.percent(95); ++attempt) {
      const datum& is = somebody(all).values[by];
      const auto same = [&](const record_plan& r) { return has(r, is); };
      // Mostly a name that one alone has.
      const bool fits = is.known && std::count_if(all.begin(), all.end(), same) == 1;
      if (fits || (is.known && dice_.percent(10))) return {sort::value, is, {}};
    }
    if (dice_.percent(60)) return {};
    return {sort::value, random_datum(dice_, e.fields[by].is, false), {}};
  }

  // At a record that is there, or at one that an earlier row is about.
  void aim(std::vector<import_cell>& row) {
    if (file_.match.empty() || !dice_.percent(75)) return;
    const bool at_row = dice_.percent(25);
    const bool same = dice_.percent(20);  // in all that it says
    const auto& other = dice_.pick(file_.rows);
    const record_plan* const r = records_.empty() ? nullptr : &somebody(records_);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const import_column& c = file_.columns[i];
      const bool counts =
          std::find(file_.match.begin(), file_.match.end(), c.field) != file_.match.end();
      if (!c.by.empty() || (!counts && !same)) continue;
      if (at_row && &other != &row) row[i] = other[i];
      if (at_row || r == nullptr) continue;
      const datum& is = r->values[static_cast<std::size_t>(entity_.field(c.field))];
      if (is.known) row[i] = {sort::value, is, {}};
    }
  }

  // Now and then a row names another of this file.
  void name_others(std::vector<import_cell>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const import_column& c = file_.columns[i];
      if (c.by.empty() || field_of(c).is.target != own_ || !dice_.percent(60)) continue;
      for (std::size_t j = 0; j < row.size(); ++j) {
        if (file_.columns[j].field == c.by) row[i] = dice_.pick(file_.rows)[j];
      }
    }
  }

  void spoil(std::vector<import_cell>& row) {
    if (!dice_.percent(15)) return;
    const bool first = &row == file_.rows.data() && !file_.header;  // it counts the columns
    const std::size_t chance = dice_.below(10);
    if (chance == 0 && !first) row.resize(row.size() - 1);
    if (chance == 0 && row.empty()) row.resize(1);
    if (chance == 1 && !first)
      row.push_back({dice_.percent(60) ? sort::unreadable : sort::nothing, {}, "more"});
    if (chance == 2) row[dice_.below(row.size())] = {sort::no_text, {}, "a\xff"};
    if (chance < 3) return;
    const std::size_t at = dice_.below(row.size());
    const field_plan& f = field_of(file_.columns[at]);
    if (f.is.kind != kind_id::text) row[at] = {sort::unreadable, {}, unreadable_text(f.is.kind)};
  }

  random& dice_;
  const world& world_;
  const entity_plan& entity_;
  const std::vector<record_plan>& records_;
  int own_;
  std::int64_t beyond_;
  import_file file_;
};

}  // namespace

std::optional<import_file> random_file(random& dice, const world& w, int entity,
                                       std::int64_t beyond, bool alone) {
  return file_maker(dice, w, entity, beyond).make(alone);
}

}  // namespace kith::model_check
