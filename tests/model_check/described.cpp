// SPDX-License-Identifier: Apache-2.0
//
// entities.hpp once more, for the reference model.
#include "model_check/entities.hpp"

#include "model_check/tree.hpp"

namespace kith::model_check {
namespace {

constexpr int nodes = 0;
constexpr int docs = 1;
constexpr int lines = 2;
constexpr int tags = 3;

field_plan plain(std::string name, kind_id kind, bool indexed = false) {
  field_plan f;
  f.name = std::move(name);
  f.is.kind = kind;
  f.indexed = indexed;
  if (kind == kind_id::money) f.is.scale = -1;
  if (kind == kind_id::choice) f.is.choices = 0;
  return f;
}
field_plan folded_text(std::string name, bool indexed = false) {
  field_plan f = plain(std::move(name), kind_id::text, indexed);
  f.is.folded = true;
  return f;
}
field_plan scaled(std::string name, kind_id kind, int scale) {
  field_plan f = plain(std::move(name), kind);
  f.is.scale = scale;
  return f;
}
field_plan reference(std::string name, int target, delete_policy policy) {
  field_plan f = plain(std::move(name), target < 0 ? kind_id::any_ref : kind_id::ref);
  f.is.target = target;
  f.policy = policy;
  return f;
}

entity_plan make_nodes() {
  entity_plan e{"node", "nodes", true, {}, {}, 911, type_id_of<node>};
  e.fields = {folded_text("label", true),
              plain("code", kind_id::text),
              plain("rank", kind_id::integer, true),
              scaled("weight", kind_id::decimal, 3),
              reference("parent", nodes, delete_policy::clear),
              plain("since", kind_id::date)};
  e.relations = {
      {"children", nodes, 4}, {"docs", docs, 13}, {"tags", tags, 0}, {"open_tags", tags, 0, 3, 1}};
  return e;
}

entity_plan make_docs() {
  entity_plan e{"doc", "docs", true, {}, {}, 912, type_id_of<doc>};
  e.fields = {folded_text("title", true),
              plain("serial", kind_id::text, true),
              plain("total", kind_id::money, true),
              scaled("rate", kind_id::money, 4),
              plain("at", kind_id::instant, true),
              plain("day", kind_id::date, true),
              plain("span", kind_id::duration),
              plain("state", kind_id::choice, true),
              plain("flag", kind_id::boolean),
              plain("amount", kind_id::integer, true),
              scaled("factor", kind_id::decimal, 2),
              plain("ratio", kind_id::real, true),
              plain("contact", kind_id::email),
              reference("node", nodes, delete_policy::keep),
              reference("peer", docs, delete_policy::keep),
              plain("twice", kind_id::integer),
              plain("line_count", kind_id::integer),
              scaled("net", kind_id::money, 2)};
  e.relations = {
      {"lines", lines, 0}, {"open_lines", lines, 0, 4, 1}, {"peers", docs, 14}, {"tags", tags, 0}};
  return e;
}

entity_plan make_lines() {
  entity_plan e{"line", "lines", true, {}, {}, 913, type_id_of<line>};
  e.fields = {reference("doc", docs, delete_policy::cascade),
              scaled("quantity", kind_id::decimal, 3),
              scaled("price", kind_id::money, 4),
              scaled("net", kind_id::money, 2),
              plain("state", kind_id::choice),
              plain("width", kind_id::real),
              plain("due", kind_id::date),
              plain("made", kind_id::instant),
              plain("done", kind_id::boolean),
              folded_text("words"),
              plain("pieces", kind_id::integer),
              plain("effort", kind_id::duration)};
  return e;
}

entity_plan make_tags() {
  entity_plan e{"tag", "tags", true, {}, {}, 914, type_id_of<tag>};
  e.fields = {reference("subject", -1, delete_policy::cascade), folded_text("word"),
              plain("weight", kind_id::integer), plain("shade", kind_id::choice)};
  return e;
}

}  // namespace

std::vector<entity_plan> described_entities() {
  world w;
  w.entities = {make_nodes(), make_docs(), make_lines(), make_tags()};
  const auto path = [&w](int entity, std::string_view field) {
    return make_path(w, entity, {w.entities[static_cast<std::size_t>(entity)].field(field)});
  };
  const auto number = [](int n) { return make_literal({}, datum::of(n)); };
  std::vector<field_plan>& of_docs = w.entities[docs].fields;
  const auto computed = [](field_plan& f, tree_ptr from, bool on_read) {
    f.computed = std::move(from);
    f.on_read = on_read;
  };
  computed(of_docs[15], make_arithmetic(op::multiply, path(docs, "amount"), number(2)), true);
  computed(of_docs[16], make_related(w, aggregate::count, docs, {}, 0, {}, {}), true);
  computed(of_docs[17], make_related(w, aggregate::sum, docs, {}, 0, path(lines, "net"), {}),
           false);
  computed(w.entities[lines].fields[3],
           make_call(function::round,
                     {make_arithmetic(op::multiply, path(lines, "price"), path(lines, "quantity")),
                      number(2)}),
           false);
  return std::move(w.entities);
}

}  // namespace kith::model_check
