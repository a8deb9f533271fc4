// SPDX-License-Identifier: Apache-2.0
//
// The standard entities, by module: the only place where they are registered. A new one is a
// header, its rules, a test, and one line here. Actions are registered in src/domain/standard.cpp.
#pragma once

#include <array>
#include <span>

#include "kith/domain/activity/interaction.hpp"
#include "kith/domain/activity/task.hpp"
#include "kith/domain/activity/task_actions.hpp"
#include "kith/domain/catalogue/product.hpp"
#include "kith/domain/parties/client.hpp"
#include "kith/domain/parties/client_actions.hpp"
#include "kith/domain/parties/contact.hpp"
#include "kith/domain/parties/contact_point.hpp"
#include "kith/domain/parties/employment.hpp"
#include "kith/domain/parties/external_ref.hpp"
#include "kith/domain/parties/tag.hpp"
#include "kith/domain/people/team.hpp"
#include "kith/domain/people/user.hpp"
#include "kith/domain/sales/deal.hpp"
#include "kith/domain/sales/deal_actions.hpp"
#include "kith/domain/sales/order_actions.hpp"
#include "kith/domain/sales/order_line.hpp"
#include "kith/domain/sales/pipeline.hpp"
#include "kith/domain/sales/sales_order.hpp"
#include "kith/domain/sales/stage.hpp"
#include "kith/domain/sales/stage_change.hpp"
#include "kith/domain/system/currency.hpp"
#include "kith/domain/system/import_batch.hpp"

namespace kith::inline v1 {

inline constexpr std::array standard_entities{
    // system
    describe<currency>(),
    describe<import_batch>(),
    // people
    describe<user>(),
    describe<team>(),
    // parties
    describe<client>(),
    describe<contact>(),
    describe<employment>(),
    describe<contact_point>(),
    describe<external_ref>(),
    describe<tag>(),
    // catalogue
    describe<product>(),
    // sales
    describe<pipeline>(),
    describe<stage>(),
    describe<deal>(),
    describe<stage_change>(),
    describe<sales_order>(),
    describe<order_line>(),
    // activity
    describe<interaction>(),
    describe<task>(),
};

/// What can be done to them.
std::span<const action_description> standard_actions();

}  // namespace kith::inline v1
