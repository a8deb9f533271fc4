/* SPDX-License-Identifier: Apache-2.0
 *
 * Handles in any order of freeing, of the wrong sort, and as guests in a host's database.
 */
#include <sqlite3.h>

#include "check.h"

void test_lifetimes(void);

/* Parents go first; children go on. */
static void parents_linger(void) {
  shop s;
  kith_transaction *tx;
  kith_query *q;
  kith_cursor *c;
  kith_record *r;
  const kith_record *found;
  kith_table *t;
  kith_named column = {{"n", 1}, {"name", 4}};
  open_shop(&s);
  add_client(&s, "Acme", NULL);
  OK(kith_begin(s.session, NULL, &tx, ERR));
  add_client(&s, "Bolt", NULL);
  OK(kith_query_parse(s.session, 20, T("order by name"), &q, ERR));
  OK(kith_query_select(q, &column, 1, &t, ERR));
  OK(kith_record_new(s.session, 20, 0, &r, ERR));
  close_shop(&s);
  OK(kith_query_run(q, &c, ERR));
  kith_query_free(q);
  ANSWERS(KITH_ROW, kith_cursor_next(c, &found, ERR));
  IS_TEXT("Acme", text_of(found, "name"));
  ANSWERS(KITH_ROW, kith_cursor_next(c, &found, ERR));
  ANSWERS(KITH_DONE, kith_cursor_next(c, &found, ERR));
  kith_cursor_free(c);
  OK(kith_transaction_commit(tx, ERR));
  ANSWERS(KITH_E_CLOSED, kith_transaction_commit(tx, ERR));
  kith_transaction_free(tx);
  IS_NUMBER(2, rows_of(t));
  IS_TEXT("Bolt", text_at(t, 1, "n"));
  kith_table_free(t);
  IS_TEXT(NULL, text_of(r, "name"));
  kith_record_free(r);
}

static void handles_of_the_wrong_sort(void) {
  shop s;
  kith_model *m;
  kith_session *none;
  open_shop(&s);
  REFUSES(KITH_E_MISUSE, "no session", kith_session_model((kith_session *)s.crm, &m, ERR));
  CHECK(m == NULL);
  REFUSES(KITH_E_MISUSE, "no crm", kith_session_open((kith_crm *)s.model, NULL, &none, ERR));
  REFUSES(KITH_E_MISUSE, "session is NULL", kith_session_model(NULL, &m, ERR));
  REFUSES(KITH_E_MISUSE, "model is NULL", kith_session_model(s.session, NULL, ERR));
  kith_session_free((kith_session *)s.crm); /* not that */
  OK(kith_crm_model(s.crm, &m, ERR));
  kith_model_free(m);
  kith_close(NULL);
  kith_session_free(NULL);
  kith_record_free(NULL);
  kith_table_free(NULL);
  close_shop(&s);
}

/* Sizes that nobody means are refused before a byte is read. */
static void absurd_sizes(void) {
  static const size_t sizes[] = {(size_t)1 << 31, (size_t)-1 / 2, (size_t)-1};
  shop s;
  kith_query *q;
  kith_record *r;
  kith_table *t;
  kith_named column = {{"n", 1}, {"name", 4}};
  kith_value v = text_value("x");
  kith_item item;
  size_t i;
  open_shop(&s);
  OK(kith_record_new(s.session, 20, 0, &r, ERR));
  OK(kith_query_parse(s.session, 20, T(""), &q, ERR));
  for (i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
    v.text.size = sizes[i];
    REFUSES(KITH_E_LIMIT, "bytes", kith_record_set_by_name(r, T("name"), &v, ERR));
    REFUSES(KITH_E_LIMIT, "elements", kith_query_select(q, &column, sizes[i], &t, ERR));
    REFUSES(KITH_E_LIMIT, "elements", kith_put_many(s.session, &r, sizes[i], KITH_PER_ITEM, &item, ERR));
    CHECK(t == NULL);
  }
  v.text.data = NULL;
  ANSWERS(KITH_E_LIMIT, kith_record_set_by_name(r, T("name"), &v, ERR));
  v.text.size = 1;
  REFUSES(KITH_E_MISUSE, "no data", kith_record_set_by_name(r, T("name"), &v, ERR));
  REFUSES(KITH_E_MISUSE, "columns is NULL", kith_query_select(q, NULL, 1, &t, ERR));
  kith_query_free(q);
  kith_record_free(r);
  close_shop(&s);
}

static void guests(void) {
  sqlite3 *db;
  shop s;
  int64_t id;
  kith_record *r;
  kith_capabilities can;
  CHECK(sqlite3_open(scratch("guest.db"), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, "pragma synchronous = off", NULL, NULL, NULL) == SQLITE_OK);
  memset(&s, 0, sizeof s);
  {
    kith_config *config;
    OK(kith_config_new(&config, ERR));
    REFUSES(KITH_E_STORAGE, "synchronous", kith_open_on_sqlite(db, config, &s.crm, ERR));
    OK(kith_config_set(config, T("accept_weak_durability"), T("yes"), ERR));
    OK(kith_open_on_sqlite(db, config, &s.crm, ERR));
    kith_config_free(config);
  }
  memset(&can, 0, sizeof can);
  can.struct_size = sizeof can;
  OK(kith_crm_capabilities(s.crm, &can, ERR));
  IS_NUMBER(1, can.guest);
  OK(kith_session_open(s.crm, NULL, &s.session, ERR));
  OK(kith_session_model(s.session, &s.model, ERR));
  CHECK(sqlite3_exec(db, "begin", NULL, NULL, NULL) == SQLITE_OK);
  id = add_client(&s, "Acme", NULL);
  CHECK(sqlite3_exec(db, "rollback", NULL, NULL, NULL) == SQLITE_OK);
  ANSWERS(KITH_ABSENT, kith_get(s.session, 20, id, &r, ERR));
  id = add_client(&s, "Bolt", NULL);
  OK(kith_crm_host_committed(s.crm, ERR));
  OK(kith_get(s.session, 20, id, &r, ERR));
  kith_record_free(r);
  close_shop(&s);
  CHECK(sqlite3_close(db) == SQLITE_OK);
  scratch("guest.db");
  REFUSES(KITH_E_MISUSE, "", kith_open_on_sqlite(NULL, NULL, &s.crm, ERR));
}

void test_lifetimes(void) {
  parents_linger();
  handles_of_the_wrong_sort();
  absurd_sizes();
  guests();
}
