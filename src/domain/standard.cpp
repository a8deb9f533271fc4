// SPDX-License-Identifier: Apache-2.0
//
// The standard actions, by module: the only place where they are registered. A new one is a
// struct in a header, its function, a test, and one line here.
#include "kith/domain/standard.hpp"

namespace kith::inline v1 {

std::span<const action_description> standard_actions() {
  static const action_description all[] = {
      // parties
      describe_action<hand_over_client>(),
      // sales
      describe_action<win_deal>(),
      describe_action<lose_deal>(),
      describe_action<reopen_deal>(),
      describe_action<move_deal>(),
      describe_action<confirm_order>(),
      describe_action<ship_order>(),
      describe_action<cancel_order>(),
      // activity
      describe_action<complete_task>(),
      describe_action<postpone_task>(),
      describe_action<cancel_task>(),
  };
  return all;
}

}  // namespace kith::inline v1
