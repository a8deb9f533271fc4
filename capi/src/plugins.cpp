// SPDX-License-Identifier: Apache-2.0
//
// Foreign stores and modules of a config.
#include "handles.hpp"

using namespace kith;
using namespace kith::capi;

kith_status kith_config_add_store(kith_config* config, kith_text scheme,
                                  const struct kith_store_api* store, kith_error** err) {
  return guard(err, nothing, [&]() -> kith_status {
    use(config);
    text_of(scheme, "the scheme");
    if (store == nullptr) misuse("store is NULL");
    throw error(error_code::unsupported, "this library takes no foreign stores");
  });
}

kith_status kith_config_load_module(kith_config* config, kith_text path, kith_error** err) {
  return guard(err, nothing, [&]() -> kith_status {
    const kith_config& c = use(config);
    text_of(path, "the path");
    if (!c.allow_modules) {
      throw error(error_code::denied,
                  "modules run with all rights of the host; set allow_modules to yes first");
    }
    throw error(error_code::unsupported, "this library loads no modules");
  });
}
