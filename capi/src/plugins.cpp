// SPDX-License-Identifier: Apache-2.0
//
// Foreign stores and modules of a config.
#include <algorithm>

#include "handles.hpp"
#include "kith/module/load.hpp"

using namespace kith;
using namespace kith::capi;

kith_status kith_config_add_store(kith_config* config, kith_text scheme,
                                  const struct kith_store_api* store, kith_error** err) {
  return guard(err, nothing, [&] {
    kith_config& c = use(config);
    const std::string name = string_of(scheme, "the scheme");
    if (store == nullptr) misuse("store is NULL");
    const bool taken = std::any_of(c.stores.begin(), c.stores.end(),
                                   [&](const auto& s) { return s.first == name; });
    if (taken) {
      throw error(error_code::exists, "the config has a store for '" + name + ":' already");
    }
    c.stores.emplace_back(name, store);
    return KITH_OK;
  });
}

kith_status kith_config_load_module(kith_config* config, kith_text path, kith_error** err) {
  return guard(err, nothing, [&] {
    kith_config& c = use(config);
    const std::string file = string_of(path, "the path");
    if (!c.allow_modules) {
      throw error(error_code::denied,
                  "modules run with all rights of the host; set allow_modules to yes first");
    }
    load_module(c.options, file);
    return KITH_OK;
  });
}
