/* SPDX-License-Identifier: Apache-2.0
 *
 * Counting what holds, and the shop that most tests begin with.
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

kith_error *failed;
extern int failures;
extern int checks;
int failures = 0;
int checks = 0;

void check(int holds, const char *what, const char *file, int line) {
  ++checks;
  if (holds) return;
  ++failures;
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
}

static void forget(void) {
  kith_error_free(failed);
  failed = NULL;
}

void check_status(kith_status wanted, kith_status status, const char *what, const char *file, int line) {
  ++checks;
  if (status != wanted || (status >= 0 && failed != NULL)) {
    const kith_text message = kith_error_message(failed);
    ++failures;
    fprintf(stderr, "%s:%d: %s: %s, not %s: %.*s\n", file, line, what, kith_status_name(status),
            kith_status_name(wanted), (int)message.size, message.size ? message.data : "");
  }
  forget();
}

static int has(kith_text text, const char *words) {
  const size_t size = strlen(words);
  size_t i;
  for (i = 0; i + size <= text.size; ++i) {
    if (memcmp(text.data + i, words, size) == 0) return 1;
  }
  return 0;
}

void check_refusal(kith_status wanted, const char *words, kith_status status, const char *what, const char *file, int line) {
  const kith_text message = kith_error_message(failed);
  ++checks;
  if (status == wanted && kith_error_code(failed) == wanted && has(message, words)) {
    forget();
    return;
  }
  ++failures;
  fprintf(stderr, "%s:%d: %s: %s, not %s with '%s': %.*s\n", file, line, what, kith_status_name(status),
          kith_status_name(wanted), words, (int)message.size, message.size ? message.data : "");
  forget();
}

void check_text(const char *wanted, kith_text text, const char *file, int line) {
  ++checks;
  if (wanted == NULL ? text.data == NULL : text.data != NULL && text.size == strlen(wanted) && memcmp(text.data, wanted, text.size) == 0) return;
  ++failures;
  fprintf(stderr, "%s:%d: '%.*s', not '%s'\n", file, line, (int)text.size, text.data ? text.data : "(absent)", wanted ? wanted : "(absent)");
}

void check_number(int64_t wanted, int64_t number, const char *file, int line) {
  ++checks;
  if (wanted == number) return;
  ++failures;
  fprintf(stderr, "%s:%d: %lld, not %lld\n", file, line, (long long)number, (long long)wanted);
}

kith_value null_value(void) {
  kith_value v;
  memset(&v, 0, sizeof v);
  return v;
}

kith_value text_value(const char *text) {
  kith_value v = null_value();
  v.kind = KITH_KIND_TEXT;
  v.text = T(text);
  return v;
}

kith_value int_value(uint16_t kind, int64_t integer) {
  kith_value v = null_value();
  v.kind = kind;
  v.integer = integer;
  return v;
}

kith_value money_value(int64_t units, int32_t scale, const char *currency) {
  kith_value v = int_value(KITH_KIND_MONEY, units);
  v.scale = scale;
  v.text = T(currency);
  return v;
}

static int64_t shop_clock(void *user_data) { return ((shop *)user_data)->now; }

void open_shop(shop *s) {
  kith_config *config;
  kith_session_options options;
  memset(s, 0, sizeof *s);
  s->now = INT64_C(1772355600000000); /* 2026-03-01T09:00:00Z */
  OK(kith_config_new(&config, ERR));
  OK(kith_config_set(config, T("random_seed"), T("1"), ERR));
  OK(kith_config_set_clock(config, shop_clock, s, NULL, ERR));
  OK(kith_open(T(":memory:"), config, &s->crm, ERR));
  kith_config_free(config);
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.actor = T("anna");
  options.zone = T("Asia/Omsk");
  OK(kith_session_open(s->crm, &options, &s->session, ERR));
  OK(kith_session_model(s->session, &s->model, ERR));
  OK(kith_session_sequence(s->session, &s->base, ERR));
}

void close_shop(shop *s) {
  kith_model_free(s->model);
  kith_session_free(s->session);
  kith_close(s->crm);
}

uint16_t entity(const shop *s, const char *name) {
  uint16_t number;
  OK(kith_model_entity(s->model, T(name), &number, ERR));
  return number;
}

kith_field field(const shop *s, const char *entity_name, const char *name) {
  kith_field key;
  OK(kith_model_field(s->model, entity(s, entity_name), T(name), &key, ERR));
  return key;
}

static void set(kith_record *r, const char *name, const char *text) {
  const kith_value v = text_value(text);
  OK(kith_record_set_by_name(r, T(name), &v, ERR));
}

static int64_t put(const shop *s, kith_record *r) {
  kith_record_state state;
  state.struct_size = sizeof state;
  OK(kith_put(s->session, r, ERR));
  OK(kith_record_info(r, &state, ERR));
  kith_record_free(r);
  return state.id;
}

static kith_record *made(const shop *s, const char *name) {
  kith_record *r;
  OK(kith_record_new(s->session, entity(s, name), 0, &r, ERR));
  return r;
}

int64_t add_client(const shop *s, const char *name, const char *city) {
  kith_record *r = made(s, "client");
  set(r, "name", name);
  if (city != NULL) set(r, "city", city);
  return put(s, r);
}

int64_t add_stages(const shop *s) {
  kith_record *r = made(s, "pipeline");
  kith_value v;
  int64_t pipeline, offer;
  set(r, "name", "Sales");
  pipeline = put(s, r);
  r = made(s, "stage");
  v = int_value(KITH_KIND_REF, pipeline);
  OK(kith_record_set_by_name(r, T("pipeline"), &v, ERR));
  set(r, "name", "Offer");
  set(r, "probability", "40");
  offer = put(s, r);
  r = made(s, "stage");
  OK(kith_record_set_by_name(r, T("pipeline"), &v, ERR));
  set(r, "name", "Won");
  set(r, "category", "won");
  set(r, "probability", "100");
  put(s, r);
  return offer;
}

int64_t add_deal(const shop *s, const char *title, int64_t client, int64_t stage, const char *amount) {
  kith_record *r = made(s, "deal");
  kith_value v = int_value(KITH_KIND_REF, client);
  OK(kith_record_set_by_name(r, T("client"), &v, ERR));
  v.integer = stage;
  OK(kith_record_set_by_name(r, T("stage"), &v, ERR));
  set(r, "title", title);
  set(r, "amount", amount);
  return put(s, r);
}

kith_text text_of(const kith_record *record, const char *name) {
  kith_value v;
  OK(kith_record_get_by_name(record, T(name), &v, ERR));
  return v.text;
}

static kith_value at(const kith_table *table, size_t row, const char *column) {
  size_t number;
  kith_value v;
  OK(kith_table_find(table, T(column), &number, ERR));
  OK(kith_table_get(table, row, number, 0, &v, ERR));
  return v;
}

int64_t integer_at(const kith_table *table, size_t row, const char *column) { return at(table, row, column).integer; }

kith_text text_at(const kith_table *table, size_t row, const char *column) { return at(table, row, column).text; }

size_t rows_of(const kith_table *table) {
  size_t rows;
  OK(kith_table_shape(table, &rows, NULL, ERR));
  return rows;
}

const char *scratch(const char *name) {
  static char path[512];
  const char *folder = getenv("KITH_SCRATCH");
  snprintf(path, sizeof path, "%s/%s", folder ? folder : ".", name);
  remove(path);
  return path;
}
