// SPDX-License-Identifier: Apache-2.0
//
// What the documentation says about imports: each row finds the record that it changes, or adds
// one; a row that is wrong is left out as a whole; a row that names one to come waits for it.
#include <algorithm>
#include <optional>
#include <utility>

#include "model_check/ledger.hpp"

namespace kith::model_check {
namespace {

using sort = import_cell::sort;

std::string without_blanks(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

}  // namespace

// One file in the ledger.
class ledger::importing {
 public:
  importing(ledger& of, const step& s, import_outcome& out)
      : ledger_(of), file_(s.file), entity_(s.entity), next_(s.handle), out_(out) {}

  void run() {
    std::vector<std::size_t> waiting;
    for (std::size_t i = 0; i < file_.rows.size(); ++i) take(i, false, waiting);
    // In turn from either end, for as long as that helps.
    for (bool helps = true; helps && !waiting.empty();) {
      std::vector<std::size_t> rows = std::exchange(waiting, {});
      std::reverse(rows.begin(), rows.end());
      for (const std::size_t i : rows) take(i, false, waiting);
      helps = waiting.size() < rows.size();
    }
    for (const std::size_t i : std::exchange(waiting, {})) take(i, true, waiting);
  }

 private:
  struct reading {
    std::map<int, datum> values{};  ///< by field
    std::set<int> empty{};
    import_refusal wrong{};
    std::set<int> waiting{};  ///< references to rows to come

    bool waits() const { return !waiting.empty(); }
  };

  const world& now() const { return ledger_.now(); }
  const entity_plan& entity() const { return now().entities[static_cast<std::size_t>(entity_)]; }
  const std::vector<record_plan>& records(int e) const {
    return now().records[static_cast<std::size_t>(e)];
  }

  void take(std::size_t row, bool last, std::vector<std::size_t>& waiting) {
    import_refusal wrong;
    const auto& cells = file_.rows[row];
    if (!has_shape(cells, wrong)) return refuse(row, wrong);
    reading in = read(cells, last);
    const std::int64_t handle = in.wrong.columns.empty() ? base(in) : 0;
    if (!in.wrong.columns.empty()) return refuse(row, in.wrong);
    if (in.waits()) return waiting.push_back(row);
    write(in, handle);
    if (!in.wrong.columns.empty()) refuse(row, in.wrong);
  }

  void refuse(std::size_t row, const import_refusal& wrong) { out_.refused[row + 1] = wrong; }

  bool has_shape(const std::vector<import_cell>& cells, import_refusal& wrong) const {
    const std::size_t wanted = file_.columns.size();
    if (cells.size() < wanted) wrong.columns.insert("");
    for (std::size_t i = wanted; i < cells.size() && wrong.columns.empty(); ++i) {
      if (cells[i].is != sort::nothing) wrong.columns.insert(std::to_string(i + 1));
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].is == sort::no_text) wrong.columns.insert(file_.shown(i));
    }
    return wrong.columns.empty();
  }

  // ----------------------------------------------------------------------------------- reading

  reading read(const std::vector<import_cell>& cells, bool last) const {
    reading in;
    for (std::size_t i = 0; i < file_.columns.size(); ++i) {
      const import_column& column = file_.columns[i];
      const int at = entity().field(column.field);
      const field_plan& f = entity().fields[static_cast<std::size_t>(at)];
      const import_cell& c = cells[i];
      if (!is_given(c, column, f)) {
        in.empty.insert(at);
      } else if (is_reference(f.is.kind)) {
        read_reference(i, f, c, last, in);
      } else if (c.is == sort::value) {
        in.values[at] = c.value;
      } else {
        in.wrong.columns.insert(file_.shown(i));
      }
    }
    in.wrong.and_more = !in.wrong.columns.empty();
    return in;
  }

  // Empty text is nothing; blanks around a name of a record say nothing.
  bool is_given(const import_cell& c, const import_column& column, const field_plan& f) const {
    if (c.is != sort::value) return c.is != sort::nothing;
    if (column.by.empty()) return !is_texty(f.is.kind) || !c.value.text.empty();
    const entity_plan& target = now().entities[static_cast<std::size_t>(f.is.target)];
    const kind_id by = target.fields[static_cast<std::size_t>(target.field(column.by))].is.kind;
    return !is_texty(by) || !without_blanks(c.value.text).empty();
  }

  void read_reference(std::size_t i, const field_plan& f, const import_cell& c, bool last,
                      reading& in) const {
    const import_column& column = file_.columns[i];
    int target = f.is.target;
    std::vector<std::int64_t> found;
    if (c.is == sort::value && column.by.empty()) {
      const auto handle = static_cast<std::int64_t>(c.value.units);
      const record_plan* const r = f.is.kind == kind_id::any_ref
                                       ? now().find_anywhere(handle, &target)
                                       : now().find(target, handle);
      if (r != nullptr && !r->deleted) found.push_back(handle);
    } else if (c.is == sort::value) {
      found = named(target, column.by, c.value);
    } else if (f.is.kind == kind_id::any_ref) {
      target = -1;  // it does not say of which entity
    }
    if (found.size() == 1) {
      in.values[entity().field(column.field)] = datum::of(found[0]);
    } else if (found.empty() && target == entity_ && !last) {
      in.waiting.insert(entity().field(column.field));
    } else {
      in.wrong.columns.insert(file_.shown(i));
    }
  }

  std::vector<std::int64_t> named(int target, const std::string& by, datum name) const {
    const entity_plan& e = now().entities[static_cast<std::size_t>(target)];
    const auto at = static_cast<std::size_t>(e.field(by));
    name.text = without_blanks(name.text);
    std::vector<std::int64_t> found;
    for (const record_plan& r : records(target)) {
      if (r.deleted || !r.values[at].known) continue;
      if (naive::order(e.fields[at].is, r.values[at], name) == 0) found.push_back(r.handle);
    }
    return found;
  }

  // ----------------------------------------------------------------------------------- finding

  std::vector<std::int64_t> matching(const reading& in) const {
    std::vector<std::int64_t> found;
    for (const record_plan& r : records(entity_)) {
      const bool all =
          !r.deleted && std::all_of(file_.match.begin(), file_.match.end(), [&](const auto& name) {
            const int at = entity().field(name);
            const datum& is = r.values[static_cast<std::size_t>(at)];
            const auto given = in.values.find(at);
            if (given == in.values.end() || !is.known) return given == in.values.end() && !is.known;
            return naive::order(entity().fields[static_cast<std::size_t>(at)].is, is,
                                given->second) == 0;
          });
      if (all) found.push_back(r.handle);
    }
    return found;
  }

  std::string column_of(int field) const {
    for (std::size_t i = 0; i < file_.columns.size(); ++i) {
      if (entity().field(file_.columns[i].field) == field) return file_.shown(i);
    }
    return "";
  }

  // The handle of the record to change, 0 for none. A row that waits for what it is found by has
  // none yet.
  std::int64_t base(reading& in) const {
    const bool later = std::any_of(file_.match.begin(), file_.match.end(), [&](const auto& name) {
      return in.waiting.contains(entity().field(name));
    });
    if (file_.match.empty() || later) return 0;
    const bool any = std::any_of(file_.match.begin(), file_.match.end(), [&](const auto& name) {
      return in.values.contains(entity().field(name));
    });
    const std::string first = column_of(entity().field(file_.match.front()));
    if (!any && in.waits()) return 0;
    if (!any) {
      in.wrong = {{first}, true};
      return 0;
    }
    const std::vector<std::int64_t> found = matching(in);
    if (found.size() > 1) {
      in.wrong.columns.insert(file_.match.size() == 1 ? first : "");
      return 0;
    }
    using mode = import_file::mode;
    const bool against = found.empty() ? file_.how == mode::update_only && !in.waits()
                                       : file_.how == mode::insert_only;
    if (against) in.wrong = {{""}, true};
    return found.empty() || against ? 0 : found[0];
  }

  // ----------------------------------------------------------------------------------- writing

  void write(reading& in, std::int64_t handle) {
    record_plan* const old = handle == 0 ? nullptr : ledger_.pages_.back().w.find(entity_, handle);
    record_plan next;
    if (old != nullptr) next = *old;
    if (old == nullptr) next.values.resize(entity().fields.size());
    std::set<int> changed;
    for (std::size_t f = 0; f < entity().fields.size(); ++f) {
      const int at = static_cast<int>(f);
      const auto given = in.values.find(at);
      const bool cleared = old != nullptr && file_.empty_clears && in.empty.contains(at);
      const datum before = next.values[f];
      if (given != in.values.end()) next.values[f] = given->second;
      if (cleared) next.values[f] = {};
      const bool counts =
          old == nullptr ? !entity().fields[f].computed : !same(before, next.values[f]);
      if (counts) changed.insert(at);
    }
    if (old != nullptr && changed.empty()) {
      ++out_.unchanged;
      return;
    }
    if (old == nullptr) next.handle = next_;
    if (!fits(next, changed, in)) return;
    ++(old == nullptr ? out_.inserted : out_.updated);
    if (old != nullptr) {
      *old = std::move(next);
      ledger_.touch(handle);
      return;
    }
    out_.added.push_back(next_++);
    ledger_.insert(entity_, std::move(next));
  }

  bool fits(const record_plan& r, const std::set<int>& changed, reading& in) const {
    std::set<int> wrong = ledger_.broken_fields(entity(), r, changed);
    if (wrong.empty()) {
      wrong = ledger_.taken_fields(entity_, r);
      if (!wrong.empty()) wrong = {*wrong.begin()};  // one is named
    }
    for (const int at : wrong) in.wrong.columns.insert(column_of(at));
    return wrong.empty();
  }

  ledger& ledger_;
  const import_file& file_;
  int entity_;
  std::int64_t next_;
  import_outcome& out_;
};

std::string ledger::import(const step& s) {
  imported_ = {};
  importing(*this, s, imported_).run();
  return shown(imported_);
}

bool ledger::possible_import(const step& s) const {
  const world& w = now();
  const entity_plan& e = w.entities[static_cast<std::size_t>(s.entity)];
  const auto has = [](const entity_plan& of, const std::string& name) {
    return std::any_of(of.fields.begin(), of.fields.end(),
                       [&](const field_plan& f) { return f.name == name && !f.computed; });
  };
  std::set<std::string> given;
  for (const import_column& c : s.file.columns) {
    if (!has(e, c.field)) return false;
    given.insert(c.field);
    const field_plan& f = e.fields[static_cast<std::size_t>(e.field(c.field))];
    if (c.by.empty()) continue;
    if (!has(w.entities[static_cast<std::size_t>(f.is.target)], c.by)) return false;
  }
  if (given.empty() || s.file.rows.empty()) return false;
  // Chunks are commits of their own; rows without names are as long as the first.
  if (depth() == 0 && s.file.chunk_rows < s.file.rows.size()) return false;
  if (!s.file.header && s.file.rows[0].size() != s.file.columns.size()) return false;
  return std::all_of(s.file.match.begin(), s.file.match.end(),
                     [&](const std::string& name) { return given.contains(name); });
}

std::string shown(const import_outcome& o) {
  std::string text = std::to_string(o.inserted) + " inserted, " + std::to_string(o.updated) +
                     " updated, " + std::to_string(o.unchanged) + " unchanged";
  for (const auto& [row, why] : o.refused) {
    text += ", row " + std::to_string(row) + " refused (";
    for (const std::string& column : why.columns) text += "'" + column + "'";
    text += ")";
  }
  return text;
}

}  // namespace kith::model_check
