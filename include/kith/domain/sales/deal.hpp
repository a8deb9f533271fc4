// SPDX-License-Identifier: Apache-2.0
//
// A sale that may still be lost. The category of its stage decides what may change: a won deal
// keeps its amount and client, a lost one says why, and coming back is an event with a reason.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct client;
struct contact;
struct external_ref;
struct interaction;
struct product;
struct sales_order;
struct stage;
struct stage_change;
struct task;
struct team;
struct user;

struct deal {
  static constexpr entity_def about{
      .id = 42, .name = "deal", .plural = "deals", .module = "sales", .ru = "Сделка",
      .ru_plural = "Сделки", .title = "title", .doc = "A sale that may still be lost."};

  static constexpr field<deal, text> title{
      1, "title", required, folded, searchable, personal, max_length(200), ru("Название"),
      "What is being sold."};
  static constexpr field<deal, ref<kith::client>> client{
      2, "client", restrict_delete, indexed, ru("Клиент"),
      "Who buys; a won deal has one."};
  static constexpr field<deal, ref<kith::contact>> contact{
      3, "contact", clear_on_delete, indexed, ru("Контакт"), "Whom we talk to."};
  static constexpr field<deal, ref<kith::stage>> stage{
      4, "stage", required, restrict_delete, ru("Этап"), "Where it stands."};
  static constexpr field<deal, money> amount{
      5, "amount", at_least(0), ru("Сумма"), "Expected value."};
  static constexpr field<deal, integer> probability{
      6, "probability", at_least(0), at_most(100), ru("Вероятность, %"),
      "How likely it is to be won, in percent; follows the stage unless it was set by hand."};
  static constexpr field<deal, boolean> probability_by_hand{
      7, "probability_by_hand", initially(false), ru("Вероятность задана вручную"),
      "The probability was set by a person and no longer follows the stage."};
  static constexpr field<deal, ref<kith::product>> product{
      8, "product", restrict_delete, indexed, ru("Товар"), "What it is mainly about."};
  static constexpr field<deal, ref<kith::user>> owner{
      9, "owner", clear_on_delete, indexed, ru("Ответственный"), "Who works on it."};
  static constexpr field<deal, ref<kith::team>> team{
      10, "team", clear_on_delete, indexed, ru("Команда"), "Which team works on it."};
  static constexpr field<deal, text> source{
      11, "source", folded, max_length(200), ru("Источник"), "Where it came from."};
  static constexpr field<deal, date> opened{
      12, "opened", ru("Открыта"), "When work on it began."};
  static constexpr field<deal, date> closes{
      13, "closes", indexed, ru("Ожидаемое закрытие"), "When it is expected to be decided."};
  static constexpr field<deal, date> closed{
      14, "closed", ru("Закрыта"), "When it was won or lost; set when that happens."};
  static constexpr field<deal, text> lost_reason{
      15, "lost_reason", folded, max_length(300), ru("Причина проигрыша"), "Why it was lost."};
  static constexpr field<deal, ref<kith::stage>> last_open_stage{
      16, "last_open_stage", keep_on_delete, ru("Последний этап в работе"),
      "Where it stood before it was won or lost."};
  static constexpr field<deal, text> next_step{
      17, "next_step", personal, max_length(300), ru("Следующий шаг"), "What is to be done next."};
  static constexpr field<deal, date> next_step_due{
      18, "next_step_due", ru("Срок шага"), "By when."};
  static constexpr field<deal, money> weighted{
      19, "weighted", computed("amount * probability / 100", on_read), ru("Взвешенная сумма"),
      "The amount times the probability."};
  static constexpr field<deal, duration> cycle{
      20, "cycle", computed("closed - opened", on_read), ru("Длительность"),
      "How long it took to be decided."};

  static constexpr many<deal, kith::stage_change> stage_changes{
      "stage_changes", "deal", owned, ru("История этапов"), "How it went through the stages."};
  static constexpr many<deal, kith::interaction> interactions{"interactions", "deal", ru("История"),
                                                              "What happened about it."};
  static constexpr many<deal, kith::task> tasks{"tasks", "deal", ru("Задачи"),
                                                "What was promised about it."};
  static constexpr many<deal, kith::sales_order> orders{"orders", "deal", ru("Заказы"),
                                                        "What came of it."};
  static constexpr many<deal, kith::external_ref> external_refs{
      "external_refs", "record", owned, ru("Внешние ключи"), "What other systems call it."};

  static constexpr auto fields =
      list(title, client, contact, stage, amount, probability, probability_by_hand, product, owner,
           team, source, opened, closes, closed, lost_reason, last_open_stage, next_step,
           next_step_due, weighted, cycle);
  static constexpr auto relations =
      list(stage_changes, interactions, tasks, orders, external_refs);
  static constexpr auto indexes = list(index(stage, amount));
  static constexpr auto totals = list(total_def{
      .name = "board", .by = "stage",
      .measures = "count() as deals, sum(amount) as amount, "
                  "sum(round(amount * probability / 100)) as weighted",
      .doc = "The pipeline board."});
  static std::span<const rule> rules();
};

}  // namespace kith::inline v1
