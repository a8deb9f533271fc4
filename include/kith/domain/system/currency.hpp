// SPDX-License-Identifier: Apache-2.0
//
// A currency that the firm works with. Amounts may be in any currency of ISO 4217; this list says
// which are offered, under which name.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct currency {
  static constexpr entity_def about{
      .id = 1, .name = "currency", .plural = "currencies", .module = "system", .ru = "Валюта",
      .ru_plural = "Валюты", .title = "code", .doc = "A currency that the firm works with."};

  static constexpr field<currency, text> code{
      1, "code", required, unique, natural_key, set_once, max_length(3), ru("Код"),
      "The ISO 4217 code, such as RUB."};
  static constexpr field<currency, text> name{
      2, "name", folded, natural_key, max_length(100), ru("Название"), "What people call it."};
  static constexpr field<currency, boolean> active{
      3, "active", initially(true), ru("Действует"), "Whether it is offered."};

  static constexpr auto fields = list(code, name, active);
  static std::span<const rule> rules();
};

}  // namespace kith::inline v1
