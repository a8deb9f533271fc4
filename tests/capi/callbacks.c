/* SPDX-License-Identifier: Apache-2.0
 *
 * Callbacks: told, asked, and their user_data destroyed exactly once.
 */
#define _GNU_SOURCE /* dladdr */
#include <dlfcn.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"

void test_callbacks(void);

typedef struct listener {
  int told;
  int destroyed;
  int64_t sequence;
  kith_status answer;
} listener;

static void destroyed(void *user_data) { ++((listener *)user_data)->destroyed; }

static kith_status listen(void *user_data, const kith_changes *set, kith_error **err) {
  listener *l = user_data;
  kith_change_head head;
  memset(&head, 0, sizeof head);
  head.struct_size = sizeof head;
  CHECK(kith_changes_set(set, 0, &head, NULL) == KITH_OK);
  CHECK(kith_changes_set(set, 1, &head, NULL) == KITH_DONE);
  CHECK(kith_changes_set(set, 0, &head, NULL) == KITH_OK);
  kith_changes_free((kith_changes *)set); /* borrowed: nothing */
  ++l->told;
  l->sequence = head.sequence;
  if (l->answer == KITH_E_DENIED) {
    *err = kith_error_new(KITH_E_DENIED, T("four eyes"), T("client"), 7, T("city"));
  }
  return l->answer;
}

static void log_line(void *user_data, int32_t level, kith_text message) {
  listener *l = user_data;
  CHECK(level == KITH_LOG_WARNING && message.size > 0);
  ++l->told;
}

static kith_status try_to_add(const shop *s, kith_error **err) {
  kith_record *r;
  kith_value v = text_value("Acme");
  kith_status status;
  OK(kith_record_new(s->session, 20, 0, &r, ERR));
  OK(kith_record_set_by_name(r, T("name"), &v, ERR));
  status = kith_put(s->session, r, err);
  kith_record_free(r);
  return status;
}

static void after_commits(void) {
  shop s;
  listener l = {0, 0, 0, KITH_OK};
  kith_subscription *sub;
  open_shop(&s);
  OK(kith_on_commit(s.crm, listen, &l, destroyed, &sub, ERR));
  add_client(&s, "Acme", NULL);
  IS_NUMBER(1, l.told);
  IS_NUMBER(s.base + 1, l.sequence);
  l.answer = KITH_E_BUSY; /* is only logged */
  add_client(&s, "Bolt", NULL);
  IS_NUMBER(2, l.told);
  IS_NUMBER(0, l.destroyed);
  kith_subscription_free(sub);
  IS_NUMBER(1, l.destroyed);
  add_client(&s, "Cord", NULL);
  IS_NUMBER(2, l.told);
  close_shop(&s);
  IS_NUMBER(1, l.destroyed);
}

static void before_commits(void) {
  shop s;
  listener l = {0, 0, 0, KITH_E_DENIED};
  kith_subscription *sub;
  kith_subject about;
  kith_error *err;
  open_shop(&s);
  OK(kith_before_commit(s.crm, listen, &l, destroyed, &sub, ERR));
  IS_NUMBER(KITH_E_DENIED, try_to_add(&s, &err));
  IS_TEXT("four eyes", kith_error_message(err));
  memset(&about, 0, sizeof about);
  about.struct_size = sizeof about;
  CHECK(kith_error_subject(err, &about) == KITH_OK);
  IS_TEXT("client", about.entity);
  IS_TEXT("city", about.field);
  IS_NUMBER(7, about.record);
  kith_error_free(err);
  l.answer = KITH_E_RETRY;
  IS_NUMBER(KITH_E_RETRY, try_to_add(&s, &err));
  IS_NUMBER(KITH_E_RETRY, kith_error_code(err));
  kith_error_free(err);
  l.answer = KITH_E_NO_MEMORY;
  IS_NUMBER(KITH_E_NO_MEMORY, try_to_add(&s, NULL));
  l.answer = KITH_OK;
  IS_NUMBER(KITH_OK, try_to_add(&s, NULL));
  kith_subscription_free(sub);
  IS_NUMBER(1, l.destroyed);
  close_shop(&s);
}

static kith_subscription *once;

static kith_status end_myself(void *user_data, const kith_changes *set, kith_error **err) {
  listener *l = user_data;
  (void)set, (void)err;
  ++l->told;
  kith_subscription_free(once);
  IS_NUMBER(0, l->destroyed); /* not while it runs */
  return KITH_OK;
}

static void a_callback_ends_itself(void) {
  shop s;
  listener l = {0, 0, 0, KITH_OK};
  open_shop(&s);
  OK(kith_on_commit(s.crm, end_myself, &l, destroyed, &once, ERR));
  add_client(&s, "Acme", NULL);
  add_client(&s, "Bolt", NULL);
  IS_NUMBER(1, l.told);
  IS_NUMBER(1, l.destroyed);
  close_shop(&s);
}

/* Also when what it was given to fails. */
static void destroyed_once_on_failure(void) {
  shop s;
  listener l = {0, 0, 0, KITH_OK};
  kith_subscription *sub;
  kith_config *config;
  open_shop(&s);
  REFUSES(KITH_E_MISUSE, "callback", kith_on_commit(s.crm, NULL, &l, destroyed, &sub, ERR));
  IS_NUMBER(1, l.destroyed);
  REFUSES(KITH_E_MISUSE, "crm is NULL", kith_before_commit(NULL, listen, &l, destroyed, &sub, ERR));
  IS_NUMBER(2, l.destroyed);
  REFUSES(KITH_E_MISUSE, "NULL", kith_on_commit(s.crm, listen, &l, destroyed, NULL, ERR));
  IS_NUMBER(3, l.destroyed);
  REFUSES(KITH_E_MISUSE, "config", kith_config_set_log(NULL, log_line, &l, destroyed, ERR));
  IS_NUMBER(4, l.destroyed);
  OK(kith_config_new(&config, ERR));
  OK(kith_config_set_log(config, log_line, &l, destroyed, ERR));
  IS_NUMBER(4, l.destroyed);
  OK(kith_config_set_log(config, log_line, &l, destroyed, ERR)); /* the first is not needed more */
  IS_NUMBER(5, l.destroyed);
  kith_config_free(config);
  IS_NUMBER(6, l.destroyed);
  close_shop(&s);
}

static void logs(void) {
  kith_config *config;
  shop s;
  listener log = {0, 0, 0, KITH_OK}, l = {0, 0, 0, KITH_E_DENIED};
  kith_subscription *sub;
  memset(&s, 0, sizeof s);
  OK(kith_config_new(&config, ERR));
  OK(kith_config_set_log(config, log_line, &log, destroyed, ERR));
  OK(kith_open(T(":memory:"), config, &s.crm, ERR));
  kith_config_free(config);
  IS_NUMBER(0, log.destroyed); /* the store needs it */
  OK(kith_session_open(s.crm, NULL, &s.session, ERR));
  OK(kith_on_commit(s.crm, listen, &l, destroyed, &sub, ERR));
  IS_NUMBER(KITH_OK, try_to_add(&s, NULL));
  IS_NUMBER(1, log.told);
  kith_subscription_free(sub);
  kith_session_free(s.session);
  kith_close(s.crm);
  IS_NUMBER(1, log.destroyed);
}

/* The same library under another name is a second one. */
static void a_second_sqlite(void) {
  kith_config *config;
  kith_crm *crm;
  listener log = {0, 0, 0, KITH_OK};
  Dl_info own;
  char other[1000], place[1000], buffer[4096];
  const char *folder = getenv("KITH_SCRATCH");
  size_t size;
  FILE *from, *to;
  void *library;
  CHECK(dladdr((void *)(uintptr_t)&sqlite3_libversion, &own) != 0);
  snprintf(other, sizeof other, "%s/second_sqlite.so", folder == NULL ? "." : folder);
  snprintf(place, sizeof place, "%s/second_sqlite.kith", folder == NULL ? "." : folder);
  remove(place);
  from = fopen(own.dli_fname, "rb");
  to = fopen(other, "wb");
  CHECK(from != NULL && to != NULL);
  while ((size = fread(buffer, 1, sizeof buffer, from)) > 0) fwrite(buffer, 1, size, to);
  fclose(from);
  fclose(to);
  OK(kith_config_new(&config, ERR));
  OK(kith_config_set_log(config, log_line, &log, destroyed, ERR));
  OK(kith_open(T(place), config, &crm, ERR));
  kith_close(crm);
  IS_NUMBER(0, log.told);
  library = dlopen(other, RTLD_NOW | RTLD_LOCAL);
  CHECK(library != NULL);
  OK(kith_open(T(place), config, &crm, ERR));
  kith_close(crm);
  IS_NUMBER(1, log.told);
  OK(kith_open(T(":memory:"), config, &crm, ERR));
  kith_close(crm);
  IS_NUMBER(1, log.told);
  dlclose(library);
  kith_config_free(config);
  remove(other);
  remove(place);
}

void test_callbacks(void) {
  after_commits();
  before_commits();
  a_callback_ends_itself();
  destroyed_once_on_failure();
  logs();
  a_second_sqlite();
}
