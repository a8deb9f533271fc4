// SPDX-License-Identifier: Apache-2.0
//
// Modules: libraries that add entities, fields, rules, actions and reports to a model, through C
// functions (capi/include/kith_plugin.h). docs/plug-ins.md says how to write one.
//
//   kith::crm_options options;
//   kith::load_module(options, "./plugins/libloyalty.so");
//   kith::crm crm = kith::open("shop.kith", std::move(options));
//
// Nothing is loaded that is not named here. A module has all rights of the program: load only what
// you trust.
#pragma once

#include <cstdint>
#include <string>

#include "kith/core/crm.hpp"

struct kith_module_host;  // kith_plugin.h
struct kith_registry;

namespace kith::inline v1 {

/// Loads a library by its path (with a slash: no search), for ever, and adds what it describes.
/// error_code::not_found, storage for what is no library, misuse for one that is no module or
/// breaks its contract, newer for one that knows only later interfaces, or what the module says;
/// then nothing was added.
void load_module(crm_options& to, const std::string& path);

/// A module that is part of the program: its kith_module_init, and what messages call it.
using module_init = std::int32_t (*)(const ::kith_module_host*, ::kith_registry*);
void add_module(crm_options& to, module_init init, const std::string& name);

}  // namespace kith::inline v1
