// SPDX-License-Identifier: Apache-2.0
//
// What becomes of promises: they are kept, put off, or given up, but never vanish.
#pragma once

#include "kith/core/action.hpp"
#include "kith/domain/activity/task.hpp"

namespace kith::inline v1 {

struct complete_task {
  using on = task;
  static constexpr action_def about{
      .id = 20, .name = "complete", .ru = "Завершить", .doc = "Marks a task as done."};

  static constexpr field<complete_task, text> outcome{
      1, "outcome", personal, ru("Результат"), "What came of it; put below the task's note."};
  static constexpr field<complete_task, instant> done_at{
      2, "done_at", ru("Когда"), "When it was done; now, unless it is given."};

  static constexpr auto fields = list(outcome, done_at);
  static void run(action_context<complete_task>& c);
};

struct postpone_task {
  using on = task;
  static constexpr action_def about{
      .id = 21, .name = "postpone", .ru = "Отложить",
      .doc = "Puts a task off to a later day; the first one is kept, and it is counted."};

  static constexpr field<postpone_task, date> due{
      1, "due", required, ru("Новый срок"), "By when it is promised now."};

  static constexpr auto fields = list(due);
  static void run(action_context<postpone_task>& c);
};

struct cancel_task {
  using on = task;
  static constexpr action_def about{
      .id = 22, .name = "cancel", .ru = "Отменить", .doc = "Gives a task up."};

  static constexpr field<cancel_task, text> outcome{
      1, "outcome", personal, ru("Причина"), "Why; put below the task's note."};

  static constexpr auto fields = list(outcome);
  static void run(action_context<cancel_task>& c);
};

}  // namespace kith::inline v1
