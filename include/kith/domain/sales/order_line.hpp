// SPDX-License-Identifier: Apache-2.0
//
// One thing of an order, with the description, unit and price that were agreed: a later change of
// the product changes nothing here.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct product;
struct sales_order;

struct order_line {
  static constexpr entity_def about{
      .id = 45, .name = "order_line", .plural = "order_lines", .module = "sales",
      .ru = "Строка заказа", .ru_plural = "Строки заказа", .title = "description",
      .doc = "One thing of an order."};

  static constexpr field<order_line, ref<kith::sales_order>> sales_order{
      1, "sales_order", required, cascade_delete, indexed, ru("Заказ"), "Which order."};
  static constexpr field<order_line, integer> position{
      2, "position", ru("Порядок"), "Where it stands in the order."};
  static constexpr field<order_line, ref<kith::product>> product{
      3, "product", restrict_delete, indexed, ru("Товар"), "What."};
  static constexpr field<order_line, text> description{
      4, "description", max_length(1000), ru("Описание"), "What was agreed, in words."};
  static constexpr field<order_line, decimal> quantity{
      5, "quantity", required, scale(3), ru("Количество"), "How many units."};
  static constexpr field<order_line, text> unit{
      6, "unit", max_length(40), ru("Единица"), "What is counted."};
  static constexpr field<order_line, money> unit_price{
      7, "unit_price", required, scale(4), ru("Цена"), "What one unit costs."};
  static constexpr field<order_line, decimal> discount_percent{
      8, "discount_percent", scale(2), at_least(0), at_most(100), initially(0), ru("Скидка, %"),
      "What is taken off, in percent."};
  static constexpr field<order_line, money> net{
      9, "net",
      computed("round(unit_price * quantity * (100 - discount_percent) / 100)", stored),
      ru("Сумма"),
      "Price times quantity less discount, rounded half up to the currency's minor unit "
      "(EN 16931, BR-CO-10: totals add rounded lines)."};

  static constexpr auto fields = list(sales_order, position, product, description, quantity, unit,
                                      unit_price, discount_percent, net);
  static std::span<const rule> rules();
};

}  // namespace kith::inline v1
