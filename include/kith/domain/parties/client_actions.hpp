// SPDX-License-Identifier: Apache-2.0
//
// What is done to clients: given to somebody else, with the work that is open.
#pragma once

#include "kith/core/action.hpp"
#include "kith/domain/parties/client.hpp"

namespace kith::inline v1 {

struct hand_over_client {
  using on = client;
  static constexpr action_def about{
      .id = 60, .name = "hand_over", .ru = "Передать",
      .doc = "Gives a client to another user, with what the one before had open there."};

  static constexpr field<hand_over_client, ref<kith::user>> owner{
      1, "owner", required, ru("Кому"), "Who is responsible from now on."};
  static constexpr field<hand_over_client, boolean> deals{
      2, "deals", initially(true), ru("Сделки"),
      "Its open deals go along, those of the one before."};
  static constexpr field<hand_over_client, boolean> tasks{
      3, "tasks", initially(true), ru("Задачи"),
      "Its open tasks go along, those of the one before."};

  static constexpr auto fields = list(owner, deals, tasks);
  static void run(action_context<hand_over_client>& c);
};

}  // namespace kith::inline v1
