// SPDX-License-Identifier: Apache-2.0
//
// Asking in every way there is.
#include "model_check/run.hpp"

#include "kith/core/error.hpp"
#include "model_check/render.hpp"

namespace kith::model_check {
namespace {

using named_texts = std::vector<std::pair<std::string, std::string>>;

class asking {
 public:
  asking(loaded& in, kith::session& through, const world& w, const question& q)
      : in_(in),
        session_(through),
        question_(q),
        render_(w, in),
        entity_(w.entities[static_cast<std::size_t>(q.entity)].plural) {}

  answer ask() {
    std::optional<transaction> tx;
    if (question_.in_transaction) tx.emplace(session_.read());
    if (question_.in_writing) tx.emplace(session_.write());
    switch (question_.as) {
      case question::shape::list: return list();
      case question::shape::pages: return pages();
      case question::shape::count: {
        const std::uint64_t n = query().count();
        return {{"count " + std::to_string(n)}, n == 0};
      }
      case question::shape::exists: {
        const bool is = query().exists();
        return {{is ? "exists yes" : "exists no"}, !is};
      }
      case question::shape::first: {
        answer a;
        if (const auto r = query().first()) a.lines.push_back(line(r->id()));
        return a;
      }
      case question::shape::select: return select();
      case question::shape::aggregate: return aggregate();
      default: return compute();
    }
  }

 private:
  any_query query() {
    if (!question_.as_tree) {
      const std::string text = render_.query_text(question_);
      return session_.query(entity_, text, std::move(render_.values)).including(question_.rows);
    }
    query_spec spec;
    spec.entity = &session_.model()->entity(entity_);
    if (question_.where) spec.where = render_.build(*question_.where);
    for (const key_plan& k : question_.order)
      spec.order.push_back({render_.build(*k.by), k.descending});
    spec.limit = question_.limit;
    spec.rows = question_.rows;
    spec.values = std::move(render_.values);
    return {session_, session_.model(), std::move(spec)};
  }

  std::string line(record_id id) const { return "#" + std::to_string(in_.handle_of(id.value)); }

  answer list() {
    answer a;
    for (const any_record& r : query()) a.lines.push_back(line(r.id()));
    return a;
  }

  answer pages() {
    answer a;
    any_query all = query();
    page_mark mark;
    for (std::size_t i = 0;; ++i) {
      const std::size_t size = question_.page_sizes[i % question_.page_sizes.size()];
      const page_of<any_record> page = mark.empty() ? all.page(size) : all.after(mark).page(size);
      for (const any_record& r : page.records) a.lines.push_back(line(r.id()));
      if (page.records.size() > size) a.lines.emplace_back("a page that is too long");
      if (page.next.empty()) return a;
      if (page.records.size() != size) a.lines.emplace_back("a page that is too short");
      mark = page.next;
    }
  }

  answer rows_of(const table& t) const {
    answer a;
    for (const auto& row : t.rows) {
      std::string text;
      for (const value& v : row) text += (&v == row.data() ? "" : " | ") + in_.shown(v);
      a.lines.push_back(std::move(text));
    }
    return a;
  }

  std::vector<aggregation::group> built_columns() {
    std::vector<aggregation::group> columns;
    for (const column_plan& c : question_.columns)
      columns.push_back({c.name, render_.build(*c.of)});
    return columns;
  }
  named_texts column_texts() {
    named_texts columns;
    render_.only_names = true;
    for (const column_plan& c : question_.columns)
      columns.emplace_back(c.name, render_.text(*c.of));
    return columns;
  }

  answer select() {
    if (question_.as_tree) {
      auto columns = built_columns();
      return rows_of(query().select(std::move(columns)));
    }
    const named_texts columns = column_texts();
    return rows_of(query().select(columns));
  }

  std::string having() {
    if (!question_.having) return {};
    render_.only_names = true;
    render_.result = result_entity(question_);
    return render_.text(*question_.having);
  }

  answer aggregate() {
    if (question_.as_tree) {
      aggregation what;
      what.groups = built_columns();
      for (const measure_plan& m : question_.measures) {
        what.measures.push_back({m.name, m.computes, m.of ? render_.build(*m.of) : expression(),
                                 m.where ? render_.build(*m.where) : expression()});
      }
      what.having = having();
      what.order = question_.table_order;
      render_.only_names = false;
      return rows_of(query().aggregate(what));
    }
    const named_texts groups = column_texts();
    named_texts measures;
    for (const measure_plan& m : question_.measures)
      measures.emplace_back(m.name, render_.measure_text(m));
    const std::string condition = having();
    render_.only_names = false;
    return rows_of(query().aggregate(groups, measures, condition, question_.table_order));
  }

  answer compute() {
    answer a;
    const std::vector<any_record> records = query().all();
    for (const any_record& r : records) {
      std::string text;
      for (const column_plan& c : question_.columns) {
        const value v = session_.compute(r.entity(), r.row(), render_.build(*c.of));
        text += (text.empty() ? "" : " | ") + in_.shown(v);
      }
      a.lines.push_back(std::move(text));
    }
    return a;
  }

  loaded& in_;
  kith::session& session_;
  const question& question_;
  renderer render_;
  std::string entity_;
};

}  // namespace

answer ask(loaded& in, const world& w, const question& q) { return ask(in, in.session(), w, q); }

answer ask(loaded& in, kith::session& through, const world& w, const question& q) {
  try {
    return asking(in, through, w, q).ask();
  } catch (const error& e) {
    answer a = error_answer(std::string(name_of(e.code())));
    a.why = e.message();
    return a;
  }
}

std::string described(const world& w, const loaded& in, const question& q) {
  constexpr const char* shapes[] = {"list",  "pages",  "count",     "exists",
                                    "first", "select", "aggregate", "compute"};
  renderer render(w, in);
  std::string all = std::string(shapes[static_cast<std::size_t>(q.as)]) + " " +
                    w.entities[static_cast<std::size_t>(q.entity)].plural;
  all += q.rows == lifecycle::all ? " (all)" : q.rows == lifecycle::deleted ? " (deleted)" : "";
  all += q.as_tree ? " as a tree: " : ": ";
  all += render.query_text(q);
  render.only_names = true;
  for (const column_plan& c : q.columns) all += "\n    " + c.name + ": " + render.text(*c.of);
  for (const measure_plan& m : q.measures) all += "\n    " + m.name + ": " + render.measure_text(m);
  render.result = result_entity(q);
  if (q.having) all += "\n    having " + render.text(*q.having);
  for (const auto& [name, down] : q.table_order)
    all += "\n    order by " + name + (down ? " desc" : "");
  if (q.as == question::shape::pages) {
    for (const std::size_t size : q.page_sizes) all += "\n    page of " + std::to_string(size);
  }
  if (q.in_transaction) all += "\n    in a read transaction";
  if (q.in_writing) all += "\n    in a write transaction";
  for (const value& v : render.values.placed) all += "\n    ? = " + in.shown(v);
  for (const auto& [name, v] : render.values.named) all += "\n    :" + name + " = " + in.shown(v);
  return all;
}

}  // namespace kith::model_check
