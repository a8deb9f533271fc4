// SPDX-License-Identifier: Apache-2.0
//
// A step of a pipeline. Its category, not its name, decides what a deal in it may do.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct deal;
struct pipeline;

enum class stage_category : std::int8_t { open = 1, hold = 2, won = 3, lost = 4 };
template <>
inline constexpr auto choices<stage_category> = std::array{
    choice_option{1, "open", "в работе"},
    choice_option{2, "hold", "отложена"},
    choice_option{3, "won", "выиграна"},
    choice_option{4, "lost", "проиграна"},
};

struct stage {
  static constexpr entity_def about{
      .id = 41, .name = "stage", .plural = "stages", .module = "sales", .ru = "Этап",
      .ru_plural = "Этапы", .title = "name", .doc = "A step of a pipeline."};

  static constexpr field<stage, ref<kith::pipeline>> pipeline{
      1, "pipeline", required, cascade_delete, indexed, ru("Воронка"), "Which pipeline."};
  static constexpr field<stage, text> name{
      2, "name", required, folded, natural_key, max_length(100), ru("Название"),
      "What it is called."};
  static constexpr field<stage, integer> position{
      3, "position", initially(0), ru("Порядок"), "Where it stands in the pipeline."};
  static constexpr field<stage, stage_category> category{
      4, "category", required, initially(stage_category::open), ru("Категория"),
      "Whether deals in it are open, on hold, won or lost."};
  static constexpr field<stage, integer> probability{
      5, "probability", required, at_least(0), at_most(100), ru("Вероятность, %"),
      "How likely a deal in it is to be won, in percent."};
  static constexpr field<stage, integer> rot_days{
      6, "rot_days", at_least(1), ru("Дней до застоя"),
      "After so many days without a change a deal in it is stale."};

  static constexpr many<stage, kith::deal> deals{"deals", "stage", ru("Сделки"),
                                                 "Deals that stand in it."};
  static constexpr auto fields = list(pipeline, name, position, category, probability, rot_days);
  static constexpr auto relations = list(deals);
  static constexpr auto indexes = list(unique_index(pipeline, name));
  static std::span<const rule> rules();
};

}  // namespace kith::inline v1
