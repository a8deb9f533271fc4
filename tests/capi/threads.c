/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads: const calls run side by side, a busy session is stopped from outside, callbacks do not
 * come back into the session that calls them.
 */
#include <pthread.h>

#include "check.h"

void test_threads(void);

enum { readers = 4 };

typedef struct reading {
  const kith_record *record;
  const kith_table *table;
  kith_text person;
  kith_text whole;
} reading;

static void *read_it(void *data) {
  reading *r = data;
  kith_value v;
  int i;
  for (i = 0; i < 200; ++i) {
    if (kith_record_get_by_name(r->record, T("person"), &v, NULL) == KITH_OK) r->person = v.text;
    kith_table_text(r->table, &r->whole, NULL);
  }
  return NULL;
}

/* Texts that are made when they are read are made once, and stay. */
static void const_calls_run_side_by_side(void) {
  shop s;
  kith_record *r;
  kith_query *q;
  kith_table *t;
  kith_named column = {{"who", 3}, {"person", 6}};
  kith_value v = text_value("Иванова Анна");
  pthread_t threads[readers];
  reading readings[readers];
  int i;
  open_shop(&s);
  OK(kith_record_new(s.session, 20, 0, &r, ERR));
  OK(kith_record_set_by_name(r, T("person"), &v, ERR));
  v = text_value("person");
  OK(kith_record_set_by_name(r, T("kind"), &v, ERR));
  v = text_value("Анна");
  OK(kith_record_set_by_name(r, T("name"), &v, ERR));
  OK(kith_put(s.session, r, ERR));
  OK(kith_query_parse(s.session, 20, T(""), &q, ERR));
  OK(kith_query_select(q, &column, 1, &t, ERR));
  for (i = 0; i < readers; ++i) {
    memset(&readings[i], 0, sizeof readings[i]);
    readings[i].record = r;
    readings[i].table = t;
    CHECK(pthread_create(&threads[i], NULL, read_it, &readings[i]) == 0);
  }
  for (i = 0; i < readers; ++i) {
    CHECK(pthread_join(threads[i], NULL) == 0);
    IS_TEXT("Иванова Анна", readings[i].person);
    CHECK(readings[i].person.data == readings[0].person.data);
    CHECK(readings[i].whole.size > 0 && readings[i].whole.data == readings[0].whole.data);
  }
  kith_table_free(t);
  kith_query_free(q);
  kith_record_free(r);
  close_shop(&s);
}

/* A long file, and a watcher who stops the session that reads it. */
typedef struct watched {
  kith_session *session;
  int rows;
  size_t letter;
  uint64_t told;
  kith_status answer; /* of a call that is not allowed */
} watched;

static size_t read_on(void *user_data, char *to, size_t room, kith_error **err) {
  watched *w = user_data;
  const char *row = w->rows == 0 ? "name\n" : "Acme\n";
  (void)room, (void)err;
  *to = row[w->letter];
  w->letter = (w->letter + 1) % 5;
  if (w->letter == 0) ++w->rows;
  return w->rows < 1000;
}

static int32_t stop(void *user_data, uint64_t rows) {
  watched *w = user_data;
  w->told = rows;
  CHECK(kith_session_interrupt(w->session, NULL) == KITH_OK);
  return 1;
}

static void a_busy_session_is_stopped(void) {
  shop s;
  kith_import_options o;
  watched w;
  kith_query *q;
  uint64_t n;
  open_shop(&s);
  memset(&w, 0, sizeof w);
  w.session = s.session;
  memset(&o, 0, sizeof o);
  o.struct_size = sizeof o;
  o.entity = 20;
  o.read = read_on;
  o.progress = stop;
  o.user_data = &w;
  o.chunk_rows = 10;
  ANSWERS(KITH_E_INTERRUPTED, kith_import(s.session, &o, NULL, NULL, ERR));
  IS_NUMBER(10, w.told);
  OK(kith_query_parse(s.session, 20, T(""), &q, ERR)); /* the session goes on */
  OK(kith_query_count(q, &n, ERR));
  IS_NUMBER(10, n);
  kith_query_free(q);
  close_shop(&s);
}

/* While a callback of a commit runs, its session is busy. */
static kith_status come_back(void *user_data, const kith_changes *set, kith_error **err) {
  watched *w = user_data;
  kith_record *r;
  (void)set, (void)err;
  w->answer = kith_get(w->session, 20, 1, &r, NULL);
  return KITH_OK;
}

static void *add_one(void *data) {
  add_client(data, "Acme", NULL);
  return NULL;
}

static void callbacks_do_not_come_back(void) {
  shop s;
  watched w;
  kith_subscription *sub;
  pthread_t other;
  open_shop(&s);
  memset(&w, 0, sizeof w);
  w.session = s.session;
  OK(kith_before_commit(s.crm, come_back, &w, NULL, &sub, ERR));
  add_client(&s, "Acme", NULL);
  IS_NUMBER(KITH_E_REENTRANT, w.answer);
  kith_subscription_free(sub);
  /* A session may move to another thread. */
  CHECK(pthread_create(&other, NULL, add_one, &s) == 0);
  CHECK(pthread_join(other, NULL) == 0);
  close_shop(&s);
}

void test_threads(void) {
  const_calls_run_side_by_side();
  a_busy_session_is_stopped();
  callbacks_do_not_come_back();
}
