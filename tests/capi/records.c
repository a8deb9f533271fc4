/* SPDX-License-Identifier: Apache-2.0
 *
 * Records: values of every kind, adding, changing, finding, deleting, batches.
 */
#include "check.h"

void test_records(void);

/* What people write, and how it comes back. */
static void values_as_text(void) {
  static const struct {
    const char *entity, *field, *given;
    uint16_t kind;
    int64_t integer;
    int32_t scale;
    const char *text;
  } table[] = {
      {"client", "name", "ООО «Автопарк»", KITH_KIND_TEXT, 0, 0, "ООО «Автопарк»"},
      {"client", "kind", "person", KITH_KIND_CHOICE, 1, 0, "person"},
      {"client", "employees", "250", KITH_KIND_INTEGER, 250, 0, NULL},
      {"client", "annual_revenue", "12500.5 EUR", KITH_KIND_MONEY, 1250050, 2, "EUR"},
      {"client", "annual_revenue", "7 JPY", KITH_KIND_MONEY, 7, 0, "JPY"},
      {"client", "birth_date", "2026-03-01", KITH_KIND_DATE, 20513, 0, NULL},
      {"client", "website", "https://a.example", KITH_KIND_URL, 0, 0, "https://a.example"},
      {"client", "person", "Иванова Анна Сергеевна", KITH_KIND_PERSON_NAME, 0, 0, "Иванова Анна Сергеевна"},
      {"client", "city", "Омск", KITH_KIND_TEXT, 0, 0, "Омск"},
      {"client", "parent", "42", KITH_KIND_REF, 42, 0, NULL},
      {"deal", "probability_by_hand", "true", KITH_KIND_BOOLEAN, 1, 0, NULL},
  };
  shop s;
  size_t i;
  open_shop(&s);
  for (i = 0; i < sizeof table / sizeof table[0]; ++i) {
    kith_record *r;
    kith_value v = text_value(table[i].given);
    const kith_field key = field(&s, table[i].entity, table[i].field);
    OK(kith_record_new(s.session, entity(&s, table[i].entity), 0, &r, ERR));
    OK(kith_record_set(r, key, &v, ERR));
    OK(kith_record_get(r, key, &v, ERR));
    IS_NUMBER(table[i].kind, v.kind);
    IS_NUMBER(table[i].integer, v.integer);
    IS_NUMBER(table[i].scale, v.scale);
    IS_TEXT(table[i].text, v.text);
    /* The value as it came back is a value to be given. */
    OK(kith_record_set(r, key, &v, ERR));
    v = null_value();
    OK(kith_record_set(r, key, &v, ERR));
    OK(kith_record_get(r, key, &v, ERR));
    IS_NUMBER(KITH_KIND_NONE, v.kind);
    kith_record_free(r);
  }
  close_shop(&s);
}

static void values_that_are_refused(void) {
  static const char bad_utf8[] = "ab\xff";
  static const char with_nul[] = "a\0b";
  shop s;
  kith_record *r;
  kith_value v;
  open_shop(&s);
  OK(kith_record_new(s.session, 20, 0, &r, ERR));
  v = text_value("");
  v.text.data = bad_utf8;
  v.text.size = 3;
  REFUSES(KITH_E_INVALID, "byte 2", kith_record_set_by_name(r, T("name"), &v, ERR));
  v.text.data = with_nul;
  REFUSES(KITH_E_INVALID, "byte 1", kith_record_set_by_name(r, T("name"), &v, ERR));
  v = text_value("many");
  REFUSES(KITH_E_INVALID, "many", kith_record_set_by_name(r, T("employees"), &v, ERR));
  v = int_value(KITH_KIND_BOOLEAN, 1);
  REFUSES(KITH_E_MISUSE, "boolean", kith_record_set_by_name(r, T("employees"), &v, ERR));
  v = money_value(1, 19, "EUR");
  REFUSES(KITH_E_MISUSE, "scale", kith_record_set_by_name(r, T("annual_revenue"), &v, ERR));
  v = money_value(1005, 3, "EUR");
  REFUSES(KITH_E_INVALID, "digits", kith_record_set_by_name(r, T("annual_revenue"), &v, ERR));
  v = money_value(100, 2, "EUX");
  REFUSES(KITH_E_INVALID, "EUX", kith_record_set_by_name(r, T("annual_revenue"), &v, ERR));
  v = text_value("x");
  REFUSES(KITH_E_NOT_FOUND, "name", kith_record_set_by_name(r, T("nmae"), &v, ERR));
  REFUSES(KITH_E_MISUSE, "entity 21", kith_record_set(r, field(&s, "contact", "note"), &v, ERR));
  REFUSES(KITH_E_NOT_FOUND, "no field 900", kith_record_set(r, 20u << 16 | 900, &v, ERR));
  /* Nothing of it stayed. */
  {
    kith_record_state state;
    state.struct_size = sizeof state;
    OK(kith_record_info(r, &state, ERR));
    IS_NUMBER(0, state.changed);
  }
  kith_record_free(r);
  close_shop(&s);
}

static void the_life_of_a_record(void) {
  shop s;
  kith_record *r, *other;
  kith_record_state state;
  kith_value v = text_value("Омск");
  int64_t id;
  state.struct_size = sizeof state;
  open_shop(&s);
  id = add_client(&s, "Acme", NULL);
  OK(kith_get(s.session, 20, id, &r, ERR));
  OK(kith_get(s.session, 20, id, &other, ERR));
  OK(kith_record_set_by_name(r, T("city"), &v, ERR));
  OK(kith_record_info(r, &state, ERR));
  IS_NUMBER(1, state.changed);
  IS_NUMBER(s.base + 1, state.revision);
  OK(kith_put(s.session, r, ERR));
  OK(kith_record_info(r, &state, ERR));
  IS_NUMBER(0, state.changed);
  IS_NUMBER(s.base + 2, state.revision);
  IS_NUMBER(s.base + 1, state.created);
  IS_NUMBER(id, state.id);
  ANSWERS(KITH_UNCHANGED, kith_put(s.session, r, ERR));
  OK(kith_record_set_by_name(r, T("city"), &v, ERR));
  ANSWERS(KITH_UNCHANGED, kith_put(s.session, r, ERR));

  /* Who read it before may change other fields, not the same. */
  v = text_value("retail");
  OK(kith_record_set_by_name(other, T("industry"), &v, ERR));
  OK(kith_put(s.session, other, ERR));
  IS_TEXT("Омск", text_of(other, "city"));
  v = text_value("mining");
  OK(kith_record_set_by_name(r, T("industry"), &v, ERR));
  REFUSES(KITH_E_CONFLICT, "industry", kith_put(s.session, r, ERR));
  IS_TEXT("mining", text_of(r, "industry"));
  OK(kith_record_clear(r, ERR));
  IS_TEXT(NULL, text_of(r, "industry"));
  kith_record_free(r);
  kith_record_free(other);

  /* Changes without a version: whatever the record is now. */
  OK(kith_record_new(s.session, 20, id, &r, ERR));
  OK(kith_record_set_by_name(r, T("industry"), &v, ERR));
  OK(kith_put(s.session, r, ERR));
  IS_TEXT("Acme", text_of(r, "name"));
  OK(kith_record_copy(r, &other, ERR));
  kith_record_free(r);
  IS_TEXT("mining", text_of(other, "industry"));
  kith_record_free(other);

  OK(kith_delete(s.session, 20, id, ERR));
  OK(kith_get(s.session, 20, id, &r, ERR));
  OK(kith_record_info(r, &state, ERR));
  CHECK(state.deleted > 0);
  kith_record_free(r);
  OK(kith_restore(s.session, 20, id, &r, ERR));
  OK(kith_record_info(r, &state, ERR));
  IS_NUMBER(0, state.deleted);
  kith_record_free(r);
  ANSWERS(KITH_ABSENT, kith_get(s.session, 20, id + 1000000, &r, ERR));
  CHECK(r == NULL);
  ANSWERS(KITH_E_NOT_FOUND, kith_delete(s.session, 20, id + 1000000, ERR));
  ANSWERS(KITH_E_NOT_FOUND, kith_get(s.session, 999, id, &r, ERR));
  close_shop(&s);
}

static void finding(void) {
  shop s;
  kith_record *r;
  kith_value v = text_value("acme");
  open_shop(&s);
  add_client(&s, "Acme", NULL);
  add_client(&s, "Bolt", "Омск");
  OK(kith_find(s.session, field(&s, "client", "name"), &v, &r, ERR));
  IS_TEXT("Acme", text_of(r, "name"));
  kith_record_free(r);
  v = text_value("BOLT");
  OK(kith_find(s.session, 20u << 16, &v, &r, ERR));
  IS_TEXT("Bolt", text_of(r, "name"));
  kith_record_free(r);
  v = text_value("омск");
  OK(kith_find(s.session, field(&s, "client", "city"), &v, &r, ERR));
  IS_TEXT("Bolt", text_of(r, "name"));
  kith_record_free(r);
  v = text_value("Zeta");
  ANSWERS(KITH_ABSENT, kith_find(s.session, field(&s, "client", "name"), &v, &r, ERR));
  v = text_value("organisation");
  ANSWERS(KITH_E_INVALID, kith_find(s.session, field(&s, "client", "kind"), &v, &r, ERR));
  CHECK(r == NULL);
  close_shop(&s);
}

static void batches(void) {
  shop s;
  kith_record *r[3];
  kith_item items[3];
  kith_value v;
  kith_subject about;
  kith_error *err;
  kith_record_state state;
  size_t i;
  static const char *names[] = {"Acme", "", "Cord"};
  open_shop(&s);
  for (i = 0; i < 3; ++i) {
    OK(kith_record_new(s.session, 20, 0, &r[i], ERR));
    v = text_value(names[i]);
    OK(kith_record_set_by_name(r[i], T("name"), &v, ERR));
  }
  IS_NUMBER(KITH_E_INVALID, kith_put_many(s.session, r, 3, KITH_ALL_OR_NOTHING, NULL, &err));
  memset(&about, 0, sizeof about);
  about.struct_size = sizeof about;
  CHECK(kith_error_subject(err, &about) == KITH_OK);
  IS_NUMBER(1, about.item);
  kith_error_free(err);
  OK(kith_put_many(s.session, r, 3, KITH_PER_ITEM, items, ERR));
  IS_NUMBER(KITH_OK, items[0].status);
  CHECK(items[0].id != 0 && items[0].error == NULL);
  IS_NUMBER(KITH_E_INVALID, items[1].status);
  IS_NUMBER(KITH_E_INVALID, kith_error_code(items[1].error));
  IS_NUMBER(0, items[1].id);
  kith_error_free(items[1].error);
  state.struct_size = sizeof state;
  OK(kith_record_info(r[2], &state, ERR));
  IS_NUMBER(items[2].id, state.id);
  /* The same handles change what was added. */
  v = text_value("Bolt");
  OK(kith_record_set_by_name(r[1], T("name"), &v, ERR));
  v = text_value("Омск");
  OK(kith_record_set_by_name(r[0], T("city"), &v, ERR));
  OK(kith_put_many(s.session, r, 3, KITH_ALL_OR_NOTHING, items, ERR));
  CHECK(items[1].id != 0);
  for (i = 0; i < 3; ++i) kith_record_free(r[i]);
  close_shop(&s);
}

static void computed_values(void) {
  shop s;
  kith_record *r;
  kith_table *t;
  kith_value v;
  int64_t stage, acme;
  open_shop(&s);
  stage = add_stages(&s);
  acme = add_client(&s, "Acme", NULL);
  OK(kith_get(s.session, entity(&s, "deal"), add_deal(&s, "Fleet", acme, stage, "1000 EUR"), &r, ERR));
  REFUSES(KITH_E_MISUSE, "kith_compute", kith_record_get_by_name(r, T("weighted"), &v, ERR));
  OK(kith_compute(s.session, r, T("weighted"), &t, ERR));
  OK(kith_table_get(t, 0, 0, 0, &v, ERR));
  IS_NUMBER(KITH_KIND_MONEY, v.kind);
  IS_TEXT("EUR", v.text);
  CHECK(v.scale >= 2);
  kith_table_free(t);
  OK(kith_compute(s.session, r, T("client.name"), &t, ERR));
  OK(kith_table_get(t, 0, 0, 0, &v, ERR));
  IS_TEXT("Acme", v.text);
  kith_table_free(t);
  ANSWERS(KITH_E_QUERY, kith_compute(s.session, r, T("client.nmae"), &t, ERR));
  CHECK(t == NULL);
  kith_record_free(r);
  close_shop(&s);
}

void test_records(void) {
  values_as_text();
  values_that_are_refused();
  the_life_of_a_record();
  finding();
  batches();
  computed_values();
}
