// SPDX-License-Identifier: Apache-2.0
//
// What a client ordered. Its sums are those of its lines, kept current while they change.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct client;
struct contact;
struct deal;
struct external_ref;
struct order_line;
struct user;

enum class order_status : std::int8_t { draft = 1, confirmed = 2, shipped = 3, cancelled = 4 };
template <>
inline constexpr auto choices<order_status> = std::array{
    choice_option{1, "draft", "черновик"},
    choice_option{2, "confirmed", "подтверждён"},
    choice_option{3, "shipped", "отгружен"},
    choice_option{4, "cancelled", "отменён"},
};

struct sales_order {
  static constexpr entity_def about{
      .id = 44, .name = "sales_order", .plural = "sales_orders", .module = "sales", .ru = "Заказ",
      .ru_plural = "Заказы", .title = "number", .doc = "What a client ordered."};

  static constexpr field<sales_order, text> number{
      1, "number", unique, natural_key, max_length(60), ru("Номер"), "What it is called on paper."};
  static constexpr field<sales_order, ref<kith::client>> client{
      2, "client", required, restrict_delete, indexed, ru("Клиент"), "Who ordered."};
  static constexpr field<sales_order, ref<kith::contact>> contact{
      3, "contact", clear_on_delete, indexed, ru("Контакт"), "Whom to ask about it."};
  static constexpr field<sales_order, ref<kith::deal>> deal{
      4, "deal", clear_on_delete, indexed, ru("Сделка"), "Which deal it came of."};
  static constexpr field<sales_order, ref<kith::user>> owner{
      5, "owner", clear_on_delete, indexed, ru("Ответственный"), "Who sold it."};
  static constexpr field<sales_order, order_status> status{
      6, "status", required, initially(order_status::draft), ru("Статус"), "How far it is."};
  static constexpr field<sales_order, date> ordered{
      7, "ordered", indexed, ru("Дата заказа"), "When it was ordered; a confirmed order has one."};
  static constexpr field<sales_order, date> required_by{
      8, "required_by", ru("Нужен к"), "When the client wants to have it."};
  static constexpr field<sales_order, date> shipped{
      9, "shipped", ru("Отгружен"), "When it left."};
  static constexpr field<sales_order, money> freight{
      10, "freight", at_least(0), ru("Доставка"), "What delivery costs the client."};
  static constexpr field<sales_order, money> net{
      11, "net", computed("sum(lines.net)", stored), ru("Сумма строк"), "The sum of its lines."};
  static constexpr field<sales_order, money> total{
      12, "total", computed("coalesce(net + freight, net, freight)", on_read), ru("Всего"),
      "Lines and delivery."};
  static constexpr field<sales_order, text> ship_name{
      13, "ship_name", personal, max_length(300), ru("Получатель"), "Who receives it."};
  static constexpr field<sales_order, postal_address> ship_to{
      14, "ship_to", personal, ru("Адрес доставки"), "Where it goes."};
  static constexpr field<sales_order, text> note{
      15, "note", searchable, personal, ru("Примечание"), "Anything else."};

  static constexpr many<sales_order, kith::order_line> lines{"lines", "sales_order", owned,
                                                             ru("Строки"), "What was ordered."};
  static constexpr many<sales_order, kith::external_ref> external_refs{
      "external_refs", "record", owned, ru("Внешние ключи"), "What other systems call it."};

  static constexpr auto fields =
      list(number, client, contact, deal, owner, status, ordered, required_by, shipped, freight,
           net, total, ship_name, ship_to, note);
  static constexpr auto relations = list(lines, external_refs);
  static constexpr auto totals = list(total_def{
      .name = "purchases", .where = "status in ('confirmed', 'shipped')", .by = "client",
      .measures = "count() as orders, sum(net) as net, min(ordered) as first, "
                  "max(ordered) as last",
      .doc = "What each client has ordered for good."});
  static std::span<const rule> rules();
};

}  // namespace kith::inline v1
