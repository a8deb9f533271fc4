// SPDX-License-Identifier: Apache-2.0
//
// Leaves of random questions: paths, related aggregates, literals and parameters.
#include <algorithm>

#include "model_check/generate.hpp"
#include "model_check/naive.hpp"

namespace kith::model_check {
namespace {

bool is_of(const field_plan& f, const sort_of_value& sort) {
  return f.is.kind == sort.kind && (sort.kind != kind_id::text || f.is.folded == sort.folded);
}

}  // namespace

tree_ptr query_maker::path(int entity, const sort_of_value& sort) {
  for (int attempt = 0; attempt < 14; ++attempt) {
    const std::size_t chance = dice_.below(100);
    const int hops = chance < 50 ? 0 : chance < 75 ? 1 : chance < 92 ? 2 : 3;
    std::vector<int> steps;
    int at = entity;
    const auto step = [&](auto wanted) {
      const auto& fields = world_.entities[static_cast<std::size_t>(at)].fields;
      std::vector<int> found;
      for (std::size_t f = 0; f < fields.size(); ++f) {
        if (wanted(fields[f])) found.push_back(static_cast<int>(f));
      }
      if (found.empty()) return false;
      steps.push_back(dice_.pick(found));
      return true;
    };
    bool leads = true;
    for (int h = 0; h < hops && leads; ++h) {
      leads = step([](const field_plan& f) { return f.is.kind == kind_id::ref; });
      if (leads) {
        at = world_.entities[static_cast<std::size_t>(at)]
                 .fields[static_cast<std::size_t>(steps.back())]
                 .is.target;
      }
    }
    if (!leads) continue;
    if (dice_.percent(4)) {
      const int cell = sort.kind == kind_id::ref       ? id_step
                       : sort.kind == kind_id::integer ? revision_step
                       : sort.kind == kind_id::instant ? created_step
                       : sort.kind == kind_id::boolean ? deleted_step
                                                       : 0;
      if (cell != 0) {
        steps.push_back(cell);
        return make_path(world_, entity, std::move(steps));
      }
    }
    if (step([&](const field_plan& f) { return is_of(f, sort); })) {
      return make_path(world_, entity, std::move(steps));
    }
    const bool money = sort.kind == kind_id::text && !sort.folded && dice_.percent(20) &&
                       step([](const field_plan& f) { return f.is.kind == kind_id::money; });
    if (money) return make_path(world_, entity, std::move(steps), true);
  }
  return {};
}

// A relation of this entity or of one that a reference leads to.
tree_ptr query_maker::related(int entity, const sort_of_value& sort, int depth) {
  std::vector<int> steps;
  int at = entity;
  const auto& fields = world_.entities[static_cast<std::size_t>(entity)].fields;
  const bool has_own = !world_.entities[static_cast<std::size_t>(at)].relations.empty();
  if (!has_own || dice_.percent(25)) {
    std::vector<int> found;
    for (std::size_t f = 0; f < fields.size(); ++f) {
      const bool leads =
          fields[f].is.kind == kind_id::ref &&
          !world_.entities[static_cast<std::size_t>(fields[f].is.target)].relations.empty();
      if (leads) found.push_back(static_cast<int>(f));
    }
    if (!found.empty()) {
      steps.push_back(dice_.pick(found));
      at = fields[static_cast<std::size_t>(steps[0])].is.target;
    } else if (!has_own) {
      return {};
    }
  }
  const auto& relations = world_.entities[static_cast<std::size_t>(at)].relations;
  const int relation = static_cast<int>(dice_.below(relations.size()));
  const int child = relations[static_cast<std::size_t>(relation)].child;
  tree_ptr where = dice_.percent(55) ? condition(child, std::min(depth, 1)) : tree_ptr();
  if (sort.kind == kind_id::boolean) {
    return make_related(world_, aggregate::exists, entity, steps, relation, {}, where);
  }
  if (sort.kind == kind_id::integer && dice_.percent(60)) {
    return make_related(world_, aggregate::count, entity, steps, relation, {}, where);
  }
  tree_ptr of = dice_.percent(75) ? path(child, sort) : value(child, sort, std::min(depth, 1));
  if (!of) return {};
  constexpr aggregate all[] = {aggregate::sum, aggregate::min, aggregate::max, aggregate::avg};
  const bool time = sort.kind == kind_id::date || sort.kind == kind_id::instant;
  const aggregate computes = time ? all[1 + dice_.below(2)] : dice_.pick(all);
  return make_related(world_, computes, entity, steps, relation, std::move(of), where);
}

// A value that some record has at the end of a path, or any value of the type.
datum query_maker::sample(const tree_ptr& of) {
  if (of->what == op::path && of->entity >= 0 && !of->currency && dice_.percent(75)) {
    const auto [entity, field] = end_of(world_, *of);
    const auto& records = world_.records[static_cast<std::size_t>(entity)];
    if (!records.empty()) {
      const record_plan& r = dice_.pick(records);
      if (of->steps.back() == id_step) return datum::of(r.handle);
      if (of->steps.back() == revision_step) return datum::of(r.revision);
      if (field >= 0) {
        try {
          const datum d = naive(world_).value_of_field(entity, field, r);
          if (d.known) return d;
        } catch (const overflow&) {
        }
      }
    }
  }
  if (of->currency) return datum::of_text(dice_.percent(70) ? "EUR" : "JPY");
  if (is_reference(of->is.kind)) return datum::of(dice_.between(1, 60));
  if (of->steps.size() == 1 && of->steps[0] == created_step) return datum::of(world_.now);
  return random_datum(dice_, of->is, false);
}

tree::form query_maker::form_for(bool has_text) {
  const std::size_t chance = dice_.below(100);
  if (!parameters_) return trees_ ? tree::form::tree : tree::form::text;
  if (trees_) {
    return chance < 60 ? tree::form::tree : chance < 80 ? tree::form::placed : tree::form::named;
  }
  if (has_text && chance < 70) return tree::form::text;
  return chance % 2 == 0 ? tree::form::placed : tree::form::named;
}

tree_ptr query_maker::literal(const type& given, const datum& d, bool in_comparison) {
  type is = given;
  datum v = d;
  if (is_texty(is.kind)) is = {kind_id::text, 0, false, -1, -1};
  if (is.kind == kind_id::any_ref) is.kind = kind_id::ref;
  if (is.kind == kind_id::money) {  // a money value has at least the digits of its currency
    const int digits = money_digits(is.scale, v.text);
    is.scale = std::max(digits, exponent_of(v.text));
    v.units = checked_product(v.units, power_of_ten(is.scale - digits));
  }
  bool has_text = is.kind != kind_id::real;
  if (is.kind == kind_id::instant || is.kind == kind_id::choice) has_text = in_comparison;
  if (v.units <= INT64_MIN || v.units > INT64_MAX) has_text = false;
  if (!has_text && !parameters_ && !trees_) return {};
  const bool reads_text = is.kind == kind_id::date || is.kind == kind_id::instant ||
                          is.kind == kind_id::choice || is.kind == kind_id::duration;
  const tree::form as = form_for(has_text);
  return make_literal(
      is, v, as, is.kind == kind_id::choice || (reads_text && in_comparison && dice_.percent(40)));
}

// A literal of the same kind, or of one that compares with it.
tree_ptr query_maker::literal_for(const tree_ptr& of, bool in_comparison) {
  datum d = sample(of);
  type is = of->is;
  const std::size_t chance = dice_.below(100);
  if (is.kind == kind_id::integer && chance < 15) {
    d.units = d.units / 4 * 10 + dice_.between(0, 9);
    is.kind = kind_id::decimal;
    is.scale = 1;
  } else if (is_exact(is.kind) && chance < 22) {
    is = {kind_id::real, 0, false, -1, -1};
    d = datum::of_real(as_real(of->is, d) + (chance == 21 ? 0.25 : 0));
  } else if (is.kind == kind_id::decimal && chance < 40) {
    d.units = divided(d.units, power_of_ten(is.scale), false);
    is = {kind_id::integer, 0, false, -1, -1};
  } else if (is.kind == kind_id::real && chance < 50) {
    d = datum::of(dice_.between(-3, 9));
    is = {kind_id::integer, 0, false, -1, -1};
    if (chance < 25) is = {kind_id::decimal, 1, false, -1, -1};
    if (chance < 4) d = datum::of(9007199254740993);
  } else if (is.kind == kind_id::instant && chance < 30 && in_comparison) {
    is.kind = kind_id::date;
    d.units = d.units / 86'400'000'000;
  } else if (is.kind == kind_id::date && chance < 15 && in_comparison) {
    is.kind = kind_id::instant;
    d = random_datum(dice_, is, false);
  }
  if (d.units < INT64_MIN || d.units > INT64_MAX) d = random_datum(dice_, is, false);
  return literal(is, d, in_comparison && is.kind == of->is.kind);
}

tree_ptr query_maker::operand_for(int entity, const tree_ptr& of, int depth) {
  const std::size_t chance = dice_.below(100);
  if (chance < 5 && parameters_) {
    return make_null(dice_.percent(50) ? tree::form::placed : tree::form::named);
  }
  if (chance < 68) return literal_for(of);
  for (int attempt = 0; attempt < 6; ++attempt) {
    // Often something comparable of another sort.
    sort_of_value sort{{}, of->is.kind, of->is.folded};
    if (is_texty(sort.kind)) sort = sorts[dice_.below(3)];
    if (is_exact(sort.kind) || sort.kind == kind_id::real) sort = sorts[3 + dice_.below(3)];
    if (sort.kind == kind_id::date || sort.kind == kind_id::instant)
      sort = sorts[7 + dice_.below(2)];
    if (is_reference(sort.kind)) sort.kind = kind_id::ref;
    tree_ptr v = depth > 0 ? value(entity, sort, depth - 1) : path(entity, sort);
    if (v && (v->is.kind != kind_id::choice || v->is.choices == of->is.choices)) return v;
  }
  return literal_for(of);
}

// The text itself, a part of it, or with wild cards, some of them escaped.
tree_ptr query_maker::pattern_for(const tree_ptr& of) {
  const std::u32string points = code_points(sample(of).text);
  std::string pattern = dice_.percent(40) ? "%" : "";
  const std::size_t from =
      points.empty() ? 0 : dice_.below(std::min<std::size_t>(points.size(), 4));
  const std::size_t most = std::min<std::size_t>(points.size(), from + 1 + dice_.below(6));
  for (std::size_t i = from; i < most; ++i) {
    const char32_t c = points[i];
    if (dice_.percent(12)) {
      pattern += dice_.percent(50) ? "_" : "%";
      continue;
    }
    if (c == U'%' || c == U'_' || c == U'\\' || dice_.percent(4)) pattern += '\\';
    if (c < 0x80) {
      pattern += static_cast<char>(c);
    } else if (c < 0x800) {
      pattern += {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 0x3f))};
    } else {
      pattern += "_";
    }
  }
  if (dice_.percent(60)) pattern += "%";
  if (dice_.percent(1)) pattern += "\\";
  return make_literal({kind_id::text, 0, false, -1, -1}, datum::of_text(pattern), form_for(true));
}

}  // namespace kith::model_check
