/* SPDX-License-Identifier: Apache-2.0
 *
 * A store of the host's own under its scheme, and a module that is loaded: the two templates of
 * examples/, used through kith.h alone.
 */
#include "check.h"

void test_plugins(void);

/* A module is a file beside this program; the build says where. */
static const char *module_path(void) { return KITH_TEST_MODULE; }

static void a_store_of_ones_own(void) {
  const kith_store_api *table = NULL;
  kith_config *config;
  kith_capabilities can;
  kith_record *r;
  shop s;
  int64_t id;
  char place[600] = "own:";
  strcat(place, scratch("clients.own"));
  CHECK(kith_store_init(KITH_STORE_ABI, &table) == KITH_OK && table != NULL);
  OK(kith_config_new(&config, ERR));
  OK(kith_config_add_store(config, T("own"), table, ERR));
  REFUSES(KITH_E_EXISTS, "own:", kith_config_add_store(config, T("own"), table, ERR));
  REFUSES(KITH_E_MISUSE, "store is NULL", kith_config_add_store(config, T("two"), NULL, ERR));
  memset(&s, 0, sizeof s);
  OK(kith_open(T(place), config, &s.crm, ERR));
  memset(&can, 0, sizeof can);
  can.struct_size = sizeof can;
  OK(kith_crm_capabilities(s.crm, &can, ERR));
  IS_TEXT("own", can.name);
  OK(kith_session_open(s.crm, NULL, &s.session, ERR));
  OK(kith_session_model(s.session, &s.model, ERR));
  id = add_client(&s, "Acme", "Омск");
  close_shop(&s);
  OK(kith_open(T(place), config, &s.crm, ERR));
  OK(kith_session_open(s.crm, NULL, &s.session, ERR));
  OK(kith_get(s.session, 20, id, &r, ERR));
  IS_TEXT("Омск", text_of(r, "city"));
  kith_record_free(r);
  kith_session_free(s.session);
  kith_close(s.crm);
  OK(kith_config_set(config, T("durability"), T("relaxed"), ERR));
  REFUSES(KITH_E_UNSUPPORTED, "SQLite", kith_open(T(place), config, &s.crm, ERR));
  kith_config_free(config);
  scratch("clients.own");
}

static void a_module(void) {
  kith_config *config;
  kith_record *r;
  kith_table *t;
  kith_value v = int_value(KITH_KIND_INTEGER, 120);
  uint16_t add_points, report, gifts;
  shop s;
  int64_t id;
  OK(kith_config_new(&config, ERR));
  REFUSES(KITH_E_DENIED, "allow_modules", kith_config_load_module(config, T(module_path()), ERR));
  OK(kith_config_set(config, T("allow_modules"), T("yes"), ERR));
  ANSWERS(KITH_E_NOT_FOUND, kith_config_load_module(config, T("./no_such_module.so"), ERR));
  OK(kith_config_load_module(config, T(module_path()), ERR));
  memset(&s, 0, sizeof s);
  OK(kith_open(T(":memory:"), config, &s.crm, ERR));
  kith_config_free(config);
  OK(kith_session_open(s.crm, NULL, &s.session, ERR));
  OK(kith_session_model(s.session, &s.model, ERR));
  id = add_client(&s, "Boat hire", NULL);
  OK(kith_model_entity(s.model, T("loyalty_gifts"), &gifts, ERR));
  OK(kith_model_action(s.model, 20, T("add_points"), &add_points, ERR));
  OK(kith_record_new(s.session, add_points, 0, &r, ERR));
  OK(kith_record_set_by_name(r, T("points"), &v, ERR));
  {
    kith_record *client;
    OK(kith_call(s.session, add_points, id, r, NULL, &client, ERR));
    OK(kith_record_get_by_name(client, T("loyalty_points"), &v, ERR));
    IS_NUMBER(120, v.integer);
    kith_record_free(client);
  }
  kith_record_free(r);
  OK(kith_model_report(s.model, T("loyalty"), &report, ERR));
  OK(kith_report(s.session, report, NULL, &t, ERR));
  IS_NUMBER(1, rows_of(t));
  kith_table_free(t);
  close_shop(&s);
}

void test_plugins(void) {
  a_store_of_ones_own();
  a_module();
}
