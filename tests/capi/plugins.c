/* SPDX-License-Identifier: Apache-2.0
 *
 * Plug-ins of a config: the store and the module of the examples, as a C host uses them.
 */
#include "check.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "kith_plugin.h"

void test_plugins(void);

static const char *plugin(const char *name) {
  static char path[1000];
  const char *folder = getenv("KITH_PLUGINS");
  path[0] = '\0';
  if (folder != NULL) strcpy(path, folder);
  strcat(path, "/");
  return strcat(path, name);
}

static const kith_store_api *own_store(void) {
  const kith_store_api *api = NULL;
  kith_store_init_function init = NULL;
  void *library = dlopen(plugin("libown_store.so"), RTLD_NOW | RTLD_LOCAL);
  void *symbol = library == NULL ? NULL : dlsym(library, "kith_store_init");
  CHECK(symbol != NULL);
  memcpy(&init, &symbol, sizeof init);
  if (init != NULL) ANSWERS(KITH_OK, init(1, &api));
  return api;
}

static void a_store_of_the_host_keeps_records(void) {
  char place[700] = "own:";
  kith_config *config;
  shop s;
  kith_record *record;
  int64_t id;
  strcat(place, scratch("shop.own"));
  OK(kith_config_new(&config, ERR));
  REFUSES(KITH_E_MISUSE, "store is NULL", kith_config_add_store(config, T("own"), NULL, ERR));
  OK(kith_config_add_store(config, T("own"), own_store(), ERR));
  OK(kith_open(T(place), config, &s.crm, ERR));
  OK(kith_session_open(s.crm, NULL, &s.session, ERR));
  OK(kith_crm_model(s.crm, &s.model, ERR));
  id = add_client(&s, "Acme", "Oslo");
  close_shop(&s);
  OK(kith_open(T(place), config, &s.crm, ERR));
  OK(kith_session_open(s.crm, NULL, &s.session, ERR));
  OK(kith_get(s.session, 20, id, &record, ERR));
  IS_TEXT("Acme", text_of(record, "name"));
  kith_record_free(record);
  kith_session_free(s.session);
  kith_close(s.crm);
  kith_config_free(config);
}

static void a_module_adds_its_rules(void) {
  kith_config *config;
  kith_crm *crm;
  kith_session *session;
  kith_record *record;
  kith_value owed = int_value(KITH_KIND_INTEGER, -5), name = text_value("Acme");
  OK(kith_config_new(&config, ERR));
  REFUSES(KITH_E_DENIED, "allow_modules",
          kith_config_load_module(config, T(plugin("libplugin_loyalty.so")), ERR));
  OK(kith_config_set(config, T("allow_modules"), T("yes"), ERR));
  REFUSES(KITH_E_NOT_FOUND, "no plug-in", kith_config_load_module(config, T("./none.so"), ERR));
  OK(kith_config_load_module(config, T(plugin("libplugin_loyalty.so")), ERR));
  OK(kith_open(T(":memory:"), config, &crm, ERR));
  OK(kith_session_open(crm, NULL, &session, ERR));
  OK(kith_record_new(session, 20, 0, &record, ERR));
  OK(kith_record_set_by_name(record, T("name"), &name, ERR));
  OK(kith_record_set_by_name(record, T("loyalty_points"), &owed, ERR));
  REFUSES(KITH_E_INVALID, "5 points are missing", kith_put(session, record, ERR));
  kith_record_free(record);
  kith_session_free(session);
  kith_close(crm);
  kith_config_free(config);
}

void test_plugins(void) {
  CHECK(kith_has_feature("stores"));
  CHECK(kith_has_feature("modules"));
  a_store_of_the_host_keeps_records();
  a_module_adds_its_rules();
}
