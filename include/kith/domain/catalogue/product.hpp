// SPDX-License-Identifier: Apache-2.0
//
// Something that is sold: goods or a service.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct external_ref;

enum class product_kind : std::int8_t { goods = 1, service = 2 };
template <>
inline constexpr auto choices<product_kind> = std::array{
    choice_option{1, "goods", "товар"},
    choice_option{2, "service", "услуга"},
};

struct product {
  static constexpr entity_def about{
      .id = 30, .name = "product", .plural = "products", .module = "catalogue", .ru = "Товар",
      .ru_plural = "Товары", .title = "name", .doc = "Something that is sold."};

  static constexpr field<product, text> code{
      1, "code", unique, natural_key, max_length(60), ru("Артикул"), "The firm's own number for it."};
  static constexpr field<product, text> name{
      2, "name", required, folded, natural_key, searchable, max_length(300), ru("Название"),
      "What people call it."};
  static constexpr field<product, product_kind> kind{
      3, "kind", required, initially(product_kind::goods), ru("Вид"), "Goods or a service."};
  static constexpr field<product, text> unit{
      4, "unit", max_length(40), ru("Единица"), "What is counted: piece, hour, litre."};
  static constexpr field<product, money> list_price{
      5, "list_price", scale(4), at_least(0), ru("Цена"), "The price of one unit."};
  static constexpr field<product, money> cost{
      6, "cost", scale(4), at_least(0), ru("Себестоимость"), "What one unit costs the firm."};
  static constexpr field<product, text> category{
      7, "category", folded, indexed, max_length(200), ru("Категория"), "What it is grouped under."};
  static constexpr field<product, boolean> active{
      8, "active", initially(true), ru("В продаже"), "Whether it is still sold."};
  static constexpr field<product, text> description{
      9, "description", searchable, ru("Описание"), "What the client should know."};

  static constexpr many<product, kith::external_ref> external_refs{
      "external_refs", "record", owned, ru("Внешние ключи"), "What other systems call it."};

  static constexpr auto fields =
      list(code, name, kind, unit, list_price, cost, category, active, description);
  static constexpr auto relations = list(external_refs);
};

}  // namespace kith::inline v1
