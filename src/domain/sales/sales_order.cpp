// SPDX-License-Identifier: Apache-2.0
//
// Rules of orders.
#include "kith/domain/sales/sales_order.hpp"

#include "kith/core/rule.hpp"

namespace kith::inline v1 {
namespace {

bool is_binding(order_status s) {
  return s == order_status::confirmed || s == order_status::shipped;
}

}  // namespace

std::span<const rule> sales_order::rules() {
  static const rule all[] = {
      complete<sales_order>("confirmed_has_a_date")
          .reads(sales_order::status, sales_order::ordered)
          .writes(sales_order::ordered)
          .as([](rule_context<sales_order>& c) {
            const order_status now = c[sales_order::status];
            const bool becomes = is_binding(now) && c.changed(sales_order::status);
            if (becomes && !c.has(sales_order::ordered)) c.set(sales_order::ordered = c.today());
          }),
      check<sales_order>("confirmed_keeps_its_date")
          .reads(sales_order::status, sales_order::ordered)
          .as([](rule_context<sales_order>& c) {
            if (!is_binding(c[sales_order::status]) || c.has(sales_order::ordered)) return;
            c.refuse(sales_order::ordered,
                     "a confirmed order has a date; give the day of the order");
          }),
      check<sales_order>("one_currency_per_order")
          .reads(sales_order::freight, sales_order::net)
          .as([](rule_context<sales_order>& c) {
            const money freight = c[sales_order::freight];
            const money net = c[sales_order::net];
            if (freight.empty() || net.empty() || freight.currency() == net.currency()) return;
            c.refuse(sales_order::freight,
                     "the lines are in " + std::string(net.currency().text()) + ", not in " +
                         std::string(freight.currency().text()) + "; convert the delivery");
          }),
      check<sales_order>("ships_after_it_is_ordered")
          .reads(sales_order::ordered, sales_order::shipped)
          .as([](rule_context<sales_order>& c) {
            if (!c.has(sales_order::ordered) || !c.has(sales_order::shipped)) return;
            if (c[sales_order::shipped] < c[sales_order::ordered]) {
              c.refuse(sales_order::shipped, c[sales_order::shipped].to_string() + " is before " +
                                                 c[sales_order::ordered].to_string() +
                                                 ", when it was ordered; exchange them");
            }
          }),
  };
  return all;
}

}  // namespace kith::inline v1
