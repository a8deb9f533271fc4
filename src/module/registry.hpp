// SPDX-License-Identifier: Apache-2.0
//
// Where a module puts what it has, while it is being loaded.
#pragma once

#include <exception>
#include <memory>
#include <string>

#include "kith/module/load.hpp"
#include "kith_plugin.h"

/// The plug-in sees only its address.
struct kith_registry {
  std::string name;         ///< what messages call the module
  kith::crm_options added;  ///< what it described so far
  std::exception_ptr thrown;
  kith_status thrown_code = KITH_OK;
};

namespace kith::inline v1::module {

kith_status add_entity(::kith_registry* to, const ::kith_entity_def* entity);
kith_status add_field(::kith_registry* to, const char* entity, const ::kith_field_def* field);
kith_status add_rule(::kith_registry* to, const ::kith_rule_def* rule);
kith_status add_action(::kith_registry* to, const ::kith_action_def* action);
kith_status add_report(::kith_registry* to, const ::kith_report_def* report);
kith_status fail_to_load(::kith_registry* to, kith_status code, const char* message);

}  // namespace kith::inline v1::module
