/* SPDX-License-Identifier: Apache-2.0
 *
 * Erasing a person, holds, retention, access.
 */
#include "check.h"

void test_erasure(void);

typedef struct files {
  int count;
  uint64_t records;
  int has_name;
} files;

static kith_status take_file(void *user_data, kith_text name, kith_text entity_name, int32_t only_named, uint64_t records, kith_text csv, kith_error **err) {
  files *f = user_data;
  size_t i;
  (void)name, (void)entity_name, (void)err;
  ++f->count;
  if (!only_named) f->records += records;
  for (i = 0; i + 4 <= csv.size; ++i) f->has_name |= memcmp(csv.data + i, "Anna", 4) == 0;
  return KITH_OK;
}

static kith_status refuse_file(void *user_data, kith_text name, kith_text entity_name, int32_t only_named, uint64_t records, kith_text csv, kith_error **err) {
  (void)user_data, (void)name, (void)entity_name, (void)only_named, (void)records, (void)csv;
  *err = kith_error_new(KITH_E_FULL, T("the disk"), T(NULL), 0, T(NULL));
  return KITH_E_FULL;
}

static void a_person_is_forgotten(void) {
  shop s;
  kith_table *t;
  kith_record *r;
  kith_erased again;
  files f = {0, 0, 0};
  int64_t anna;
  open_shop(&s);
  anna = add_client(&s, "Anna Ivanova", "Омск");
  OK(kith_about(s.session, 20, anna, &t, ERR));
  IS_NUMBER(1, rows_of(t));
  IS_NUMBER(anna, integer_at(t, 0, "id"));
  kith_table_free(t);
  OK(kith_access_export(s.session, 20, anna, take_file, &f, ERR));
  CHECK(f.count >= 1 && f.has_name);
  IS_NUMBER(1, f.records);
  REFUSES(KITH_E_FULL, "the disk", kith_access_export(s.session, 20, anna, refuse_file, NULL, ERR));

  OK(kith_hold(s.session, 20, anna, T("lawsuit 7"), ERR));
  OK(kith_holds(s.session, &t, ERR));
  IS_NUMBER(1, rows_of(t));
  IS_TEXT("lawsuit 7", text_at(t, 0, "reason"));
  kith_table_free(t);
  REFUSES(KITH_E_DENIED, "hold", kith_erase(s.session, 20, anna, T("asked"), T("GDPR 17"), NULL, ERR));
  OK(kith_release(s.session, 20, anna, ERR));
  OK(kith_erase(s.session, 20, anna, T("asked"), T("GDPR 17(1)(a)"), &t, ERR));
  CHECK(rows_of(t) >= 1);
  IS_NUMBER(anna, integer_at(t, 0, "subject"));
  kith_table_free(t);
  ANSWERS(KITH_ABSENT, kith_get(s.session, 20, anna, &r, ERR)); /* nothing needed the record */
  OK(kith_erasures(s.session, &t, ERR));
  IS_TEXT("GDPR 17(1)(a)", text_at(t, 0, "legal_basis"));
  IS_TEXT("anna", text_at(t, 0, "actor"));
  kith_table_free(t);
  memset(&again, 0, sizeof again);
  again.entity = 20;
  again.subject = anna;
  again.reason = T("asked");
  OK(kith_erase_again(s.session, &again, 1, &t, ERR));
  IS_NUMBER(0, rows_of(t)); /* it is erased here already */
  kith_table_free(t);
  close_shop(&s);
}

static void retention(void) {
  shop s;
  kith_table *t;
  kith_retention rule;
  int64_t old;
  open_shop(&s);
  old = add_client(&s, "Old", NULL);
  s.now += INT64_C(86400000000) * 2000;
  add_client(&s, "New", NULL);
  memset(&rule, 0, sizeof rule);
  rule.struct_size = sizeof rule;
  rule.entity = 20;
  rule.condition = T("created < now() - 1095d");
  rule.reason = T("three years");
  OK(kith_due(s.session, &rule, &t, ERR));
  IS_NUMBER(1, rows_of(t));
  IS_NUMBER(old, integer_at(t, 0, "id"));
  kith_table_free(t);
  OK(kith_apply_retention(s.session, &rule, 0, &t, ERR));
  CHECK(rows_of(t) >= 1);
  kith_table_free(t);
  rule.condition = T("creatd < now()");
  REFUSES(KITH_E_QUERY, "created", kith_due(s.session, &rule, &t, ERR));
  close_shop(&s);
}

void test_erasure(void) {
  a_person_is_forgotten();
  retention();
}
