/* SPDX-License-Identifier: Apache-2.0
 *
 * A store that does not conform: erase() answers that it is done, and does nothing. The suite must
 * say so.
 */
#define kith_store_init good_store_init
#include "../../../examples/own_store.c"
#undef kith_store_init

static kith_status forget_to_erase(kith_store_call *call, void *connection,
                                   const kith_store_entity *entity, int64_t id) {
  (void)call, (void)connection, (void)entity, (void)id;
  return KITH_OK;
}

KITH_PLUGIN_EXPORT kith_status kith_store_init(uint32_t abi, const kith_store_api **api);
KITH_PLUGIN_EXPORT kith_status kith_store_init(uint32_t abi, const kith_store_api **api) {
  static kith_store_api table;
  const kith_store_api *good = NULL;
  const kith_status done = good_store_init(abi, &good);
  if (done != KITH_OK) return done;
  table = *good;
  table.erase = forget_to_erase;
  *api = &table;
  return KITH_OK;
}
