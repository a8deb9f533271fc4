// SPDX-License-Identifier: Apache-2.0
//
// What another system calls a record: a shop's customer number, an old database's key. Imports find
// records by it, so that a second run changes instead of adding.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct external_ref {
  static constexpr entity_def about{
      .id = 24, .name = "external_ref", .plural = "external_refs", .module = "parties",
      .ru = "Внешний ключ", .ru_plural = "Внешние ключи", .title = "key",
      .doc = "What another system calls a record."};

  static constexpr field<external_ref, text> source{
      1, "source", required, set_once, max_length(100), ru("Система"), "The other system."};
  static constexpr field<external_ref, text> key{
      2, "key", required, set_once, max_length(300), ru("Ключ"), "Its name for the record."};
  static constexpr field<external_ref, any_ref> record{
      3, "record", required, cascade_delete, indexed, ru("Запись"), "The record here."};

  static constexpr auto fields = list(source, key, record);
  static constexpr auto indexes = list(unique_index(source, key));
};

}  // namespace kith::inline v1
