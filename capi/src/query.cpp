// SPDX-License-Identifier: Apache-2.0
//
// Questions, and the cursors that go through their records.
#include "marks.hpp"
#include "values.hpp"

namespace kith::capi {
namespace {

any_query asked(kith_query* q) {
  kith_query& query = use(q);
  return any_query(query.box->session, query.model, query.spec);
}

lifecycle lifecycle_of(std::int32_t number) {
  if (number < KITH_LIVE || number > KITH_ALL) {
    misuse("lifecycle " + std::to_string(number) + " is none; it is KITH_LIVE, _DELETED or _ALL");
  }
  return static_cast<lifecycle>(number);
}

using pairs = std::vector<std::pair<std::string, std::string>>;

pairs pairs_of(const kith_named* first, std::size_t count, const char* what) {
  pairs all;
  for (const kith_named& n : array_of(first, count, what)) {
    all.emplace_back(text_of(n.name, what), text_of(n.expression, what));
  }
  return all;
}

std::unique_ptr<kith_cursor> cursor_of(const kith_query& q) {
  auto made = std::make_unique<kith_cursor>();
  made->box = q.box;
  made->current.model = q.model;
  made->current.entity = q.spec.entity;
  made->current.zone = q.box->zone;
  made->current.borrowed = true;
  return made;
}

// What query<E> and any_query keep to themselves.
struct runner : query_base {
  using query_base::query_base;
  using query_base::run;
};

row_ptr next_row(kith_cursor& c) {
  if (c.stream != nullptr) return c.stream->next();
  return c.next < c.page.size() ? c.page[c.next++] : row_ptr();
}

}  // namespace
}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_query_parse(kith_session* session, uint16_t entity, kith_text text,
                             kith_query** query, kith_error** err) {
  return guard(err, outs(query), [&] {
    need(query, "query");
    kith::session& s = session_of(session);
    const std::string name(entity_of(session, entity).name());
    auto made = std::make_unique<kith_query>();
    made->box = use(session).box;
    made->spec = s.query(name, text_of(text, "the query")).spec();
    made->model = s.model();  // the one that it was read with
    *query = made.release();
    return KITH_OK;
  });
}

kith_status kith_query_bind(kith_query* query, size_t place, const kith_value* value,
                            kith_error** err) {
  return guard(err, nothing, [&] {
    std::vector<kith::value>& placed = use(query).spec.values.placed;
    if (value == nullptr) misuse("value is NULL; KITH_KIND_NONE is null");
    constexpr std::size_t most = 32'766;  // as many as SQLite has
    if (place >= most) misuse("a query has at most " + std::to_string(most) + " values");
    kith::value v = value_of(*value);
    if (placed.size() <= place) placed.resize(place + 1);
    placed[place] = std::move(v);
    return KITH_OK;
  });
}

kith_status kith_query_bind_by_name(kith_query* query, kith_text name, const kith_value* value,
                                    kith_error** err) {
  return guard(err, nothing, [&] {
    kith_query& q = use(query);
    if (value == nullptr) misuse("value is NULL; KITH_KIND_NONE is null");
    q.spec.values.named[string_of(name, "the name")] = value_of(*value);
    return KITH_OK;
  });
}

kith_status kith_query_set(kith_query* query, const kith_query_options* options, kith_error** err) {
  return guard(err, nothing, [&] {
    query_spec& spec = use(query).spec;
    if (options == nullptr) misuse("options is NULL");
    const kith_query_options o = taken(options, "options");
    const lifecycle rows = lifecycle_of(o.lifecycle);
    page_mark after = read_mark(bytes_of(o.after, "the mark"));
    if (o.limit != 0) spec.limit = o.limit;
    spec.rows = rows;
    spec.same_instant = o.same_instant != 0;
    spec.after = std::move(after);
    return KITH_OK;
  });
}

kith_status kith_query_run(kith_query* query, kith_cursor** cursor, kith_error** err) {
  return guard(err, outs(cursor), [&] {
    need(cursor, "cursor");
    kith_query& q = use(query);
    auto made = cursor_of(q);
    made->stream = runner(q.box->session, q.spec).run();
    *cursor = made.release();
    return KITH_OK;
  });
}

kith_status kith_query_page(kith_query* query, uint64_t rows, kith_cursor** cursor,
                            kith_error** err) {
  return guard(err, outs(cursor), [&] {
    need(cursor, "cursor");
    auto made = cursor_of(use(query));
    const page_of<any_record> page = asked(query).page(rows);
    for (const any_record& r : page.records) made->page.push_back(r.row());
    made->mark = written_mark(page.next);
    *cursor = made.release();
    return KITH_OK;
  });
}

kith_status kith_query_count(kith_query* query, uint64_t* count, kith_error** err) {
  return guard(err, outs(count), [&] {
    need(count, "count");
    *count = asked(query).count();
    return KITH_OK;
  });
}

kith_status kith_query_exists(kith_query* query, kith_error** err) {
  return guard(err, nothing, [&] { return asked(query).exists() ? KITH_OK : KITH_ABSENT; });
}

kith_status kith_query_aggregate(kith_query* query, const kith_aggregation* what,
                                 kith_table** table, kith_error** err) {
  return guard(err, outs(table), [&] {
    need(table, "table");
    if (what == nullptr) misuse("what is NULL");
    const kith_aggregation a = taken(what, "what");
    std::vector<std::pair<std::string, bool>> order;
    for (const kith_order& o : array_of(a.order, a.order_count, "order")) {
      order.emplace_back(text_of(o.name, "order"), o.descending != 0);
    }
    kith::table rows = asked(query).aggregate(pairs_of(a.groups, a.group_count, "groups"),
                                              pairs_of(a.measures, a.measure_count, "measures"),
                                              string_of(a.having, "having"), std::move(order));
    *table = table_of(use(query).model, std::move(rows)).release();
    return KITH_OK;
  });
}

kith_status kith_query_select(kith_query* query, const kith_named* columns, size_t column_count,
                              kith_table** table, kith_error** err) {
  return guard(err, outs(table), [&] {
    need(table, "table");
    kith::table rows = asked(query).select(pairs_of(columns, column_count, "columns"));
    *table = table_of(use(query).model, std::move(rows)).release();
    return KITH_OK;
  });
}

kith_status kith_query_delete(kith_query* query, uint64_t* count, kith_error** err) {
  return guard(err, outs(count), [&] {
    const std::uint64_t removed = asked(query).remove();
    if (count != nullptr) *count = removed;
    return KITH_OK;
  });
}

void kith_query_free(kith_query* query) { dispose(query); }

kith_status kith_cursor_next(kith_cursor* cursor, const kith_record** record, kith_error** err) {
  return guard(err, outs(record), [&] {
    need(record, "record");
    kith_cursor& c = use(cursor);
    row_ptr row = next_row(c);
    c.current.texts.clear();
    if (!row) {
      c.current.draft.clear();
      return KITH_DONE;
    }
    c.current.id = row->id().value;
    c.current.draft.clear(std::move(row));
    *record = &c.current;
    return KITH_ROW;
  });
}

kith_status kith_cursor_mark(kith_cursor* cursor, kith_text* mark, kith_error** err) {
  return guard(err, outs(mark), [&] {
    need(mark, "mark");
    const kith_cursor& c = use(cursor);
    if (c.mark.empty()) return KITH_DONE;
    *mark = to_c(c.mark);
    return KITH_OK;
  });
}

void kith_cursor_free(kith_cursor* cursor) { dispose(cursor); }
