// SPDX-License-Identifier: Apache-2.0
//
// Questions: text with values, or trees that Python's operators built, become one query_spec.
#include "query.hpp"

#include "values.hpp"

namespace kith::python {
namespace {

using code = expression::code;

const std::map<std::string, code, std::less<>>& operators() {
  static const auto* const all = new std::map<std::string, code, std::less<>>{
      {"and", code::and_},     {"or", code::or_},           {"=", code::equal},
      {"!=", code::not_equal}, {"<", code::less},           {"<=", code::less_equal},
      {">", code::greater},    {">=", code::greater_equal}, {"+", code::add},
      {"-", code::subtract},   {"*", code::multiply},       {"/", code::divide},
      {"||", code::concat},    {"like", code::like}};
  return *all;
}

const std::map<std::string, aggregate, std::less<>>& aggregates() {
  static const auto* const all = new std::map<std::string, aggregate, std::less<>>{
      {"exists", aggregate::exists}, {"count", aggregate::count}, {"sum", aggregate::sum},
      {"min", aggregate::min},       {"max", aggregate::max},     {"avg", aggregate::avg}};
  return *all;
}

expression related_from(const model& of, const entity_type& e, const py::tuple& t) {
  const std::string name = py::cast<std::string>(t[2]);
  const relation_type* const relation = e.find_relation(name);
  if (relation == nullptr) {
    throw error(error_code::query,
                std::string(e.plural()) + " have no relation '" + name + "' (at character 1)");
  }
  const auto inner = [&](const py::handle tree) {
    return tree.is_none() ? expression()
                          : expression_from(of, *relation->child,
                                            py::object(py::reinterpret_borrow<py::object>(tree)));
  };
  return expression::related(aggregates().at(py::cast<std::string>(t[1])), {},
                             {e.type, e.number, name}, inner(t[3]), inner(t[4]));
}

}  // namespace

expression expression_from(const model& of, const entity_type& e, const py::object& tree) {
  const auto t = py::reinterpret_borrow<py::tuple>(tree);
  const std::string what = py::cast<std::string>(t[0]);
  if (what == "path" || what == "text") return parse_expression(of, e, py::cast<std::string>(t[1]));
  if (what == "value") return expression::literal(from_python(py::object(t[1]).ptr()));
  if (what == "not") return expression::unary(code::not_, expression_from(of, e, t[1]));
  if (what == "negate") return expression::unary(code::negate, expression_from(of, e, t[1]));
  if (what == "null") return expression::unary(code::is_null, expression_from(of, e, t[1]));
  if (what == "related") return related_from(of, e, t);
  if (what == "in") {
    std::vector<expression> list;
    for (const py::handle one : py::reinterpret_borrow<py::tuple>(py::object(t[2]))) {
      list.push_back(expression_from(of, e, py::reinterpret_borrow<py::object>(one)));
    }
    return expression::in(expression_from(of, e, t[1]), std::move(list));
  }
  return expression::binary(operators().at(what), expression_from(of, e, t[1]),
                            expression_from(of, e, t[2]));
}

namespace {

// `?` of a second condition as `:_<n>`, so that both keep their values.
std::string with_named_places(std::string_view text, std::size_t first) {
  std::string out;
  bool quoted = false;
  for (const char c : text) {
    if (c == '\'') quoted = !quoted;
    if (c == '?' && !quoted) {
      out += ":_" + std::to_string(first++);
    } else {
      out += c;
    }
  }
  return out;
}

void take_values(query_spec& spec, parameters given) {
  for (auto& [name, v] : given.named) {
    const auto [at, fresh] = spec.values.named.emplace(name, v);
    if (!fresh && !(at->second == v)) {
      throw error(error_code::misuse, "`:" + name + "` has two values; use two names");
    }
  }
}

void join(expression& to, expression more) {
  if (more.empty()) return;
  to =
      to.empty() ? std::move(more) : expression::binary(code::and_, std::move(to), std::move(more));
}

// One `where()`: (text, values, named values) or a tree.
void add_condition(query_spec& spec, const model& of, const py::tuple& where, bool first) {
  if (where.size() == 1) {
    join(spec.where, expression_from(of, *spec.entity, where[0]));
    return;
  }
  parameters given = parameters_from(py::object(where[1]).ptr(), py::object(where[2]).ptr());
  std::string text(utf8(py::object(where[0]).ptr()));
  if (first) {
    spec.values.placed = std::move(given.placed);
  } else if (!given.placed.empty()) {
    std::size_t place = spec.values.named.size();
    text = with_named_places(text, place);
    for (value& v : given.placed) {
      spec.values.named.emplace("_" + std::to_string(place++), std::move(v));
    }
  }
  take_values(spec, std::move(given));
  query_spec parsed = parse_query(of, *spec.entity, text);
  join(spec.where, std::move(parsed.where));
  for (order_key& key : parsed.order) spec.order.push_back(std::move(key));
  if (parsed.limit != 0) spec.limit = parsed.limit;
}

}  // namespace

query_spec spec_from(const py::object& query, const entity_type& e, const model& of) {
  const auto q = py::reinterpret_borrow<py::tuple>(query);
  query_spec spec;
  spec.entity = &e;
  bool first = true;
  for (const py::handle where : py::reinterpret_borrow<py::tuple>(py::object(q[1]))) {
    add_condition(spec, of, py::reinterpret_borrow<py::tuple>(where), first);
    first = false;
  }
  const auto order = py::reinterpret_borrow<py::tuple>(py::object(q[2]));
  if (order.size() != 0) spec.order.clear();
  for (const py::handle key : order) {
    const auto pair = py::reinterpret_borrow<py::tuple>(key);
    spec.order.push_back({expression_from(of, e, pair[0]), py::cast<bool>(py::object(pair[1]))});
  }
  const py::object limit = q[3];
  if (!limit.is_none()) spec.limit = py::cast<std::uint64_t>(limit);
  spec.rows = static_cast<lifecycle>(py::cast<int>(py::object(q[4])));
  return spec;
}

asked::asked(const py::object& query, access how)
    : collection(collection_of(py::reinterpret_borrow<py::tuple>(query)[0])),
      session(*collection.hub, how),
      of(&shape_in(collection, *session)),
      ask(*session, session->model(), spec_from(query, *of->entity, *session->model())) {}

namespace {

std::uint64_t count(const py::object& query) {
  const asked q(query, access::read);
  return long_call(*q.session, [&] { return q.ask.count(); });
}

bool exists(const py::object& query) {
  const asked q(query, access::read);
  return long_call(*q.session, [&] { return q.ask.exists(); });
}

py::object first(const py::object& query) {
  const asked q(query, access::read);
  const auto found = long_call(*q.session, [&] { return q.ask.first(); });
  if (!found) return py::none();
  return py::reinterpret_steal<py::object>(make_record(q.collection.hub, *q.of, found->row()));
}

std::uint64_t remove(const py::object& query) {
  const asked q(query, access::write);
  return long_call(*q.session, [&] { return q.ask.remove(); });
}

std::uint64_t update(const py::object& query, const py::dict& values) {
  const asked q(query, access::write);
  new_record given;
  for (const auto& [name, v] : values) {
    put_named(given, *q.collection.hub, *q.of, name.ptr(), v.ptr());
  }
  if (!given.children.empty()) throw_wrong_type("update() of a query takes fields, no lists");
  return long_call(*q.session, [&] {
    transaction tx = q.session->write();
    std::vector<row_ptr> rows;
    for (const any_record& r : q.ask) rows.push_back(r.row());
    for (row_ptr& r : rows) {
      any_draft changes = given.draft;
      const record_id id = r->id();
      changes.rebase(std::move(r));
      q.session->update_row(*q.of->entity, id, changes);
    }
    tx.commit();
    return static_cast<std::uint64_t>(rows.size());
  });
}

// Where a page ended, as an object that only page() understands.
struct mark {
  page_mark at;
};

py::tuple page_of_records(const py::object& query, std::uint64_t rows, const py::object& after,
                          bool same_instant) {
  const asked q(query, access::read);
  any_query ask = q.ask;
  if (!after.is_none()) ask = ask.after(py::cast<mark&>(after).at, same_instant);
  const auto found = long_call(*q.session, [&] { return ask.page(rows); });
  auto together = std::make_shared<page>();
  for (const any_record& r : found.records) together->rows.push_back(r.row());
  py::list records;
  for (const any_record& r : found.records) {
    records.append(
        py::reinterpret_steal<py::object>(make_record(q.collection.hub, *q.of, r.row(), together)));
  }
  const py::object next = found.next.empty() ? py::object(py::none()) : py::cast(mark{found.next});
  return py::make_tuple(std::move(records), next);
}

std::vector<std::pair<std::string, std::string>> pairs_from(const py::handle given) {
  return py::cast<std::vector<std::pair<std::string, std::string>>>(given);
}

table aggregated(const py::object& query, const py::object& by, const py::object& measures,
                 const std::string& having,
                 const std::vector<std::pair<std::string, bool>>& order) {
  const asked q(query, access::read);
  const auto groups = pairs_from(by);
  const auto what = pairs_from(measures);
  return long_call(*q.session, [&] { return q.ask.aggregate(groups, what, having, order); });
}

table selected(const py::object& query, const py::object& columns) {
  const asked q(query, access::read);
  const auto what = pairs_from(columns);
  return long_call(*q.session, [&] { return q.ask.select(what); });
}

}  // namespace

void bind_queries(py::module_& m) {
  py::class_<mark>(m, "PageMark", "Where a page ended; give it to the next page().");
  m.def("count", &count);
  m.def("exists", &exists);
  m.def("first", &first);
  m.def("remove", &remove);
  m.def("update", &update);
  m.def("page", &page_of_records);
  m.def("aggregate", &aggregated);
  m.def("select", &selected);
  bind_rows(m);
}

}  // namespace kith::python
