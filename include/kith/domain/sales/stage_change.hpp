// SPDX-License-Identifier: Apache-2.0
//
// That a deal moved from one stage to another. Written by a rule, never by hand; coming back to a
// stage adds to the time spent there.
#pragma once

#include "kith/core/entity.hpp"
#include "kith/domain/sales/stage.hpp"

namespace kith::inline v1 {

struct deal;

struct stage_change {
  static constexpr entity_def about{
      .id = 43, .name = "stage_change", .plural = "stage_changes", .module = "sales",
      .ru = "Смена этапа", .ru_plural = "Смены этапов", .title = "at",
      .doc = "That a deal moved from one stage to another.", .append_only = true};

  static constexpr field<stage_change, ref<kith::deal>> deal{
      1, "deal", required, cascade_delete, ru("Сделка"), "Which deal."};
  static constexpr field<stage_change, ref<kith::stage>> from_stage{
      2, "from_stage", keep_on_delete, ru("Из этапа"), "Where it stood; empty for a new deal."};
  static constexpr field<stage_change, ref<kith::stage>> to_stage{
      3, "to_stage", required, keep_on_delete, ru("В этап"), "Where it stands now."};
  static constexpr field<stage_change, stage_category> from_category{
      4, "from_category", ru("Была"), "The category of the old stage, as it was then."};
  static constexpr field<stage_change, stage_category> to_category{
      5, "to_category", required, ru("Стала"), "The category of the new stage, as it was then."};
  static constexpr field<stage_change, instant> at{6, "at", required, ru("Когда"), "When."};
  static constexpr field<stage_change, text> actor{
      7, "actor", max_length(200), ru("Кто"), "Who moved it."};
  static constexpr field<stage_change, text> reason{
      8, "reason", ru("Почему"), "What was said about it."};
  static constexpr field<stage_change, money> amount{
      9, "amount", ru("Сумма тогда"), "The deal's amount at that moment."};
  static constexpr field<stage_change, duration> spent{
      10, "spent", ru("Пробыла"), "How long it had stood in the old stage."};

  static constexpr auto fields = list(deal, from_stage, to_stage, from_category, to_category, at,
                                      actor, reason, amount, spent);
  static constexpr auto indexes = list(timeline(deal, at));
};

}  // namespace kith::inline v1
