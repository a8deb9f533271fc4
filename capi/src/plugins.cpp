// SPDX-License-Identifier: Apache-2.0
//
// Foreign stores and modules of a config.
#include "handles.hpp"
#include "kith/module/load.hpp"
#include "kith/storage/plugin.hpp"

using namespace kith;
using namespace kith::capi;

kith_status kith_config_add_store(kith_config* config, kith_text scheme,
                                  const struct kith_store_api* store, kith_error** err) {
  return guard(err, nothing, [&]() -> kith_status {
    kith_config& c = use(config);
    if (store == nullptr) misuse("store is NULL");
    c.options.stores.push_back(scheme_of_plugin(std::string(text_of(scheme, "the scheme")), store));
    return KITH_OK;
  });
}

kith_status kith_config_load_module(kith_config* config, kith_text path, kith_error** err) {
  return guard(err, nothing, [&]() -> kith_status {
    kith_config& c = use(config);
    const std::string file(text_of(path, "the path"));
    if (!c.allow_modules) {
      throw error(error_code::denied,
                  "modules run with all rights of the host; set allow_modules to yes first");
    }
    load_module(c.options, file);
    return KITH_OK;
  });
}
