/* SPDX-License-Identifier: Apache-2.0
 *
 * The least that a host in C does: opens a store, and is what it was compiled for.
 */
#include <kith.h>
#include <stdio.h>

int main(void) {
  kith_crm *crm;
  kith_model *model;
  kith_error *err;
  uint16_t client = 0;
  const int opened = kith_open(kith_text_of(":memory:"), NULL, &crm, &err) == KITH_OK &&
                     kith_crm_model(crm, &model, &err) == KITH_OK &&
                     kith_model_entity(model, kith_text_of("clients"), &client, &err) == KITH_OK;
  if (!opened) {
    fprintf(stderr, "%s\n", kith_status_name(kith_error_code(err)));
    kith_error_free(err);
    return 1;
  }
  kith_model_free(model);
  kith_close(crm);
  return client == 20 && kith_abi_version() >= KITH_ABI_VERSION ? 0 : 1;
}
