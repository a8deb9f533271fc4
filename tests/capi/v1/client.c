/* SPDX-License-Identifier: Apache-2.0
 *
 * A host of version 0.1, compiled against the headers of then (include/). It is never changed: what
 * it does, every later library does. It prints what it saw; expected.txt is what it saw first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kith.h"

static kith_error *err;

static kith_status must(kith_status status, const char *call, int line) {
  if (status >= 0) return status;
  {
    const kith_text why = kith_error_message(err);
    printf("line %d: %s: %s: %.*s\n", line, call, kith_status_name(status), (int)why.size, why.data);
  }
  exit(1);
}
#define MUST(call) must((call), #call, __LINE__)
#define T(text) kith_text_of(text)

static int64_t clock_of(void *now) { return *(int64_t *)now; }

static kith_value text_value(const char *text) {
  kith_value v;
  memset(&v, 0, sizeof v);
  v.kind = KITH_KIND_TEXT;
  v.text = T(text);
  return v;
}

static void print_text(const char *what, kith_text text) { printf("%s: %.*s\n", what, (int)text.size, text.data ? text.data : "-"); }

static void print_refusal(kith_status status) {
  kith_subject about;
  kith_violation v;
  size_t i;
  memset(&about, 0, sizeof about);
  memset(&v, 0, sizeof v);
  about.struct_size = sizeof about;
  v.struct_size = sizeof v;
  printf("refused: %s (%d)\n", kith_status_name(status), (int)status);
  MUST(kith_error_subject(err, &about));
  print_text("  entity", about.entity);
  print_text("  field", about.field);
  for (i = 0; kith_error_violation(err, i, &v) == KITH_OK; ++i) print_text("  rule", v.rule);
  kith_error_free(err);
  err = NULL;
}

static kith_record *new_client(kith_session *session, uint16_t clients, const char *name, const char *city) {
  kith_record *r;
  kith_value v = text_value(name);
  MUST(kith_record_new(session, clients, 0, &r, &err));
  MUST(kith_record_set_by_name(r, T("name"), &v, &err));
  v = text_value(city);
  MUST(kith_record_set_by_name(r, T("city"), &v, &err));
  return r;
}

static void write_some(kith_session *session, uint16_t clients) {
  kith_transaction_options options;
  kith_transaction_state state;
  kith_transaction *tx;
  kith_record *all[2];
  kith_item items[2];
  kith_status status;
  memset(&options, 0, sizeof options);
  memset(&state, 0, sizeof state);
  options.struct_size = sizeof options;
  options.reason = T("the first ones");
  options.operation_key = T("first");
  state.struct_size = sizeof state;
  MUST(kith_begin(session, &options, &tx, &err));
  all[0] = new_client(session, clients, "Автопарк", "Омск");
  all[1] = new_client(session, clients, "Хлеб", "Томск");
  MUST(kith_put_many(session, all, 2, KITH_ALL_OR_NOTHING, items, &err));
  printf("put: %d %d\n", items[0].id != 0, items[1].id != 0);
  MUST(kith_transaction_info(tx, &state, &err));
  printf("transaction: open %d, sequence %d\n", (int)state.open, (int)state.sequence);
  MUST(kith_transaction_commit(tx, &err));
  kith_transaction_free(tx);
  kith_record_free(all[0]);
  kith_record_free(all[1]);
  all[0] = new_client(session, clients, "", "Тара");
  status = kith_put(session, all[0], &err);
  print_refusal(status);
  kith_record_free(all[0]);
}

static void change_one(kith_session *session, kith_field name) {
  kith_record *r;
  kith_value v = text_value("Хлеб");
  MUST(kith_find(session, name, &v, &r, &err));
  v = text_value("Тара");
  MUST(kith_record_set_by_name(r, T("city"), &v, &err));
  printf("changed: %s\n", kith_status_name(MUST(kith_put(session, r, &err))));
  printf("again: %s\n", kith_status_name(MUST(kith_put(session, r, &err))));
  kith_record_free(r);
}

static void ask(kith_session *session, uint16_t clients) {
  kith_query *q;
  kith_cursor *c;
  const kith_record *r;
  kith_table *t;
  kith_text shown;
  kith_named columns[2];
  uint64_t count;
  kith_value v = text_value("Никто");
  columns[0].name = columns[0].expression = T("name");
  columns[1].name = columns[1].expression = T("city");
  MUST(kith_query_parse(session, clients, T("name <> ? order by name"), &q, &err));
  MUST(kith_query_bind(q, 0, &v, &err));
  MUST(kith_query_count(q, &count, &err));
  printf("count: %d\n", (int)count);
  MUST(kith_query_run(q, &c, &err));
  while (MUST(kith_cursor_next(c, &r, &err)) == KITH_ROW) {
    MUST(kith_record_get_by_name(r, T("name"), &v, &err));
    print_text("client", v.text);
  }
  kith_cursor_free(c);
  MUST(kith_query_select(q, columns, 2, &t, &err));
  MUST(kith_table_text(t, &shown, &err));
  printf("%.*s", (int)shown.size, shown.data);
  kith_table_free(t);
  kith_query_free(q);
  print_refusal(kith_query_parse(session, clients, T("nane = 'x'"), &q, &err));
}

static size_t read_once(void *user_data, char *to, size_t room, kith_error **failed) {
  static const char file[] = "name,city\nПочта,Омск\n,Тара\n";
  int *const read = user_data;
  (void)room;
  (void)failed;
  if ((*read)++) return 0;
  memcpy(to, file, sizeof file - 1);
  return sizeof file - 1;
}

static void import_some(kith_session *session, uint16_t clients) {
  kith_import_options options;
  kith_imported imported;
  kith_table *errors;
  int read = 0;
  size_t rows;
  memset(&options, 0, sizeof options);
  memset(&imported, 0, sizeof imported);
  options.struct_size = sizeof options;
  options.entity = clients;
  options.read = read_once;
  options.user_data = &read;
  imported.struct_size = sizeof imported;
  MUST(kith_import(session, &options, &imported, &errors, &err));
  MUST(kith_table_shape(errors, &rows, NULL, &err));
  printf("import: %d rows, %d inserted, %d refused\n", (int)imported.rows, (int)imported.inserted, (int)rows);
  kith_table_free(errors);
}

static void look_back(kith_session *session) {
  kith_changes *changes;
  kith_change_head head;
  kith_undone undone;
  size_t i;
  memset(&head, 0, sizeof head);
  memset(&undone, 0, sizeof undone);
  head.struct_size = sizeof head;
  undone.struct_size = sizeof undone;
  MUST(kith_changes_since(session, 0, 0, 0, &changes, &err));
  for (i = 0; kith_changes_set(changes, i, &head, NULL) == KITH_OK; ++i) {
    printf("set %d by %.*s: %d records\n", (int)head.sequence, (int)head.actor.size, head.actor.data, (int)head.records);
  }
  kith_changes_free(changes);
  MUST(kith_undo(session, 3, KITH_UNDO_ALL, &undone, NULL, &err));
  printf("undone: %d records\n", (int)undone.records);
}

int main(void) {
  kith_config *config;
  kith_crm *crm;
  kith_session *session;
  kith_model *model;
  kith_session_options who;
  uint16_t clients;
  kith_field name;
  int64_t now = INT64_C(1772442000000000);
  if (kith_abi_version() < KITH_ABI_VERSION) return 2;
  MUST(kith_config_new(&config, &err));
  MUST(kith_config_set(config, T("random_seed"), T("1"), &err));
  MUST(kith_config_set_clock(config, clock_of, &now, NULL, &err));
  MUST(kith_open(T(":memory:"), config, &crm, &err));
  kith_config_free(config);
  memset(&who, 0, sizeof who);
  who.struct_size = sizeof who;
  who.actor = T("v1");
  MUST(kith_session_open(crm, &who, &session, &err));
  MUST(kith_session_model(session, &model, &err));
  MUST(kith_model_entity(model, T("clients"), &clients, &err));
  MUST(kith_model_field(model, clients, T("name"), &name, &err));
  printf("clients: %d, name: %08x\n", (int)clients, (unsigned)name);
  kith_model_free(model);
  kith_close(crm); /* the session keeps it */
  write_some(session, clients);
  change_one(session, name);
  ask(session, clients);
  import_some(session, clients);
  look_back(session);
  ask(session, clients);
  kith_session_free(session);
  return 0;
}
