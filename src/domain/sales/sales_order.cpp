// SPDX-License-Identifier: Apache-2.0
//
// Rules of orders.
#include "kith/domain/sales/sales_order.hpp"

#include "kith/core/rule.hpp"

namespace kith::inline v1 {

std::span<const rule> sales_order::rules() {
  static const rule all[] = {
      complete<sales_order>("confirmed_has_a_date")
          .reads(sales_order::status, sales_order::ordered)
          .writes(sales_order::ordered)
          .as([](rule_context<sales_order>& c) {
            const order_status now = c[sales_order::status];
            const bool binding = now == order_status::confirmed || now == order_status::shipped;
            if (binding && !c.has(sales_order::ordered)) c.set(sales_order::ordered = c.today());
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
