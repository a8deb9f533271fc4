// SPDX-License-Identifier: Apache-2.0
//
// A group of users that works together, such as a sales office.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct user;

struct team {
  static constexpr entity_def about{
      .id = 11, .name = "team", .plural = "teams", .module = "people", .ru = "Команда",
      .ru_plural = "Команды", .title = "name", .doc = "A group of users that works together."};

  static constexpr field<team, text> name{
      1, "name", required, folded, unique, natural_key, max_length(200), ru("Название"),
      "What it is called."};
  static constexpr field<team, ref<kith::user>> lead{
      2, "lead", clear_on_delete, indexed, ru("Руководитель"), "Who leads it."};
  static constexpr field<team, text> region{
      3, "region", folded, max_length(200), ru("Регион"), "Where it works."};

  static constexpr many<team, kith::user> members{"members", "team", ru("Сотрудники"),
                                                  "Who belongs to it."};
  static constexpr auto fields = list(name, lead, region);
  static constexpr auto relations = list(members);
};

}  // namespace kith::inline v1
