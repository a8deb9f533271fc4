// SPDX-License-Identifier: Apache-2.0
//
// Anything that was promised. Its first date is kept, so that promised can be held against actual.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct client;
struct contact;
struct deal;
struct user;

enum class task_status : std::int8_t { open = 1, done = 2, cancelled = 3 };
template <>
inline constexpr auto choices<task_status> = std::array{
    choice_option{1, "open", "открыта"},
    choice_option{2, "done", "сделана"},
    choice_option{3, "cancelled", "отменена"},
};

enum class priority : std::int8_t { low = 1, normal = 2, high = 3, urgent = 4 };
template <>
inline constexpr auto choices<priority> = std::array{
    choice_option{1, "low", "низкий"},
    choice_option{2, "normal", "обычный"},
    choice_option{3, "high", "высокий"},
    choice_option{4, "urgent", "срочный"},
};

struct task {
  static constexpr entity_def about{
      .id = 61, .name = "task", .plural = "tasks", .module = "activity", .ru = "Задача",
      .ru_plural = "Задачи", .title = "title", .doc = "Anything that was promised."};

  static constexpr field<task, text> title{
      1, "title", required, folded, searchable, personal, max_length(300), ru("Что"),
      "What was promised."};
  static constexpr field<task, ref<kith::client>> client{
      2, "client", cascade_delete, indexed, ru("Клиент"), "To whom."};
  static constexpr field<task, ref<kith::contact>> contact{
      3, "contact", clear_on_delete, indexed, ru("Контакт"), "To which person."};
  static constexpr field<task, ref<kith::deal>> deal{
      4, "deal", clear_on_delete, indexed, ru("Сделка"), "About which deal."};
  static constexpr field<task, ref<kith::user>> assignee{
      5, "assignee", restrict_delete, indexed, ru("Исполнитель"), "Who does it."};
  static constexpr field<task, date> due{6, "due", ru("Срок"), "By when."};
  static constexpr field<task, date> first_due{
      7, "first_due", set_once, ru("Первый срок"), "By when it was promised at first."};
  static constexpr field<task, integer> postponed{
      8, "postponed", initially(0), ru("Переносов"), "How often its date was put off."};
  static constexpr field<task, kith::priority> priority{
      9, "priority", required, initially(kith::priority::normal), ru("Важность"),
      "How much it matters."};
  static constexpr field<task, task_status> status{
      10, "status", required, initially(task_status::open), ru("Статус"), "Whether it is done."};
  static constexpr field<task, instant> done_at{
      11, "done_at", ru("Сделана"), "When it was done or cancelled."};
  static constexpr field<task, text> note{
      12, "note", searchable, personal, ru("Примечание"), "Anything else."};

  static constexpr auto fields = list(title, client, contact, deal, assignee, due, first_due,
                                      postponed, priority, status, done_at, note);
  static constexpr auto indexes = list(index(status, due));
  static std::span<const rule> rules();
};

}  // namespace kith::inline v1
