/* SPDX-License-Identifier: Apache-2.0
 *
 * Sessions: who works, what they see, what time it is, the past.
 */
#include "check.h"

void test_sessions(void);

static kith_session *opened(const shop *s, const char *zone, const kith_rights *rights) {
  kith_session *session;
  kith_session_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.actor = T("boris");
  options.zone = T(zone);
  options.rights = rights;
  OK(kith_session_open(s->crm, &options, &session, ERR));
  return session;
}

static void time_and_zone(void) {
  shop s;
  kith_session *session, *none;
  kith_session_options options;
  int64_t now;
  int32_t day;
  open_shop(&s);
  s.now = INT64_C(1772308800000000); /* 2026-02-28T20:00:00Z */
  session = opened(&s, "Asia/Omsk", NULL);
  OK(kith_session_now(session, &now, &day, ERR));
  CHECK(now == s.now);
  IS_NUMBER(now / INT64_C(86400000000) + 1, day); /* six hours later it is tomorrow there */
  kith_session_free(session);
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.zone = T("Asia/Omks");
  REFUSES(KITH_E_NOT_FOUND, "Asia/Omsk", kith_session_open(s.crm, &options, &none, ERR));
  CHECK(none == NULL);
  options.zone = T(NULL);
  options.struct_size = 0;
  REFUSES(KITH_E_MISUSE, "struct_size", kith_session_open(s.crm, &options, &none, ERR));
  close_shop(&s);
}

static void the_past(void) {
  shop s;
  kith_session *past;
  kith_record *r;
  kith_value v = text_value("Acme Ltd");
  int64_t id, sequence;
  const int64_t hour = INT64_C(3600000000);
  open_shop(&s);
  id = add_client(&s, "Acme", NULL);
  OK(kith_session_sequence(s.session, &sequence, ERR));
  IS_NUMBER(s.base + 1, sequence);
  s.now += hour;
  OK(kith_record_new(s.session, 20, id, &r, ERR));
  OK(kith_record_set_by_name(r, T("name"), &v, ERR));
  OK(kith_put(s.session, r, ERR));
  kith_record_free(r);
  OK(kith_session_sequence_at(s.session, s.now - 1, &sequence, ERR));
  IS_NUMBER(s.base + 1, sequence);
  OK(kith_session_as_of(s.session, s.now - hour / 2, &past, ERR));
  OK(kith_get(past, 20, id, &r, ERR));
  IS_TEXT("Acme", text_of(r, "name"));
  ANSWERS(KITH_E_READ_ONLY, kith_delete(past, 20, id, ERR));
  kith_record_free(r);
  kith_session_free(past);
  OK(kith_session_at_sequence(s.session, s.base + 2, &past, ERR));
  OK(kith_get(past, 20, id, &r, ERR));
  IS_TEXT("Acme Ltd", text_of(r, "name"));
  kith_record_free(r);
  kith_session_free(past);
  close_shop(&s);
}

static void rights(void) {
  shop s;
  kith_rights *rights;
  kith_session *boris;
  kith_record *r;
  kith_value omsk = text_value("Омск");
  int64_t acme, bolt;
  open_shop(&s);
  acme = add_client(&s, "Acme", "Омск");
  bolt = add_client(&s, "Bolt", "Томск");
  OK(kith_rights_new(0, &rights, ERR));
  OK(kith_rights_add(rights, KITH_RIGHT_ONLY, T("client"), T("city = ?"), &omsk, 1, ERR));
  OK(kith_rights_add(rights, KITH_RIGHT_MASK, T("client"), T("note"), NULL, 0, ERR));
  OK(kith_rights_add(rights, KITH_RIGHT_READ_ONLY, T("client"), T(NULL), NULL, 0, ERR));
  OK(kith_rights_add(rights, KITH_RIGHT_HIDE, T("deal"), T(NULL), NULL, 0, ERR));
  REFUSES(KITH_E_MISUSE, "77", kith_rights_add(rights, 77, T("deal"), T(NULL), NULL, 0, ERR));
  boris = opened(&s, NULL, rights);
  kith_rights_free(rights);
  OK(kith_get(boris, 20, acme, &r, ERR));
  kith_record_free(r);
  ANSWERS(KITH_ABSENT, kith_get(boris, 20, bolt, &r, ERR));
  ANSWERS(KITH_E_DENIED, kith_delete(boris, 20, acme, ERR));
  kith_session_free(boris);
  close_shop(&s);
}

/* An interrupt that comes before a call stops the next one, or none: it does no harm. */
static void interrupts(void) {
  shop s;
  open_shop(&s);
  OK(kith_session_interrupt(s.session, ERR));
  REFUSES(KITH_E_MISUSE, "session is NULL", kith_session_interrupt(NULL, ERR));
  close_shop(&s);
}

void test_sessions(void) {
  time_and_zone();
  the_past();
  rights();
  interrupts();
}
