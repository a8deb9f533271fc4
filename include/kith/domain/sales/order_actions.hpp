// SPDX-License-Identifier: Apache-2.0
//
// How an order goes its way: confirmed, shipped, or cancelled while it has not left.
#pragma once

#include "kith/core/action.hpp"
#include "kith/domain/sales/sales_order.hpp"

namespace kith::inline v1 {

struct confirm_order {
  using on = sales_order;
  static constexpr action_def about{
      .id = 40, .name = "confirm", .ru = "Подтвердить", .doc = "Makes a draft an order for good."};

  static constexpr field<confirm_order, date> ordered{
      1, "ordered", ru("Дата заказа"),
      "When it was ordered; the day in the draft or today, unless it is given."};

  static constexpr auto fields = list(ordered);
  static void run(action_context<confirm_order>& c);
};

struct ship_order {
  using on = sales_order;
  static constexpr action_def about{
      .id = 41, .name = "ship", .ru = "Отгрузить", .doc = "Notes that a confirmed order has left."};

  static constexpr field<ship_order, date> shipped{
      1, "shipped", ru("Отгружен"), "When it left; today, unless it is given."};

  static constexpr auto fields = list(shipped);
  static void run(action_context<ship_order>& c);
};

struct cancel_order {
  using on = sales_order;
  static constexpr action_def about{
      .id = 42, .name = "cancel", .ru = "Отменить",
      .doc = "Gives an order up that has not left."};

  static constexpr auto fields = no_arguments;
  static void run(action_context<cancel_order>& c);
};

}  // namespace kith::inline v1
