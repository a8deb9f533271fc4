// SPDX-License-Identifier: Apache-2.0
//
// Rules of order lines.
#include "kith/domain/sales/order_line.hpp"

#include "kith/core/rule.hpp"
#include "kith/domain/catalogue/product.hpp"
#include "kith/domain/sales/sales_order.hpp"

namespace kith::inline v1 {
namespace {

constexpr auto product_name = order_line::product / product::name;
constexpr auto product_unit = order_line::product / product::unit;
constexpr auto product_price = order_line::product / product::list_price;
constexpr auto order_net = order_line::sales_order / sales_order::net;
constexpr auto order_freight = order_line::sales_order / sales_order::freight;

}  // namespace

std::span<const rule> order_line::rules() {
  static const rule all[] = {
      // What is agreed is copied: the product may change afterwards.
      complete<order_line>("taken_from_product")
          .reads(order_line::product, product_name, product_unit, product_price)
          .writes(order_line::description, order_line::unit, order_line::unit_price)
          .as([](rule_context<order_line>& c) {
            if (!c.has(order_line::product)) return;
            if (!c.has(order_line::description)) {
              c.set(order_line::description = c[product_name]);
            }
            const std::string unit = c[product_unit];
            if (!c.has(order_line::unit) && !unit.empty()) c.set(order_line::unit = unit);
            const money price = c[product_price];
            if (!c.has(order_line::unit_price) && !price.empty()) {
              c.set(order_line::unit_price = price);
            }
          }),
      check<order_line>("one_currency_per_order")
          .reads(order_line::unit_price, order_line::sales_order, order_net, order_freight)
          .as([](rule_context<order_line>& c) {
            const money lines = c[order_net];
            const money sum = lines.empty() ? c[order_freight] : lines;
            const money price = c[order_line::unit_price];
            if (sum.empty() || price.empty() || sum.currency() == price.currency()) return;
            c.refuse(order_line::unit_price, "the order is in " +
                                                 std::string(sum.currency().text()) + ", not in " +
                                                 std::string(price.currency().text()) +
                                                 "; convert the price, or make another order");
          }),
  };
  return all;
}

}  // namespace kith::inline v1
