// SPDX-License-Identifier: Apache-2.0
//
// Programs as SQL.
#include "storage/sql/text.hpp"

#include <algorithm>

#include "core/expression/bind.hpp"
#include "core/ids.hpp"

namespace kith::inline v1::sql {
namespace {

constexpr std::string_view root = "t";

const char* comparison(op code) {
  switch (code) {
    case op::equal: return " = ";
    case op::not_equal: return " <> ";
    case op::less: return " < ";
    case op::less_equal: return " <= ";
    case op::greater: return " > ";
    default: return " >= ";
  }
}

text joined(text a, std::string_view between, text b) {
  text whole{"(", {}, nullptr};
  whole += std::move(a);
  whole += between;
  whole += std::move(b);
  whole += ")";
  return whole;
}

text bound(const cell& c) { return {"?", {{&c, false}}, nullptr}; }

// A column of a row, and whose records it names.
text loaded(std::string_view alias, const entity_type& entity, slot_number slot) {
  const entity_type* names = nullptr;
  if (slot == id_slot) names = &entity;
  if (!is_system_slot(slot) && entity.columns[slot].part == 0) names = entity.field_at(slot).target;
  return {std::string(alias) + "." + std::string(column_name(entity, slot)), {}, names};
}

// The last `count` of a stack, separated by `between`.
text taken(std::vector<text>& stack, std::size_t count, std::string_view between) {
  text all;
  for (std::size_t i = stack.size() - count; i < stack.size(); ++i) {
    if (!all.sql.empty()) all += between;
    all += std::move(stack[i]);
  }
  stack.resize(stack.size() - count);
  return all;
}

}  // namespace

std::string table_name(const entity_type& entity) { return "kith_" + std::string(entity.name()); }

std::string index_name(const entity_type& entity, std::string_view index) {
  return table_name(entity) + "_" + std::string(index);
}

std::string_view column_name(const entity_type& entity, slot_number slot) {
  switch (slot) {
    case id_slot: return "id";
    case revision_slot: return "revision";
    case created_slot: return "created";
    case deleted_slot: return "deleted";
    case merged_slot: return "merged";
    case checksum_slot: return "checksum";
    default: return entity.columns[slot].name;
  }
}

text writer::path(std::string_view alias, const entity_type& from, const instruction& i,
                  std::span<const instruction> hops) {
  // Inside out: the column of the last row, found by the id that the reference before it holds.
  text value = loaded(alias, from, hops.front().slot);
  for (std::size_t h = 0; h < hops.size(); ++h) {
    const entity_type& e = *value.names;
    const std::string at = "p" + std::to_string(++aliases_);
    const text next = loaded(at, e, h + 1 == hops.size() ? i.slot : hops[h + 1].slot);
    text outer{
        "(SELECT " + next.sql + " FROM " + table_name(e) + " " + at + " WHERE " + at + ".id = ",
        {},
        next.names};
    outer += std::move(value);
    outer += ")";
    value = std::move(outer);
  }
  return value;
}

std::optional<text> writer::related(const instruction& i, text id,
                                    std::span<const instruction> rest) {
  const auto& referrers = id.names->referrers;
  const auto referring = std::find_if(referrers.begin(), referrers.end(), [&](const referrer& r) {
    return r.from->number == i.entity && r.by->slot == i.slot;
  });
  if (referring == referrers.end()) return {};
  const entity_type& child = *referring->from;
  const std::string at = "c" + std::to_string(++aliases_);
  const aggregate what = detail::related_aggregate(i.detail);
  const bool plain = (i.detail & 0xf0) == 0 && i.type == storage::integer;
  text from{" FROM " + table_name(child) + " " + at + " WHERE " + at + "." +
                std::string(column_name(child, i.slot)) + " = ",
            {},
            nullptr};
  from += std::move(id);
  from += " AND " + at + ".deleted IS NULL";
  if (i.count > 0) {
    auto filter = run(child, at, rest.first(i.count));
    if (!filter) return {};
    from += " AND ";
    from += std::move(*filter);
  }
  if (what == aggregate::exists || what == aggregate::count) {
    text whole{what == aggregate::exists ? "EXISTS(SELECT 1" : "(SELECT count(*)", {}, nullptr};
    whole += std::move(from);
    whole += ")";
    return whole;
  }
  if (!plain || (what != aggregate::min && what != aggregate::max)) return {};  // sums may overflow
  auto value = run(child, at, rest.subspan(i.count, i.count2));
  if (!value) return {};
  text whole{what == aggregate::min ? "(SELECT min(" : "(SELECT max(", {}, nullptr};
  whole += std::move(*value);
  whole += ")";
  whole += std::move(from);
  whole += ")";
  return whole;
}

std::optional<text> writer::run(const entity_type& entity, std::string_view alias,
                                std::span<const instruction> code) {
  std::vector<text> stack;
  const auto pop = [&stack] {
    text top = std::move(stack.back());
    stack.pop_back();
    return top;
  };
  while (!code.empty()) {
    const instruction& i = code.front();
    code = code.subspan(1);
    switch (i.code) {
      case op::constant: stack.push_back(bound(i.constant)); break;
      case op::load: stack.push_back(loaded(alias, entity, i.slot)); break;
      case op::load_path:
        stack.push_back(path(alias, entity, i, code.first(i.count)));
        code = code.subspan(i.count);
        break;
      case op::not_: {
        text t{"(NOT ", {}, nullptr};
        t += pop();
        t += ")";
        stack.push_back(std::move(t));
        break;
      }
      case op::and_:
      case op::or_: {
        text t{"(", {}, nullptr};
        t += taken(stack, i.count, i.code == op::and_ ? " AND " : " OR ");
        t += ")";
        stack.push_back(std::move(t));
        break;
      }
      case op::is_null: {
        text t{"(", {}, nullptr};
        t += pop();
        t += " IS NULL)";
        stack.push_back(std::move(t));
        break;
      }
      case op::equal:
      case op::not_equal:
      case op::less:
      case op::less_equal:
      case op::greater:
      case op::greater_equal: {
        text b = pop();
        text a = pop();
        stack.push_back(joined(std::move(a), comparison(i.code), std::move(b)));
        break;
      }
      case op::in_list: {
        text list = taken(stack, i.count, ",");
        text t{"(", {}, nullptr};
        t += pop();
        t += " IN (";
        t += std::move(list);
        t += "))";
        stack.push_back(std::move(t));
        break;
      }
      case op::like: {
        text pattern = pop();
        if (pattern.sql != "?" || !pattern.values[0].value->has_bytes()) return {};
        text t = pop();
        t.sql = dialect_.like(t.sql, pattern.sql);
        t.values.push_back({pattern.values[0].value, true});
        stack.push_back(std::move(t));
        break;
      }
      case op::only_if: {
        text value = pop();
        text t{"CASE WHEN ", {}, nullptr};
        t += pop();
        t += " THEN ";
        t += std::move(value);
        t += " END";
        stack.push_back(std::move(t));
        break;
      }
      case op::coalesce: {
        text t{"coalesce(", {}, nullptr};
        t += taken(stack, i.count, ",");
        t += ")";
        stack.push_back(std::move(t));
        break;
      }
      case op::creation: {
        text t{"(((", {}, nullptr};
        t += pop();
        t += " >> " + std::to_string(detail::id_time_shift) + ") + " +
             std::to_string(detail::id_epoch_ms) + ") * 1000)";
        stack.push_back(std::move(t));
        break;
      }
      case op::related: {
        auto t = related(i, pop(), code);
        if (!t) return {};
        stack.push_back(std::move(*t));
        code = code.subspan(i.count + i.count2);
        break;
      }
      default: return {};
    }
  }
  return std::move(stack.back());
}

std::optional<text> writer::expression(const entity_type& entity, const program& code) {
  return run(entity, root, code.code);
}

text writer::where(const entity_type& entity, lifecycle rows, std::span<const program> conditions,
                   std::uint64_t& bits) {
  text all;
  const auto add = [&all](text more) {
    all += all.sql.empty() ? " WHERE " : " AND ";
    all += std::move(more);
  };
  if (rows == lifecycle::live) add({"t.deleted IS NULL", {}, nullptr});
  if (rows == lifecycle::deleted) add({"t.deleted IS NOT NULL", {}, nullptr});
  bits = 0;
  for (std::size_t i = 0; i < conditions.size() && i < 64; ++i) {
    if (auto condition = expression(entity, conditions[i])) {
      add(std::move(*condition));
      bits |= std::uint64_t{1} << i;
    }
  }
  return all;
}

std::optional<text> writer::order(const entity_type& entity, std::span<const order_term> terms) {
  text all{" ORDER BY ", {}, nullptr};
  for (const order_term& t : terms) {
    auto key = expression(entity, t.key);
    if (!key || !key->values.empty()) return {};
    all += std::move(*key);
    all += t.descending ? " DESC, " : ", ";
  }
  all += !terms.empty() && terms.back().descending ? "t.id DESC" : "t.id";
  return all;
}

namespace {

// Only system cells: a field may have become required after records were stored.
bool never_null(const program& code) {
  if (!code.is_load()) return false;
  const slot_number s = code.code[0].slot;
  return s == id_slot || s == revision_slot || s == created_slot;
}

}  // namespace

text writer::behind(const entity_type& entity, std::span<const order_term> terms,
                    std::span<const cell> place) {
  text any{"(", {}, nullptr};
  text before;  // the keys before this one are equal
  text bound_by_first;
  const auto add = [&](text beyond) {
    if (any.sql.size() > 1) any += " OR ";
    any += "(";
    any += before;
    any += std::move(beyond);
    any += ")";
  };
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const text key = *expression(entity, terms[i].key);
    const cell& at = place[i];
    const bool down = terms[i].descending;
    if (at.is_null()) {
      if (!down) add({key.sql + " IS NOT NULL", {}, nullptr});
      before += key.sql + " IS NULL AND ";
      continue;
    }
    const bool nullable = !never_null(terms[i].key);
    if (down) {
      add({nullable ? "(" + key.sql + " < ? OR " + key.sql + " IS NULL)" : key.sql + " < ?",
           {{&at, false}},
           nullptr});
      if (i == 0 && !nullable) bound_by_first = {key.sql + " <= ? AND ", {{&at, false}}, nullptr};
    } else {
      add({key.sql + " > ?", {{&at, false}}, nullptr});
      if (i == 0) bound_by_first = {key.sql + " >= ? AND ", {{&at, false}}, nullptr};
    }
    before += text{key.sql + " = ? AND ", {{&at, false}}, nullptr};
  }
  const bool down = !terms.empty() && terms.back().descending;
  add({down ? "t.id < ?" : "t.id > ?", {{&place.back(), false}}, nullptr});
  any += ")";
  bound_by_first += std::move(any);
  return bound_by_first;
}

}  // namespace kith::inline v1::sql
