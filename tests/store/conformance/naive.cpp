// SPDX-License-Identifier: Apache-2.0
//
// A value is a variant, truth is an optional, and everything is copied.
#include "naive.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

namespace kith::conformance::naive {
namespace {

long double number(const value& v) {  // holds every int64 and every double exactly
  if (const auto* n = std::get_if<std::int64_t>(&v)) return static_cast<long double>(*n);
  return static_cast<long double>(std::get<double>(v));
}

int sign(int order) { return order < 0 ? -1 : order > 0; }

int rank(const value& v) {
  constexpr int ranks[] = {0, 1, 1, 2, 3};
  return ranks[v.index()];
}

// The code points of a text, each as its bytes.
std::vector<std::string> characters(const std::string& text) {
  std::vector<std::string> all;
  for (const char c : text) {
    const bool continues = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    if (continues) {
      all.back() += c;
    } else {
      all.emplace_back(1, c);
    }
  }
  return all;
}

using text_span = std::span<const std::string>;
bool like(text_span text, text_span pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == "%") {
    return like(text, pattern.subspan(1)) || (!text.empty() && like(text.subspan(1), pattern));
  }
  if (text.empty()) return false;
  if (pattern[0] == "_") return like(text.subspan(1), pattern.subspan(1));
  const bool escaped = pattern[0] == "\\" && pattern.size() > 1;
  if (escaped) pattern = pattern.subspan(1);
  return text[0] == pattern[0] && like(text.subspan(1), pattern.subspan(1));
}

using truth = std::optional<bool>;
truth truth_of(const value& v) {
  if (is_null(v)) return {};
  return std::get<std::int64_t>(v) != 0;
}
value value_of(truth t) {
  if (!t) return {};
  return std::int64_t{*t};
}

truth comparison(op code, const value& a, const value& b) {
  if (is_null(a) || is_null(b)) return {};
  const int order = compare(a, b);
  switch (code) {
    case op::equal: return order == 0;
    case op::not_equal: return order != 0;
    case op::less: return order < 0;
    case op::less_equal: return order <= 0;
    case op::greater: return order > 0;
    case op::greater_equal: return order >= 0;
    default:
      return like(characters(std::get<std::string>(a)), characters(std::get<std::string>(b)));
  }
}

truth among(const value& wanted, std::span<const value> list) {
  bool unknown = is_null(wanted);
  for (const value& v : list) {
    if (is_null(v)) unknown = true;
    if (!is_null(v) && !is_null(wanted) && compare(v, wanted) == 0) return true;
  }
  return unknown ? truth() : false;
}

truth all_or_any(op code, std::span<const value> operands) {
  const bool decides = code == op::or_;
  bool unknown = false;
  for (const value& v : operands) {
    if (truth_of(v) == decides) return decides;
    unknown = unknown || is_null(v);
  }
  return unknown ? truth() : !decides;
}

value first_known(std::span<const value> operands) {
  const auto found = std::find_if_not(operands.begin(), operands.end(), is_null);
  return found == operands.end() ? value() : *found;
}

double decimal_fraction(const value& digits, unsigned scale) {
  return static_cast<double>(std::get<std::int64_t>(digits)) / std::pow(10.0, scale);
}

std::size_t operands_of(const instruction& i) {
  switch (i.code) {
    case op::not_:
    case op::is_null:
    case op::to_real: return 1;
    case op::and_:
    case op::or_:
    case op::coalesce: return i.count;
    case op::in_list: return i.count + 1;
    default: return 2;
  }
}

value result_of(const instruction& i, std::span<const value> of) {
  switch (i.code) {
    case op::not_: return is_null(of[0]) ? value() : value_of(truth(!*truth_of(of[0])));
    case op::is_null: return std::int64_t{is_null(of[0])};
    case op::and_:
    case op::or_: return value_of(all_or_any(i.code, of));
    case op::coalesce: return first_known(of);
    case op::in_list: return value_of(among(of[0], of.subspan(1)));
    case op::only_if: return truth_of(of[0]) == true ? of[1] : value();
    case op::to_real: return is_null(of[0]) ? value() : value(decimal_fraction(of[0], i.count));
    default: break;
  }
  if (i.code > op::like) {
    throw std::logic_error("the naive interpreter does not know operation " +
                           std::to_string(static_cast<int>(i.code)));
  }
  return value_of(comparison(i.code, of[0], of[1]));
}

}  // namespace

int compare(const value& a, const value& b) {
  if (rank(a) != rank(b)) return sign(rank(a) - rank(b));
  switch (rank(a)) {
    case 0: return 0;
    case 1: return number(a) < number(b) ? -1 : number(a) > number(b);
    case 2: return sign(std::get<std::string>(a).compare(std::get<std::string>(b)));
    default: return sign(std::get<bytes>(a).all.compare(std::get<bytes>(b).all));
  }
}

value value_of(const cell& c) {
  switch (c.type()) {
    case storage::null: return {};
    case storage::integer: return c.as_integer();
    case storage::real: return c.as_real();
    case storage::text: return std::string(c.as_bytes());
    case storage::blob: break;
  }
  return bytes{std::string(c.as_bytes())};
}

value record::at(slot_number slot) const {
  const auto or_null = [](std::int64_t n) { return n == 0 ? value() : value(n); };
  switch (slot) {
    case id_slot: return system.id.value;
    case revision_slot: return system.revision;
    case created_slot: return system.created;
    case deleted_slot: return or_null(system.deleted);
    case merged_slot: return or_null(system.merged_into.value);
    default: return slot < cells.size() ? cells[slot] : value();
  }
}

record record_of(const entity_type& entity, const row& r) {
  record made{r.system(), {}};
  for (slot_number s = 0; s < entity.columns.size(); ++s) {
    made.cells.push_back(value_of(r.at(s, entity.columns[s].type)));
  }
  return made;
}

value world::path(const instruction& load, std::span<const instruction> hops,
                  const record& r) const {
  const record* at = &r;
  for (const instruction& hop : hops) {
    const value id = at->at(hop.slot);
    const auto table = tables_.find(hop.entity);
    if (is_null(id) || table == tables_.end()) return {};
    const auto found = table->second.find(std::get<std::int64_t>(id));
    if (found == table->second.end()) return {};
    at = &found->second;
  }
  return at->at(load.slot);
}

value world::run(const program& code, const record& r) const {
  std::vector<value> stack;
  for (std::size_t n = 0; n < code.code.size(); ++n) {
    const instruction& i = code.code[n];
    if (i.code == op::constant) {
      stack.push_back(value_of(i.constant));
    } else if (i.code == op::load) {
      stack.push_back(r.at(i.slot));
    } else if (i.code == op::load_path) {
      stack.push_back(path(i, {&i + 1, i.count}, r));
      n += i.count;
    } else {
      const std::size_t below = stack.size() - operands_of(i);
      const value result = result_of(i, std::span(stack).subspan(below));
      stack.resize(below);
      stack.push_back(result);
    }
  }
  return stack.back();
}

bool world::holds(const program& condition, const record& r) const {
  return truth_of(run(condition, r)) == true;
}

std::vector<std::int64_t> world::ids(const entity_type& entity, lifecycle rows,
                                     std::span<const program> conditions) const {
  std::vector<std::int64_t> found;
  const auto table = tables_.find(entity.number);
  if (table == tables_.end()) return found;
  for (const auto& [id, r] : table->second) {
    const bool live = r.system.deleted == 0;
    if (rows != lifecycle::all && live != (rows == lifecycle::live)) continue;
    if (std::all_of(conditions.begin(), conditions.end(),
                    [&, &record = r](const program& c) { return holds(c, record); })) {
      found.push_back(id);
    }
  }
  return found;
}

std::vector<value> world::place_of(const scan_request& request, std::int64_t id) const {
  const record& r = tables_.at(request.entity->number).at(id);
  std::vector<value> place;
  for (const order_term& t : request.order) place.push_back(run(t.key, r));
  place.emplace_back(id);
  return place;
}

std::vector<std::int64_t> world::ordered_ids(const scan_request& request) const {
  const auto before = [&](const std::vector<value>& a, const std::vector<value>& b) {
    for (std::size_t i = 0; i < request.order.size(); ++i) {
      const int order = compare(a[i], b[i]);
      if (order != 0) return (order < 0) != request.order[i].descending;
    }
    const bool down = !request.order.empty() && request.order.back().descending;
    return down ? compare(a.back(), b.back()) > 0 : compare(a.back(), b.back()) < 0;
  };
  std::vector<std::vector<value>> places;
  for (const std::int64_t id : ids(*request.entity, request.rows, request.conditions)) {
    places.push_back(place_of(request, id));
  }
  std::sort(places.begin(), places.end(), before);
  std::vector<value> after;
  for (const cell& c : request.after) after.push_back(value_of(c));
  std::vector<std::int64_t> found;
  for (const auto& p : places) {
    if (after.empty() || before(after, p)) found.push_back(std::get<std::int64_t>(p.back()));
  }
  return found;
}

}  // namespace kith::conformance::naive
