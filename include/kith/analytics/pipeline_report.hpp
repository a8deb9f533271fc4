// SPDX-License-Identifier: Apache-2.0
//
// What is in the pipeline: deals that are neither won nor lost, with what they are worth.
#pragma once

#include "kith/core/report.hpp"

namespace kith::inline v1 {

struct pipeline;

enum class pipeline_by : std::int8_t {
  stage = 1,
  owner = 2,
  team = 3,
  client = 4,
  product = 5,
  source = 6
};
template <>
inline constexpr auto choices<pipeline_by> = std::array{
    choice_option{1, "stage", "этап"},    choice_option{2, "owner", "ответственный"},
    choice_option{3, "team", "команда"},  choice_option{4, "client", "клиент"},
    choice_option{5, "product", "товар"}, choice_option{6, "source", "источник"},
};

/// Columns: what `by` names; deals; amount; weighted, the amounts times their probabilities. Sums
/// are by currency. Stages stand in the order of their pipelines, all else by name.
struct pipeline_report {
  static constexpr report_def about{
      .id = 1,
      .name = "pipeline",
      .chart = {.mark = "bar", .x = {}, .y = "amount"},
      .ru = "Воронка",
      .doc = "Deals that are neither won nor lost, and what they are worth."};

  static constexpr field<pipeline_report, pipeline_by> by{
      1, "by", required, initially(pipeline_by::stage), ru("По"), "What the rows stand for."};
  static constexpr field<pipeline_report, ref<kith::pipeline>> pipeline{
      2, "pipeline", ru("Воронка"), "Only deals of this one."};

  static constexpr auto fields = list(by, pipeline);
  static table run(report_context<pipeline_report>& c);
};

}  // namespace kith::inline v1
