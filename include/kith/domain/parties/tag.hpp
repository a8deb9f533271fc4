// SPDX-License-Identifier: Apache-2.0
//
// A word attached to a record. A record has each word once.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct tag {
  static constexpr entity_def about{
      .id = 25, .name = "tag", .plural = "tags", .module = "parties", .ru = "Метка",
      .ru_plural = "Метки", .title = "name", .doc = "A word attached to a record."};

  static constexpr field<tag, any_ref> record{
      1, "record", required, set_once, cascade_delete, indexed, ru("Запись"), "What it is on."};
  static constexpr field<tag, text> name{
      2, "name", required, folded, indexed, max_length(60), ru("Метка"), "The word."};

  static constexpr auto fields = list(record, name);
  static constexpr auto indexes = list(unique_index(record, name));
};

}  // namespace kith::inline v1
