// SPDX-License-Identifier: Apache-2.0
#include "model_check/import_run.hpp"

#include <algorithm>
#include <charconv>

#include "kith/exchange/csv.hpp"

namespace kith::model_check {
namespace {

std::string padded(std::int64_t n, std::size_t digits) {
  std::string text = std::to_string(n);
  return text.size() >= digits ? text : std::string(digits - text.size(), '0') + text;
}

std::string whole_text(whole n) {
  if (n < 0) return "-" + whole_text(-n);
  std::string text;
  for (; n > 9; n /= 10)
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(n % 10)));
  return static_cast<char>('0' + static_cast<int>(n)) + text;
}

std::string fraction_text(whole units, int scale, char point) {
  std::string digits = whole_text(units < 0 ? -units : units);
  const auto behind = static_cast<std::size_t>(scale);
  if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
  if (behind != 0) digits.insert(digits.size() - behind, 1, point);
  return (units < 0 ? "-" : "") + digits;
}

// Years of 365 or 366 days, counted from the year 1.
std::string day_text(std::int64_t days) {
  days += 719'162;
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const auto leap = [](std::int64_t y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; };
  std::int64_t year = 1 + days / 146'097 * 400;
  for (days %= 146'097; days >= 365 + leap(year); ++year) days -= 365 + leap(year);
  int month = 0;
  for (; days >= lengths[month] + (month == 1 && leap(year)); ++month) {
    days -= lengths[month] + (month == 1 && leap(year));
  }
  return padded(year, 4) + "-" + padded(month + 1, 2) + "-" + padded(days + 1, 2);
}

std::string moment_text(std::int64_t microseconds) {
  constexpr std::int64_t day = 86'400'000'000;
  std::int64_t rest = microseconds % day;
  if (rest < 0) rest += day;
  const std::int64_t seconds = rest / 1'000'000;
  return day_text((microseconds - rest) / day) + "T" + padded(seconds / 3600, 2) + ":" +
         padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2) + "." +
         padded(rest % 1'000'000, 6) + "Z";
}

std::string real_text(double x, char point) {
  char digits[32];
  std::string text(digits, std::to_chars(digits, digits + sizeof digits, x).ptr);
  std::replace(text.begin(), text.end(), '.', point);
  return text;
}

class writer {
 public:
  writer(const world& w, const loaded& in, int entity, const import_file& f)
      : world_(w), in_(in), entity_(w.entities[static_cast<std::size_t>(entity)]), file_(f) {}

  std::string text() {
    if (file_.header) {
      for (std::size_t i = 0; i < file_.columns.size(); ++i) put(file_.shown(i));
      end_row();
    }
    for (const auto& row : file_.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) put(text_of(i, row[i]));
      end_row();
    }
    return std::move(text_);
  }

 private:
  std::string text_of(std::size_t column, const import_cell& c) const {
    if (c.is == import_cell::sort::nothing) return "";
    if (c.is != import_cell::sort::value || column >= file_.columns.size()) return c.text;
    const import_column& at = file_.columns[column];
    const field_plan& f = entity_.fields[static_cast<std::size_t>(entity_.field(at.field))];
    if (at.by.empty()) return value_text(f.is, c.value);
    const entity_plan& target = world_.entities[static_cast<std::size_t>(f.is.target)];
    return value_text(target.fields[static_cast<std::size_t>(target.field(at.by))].is, c.value);
  }

  std::string value_text(const type& is, const datum& d) const {
    const char point = file_.comma ? ',' : '.';
    const auto units = static_cast<std::int64_t>(d.units);
    if (!d.known) return "";
    switch (is.kind) {
      case kind_id::text:
      case kind_id::email: return d.text;
      case kind_id::real: return real_text(d.real, point);
      case kind_id::decimal: return fraction_text(d.units, is.scale, point);
      case kind_id::money:
        return fraction_text(d.units, money_digits(is.scale, d.text), point) + " " + d.text;
      case kind_id::boolean: return d.units != 0 ? "yes" : "нет";
      case kind_id::choice: return std::string(choice_names[d.units - 1]);
      case kind_id::date: return day_text(units);
      case kind_id::instant: return moment_text(units);
      case kind_id::duration: return fraction_text(d.units, 6, '.') + "s";
      case kind_id::ref: return std::to_string(in_.id_of(units));
      case kind_id::any_ref: {
        int target = 0;
        world_.find_anywhere(units, &target);
        return world_.entities[static_cast<std::size_t>(target)].name + ":" +
               std::to_string(in_.id_of(units));
      }
      default: return whole_text(d.units);
    }
  }

  void put(const std::string& cell) {
    if (!first_) text_ += file_.delimiter;
    const std::string marks = std::string("\"\r\n' ") + file_.delimiter;
    // A line without a character would be no row.
    const bool quoted =
        file_.quoted || cell.find_first_of(marks) != std::string::npos || (cell.empty() && first_);
    first_ = false;
    if (!quoted) {
      text_ += cell;
      return;
    }
    text_ += '"';
    for (const char c : cell) text_.append(c == '"' ? 2 : 1, c);
    text_ += '"';
  }
  void end_row() {
    text_ += "\r\n";
    first_ = true;
  }

  const world& world_;
  const loaded& in_;
  const entity_plan& entity_;
  const import_file& file_;
  std::string text_;
  bool first_ = true;  // no cell of the row yet
};

import_options options_for(const world& w, int entity, const import_file& f) {
  import_options o;
  o.entity = w.entities[static_cast<std::size_t>(entity)].name;
  for (std::size_t i = 0; i < f.columns.size(); ++i) {
    const import_column& c = f.columns[i];
    if (f.header && c.header.empty() && c.by.empty()) continue;
    o.columns.push_back({f.shown(i), c.field + (c.by.empty() ? "" : "." + c.by), {}});
  }
  o.match = f.match;
  o.how = static_cast<import_options::mode>(f.how);
  o.empty_clears = f.empty_clears;
  o.dry_run = f.dry_run;
  o.chunk_rows = f.chunk_rows;
  return o;
}

// What was added since: ids that nobody knows yet, in their order.
std::vector<std::int64_t> new_ids(loaded& in, const std::string& plural) {
  std::vector<std::int64_t> ids;
  for (const any_record& r : in.session().query(plural, "").including(lifecycle::all)) {
    if (!in.knows(r.id().value)) ids.push_back(r.id().value);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

std::string csv_text(const world& w, const loaded& in, int entity, const import_file& f) {
  return writer(w, in, entity, f).text();
}

std::string run_import(const world& w, loaded& in, int entity, const import_file& f,
                       const import_outcome& want) {
  std::string text = csv_text(w, in, entity, f);
  csv_dialect dialect;
  dialect.delimiter = f.delimiter;
  dialect.encoding = text_encoding::utf8;
  dialect.decimal_point = f.comma ? ',' : '.';
  dialect.dates = text_format::date_order::ymd;
  dialect.header = f.header;
  const byte_source from = [rest = std::move(text)](char* to, std::size_t room) mutable {
    const std::size_t size = std::min(room, rest.size());
    rest.copy(to, size);
    rest.erase(0, size);
    return size;
  };
  const import_result r = import_csv(in.session(), from, options_for(w, entity, f), dialect);
  import_outcome is{r.inserted, r.updated, r.unchanged, {}, {}};
  for (const import_error& e : r.errors) {
    const auto expected = want.refused.find(e.row);
    const bool beside = expected != want.refused.end() && expected->second.and_more &&
                        !expected->second.columns.contains(e.column);
    import_refusal& why = is.refused[e.row];
    if (!beside) why.columns.insert(e.column);
  }
  if (r.cut_short || r.rows != f.rows.size()) return "only " + std::to_string(r.rows) + " rows";
  if (r.failed != is.refused.size()) return std::to_string(r.failed) + " failed, " + shown(is);
  const std::vector<std::int64_t> added =
      new_ids(in, w.entities[static_cast<std::size_t>(entity)].plural);
  if (added.size() != (f.dry_run ? 0 : r.inserted)) {
    return std::to_string(added.size()) + " new records, " + shown(is);
  }
  for (std::size_t i = 0; i < std::min(added.size(), want.added.size()); ++i) {
    in.met(want.added[i], added[i]);
  }
  return shown(is);
}

std::string shown(const entity_plan& e, const import_file& f) {
  constexpr const char* modes[] = {"", " insert only", " update only"};
  std::string text = modes[static_cast<std::size_t>(f.how)];
  text += std::string(f.dry_run ? " dry run" : "") + (f.empty_clears ? " empty clears" : "");
  for (const std::string& m : f.match) text += (&m == f.match.data() ? " match " : ", ") + m;
  if (f.chunk_rows < f.rows.size()) text += " in chunks of " + std::to_string(f.chunk_rows);
  for (const auto& row : f.rows) {
    text += "\n      row " + std::to_string(&row - f.rows.data() + 1) + ":";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const import_cell& c = row[i];
      const bool known = i < f.columns.size();
      text += " " + (known ? f.columns[i].field : "beyond") + "=";
      if (c.is != import_cell::sort::value) {
        text += c.is == import_cell::sort::nothing ? "" : "?" + c.text;
        continue;
      }
      const type is = e.fields[static_cast<std::size_t>(e.field(f.columns[i].field))].is;
      if (f.columns[i].by.empty()) {
        text += shown(is, c.value);
      } else {
        text += "[" + f.columns[i].by + " " +
                (c.value.text.empty() ? whole_text(c.value.units) : c.value.text) + "]";
      }
    }
  }
  return text;
}

}  // namespace kith::model_check
