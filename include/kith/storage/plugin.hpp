// SPDX-License-Identifier: Apache-2.0
//
// Stores of another make, behind a table of C functions (capi/include/kith_plugin.h): a library of
// its own, or part of the host. What comes from a plug-in is checked; what it cannot do, the core
// does. docs/plug-ins.md says how to write one.
//
//   options.stores = {kith::scheme_of_plugin("own", kith::load_store_plugin("./libown_store.so"))};
//   kith::crm crm = kith::open("own:shop.own", std::move(options));
//
// A plug-in has all rights of the program. Load only what you trust.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "kith/core/crm.hpp"
#include "kith/core/store.hpp"

struct kith_store_api;  // kith_plugin.h

namespace kith::inline v1 {

struct plugin_options {
  int busy_timeout_ms = 10'000;  ///< how long a writer waits for others
  bool read_only = false;
  std::function<void(std::string_view message)> log{};  ///< empty: nothing is logged
  std::function<bool()> cancelled{};  ///< asked by long work of the plug-in, from any thread
};

/// Opens a store of this make; the table lives longer than the store. error_code::misuse, with the
/// function's name, for a table that breaks its contract; else what the plug-in says.
std::unique_ptr<store> open_plugin(const ::kith_store_api* table, std::string_view where,
                                   plugin_options options = {});

/// Loads a library by its path (with a slash: no search), for ever, and asks it for its table.
/// error_code::not_found, storage for what is no library, misuse for one that is no store, newer
/// for one that knows only later interfaces.
const ::kith_store_api* load_store_plugin(const std::string& path);

/// For crm_options::stores.
store_scheme scheme_of_plugin(std::string name, const ::kith_store_api* table);

}  // namespace kith::inline v1
