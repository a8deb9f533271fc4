/* SPDX-License-Identifier: Apache-2.0
 *
 * Queries: conditions, values, cursors, pages, groups, tables.
 */
#include <stdio.h>

#include "check.h"

void test_queries(void);

static void fill(const shop *s) {
  const int64_t offer = add_stages(s);
  const int64_t acme = add_client(s, "Acme", "Омск");
  const int64_t bolt = add_client(s, "Bolt", "Томск");
  add_deal(s, "Fleet", acme, offer, "1000 EUR");
  add_deal(s, "Spares", acme, offer, "250 EUR");
  add_deal(s, "Tyres", bolt, offer, "90000 RUB");
}

static kith_query *asked(const shop *s, const char *entity_name, const char *text) {
  kith_query *q;
  OK(kith_query_parse(s->session, entity(s, entity_name), T(text), &q, ERR));
  return q;
}

static void cursors(void) {
  shop s;
  kith_query *q;
  kith_cursor *c;
  const kith_record *r;
  kith_record *kept;
  kith_value v = text_value("Омск");
  uint64_t n;
  open_shop(&s);
  fill(&s);
  q = asked(&s, "deals", "client.city = ? and amount > :least order by title");
  REFUSES(KITH_E_QUERY, "no value", kith_query_run(q, &c, ERR));
  OK(kith_query_bind(q, 0, &v, ERR));
  v = money_value(10000, 2, "EUR");
  OK(kith_query_bind_by_name(q, T("least"), &v, ERR));
  OK(kith_query_run(q, &c, ERR));
  ANSWERS(KITH_ROW, kith_cursor_next(c, &r, ERR));
  IS_TEXT("Fleet", text_of(r, "title"));
  OK(kith_record_copy(r, &kept, ERR));
  ANSWERS(KITH_ROW, kith_cursor_next(c, &r, ERR));
  IS_TEXT("Spares", text_of(r, "title"));
  v = text_value("Other");
  REFUSES(KITH_E_MISUSE, "borrowed", kith_record_set_by_name((kith_record *)r, T("title"), &v, ERR));
  kith_record_free((kith_record *)r); /* borrowed: nothing */
  ANSWERS(KITH_DONE, kith_cursor_next(c, &r, ERR));
  CHECK(r == NULL);
  ANSWERS(KITH_DONE, kith_cursor_next(c, &r, ERR));
  kith_cursor_free(c);
  IS_TEXT("Fleet", text_of(kept, "title"));
  OK(kith_record_set_by_name(kept, T("title"), &v, ERR));
  OK(kith_put(s.session, kept, ERR));
  kith_record_free(kept);
  OK(kith_query_count(q, &n, ERR));
  IS_NUMBER(2, n);
  OK(kith_query_exists(q, ERR));
  v = text_value("Пермь");
  OK(kith_query_bind(q, 0, &v, ERR));
  ANSWERS(KITH_ABSENT, kith_query_exists(q, ERR));
  REFUSES(KITH_E_MISUSE, "at most", kith_query_bind(q, (size_t)-1, &v, ERR));
  kith_query_free(q);
  REFUSES(KITH_E_QUERY, "city", kith_query_parse(s.session, 20, T("ctiy = 'Омск'"), &q, ERR));
  CHECK(q == NULL);
  close_shop(&s);
}

/* Marks lead from page to page, also through a copy of their bytes; forged ones are refused. */
static void pages(void) {
  shop s;
  kith_query *q;
  kith_cursor *c;
  const kith_record *r;
  kith_query_options options;
  kith_text mark;
  char travelling[200];
  char all[200] = "";
  int turns = 0;
  open_shop(&s);
  fill(&s);
  q = asked(&s, "deals", "order by amount desc, title");
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  for (;;) {
    kith_status status;
    OK(kith_query_page(q, 2, &c, ERR));
    while (kith_cursor_next(c, &r, NULL) == KITH_ROW) {
      const kith_text t = text_of(r, "title");
      strncat(all, t.data, t.size);
      strcat(all, " ");
    }
    strcat(all, "| ");
    status = kith_cursor_mark(c, &mark, NULL);
    if (status == KITH_OK) memcpy(travelling, mark.data, mark.size);
    options.after.data = travelling;
    options.after.size = mark.size;
    kith_cursor_free(c);
    if (status == KITH_DONE || ++turns > 5) break;
    OK(kith_query_set(q, &options, ERR));
  }
  CHECK(strcmp(all, "Tyres Fleet | Spares | ") == 0);
  IS_NUMBER(1, turns);
  options.after = T("k1");
  REFUSES(KITH_E_INVALID, "mark", kith_query_set(q, &options, ERR));
  options.after = T("rubbish");
  REFUSES(KITH_E_INVALID, "mark", kith_query_set(q, &options, ERR));
  options.after = T(NULL);
  options.limit = 1;
  OK(kith_query_set(q, &options, ERR));
  OK(kith_query_run(q, &c, ERR));
  ANSWERS(KITH_ROW, kith_cursor_next(c, &r, ERR));
  ANSWERS(KITH_DONE, kith_cursor_next(c, &r, ERR));
  ANSWERS(KITH_DONE, kith_cursor_mark(c, &mark, ERR));
  kith_cursor_free(c);
  options.lifecycle = 7;
  REFUSES(KITH_E_MISUSE, "lifecycle", kith_query_set(q, &options, ERR));
  kith_query_free(q);
  close_shop(&s);
}

static void groups_and_columns(void) {
  static const kith_named groups[] = {{{"city", 4}, {"client.city", 11}}};
  static const kith_named measures[] = {{{"n", 1}, {"count()", 7}}, {{"total", 5}, {"sum(amount)", 11}}};
  static const kith_order order[] = {{{"n", 1}, 1}};
  static const kith_named columns[] = {{{"what", 4}, {"title", 5}}, {{"who", 3}, {"client.name", 11}}};
  shop s;
  kith_query *q;
  kith_table *t;
  kith_aggregation what;
  kith_column_info info;
  kith_text text;
  kith_value v;
  size_t rows, column_count;
  open_shop(&s);
  fill(&s);
  q = asked(&s, "deals", "");
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.groups = groups;
  what.group_count = 1;
  what.measures = measures;
  what.measure_count = 2;
  what.order = order;
  what.order_count = 1;
  OK(kith_query_aggregate(q, &what, &t, ERR));
  OK(kith_table_shape(t, &rows, &column_count, ERR));
  IS_NUMBER(2, rows);
  IS_NUMBER(3, column_count);
  IS_TEXT("Омск", text_at(t, 0, "city"));
  IS_NUMBER(2, integer_at(t, 0, "n"));
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  OK(kith_table_column(t, 2, &info, ERR));
  IS_TEXT("total", info.name);
  IS_NUMBER(KITH_KIND_MONEY, info.kind);
  ANSWERS(KITH_DONE, kith_table_column(t, 3, &info, ERR));
  OK(kith_table_text(t, &text, ERR));
  CHECK(text.size > 20);
  REFUSES(KITH_E_MISUSE, "outside", kith_table_get(t, 2, 0, 0, &v, ERR));
  REFUSES(KITH_E_NOT_FOUND, "total", kith_table_find(t, T("totl"), &rows, ERR));
  kith_table_free(t);

  /* A sum of unlike currencies has parts. */
  what.group_count = 0;
  what.order_count = 0;
  what.having = T("n > 1");
  OK(kith_query_aggregate(q, &what, &t, ERR));
  IS_NUMBER(3, integer_at(t, 0, "n"));
  OK(kith_table_get(t, 0, 1, 0, &v, ERR));
  IS_NUMBER(125000, v.integer);
  IS_TEXT("EUR", v.text);
  OK(kith_table_get(t, 0, 1, 1, &v, ERR));
  IS_NUMBER(9000000, v.integer);
  IS_NUMBER(2, v.scale);
  IS_TEXT("RUB", v.text);
  ANSWERS(KITH_DONE, kith_table_get(t, 0, 1, 2, &v, ERR));
  ANSWERS(KITH_E_UNSUPPORTED, kith_table_chart(t, &text, ERR));
  kith_table_free(t);

  OK(kith_query_select(q, columns, 2, &t, ERR));
  IS_NUMBER(3, rows_of(t));
  IS_TEXT("Acme", text_at(t, 0, "who"));
  kith_table_free(t);
  kith_query_free(q);
  close_shop(&s);
}

static void deleting(void) {
  shop s;
  kith_query *q;
  uint64_t n;
  open_shop(&s);
  fill(&s);
  q = asked(&s, "deals", "client.name = 'Acme'");
  OK(kith_query_delete(q, &n, ERR));
  IS_NUMBER(2, n);
  OK(kith_query_count(q, &n, ERR));
  IS_NUMBER(0, n);
  kith_query_free(q);
  close_shop(&s);
}

void test_queries(void) {
  cursors();
  pages();
  groups_and_columns();
  deleting();
}
