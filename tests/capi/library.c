/* SPDX-License-Identifier: Apache-2.0
 *
 * Versions, names, errors, configurations.
 */
#include <stdio.h>

#include "check.h"

void test_library(void);

static void versions_and_names(void) {
  char version[32];
  snprintf(version, sizeof version, "%d.%d.%d", KITH_VERSION_MAJOR, KITH_VERSION_MINOR, KITH_VERSION_PATCH);
  CHECK(strcmp(kith_version(), version) == 0);
  IS_NUMBER(KITH_ABI_VERSION, kith_abi_version());
  CHECK(strcmp(kith_status_name(KITH_OK), "ok") == 0);
  CHECK(strcmp(kith_status_name(KITH_E_NOT_FOUND), "not_found") == 0);
  CHECK(strcmp(kith_status_name(KITH_E_MODEL), "model") == 0);
  CHECK(strcmp(kith_status_name(KITH_E_NO_MEMORY), "no_memory") == 0);
  CHECK(strcmp(kith_status_name(-50), "unknown") == 0);
  IS_NUMBER(1, kith_has_feature("sqlite"));
  IS_NUMBER(1, kith_has_feature("actions"));
  IS_NUMBER(0, kith_has_feature("telepathy"));
  IS_NUMBER(0, kith_has_feature(NULL));
}

static void errors_of_hosts(void) {
  kith_subject about;
  kith_error *e = kith_error_new(KITH_E_DENIED, T("not today"), T("deal"), 7, T("amount"));
  memset(&about, 0, sizeof about);
  about.struct_size = sizeof about;
  IS_NUMBER(KITH_E_DENIED, kith_error_code(e));
  IS_TEXT("not today", kith_error_message(e));
  CHECK(kith_error_subject(e, &about) == KITH_OK);
  IS_TEXT("deal", about.entity);
  IS_NUMBER(7, about.record);
  IS_TEXT("amount", about.field);
  IS_NUMBER(-1, about.item);
  IS_NUMBER(0, about.violations);
  kith_error_free(e);
  kith_error_free(NULL);
  IS_NUMBER(KITH_OK, kith_error_code(NULL));
  IS_TEXT(NULL, kith_error_message(NULL));
}

/* All that is wrong comes at once, and each violation says what would be right. */
static void errors_have_violations(void) {
  shop s;
  kith_record *r;
  kith_violation v;
  kith_subject about;
  kith_value bad = text_value("");
  kith_error *err = NULL;
  open_shop(&s);
  OK(kith_record_new(s.session, entity(&s, "client"), 0, &r, ERR));
  OK(kith_record_set_by_name(r, T("name"), &bad, ERR));
  bad = int_value(KITH_KIND_INTEGER, -3);
  OK(kith_record_set_by_name(r, T("employees"), &bad, ERR));
  IS_NUMBER(KITH_E_INVALID, kith_check(s.session, r, &err));
  memset(&about, 0, sizeof about);
  about.struct_size = sizeof about;
  CHECK(kith_error_subject(err, &about) == KITH_OK);
  IS_NUMBER(2, about.violations);
  memset(&v, 0, sizeof v);
  v.struct_size = sizeof v;
  IS_NUMBER(KITH_OK, kith_error_violation(err, 1, &v));
  IS_TEXT("client", v.entity);
  IS_TEXT("employees", v.field);
  CHECK(v.message.size > 10);
  IS_NUMBER(KITH_DONE, kith_error_violation(err, 2, &v));
  IS_TEXT(NULL, v.field);
  kith_error_free(err);
  kith_record_free(r);
  close_shop(&s);
}

static void settings(void) {
  static const struct {
    const char *key, *value;
    kith_status answer;
    const char *words;
  } table[] = {
      {"read_only", "yes", KITH_OK, ""},
      {"read_only", "perhaps", KITH_E_INVALID, "yes or no"},
      {"busy_timeout_ms", "250", KITH_OK, ""},
      {"busy_timeout_ms", "-1", KITH_E_INVALID, "whole number"},
      {"origin_number", "1023", KITH_OK, ""},
      {"origin_number", "1024", KITH_E_INVALID, "0 to 1023"},
      {"durability", "relaxed", KITH_OK, ""},
      {"durability", "none", KITH_E_INVALID, "full or relaxed"},
      {"limits.page_rows", "10", KITH_OK, ""},
      {"limits.page_row", "10", KITH_E_NOT_FOUND, "limits.page_rows"},
      {"raed_only", "yes", KITH_E_NOT_FOUND, "read_only"},
  };
  size_t i;
  for (i = 0; i < sizeof table / sizeof table[0]; ++i) {
    kith_config *config;
    OK(kith_config_new(&config, ERR));
    if (table[i].answer == KITH_OK) {
      OK(kith_config_set(config, T(table[i].key), T(table[i].value), ERR));
    } else {
      REFUSES(table[i].answer, table[i].words, kith_config_set(config, T(table[i].key), T(table[i].value), ERR));
    }
    kith_config_free(config);
  }
}

/* A setting is in force: a page longer than the limit is refused. */
static void limits_hold(void) {
  kith_config *config;
  kith_crm *crm;
  kith_session *session;
  kith_query *query;
  kith_cursor *cursor;
  OK(kith_config_new(&config, ERR));
  OK(kith_config_set(config, T("limits.page_rows"), T("10"), ERR));
  OK(kith_open(T(":memory:"), config, &crm, ERR));
  OK(kith_session_open(crm, NULL, &session, ERR));
  OK(kith_query_parse(session, 20, T(""), &query, ERR));
  OK(kith_query_page(query, 10, &cursor, ERR));
  kith_cursor_free(cursor);
  REFUSES(KITH_E_LIMIT, "10", kith_query_page(query, 11, &cursor, ERR));
  CHECK(cursor == NULL);
  kith_query_free(query);
  kith_session_free(session);
  kith_close(crm);
  kith_config_free(config);
}

/* A caller that knows less of a struct keeps what stands behind it. */
static void short_structs(void) {
  struct {
    kith_subject known;
    unsigned char behind[8];
  } own;
  kith_error *e = kith_error_new(KITH_E_BUSY, T("wait"), T("deal"), 7, T("amount"));
  memset(&own, 0x5a, sizeof own);
  own.known.struct_size = offsetof(kith_subject, record);
  CHECK(kith_error_subject(e, &own.known) == KITH_OK);
  IS_TEXT("deal", own.known.entity);
  CHECK(own.known.record == INT64_C(0x5a5a5a5a5a5a5a5a));
  own.known.struct_size = sizeof own;
  CHECK(kith_error_subject(e, &own.known) == KITH_OK);
  IS_NUMBER(7, own.known.record);
  CHECK(own.behind[0] == 0x5a && own.behind[7] == 0x5a);
  kith_error_free(e);
}

void test_library(void) {
  versions_and_names();
  errors_of_hosts();
  errors_have_violations();
  settings();
  limits_hold();
  short_structs();
}
