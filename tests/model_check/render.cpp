// SPDX-License-Identifier: Apache-2.0
//
// Writing questions as text.
#include "model_check/render.hpp"

#include "kith/core/error.hpp"

namespace kith::model_check {
namespace {

// Levels of the grammar, from what binds least.
enum level { any = 0, conjunction, negation, predicate, sum, product, factor, primary };

level level_of(const tree& t) {
  switch (t.what) {
    case op::or_: return any;
    case op::and_: return conjunction;
    case op::not_: {
      const op inner = t.args[0]->what;
      const bool in_words =
          inner == op::is_null || inner == op::in || inner == op::like || inner == op::between;
      return in_words ? predicate : negation;
    }
    case op::add:
    case op::subtract:
    case op::concat: return sum;
    case op::multiply:
    case op::divide: return product;
    case op::negate: return factor;
    case op::literal: return t.as == tree::form::text && (t.value.units < 0) ? factor : primary;
    case op::path:
    case op::related:
    case op::call: return primary;
    default: return predicate;
  }
}

const char* sign_of(op what) {
  switch (what) {
    case op::equal: return " = ";
    case op::not_equal: return " != ";
    case op::less: return " < ";
    case op::less_equal: return " <= ";
    case op::greater: return " > ";
    case op::greater_equal: return ">=";
    case op::add: return " + ";
    case op::subtract: return "-";
    case op::multiply: return " * ";
    case op::divide: return "/";
    default: return " || ";
  }
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

constexpr std::string_view aggregate_names[] = {"exists", "count", "sum", "min", "max", "avg"};
constexpr std::string_view function_names[] = {"today",      "now", "coalesce", "round",
                                               "round_even", "abs", "length",   "year",
                                               "month",      "day", "date"};

std::string decimal_text(whole units, int scale) {
  return decimal(static_cast<std::int64_t>(units), scale).to_string();
}

}  // namespace

std::string renderer::operand(const tree& t, int least) {
  const std::string inner = text(t);
  return level_of(t) < least ? "(" + inner + ")" : inner;
}

std::string renderer::sum_text(const tree& t) { return operand(t, sum); }

std::string renderer::binary(const tree& t, const char* sign, int least) {
  const std::string left = operand(*t.args[0], least);
  const bool chains = t.what >= op::add;
  return left + sign + operand(*t.args[1], chains ? least + 1 : least);
}

std::string renderer::text(const tree& t) {
  const auto joined = [&](const char* between, int least) {
    std::string all;
    for (const tree_ptr& a : t.args) all += (all.empty() ? "" : between) + operand(*a, least);
    return all;
  };
  switch (t.what) {
    case op::literal: return literal(t);
    case op::path: return path(t);
    case op::related: return related(t);
    case op::call: return call(t);
    case op::or_: return joined(" or ", conjunction);
    case op::and_: return joined(" and ", negation);
    case op::not_: {
      const tree& inner = *t.args[0];
      if (inner.what == op::is_null) return operand(*inner.args[0], sum) + " is not null";
      if (level_of(t) == negation) return "not " + operand(inner, negation);
      return test(inner, " not ");
    }
    case op::is_null: return operand(*t.args[0], sum) + " is null";
    case op::in:
    case op::like:
    case op::between: return test(t, " ");
    case op::negate: return "-" + operand(*t.args[0], factor);
    case op::multiply:
    case op::divide: return binary(t, sign_of(t.what), product);
    default: return binary(t, sign_of(t.what), sum);
  }
}

// `x in (…)`, `x not like …`.
std::string renderer::test(const tree& t, const char* between) {
  std::string all = operand(*t.args[0], sum) + between;
  if (t.what == op::like) return all + "like " + operand(*t.args[1], sum);
  if (t.what == op::between) {
    all += "between " + operand(*t.args[1], sum);
    return all + " and " + operand(*t.args[2], sum);
  }
  all += "in (";
  for (std::size_t i = 1; i < t.args.size(); ++i) {
    all += (i == 1 ? "" : ", ") + operand(*t.args[i], sum);
  }
  return all + ")";
}

// ---------------------------------------------------------------------------------------- literals

std::string renderer::value_text(const tree& t) const {
  const auto units = static_cast<std::int64_t>(t.value.units);
  switch (t.is.kind) {
    case kind_id::date: return date::from_days(static_cast<std::int32_t>(units)).to_string();
    case kind_id::instant: return instant{units}.to_string();
    case kind_id::duration: return decimal(units, 6).trimmed().to_string() + "s";
    case kind_id::choice: return std::string(choice_names[units - 1]);
    default: return t.value.text;
  }
}

value renderer::value_of(const tree& t) const {
  if (t.untyped) return {};
  if (t.as_text) return value(value_text(t));
  const auto units = static_cast<std::int64_t>(t.value.units);
  switch (t.is.kind) {
    case kind_id::integer: return value(units);
    case kind_id::decimal: return value(decimal(units, t.is.scale));
    case kind_id::real: return value(t.value.real);
    case kind_id::boolean: return value(units != 0);
    case kind_id::date: return value(date::from_days(static_cast<std::int32_t>(units)));
    case kind_id::instant: return value(instant{units});
    case kind_id::duration: return value(duration{units});
    case kind_id::money:
      return value(money(decimal(units, money_digits(t.is.scale, t.value.text)),
                         currency_code(t.value.text)));
    case kind_id::ref: {
      const record_id id{in_.id_of(units)};
      return units % 2 == 0 ? value(id) : value(id.value);
    }
    default: return value(t.value.text);
  }
}

std::string renderer::parameter(const tree& t) {
  if (t.as == tree::form::placed && !only_names) {
    values.placed.push_back(value_of(t));
    return "?";
  }
  const std::string name = "p" + std::to_string(values.named.size());
  values.named.emplace(name, value_of(t));
  return ":" + name;
}

std::string renderer::literal(const tree& t) {
  if (t.as != tree::form::text || t.untyped) return parameter(t);
  if (t.as_text) return quoted(value_text(t));
  switch (t.is.kind) {
    case kind_id::integer:
    case kind_id::decimal: return decimal_text(t.value.units, t.is.scale);
    case kind_id::money:
      return decimal_text(t.value.units, money_digits(t.is.scale, t.value.text)) + " " +
             t.value.text;
    case kind_id::boolean: return t.value.units != 0 ? "true" : "false";
    case kind_id::date: return "date(" + quoted(value_text(t)) + ")";
    case kind_id::instant: return quoted(value_text(t));
    case kind_id::duration: return value_text(t);
    case kind_id::ref: return std::to_string(in_.id_of(static_cast<std::int64_t>(t.value.units)));
    default: return quoted(t.value.text);
  }
}

// ------------------------------------------------------------------------------------------- names

std::string renderer::path(const tree& t) const {
  std::string names;
  int entity = t.entity;
  for (const int step : t.steps) {
    if (!names.empty()) names += ".";
    if (step < 0) return names + std::string(system_steps[-1 - step]);
    if (entity < 0) return result.fields[static_cast<std::size_t>(step)].name;
    const field_plan& f =
        world_.entities[static_cast<std::size_t>(entity)].fields[static_cast<std::size_t>(step)];
    names += f.name;
    entity = f.is.target;
  }
  return names + (t.currency ? ".currency" : "");
}

std::string renderer::related(const tree& t) {
  std::string names;
  int entity = t.entity;
  for (const int step : t.steps) {
    const field_plan& f =
        world_.entities[static_cast<std::size_t>(entity)].fields[static_cast<std::size_t>(step)];
    names += f.name + ".";
    entity = f.is.target;
  }
  names += world_.entities[static_cast<std::size_t>(entity)]
               .relations[static_cast<std::size_t>(t.relation)]
               .name;
  std::string all(aggregate_names[static_cast<std::size_t>(t.computes)]);
  all += "(" + names;
  if (t.of) all += t.of->what == op::path ? "." + path(*t.of) : ", " + sum_text(*t.of);
  if (t.where) all += " where " + text(*t.where);
  return all + ")";
}

std::string renderer::call(const tree& t) {
  std::string all(function_names[static_cast<std::size_t>(t.calls)]);
  all += "(";
  for (std::size_t i = 0; i < t.args.size(); ++i)
    all += (i == 0 ? "" : ", ") + sum_text(*t.args[i]);
  return all + ")";
}

// --------------------------------------------------------------------------------- whole questions

std::string renderer::query_text(const question& q) {
  std::string all = q.where ? text(*q.where) : "";
  for (std::size_t i = 0; i < q.order.size(); ++i) {
    all += i == 0 ? " order by " : ", ";
    all += sum_text(*q.order[i].by);
    all += q.order[i].descending ? " desc" : i % 2 == 0 ? "" : " asc";
  }
  if (q.limit != 0) all += " limit " + std::to_string(q.limit);
  return all;
}

std::string renderer::measure_text(const measure_plan& m) {
  std::string all(aggregate_names[static_cast<std::size_t>(m.computes)]);
  all += "(";
  if (m.of) all += sum_text(*m.of);
  if (m.where) all += (m.of ? " where " : "where ") + text(*m.where);
  return all + ")";
}

}  // namespace kith::model_check
