/* SPDX-License-Identifier: Apache-2.0
 *
 * The program of the README, in C.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kith.h>
#include <kith_model.h>

static kith_error *err;

/* A refusal ends this program; a real one looks at the status. */
static kith_status must(kith_status status) {
  if (status < 0) {
    const kith_text why = kith_error_message(err);
    fprintf(stderr, "hello: %.*s\n", (int)why.size, why.data);
    exit(1);
  }
  return status;
}
#define T(text) kith_text_of(text)

static kith_value text_value(const char *text) {
  const kith_value v = {KITH_KIND_TEXT, 0, 0, 0, 0, {text, strlen(text)}, 0};
  return v;
}

static kith_value ref_value(int64_t id) {
  const kith_value v = {KITH_KIND_REF, 0, 0, id, 0, {NULL, 0}, 0};
  return v;
}

/* A new record with the text of one field. */
static kith_record *made(kith_session *s, uint16_t entity, kith_field first, const char *text) {
  const kith_value v = text_value(text);
  kith_record *r;
  must(kith_record_new(s, entity, 0, &r, &err));
  must(kith_record_set(r, first, &v, &err));
  return r;
}

static void set_text(kith_record *r, kith_field field, const char *text) {
  const kith_value v = text_value(text); /* any kind is read from text */
  must(kith_record_set(r, field, &v, &err));
}

static void set_ref(kith_record *r, kith_field field, int64_t id) {
  const kith_value v = ref_value(id);
  must(kith_record_set(r, field, &v, &err));
}

/* Adds the record; its id. */
static int64_t put(kith_session *s, kith_record *r) {
  kith_record_state state;
  state.struct_size = sizeof state;
  must(kith_put(s, r, &err));
  must(kith_record_info(r, &state, &err));
  kith_record_free(r);
  return state.id;
}

static void take_the_call(kith_session *s, int64_t acme, int64_t offer) {
  kith_transaction_options options = {sizeof options, KITH_WRITE, 0, {NULL, 0}, {NULL, 0}, 0};
  kith_transaction *tx;
  kith_record *r;
  int64_t deal;
  int32_t today;
  options.reason = T("call of this morning");
  must(kith_begin(s, &options, &tx, &err));
  r = made(s, KITH_DEAL, KITH_DEAL_TITLE, "Winter tyres");
  set_ref(r, KITH_DEAL_CLIENT, acme);
  set_ref(r, KITH_DEAL_STAGE, offer);
  set_text(r, KITH_DEAL_AMOUNT, "412500.50 RUB");
  deal = put(s, r);
  r = made(s, KITH_INTERACTION, KITH_INTERACTION_SUBJECT, "Needs tyres by May");
  set_ref(r, KITH_INTERACTION_CLIENT, acme);
  set_ref(r, KITH_INTERACTION_DEAL, deal);
  set_text(r, KITH_INTERACTION_KIND, "call");
  put(s, r);
  r = made(s, KITH_TASK, KITH_TASK_TITLE, "Send the offer");
  set_ref(r, KITH_TASK_CLIENT, acme);
  must(kith_session_now(s, NULL, &today, &err));
  {
    const kith_value tomorrow = {KITH_KIND_DATE, 0, 0, today + 1, 0, {NULL, 0}, 0};
    must(kith_record_set(r, KITH_TASK_DUE, &tomorrow, &err));
  }
  put(s, r);
  must(kith_transaction_commit(tx, &err)); /* all of it, or, without this line, nothing */
  kith_transaction_free(tx);
}

static void print(kith_session *s, uint16_t entity, const char *condition, const kith_named *columns, size_t count) {
  kith_query *q;
  kith_table *t;
  kith_text text;
  must(kith_query_parse(s, entity, T(condition), &q, &err));
  must(kith_query_select(q, columns, count, &t, &err));
  must(kith_table_text(t, &text, &err));
  fwrite(text.data, 1, text.size, stdout);
  kith_table_free(t);
  kith_query_free(q);
}

int main(void) {
  kith_crm *crm;
  kith_session *s;
  kith_record *r;
  kith_session_options who = {sizeof who, {NULL, 0}, 0, {NULL, 0}, NULL};
  kith_named deals[2], clients[2];
  int64_t sales, offer, acme;
  who.actor = T("anna");
  must(kith_open(T(":memory:"), NULL, &crm, &err)); /* "shop.kith" keeps it in a file */
  must(kith_session_open(crm, &who, &s, &err));

  sales = put(s, made(s, KITH_PIPELINE, KITH_PIPELINE_NAME, "Sales"));
  r = made(s, KITH_STAGE, KITH_STAGE_NAME, "Offer");
  set_ref(r, KITH_STAGE_PIPELINE, sales);
  set_text(r, KITH_STAGE_PROBABILITY, "40");
  offer = put(s, r);
  r = made(s, KITH_CLIENT, KITH_CLIENT_NAME, "ООО «Автопарк»");
  set_text(r, KITH_CLIENT_CITY, "Омск");
  acme = put(s, r);
  take_the_call(s, acme, offer);

  deals[0].name = T("deal"), deals[0].expression = T("title");
  deals[1].name = deals[1].expression = T("weighted");
  print(s, KITH_DEAL, "client.city = 'омск'", deals, 2);
  clients[0].name = T("client"), clients[0].expression = T("name");
  clients[1].name = T("deals"), clients[1].expression = T("count(deals)");
  print(s, KITH_CLIENT, "exists(tasks where status = 'open') order by name", clients, 2);
  kith_session_free(s);
  kith_close(crm);
  return 0;
}
