// SPDX-License-Identifier: Apache-2.0
//
// What is done to deals: won, lost, reopened, moved on. The stage follows from the deal's own
// pipeline; the rules of deals hold as for every other change.
//
//   session.call<win_deal>(d, win_deal::closed = date(2026, 3, 1));
#pragma once

#include "kith/core/action.hpp"
#include "kith/domain/sales/deal.hpp"
#include "kith/domain/sales/stage.hpp"

namespace kith::inline v1 {

struct win_deal {
  using on = deal;
  static constexpr action_def about{
      .id = 1, .name = "win", .ru = "Выиграть",
      .doc = "Marks a deal as won: into the first won stage of its pipeline."};

  static constexpr field<win_deal, date> closed{
      1, "closed", ru("Дата"), "The day of the decision; today, unless it is given."};
  static constexpr field<win_deal, money> amount{
      2, "amount", at_least(0), ru("Сумма"),
      "What it was sold for, where that is not what was expected."};

  static constexpr auto fields = list(closed, amount);
  static void run(action_context<win_deal>& c);
};

struct lose_deal {
  using on = deal;
  static constexpr action_def about{
      .id = 2, .name = "lose", .ru = "Проиграть",
      .doc = "Marks a deal as lost: into the first lost stage of its pipeline."};

  static constexpr field<lose_deal, text> lost_reason{
      1, "lost_reason", required, max_length(300), ru("Причина"), "Why it was lost."};
  static constexpr field<lose_deal, date> closed{
      2, "closed", ru("Дата"), "The day of the decision; today, unless it is given."};

  static constexpr auto fields = list(lost_reason, closed);
  static void run(action_context<lose_deal>& c);
};

struct reopen_deal {
  using on = deal;
  static constexpr action_def about{
      .id = 3, .name = "reopen", .ru = "Возобновить",
      .doc = "Takes a won or lost deal up again; the call says why."};

  static constexpr field<reopen_deal, ref<kith::stage>> stage{
      1, "stage", ru("Этап"), "Where it goes on; where it stood last, unless it is given."};

  static constexpr auto fields = list(stage);
  static void run(action_context<reopen_deal>& c);
};

struct move_deal {
  using on = deal;
  static constexpr action_def about{
      .id = 4, .name = "move", .ru = "Перевести",
      .doc = "Moves a deal to another stage; winning, losing and reopening are actions of their own."};

  static constexpr field<move_deal, ref<kith::stage>> stage{
      1, "stage", required, ru("Этап"), "Where it stands from now on."};

  static constexpr auto fields = list(stage);
  static void run(action_context<move_deal>& c);
};

}  // namespace kith::inline v1
