// SPDX-License-Identifier: Apache-2.0
//
// From the text of a total to programs, and everything that cannot be kept by differences refused.
#include "core/totals/total_type.hpp"

#include <algorithm>

#include "core/expression/parser.hpp"
#include "core/expression/slots.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

class typer {
 public:
  typer(const model& of, const total_entry& line)
      : model_(of), entity_(*of.find(line.entity)), line_(line), read_(entity_) {}

  total_type type() {
    total_type t;
    t.entity = &entity_;
    t.line = line_;
    t.kept = line_.stored && !line_.stale;
    if (!line_.where.empty()) {
      const expression tree = parser(model_, entity_, line_.where).whole_expression();
      t.conditions = condition("its condition", tree);
    }
    for (std::string_view rest = trimmed(line_.by); !rest.empty();) {
      const std::size_t comma = rest.find(',');
      t.groups.push_back(group(trimmed(rest.substr(0, comma))));
      rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    }
    for (measure& m : parser(model_, entity_, line_.measures).whole_measures()) {
      t.measures.push_back(typed(std::move(m)));
    }
    check_names(t);
    t.reads = read_.only();
    add_values_of_keys(t);
    return t;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw error(error_code::model, "the total " + line_.name + " of " +
                                       std::string(entity_.plural()) + " cannot be kept: " + why);
  }

  // What a change elsewhere, the clock or the reader's zone would change unseen.
  void check_tree(const std::string& what, const expression& tree) const {
    for (const expression::node& n : tree.nodes()) {
      const auto f = static_cast<function>(n.function);
      if (n.what == expression::code::related) {
        refuse(what + " looks at related records; keep such a sum in a stored computed field");
      } else if (n.what == expression::code::parameter) {
        refuse(what + " has a parameter; write the value");
      } else if (n.what == expression::code::call && (f == function::today || f == function::now)) {
        refuse(what + " depends on the clock; write a date, or ask with a query");
      } else if (n.what == expression::code::path) {
        check_path(what, tree.path_at(n));
      }
    }
  }

  void check_path(const std::string& what, std::span<const key_ref> keys) const {
    if (keys.size() > 1) {
      refuse(what + " follows a reference; use fields of the record itself");
    }
    if (is_system_slot(keys[0].field)) {
      refuse(what + " reads what the engine keeps about a record; use its fields");
    }
    const field_type& f = *entity_.field(keys[0].field);
    if (!f.is_stored()) {
      refuse(what + " reads " + std::string(f.name()) +
             ", which is computed when it is read; write out what it is computed from");
    }
  }

  void check_program(const std::string& what, const program& p) {
    for (const instruction& i : p.code) {
      if (i.code == op::date_of || i.code == op::start_of_day) {
        refuse(what + " depends on the time zone of who asks; compare instants with instants");
      }
    }
    read_.add(p);
  }

  std::vector<program> condition(const std::string& what, const expression& tree) {
    if (tree.empty()) return {};
    check_tree(what, tree);
    std::vector<program> bound = bind_condition(context(), entity_, tree);
    for (const program& p : bound) check_program(what, p);
    return bound;
  }

  total_group group(std::string_view name) {
    const std::string what = "its group '" + shortened(name) + "'";
    const expression tree = parser(model_, entity_, name).whole_expression();
    check_tree(what, tree);
    const bound_value shown = bind_value(context(), entity_, tree);
    const std::vector<program> identity = bind_identity(context(), entity_, tree);
    const bool by_value = shown.parts.size() == 1 && identity.size() == 1 &&
                          shown.parts[0].is_load() && identity[0].is_load() &&
                          shown.parts[0].code[0].slot == identity[0].code[0].slot;
    const storage cells = by_value ? identity[0].code[0].type : storage::null;
    if (cells != storage::integer && cells != storage::text) {
      refuse(what +
             " is not a field that is compared by its value, such as a reference, a choice, "
             "a whole number, a date or exact text");
    }
    read_.add(identity[0]);
    return {std::string(name), shown.type, identity[0].code[0].slot, cells};
  }

  total_measure typed(measure m) {
    total_measure t;
    t.name = m.name;
    t.what = m.what;
    t.counts_rows = m.of.empty();
    const std::string what = "its measure '" + shortened(m.name) + "'";
    t.where = condition(what, m.where);
    if (m.what == aggregate::avg) refuse(what + " is a mean; keep sum and count, and divide");
    if (t.counts_rows) return t;
    check_tree(what, m.of);
    t.of = bind_value(context(), entity_, m.of);
    for (const program& p : t.of.parts) check_program(what, p);
    const kind_id k = t.of.type.kind;
    const bool adds = k == kind_id::integer || k == kind_id::decimal || k == kind_id::duration ||
                      k == kind_id::money;
    const bool fits = m.what == aggregate::count || adds ||
                      (t.is_extreme() && (k == kind_id::date || k == kind_id::instant));
    if (!fits) {
      refuse(what + " is of " + std::string(kind_of(k).name) +
             "; sums are kept of whole numbers, decimals, money and durations, extremes of dates "
             "and instants, too");
    }
    return t;
  }

  void check_names(const total_type& t) const {
    std::vector<std::string_view> names;
    for (const total_group& g : t.groups) names.push_back(g.name);
    for (const total_measure& m : t.measures) names.push_back(m.name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) refuse("two of its columns are called " + std::string(*twice));
  }

  // An update names the slots of values that it changed; their keys follow.
  void add_values_of_keys(total_type& t) const {
    const std::vector<slot_number> direct = t.reads;
    for (const slot_number s : direct) {
      if (is_system_slot(s) || entity_.columns[s].role != part_role::key) continue;
      t.reads_keys = true;
      const field_type& f = entity_.field_at(s);
      for (unsigned i = 0; i < f.parts().size(); ++i) {
        t.reads.push_back(static_cast<slot_number>(f.slot + i));
      }
    }
    std::sort(t.reads.begin(), t.reads.end());
    t.reads.erase(std::unique(t.reads.begin(), t.reads.end()), t.reads.end());
  }

  bind_context context() const { return {model_, nothing_, {}, {}}; }

  const model& model_;
  const entity_type& entity_;
  const total_entry& line_;
  slot_set read_;
  const parameters nothing_{};
};

}  // namespace

total_type typed_total(const model& of, const total_entry& line) { return typer(of, line).type(); }

const total_type& total_of(const model& of, const total_entry& line) {
  const entity_type* const e = of.find(line.entity);
  const total_type* const t =
      e == nullptr || e->totals == nullptr ? nullptr : e->totals->find(line.number);
  if (t != nullptr) return *t;
  throw error(error_code::model, "the total " + line.name +
                                     " reads an entity or field that this program does not "
                                     "describe; ask a newer program for it");
}

}  // namespace kith::inline v1::detail

namespace kith::inline v1 {

const entity_totals::types& entity_totals::typed() const {
  if (const types* const known = types_.load(std::memory_order_acquire)) return *known;
  const std::lock_guard lock(typing_);
  if (!made_) {
    auto made = std::make_unique<types>();
    for (const total_entry& line : lines_) {
      try {
        made->known.push_back(detail::typed_total(of_, line));
      } catch (const error&) {  // of a program that describes more
        if (line.stored && !line.stale) made->unknown.push_back(line.number);
      }
    }
    made_ = std::move(made);
  }
  types_.store(made_.get(), std::memory_order_release);
  return *made_;
}

const detail::total_type* entity_totals::find(std::uint16_t number) const {
  const bool mine = std::any_of(lines_.begin(), lines_.end(),
                                [&](const total_entry& line) { return line.number == number; });
  if (!mine) return nullptr;
  for (const detail::total_type& t : known()) {
    if (t.line.number == number) return &t;
  }
  return nullptr;
}

}  // namespace kith::inline v1
