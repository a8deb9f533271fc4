/* SPDX-License-Identifier: Apache-2.0
 *
 * Transactions: all or nothing, savepoints, work that is done once, the host's own SQL.
 */
#include "check.h"

void test_transactions(void);

static uint64_t clients(const shop *s) {
  kith_query *q;
  uint64_t n;
  OK(kith_query_parse(s->session, 20, T(""), &q, ERR));
  OK(kith_query_count(q, &n, ERR));
  kith_query_free(q);
  return n;
}

static void all_or_nothing(void) {
  shop s;
  kith_transaction *tx, *inner;
  kith_transaction_state state;
  state.struct_size = sizeof state;
  open_shop(&s);
  OK(kith_begin(s.session, NULL, &tx, ERR));
  add_client(&s, "Acme", NULL);
  OK(kith_begin(s.session, NULL, &inner, ERR));
  add_client(&s, "Bolt", NULL);
  REFUSES(KITH_E_MISUSE, "savepoints", kith_transaction_commit(tx, ERR));
  OK(kith_transaction_rollback(inner, ERR));
  kith_transaction_free(inner);
  OK(kith_transaction_info(tx, &state, ERR));
  IS_NUMBER(1, state.open);
  IS_NUMBER(s.base + 1, state.sequence);
  CHECK(state.operation_key.size > 0);
  OK(kith_transaction_commit(tx, ERR));
  OK(kith_transaction_info(tx, &state, ERR));
  IS_NUMBER(0, state.open);
  ANSWERS(KITH_E_CLOSED, kith_transaction_commit(tx, ERR));
  kith_transaction_free(tx);
  IS_NUMBER(1, clients(&s));
  OK(kith_begin(s.session, NULL, &tx, ERR));
  add_client(&s, "Cord", NULL);
  kith_transaction_free(tx); /* takes it back */
  IS_NUMBER(1, clients(&s));
  close_shop(&s);
}

static void work_is_done_once(void) {
  shop s;
  kith_transaction *tx;
  kith_transaction_options options;
  kith_transaction_state state;
  state.struct_size = sizeof state;
  open_shop(&s);
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.reason = T("order 17");
  options.operation_key = T("order-17");
  options.origin = KITH_ORIGIN_SYNC;
  ANSWERS(KITH_ABSENT, kith_crm_outcome(s.crm, T("order-17"), ERR));
  OK(kith_begin(s.session, &options, &tx, ERR));
  add_client(&s, "Acme", NULL);
  OK(kith_transaction_commit(tx, ERR));
  kith_transaction_free(tx);
  OK(kith_crm_outcome(s.crm, T("order-17"), ERR));
  OK(kith_begin(s.session, &options, &tx, ERR));
  OK(kith_transaction_info(tx, &state, ERR));
  IS_NUMBER(1, state.already_done);
  IS_NUMBER(s.base + 1, state.sequence);
  IS_TEXT("order-17", state.operation_key);
  ANSWERS(KITH_UNCHANGED, kith_transaction_commit(tx, ERR));
  kith_transaction_free(tx);
  options.origin = 9;
  REFUSES(KITH_E_MISUSE, "origin 9", kith_begin(s.session, &options, &tx, ERR));
  CHECK(tx == NULL);
  close_shop(&s);
}

static void readers(void) {
  shop s;
  kith_transaction *tx;
  kith_transaction_options options;
  kith_record *r;
  kith_value v = text_value("Acme");
  open_shop(&s);
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.mode = KITH_READ;
  OK(kith_begin(s.session, &options, &tx, ERR));
  OK(kith_record_new(s.session, 20, 0, &r, ERR));
  OK(kith_record_set_by_name(r, T("name"), &v, ERR));
  REFUSES(KITH_E_READ_ONLY, "read transaction", kith_put(s.session, r, ERR));
  kith_record_free(r);
  kith_transaction_free(tx);
  close_shop(&s);
}

static void own_tables(void) {
  shop s;
  kith_transaction *tx;
  kith_table *t;
  kith_value values[2];
  open_shop(&s);
  kith_model_free(s.model);
  kith_session_free(s.session);
  kith_close(s.crm);
  OK(kith_open(T("sqlite::memory:"), NULL, &s.crm, ERR));
  OK(kith_session_open(s.crm, NULL, &s.session, ERR));
  OK(kith_session_model(s.session, &s.model, ERR));
  OK(kith_begin(s.session, NULL, &tx, ERR));
  OK(kith_transaction_sql(tx, T("create table basket (client integer, note text)"), NULL, 0, NULL, ERR));
  values[0] = int_value(KITH_KIND_INTEGER, add_client(&s, "Acme", NULL));
  values[1] = text_value("Омск");
  OK(kith_transaction_sql(tx, T("insert into basket values (?, ?)"), values, 2, NULL, ERR));
  OK(kith_transaction_sql(tx, T("select note, client, null from basket"), NULL, 0, &t, ERR));
  IS_NUMBER(1, rows_of(t));
  IS_TEXT("Омск", text_at(t, 0, "column_1"));
  IS_NUMBER(values[0].integer, integer_at(t, 0, "column_2"));
  kith_table_free(t);
  ANSWERS(KITH_E_DENIED, kith_transaction_sql(tx, T("delete from kith_client"), NULL, 0, NULL, ERR));
  OK(kith_transaction_commit(tx, ERR));
  ANSWERS(KITH_E_CLOSED, kith_transaction_sql(tx, T("select 1"), NULL, 0, NULL, ERR));
  kith_transaction_free(tx);
  close_shop(&s);
}

void test_transactions(void) {
  all_or_nothing();
  work_is_done_once();
  readers();
  own_tables();
}
