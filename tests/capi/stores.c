/* SPDX-License-Identifier: Apache-2.0
 *
 * Stores as a whole: opened, saved, copied, verified, compacted; their audit chain.
 */
#include "check.h"

void test_stores(void);

static kith_crm *opened(const char *place, const kith_config *config) {
  kith_crm *crm;
  OK(kith_open(T(place), config, &crm, ERR));
  return crm;
}

static int64_t add_to(kith_crm *crm, const char *name) {
  shop s;
  int64_t id;
  s.crm = crm;
  OK(kith_session_open(crm, NULL, &s.session, ERR));
  OK(kith_crm_model(crm, &s.model, ERR));
  id = add_client(&s, name, NULL);
  kith_model_free(s.model);
  kith_session_free(s.session);
  return id;
}

static kith_status look(kith_crm *crm, int64_t id) {
  kith_session *session;
  kith_record *record;
  kith_status status;
  OK(kith_session_open(crm, NULL, &session, ERR));
  status = kith_get(session, 20, id, &record, NULL);
  kith_record_free(record);
  kith_session_free(session);
  return status;
}

static void a_file_keeps_records(void) {
  const char *path = scratch("shop.kith");
  kith_crm *crm = opened(path, NULL);
  kith_capabilities can;
  kith_verified verified;
  kith_table *damages;
  char copy[600];
  const int64_t id = add_to(crm, "Acme");
  memset(&can, 0, sizeof can);
  can.struct_size = sizeof can;
  OK(kith_crm_capabilities(crm, &can, ERR));
  IS_NUMBER(2, can.durability);
  IS_NUMBER(1, can.backup);
  IS_NUMBER(0, can.save);
  CHECK(can.name.size > 0);
  memset(&verified, 0, sizeof verified);
  verified.struct_size = sizeof verified;
  OK(kith_crm_verify(crm, &verified, &damages, ERR));
  IS_NUMBER(2, verified.change_sets); /* opening it described its totals */
  IS_NUMBER(0, verified.damages);
  IS_NUMBER(0, rows_of(damages));
  kith_table_free(damages);
  strcpy(copy, path);
  strcat(copy, ".copy");
  OK(kith_crm_backup(crm, T(copy), ERR));
  REFUSES(KITH_E_EXISTS, "copy", kith_crm_backup(crm, T(copy), ERR));
  OK(kith_crm_compact(crm, ERR));
  OK(kith_crm_write_views(crm, ERR));
  ANSWERS(KITH_E_UNSUPPORTED, kith_crm_save(crm, ERR));
  kith_close(crm);
  crm = opened(copy, NULL);
  IS_NUMBER(KITH_OK, look(crm, id));
  IS_NUMBER(KITH_ABSENT, look(crm, id + 1));
  kith_close(crm);
  scratch("shop.kith.copy");
}

static void settings_of_files(void) {
  kith_config *config;
  kith_crm *crm;
  const char *path = scratch("relaxed.kith");
  OK(kith_config_new(&config, ERR));
  OK(kith_config_set(config, T("durability"), T("relaxed"), ERR));
  crm = opened(path, config);
  add_to(crm, "Acme");
  kith_close(crm);
  REFUSES(KITH_E_UNSUPPORTED, "durability", kith_open(T(":memory:"), config, &crm, ERR));
  CHECK(crm == NULL);
  kith_config_free(config);
  OK(kith_config_new(&config, ERR));
  OK(kith_config_set(config, T("read_only"), T("yes"), ERR));
  crm = opened(path, config);
  ANSWERS(KITH_E_READ_ONLY, kith_crm_compact(crm, ERR));
  kith_close(crm);
  kith_config_free(config);
  REFUSES(KITH_E_INVALID, "empty", kith_open(T(""), NULL, &crm, ERR));
  scratch("relaxed.kith");
}

static void snapshots(void) {
  char place[600] = "memory:";
  kith_crm *crm;
  int64_t id;
  strcat(place, scratch("demo.snapshot"));
  crm = opened(place, NULL);
  id = add_to(crm, "Acme");
  OK(kith_crm_save(crm, ERR));
  kith_close(crm);
  crm = opened(place, NULL);
  IS_NUMBER(KITH_OK, look(crm, id));
  kith_close(crm);
  scratch("demo.snapshot");
}

static size_t give_key(void *user_data, uint8_t *key, size_t room, kith_error **err) {
  const char *byte = user_data;
  if (*byte == '!') {
    *err = kith_error_new(KITH_E_BUSY, T("the key is being fetched"), T(NULL), 0, T(NULL));
    return 0;
  }
  CHECK(room >= 32);
  memset(key, *byte, 32);
  return 32;
}

static void audit_chains(void) {
  kith_config *config;
  kith_crm *crm;
  kith_anchor anchor;
  kith_table *damages;
  uint64_t sets;
  int64_t count;
  char key[] = "k", busy[] = "!";
  const char *path = scratch("audited.kith");
  OK(kith_config_new(&config, ERR));
  OK(kith_config_set_audit_key(config, give_key, key, NULL, ERR));
  crm = opened(path, config);
  add_to(crm, "Acme");
  memset(&anchor, 0, sizeof anchor);
  anchor.struct_size = sizeof anchor;
  OK(kith_crm_anchor(crm, &anchor, ERR));
  count = anchor.count;
  add_to(crm, "Bolt");
  OK(kith_crm_check_audit(crm, &anchor, &sets, &damages, ERR));
  CHECK(sets == (uint64_t)count + 1);
  IS_NUMBER(0, rows_of(damages));
  kith_table_free(damages);
  anchor.head[0] ^= 1;
  OK(kith_crm_check_audit(crm, &anchor, NULL, &damages, ERR));
  CHECK(rows_of(damages) > 0);
  kith_table_free(damages);
  kith_close(crm);
  OK(kith_config_set_audit_key(config, give_key, busy, NULL, ERR));
  REFUSES(KITH_E_BUSY, "the key is being fetched", kith_open(T(path), config, &crm, ERR));
  kith_config_free(config);
  scratch("audited.kith");
}

void test_stores(void) {
  a_file_keeps_records();
  settings_of_files();
  snapshots();
  audit_chains();
}
