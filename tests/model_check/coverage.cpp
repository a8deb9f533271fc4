// SPDX-License-Identifier: Apache-2.0
//
// Counting, and saying what was never counted.
#include "model_check/coverage.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

#include "model_check/generate.hpp"

namespace kith::model_check {
namespace {

constexpr std::string_view names[] = {
    "literal", "path",    "related", "not",     "and", "or", "=", "!=", "<",  "<=",     ">",   ">=",
    "in",      "between", "like",    "is null", "+",   "-",  "*", "/",  "||", "negate", "call"};
constexpr std::string_view functions[] = {"today",      "now", "coalesce", "round",
                                          "round_even", "abs", "length",   "year",
                                          "month",      "day", "date"};
constexpr std::string_view aggregates[] = {"exists", "count", "sum", "min", "max", "avg"};
constexpr std::string_view circumstance_names[] = {"at all", "with null", "along a path",
                                                   "over related records", "in pages"};

int sort_of(const type& is) {
  const kind_id kind = is.kind == kind_id::any_ref ? kind_id::ref : is.kind;
  for (std::size_t i = 0; i < std::size(sorts); ++i) {
    const bool same =
        sorts[i].kind == kind && (kind != kind_id::text || sorts[i].folded == is.folded);
    if (same) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

void coverage::count(const std::string& use, int sort, const std::vector<tree_ptr>& operands,
                     bool paged) {
  counts& c = cells_[use][sort];
  const auto any = [&](auto is) { return std::any_of(operands.begin(), operands.end(), is); };
  ++c[at_all];
  c[with_null] += any([](const auto& o) { return o->untyped; });
  c[along_path] += any([](const auto& o) { return o->what == op::path && o->steps.size() > 1; });
  c[over_related] += any([](const auto& o) { return o->what == op::related; });
  c[in_pages] += paged;
}

void coverage::note(const tree_ptr& t, bool paged) {
  if (!t) return;
  for (const tree_ptr& a : t->args) note(a, paged);
  note(t->of, paged);
  note(t->where, paged);
  if (t->what == op::literal || t->what == op::path) return;
  std::string use(names[static_cast<std::size_t>(t->what)]);
  if (t->what == op::call) use = functions[static_cast<std::size_t>(t->calls)];
  if (t->what == op::related) {
    use = std::string(aggregates[static_cast<std::size_t>(t->computes)]) + "(relation)";
    const std::vector<tree_ptr> operands = t->of ? std::vector{t->of} : std::vector<tree_ptr>{};
    return count(use, t->of ? sort_of(t->of->is) : -1, operands, paged);
  }
  if (t->args.empty()) return count(use, -1, {}, paged);
  std::vector<int> met;
  for (const tree_ptr& a : t->args) {
    const int sort = sort_of(a->is);
    const bool told = !a->untyped && (a->what != op::literal || t->what == op::concat);
    if (told && std::find(met.begin(), met.end(), sort) == met.end()) met.push_back(sort);
  }
  for (const int sort : met) count(use, sort, t->args, paged);
}

void coverage::note_use(const std::string& use, const tree_ptr& t, bool paged) {
  note(t, paged);
  count(use, sort_of(t->is), {t}, paged);
}

void coverage::note(const question& q) {
  constexpr const char* shapes[] = {"list",  "pages",  "count",     "exists",
                                    "first", "select", "aggregate", "compute"};
  ++shapes_[shapes[static_cast<std::size_t>(q.as)]];
  const bool paged = q.as == question::shape::pages;
  const bool grouped = q.as == question::shape::aggregate;
  note(q.where, paged);
  for (const key_plan& k : q.order) note_use(k.descending ? "order desc" : "order", k.by, paged);
  for (const column_plan& c : q.columns) note_use(grouped ? "group" : "select", c.of, paged);
  for (const measure_plan& m : q.measures) {
    const std::string use = std::string(aggregates[static_cast<std::size_t>(m.computes)]) + "()";
    if (m.of) {
      note_use(use, m.of, paged);
    } else {
      count(use, -1, {}, paged);
    }
    note(m.where, paged);
    if (m.where) count("measure where", -1, {}, paged);
  }
  if (q.having) {
    note(q.having, paged);
    count("having", -1, {}, paged);
  }
}

void coverage::note_answer(const question& q, const answer& a) {
  if (!a.why.empty() || (a.lines.size() == 1 && a.lines[0].starts_with("error "))) {
    ++errors_[a.lines[0]];
    return;
  }
  ++asked_;
  const bool found = q.as == question::shape::aggregate ? !a.empty && !a.lines.empty() : !a.empty;
  found_ += found;
}

int coverage::share_of_found() const {
  return asked_ == 0 ? 0 : static_cast<int>(found_ * 100 / asked_);
}

// ------------------------------------------------------------------------------------------
// telling

std::string coverage::table() const {
  std::ostringstream out;
  out << "operator              ";
  for (const sort_of_value& s : sorts) out << std::setw(9) << s.name;
  out << std::setw(9) << "(none)"
      << " |  null     path     related  pages\n";
  for (const auto& [use, by_sort] : cells_) {
    counts sums{};
    out << std::left << std::setw(22) << use << std::right;
    for (int s = 0; s <= static_cast<int>(std::size(sorts)); ++s) {
      const auto found = by_sort.find(s == static_cast<int>(std::size(sorts)) ? -1 : s);
      if (found == by_sort.end()) {
        out << std::setw(9) << ".";
        continue;
      }
      out << std::setw(9) << found->second[at_all];
      for (std::size_t c = 0; c < circumstances; ++c) sums[c] += found->second[c];
    }
    out << " |";
    for (std::size_t c = 1; c < circumstances; ++c) out << std::setw(9) << sums[c];
    out << "\n";
  }
  out << totals();
  return out.str();
}

std::string coverage::totals() const {
  std::ostringstream out;
  out << "shapes:";
  for (const auto& [shape, n] : shapes_) out << " " << shape << " " << n;
  out << "\nerrors:";
  for (const auto& [code, n] : errors_) out << " " << code << " " << n;
  out << "\nanswers that found something: " << share_of_found() << " %\n";
  return out.str();
}

std::string coverage::markdown() const {
  std::ostringstream out;
  std::string rule = "|---|";
  out << "| operator |";
  for (const sort_of_value& s : sorts) {
    out << " " << s.name << " |";
    rule += "--:|";
  }
  out << " (none) | null | path | related | pages |\n" << rule << "--:|--:|--:|--:|--:|\n";
  for (const auto& [use, by_sort] : cells_) {
    counts sums{};
    std::string name = use;
    std::replace(name.begin(), name.end(), '|', '/');
    out << "| " << name << " |";
    for (int s = 0; s <= static_cast<int>(std::size(sorts)); ++s) {
      const auto found = by_sort.find(s == static_cast<int>(std::size(sorts)) ? -1 : s);
      out << " ";
      if (found != by_sort.end()) {
        out << found->second[at_all];
        for (std::size_t c = 0; c < circumstances; ++c) sums[c] += found->second[c];
      }
      out << " |";
    }
    for (std::size_t c = 1; c < circumstances; ++c) out << " " << sums[c] << " |";
    out << "\n";
  }
  out << "\n```\n" << totals() << "```\n";
  return out.str();
}

void coverage::require(std::vector<std::string>& missing, const std::string& use,
                       std::string_view sort_names, std::initializer_list<circumstance> how) const {
  const auto row = cells_.find(use);
  for (std::size_t s = 0; s < std::size(sorts); ++s) {
    if (sort_names != "all" && sort_names.find(sorts[s].name) == std::string_view::npos) continue;
    for (const circumstance c : how) {
      const bool met = row != cells_.end() && row->second.contains(static_cast<int>(s)) &&
                       row->second.at(static_cast<int>(s))[c] > 0;
      if (met) continue;
      missing.push_back(use + " of " + std::string(sorts[s].name) + " " +
                        std::string(circumstance_names[c]));
    }
  }
}

std::vector<std::string> coverage::missing() const {
  std::vector<std::string> m;
  constexpr std::string_view texts = "text folded e-mail";
  constexpr std::string_view sums = "integer decimal real duration money";
  constexpr std::string_view ordered = "integer decimal real duration money date instant";
  constexpr std::string_view no_boolean =
      "text folded e-mail integer decimal real date instant duration money choice ref";
  for (const char* use : {"=", "!=", "<", "<=", ">", ">="}) {
    require(m, use, "all", {at_all, along_path, in_pages});
  }
  for (const char* use : {"=", "!=", "<", "<=", ">", ">="})
    require(m, use, ordered, {over_related});
  require(m, "=", "all", {with_null});
  require(m, "in", "all", {at_all, along_path, with_null, in_pages});
  require(m, "between", no_boolean, {at_all, along_path, with_null, in_pages});
  require(m, "like", texts, {at_all, along_path, with_null, in_pages});
  require(m, "is null", "all", {at_all, along_path, in_pages});
  for (const char* use : {"order", "order desc"})
    require(m, use, "all", {at_all, along_path, in_pages});
  for (const char* use : {"group", "select"}) require(m, use, "all", {at_all, along_path});
  for (const char* use : {"group", "select", "order"}) require(m, use, ordered, {over_related});
  for (const char* use : {"+", "-"}) require(m, use, ordered, {at_all});
  for (const char* use : {"*", "/"}) require(m, use, sums, {at_all, along_path});
  require(m, "negate", sums, {at_all});
  require(m, "||", texts, {at_all});
  require(m, "coalesce", "all", {at_all});
  require(m, "coalesce", ordered, {with_null});
  for (const char* use : {"round", "round_even"}) require(m, use, "decimal money", {at_all});
  require(m, "abs", "integer decimal duration money", {at_all});
  require(m, "length", texts, {at_all});
  for (const char* use : {"year", "month", "day", "date"})
    require(m, use, "date instant", {at_all});
  for (const char* use : {"and", "or", "not"}) require(m, use, "boolean", {at_all, in_pages});
  for (const char* use : {"sum(relation)", "avg(relation)"}) require(m, use, sums, {at_all});
  for (const char* use : {"min(relation)", "max(relation)"}) require(m, use, ordered, {at_all});
  for (const char* use : {"count()", "min()", "max()"}) require(m, use, "all", {at_all});
  for (const char* use : {"sum()", "avg()"}) require(m, use, sums, {at_all, along_path});
  for (const char* use :
       {"today", "now", "exists(relation)", "count(relation)", "having", "measure where"}) {
    if (!cells_.contains(use)) m.emplace_back(use);
  }
  return m;
}

}  // namespace kith::model_check
