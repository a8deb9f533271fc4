// SPDX-License-Identifier: Apache-2.0
//
// A way of selling: a row of stages that a deal goes through.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct stage;

struct pipeline {
  static constexpr entity_def about{
      .id = 40, .name = "pipeline", .plural = "pipelines", .module = "sales", .ru = "Воронка",
      .ru_plural = "Воронки", .title = "name", .doc = "A row of stages that a deal goes through."};

  static constexpr field<pipeline, text> name{
      1, "name", required, folded, unique, natural_key, max_length(100), ru("Название"),
      "What it is called."};
  static constexpr field<pipeline, integer> position{
      2, "position", initially(0), ru("Порядок"), "Where it stands among the others."};

  static constexpr many<pipeline, kith::stage> stages{"stages", "pipeline", owned, ru("Этапы"),
                                                      "Its stages."};
  static constexpr auto fields = list(name, position);
  static constexpr auto relations = list(stages);
};

}  // namespace kith::inline v1
