// SPDX-License-Identifier: Apache-2.0
//
// One run of an import. Every change it makes carries its id, so that the whole of it can be found
// and taken back.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct import_batch {
  static constexpr entity_def about{
      .id = 2, .name = "import_batch", .plural = "import_batches", .module = "system",
      .ru = "Импорт", .ru_plural = "Импорты", .title = "file_name", .doc = "One run of an import."};

  static constexpr field<import_batch, text> format{
      1, "format", required, max_length(40), ru("Формат"), "The format, such as csv."};
  static constexpr field<import_batch, text> file_name{
      2, "file_name", max_length(1000), ru("Файл"), "Where the rows came from."};
  static constexpr field<import_batch, text> entity{
      3, "entity", required, max_length(60), ru("Сущность"), "What the rows became."};
  static constexpr field<import_batch, integer> inserted{
      4, "inserted", initially(0), ru("Добавлено"), "Records added."};
  static constexpr field<import_batch, integer> updated{
      5, "updated", initially(0), ru("Изменено"), "Records changed."};
  static constexpr field<import_batch, integer> unchanged{
      6, "unchanged", initially(0), ru("Без изменений"), "Records that were as the row says."};
  static constexpr field<import_batch, integer> failed{
      7, "failed", initially(0), ru("Отклонено"), "Rows that were refused."};
  static constexpr field<import_batch, instant> started{
      8, "started", initially_now, ru("Начат"), "When it began."};
  static constexpr field<import_batch, instant> finished{
      9, "finished", ru("Окончен"), "When it ended; empty: it did not."};

  static constexpr auto fields =
      list(format, file_name, entity, inserted, updated, unchanged, failed, started, finished);
};

}  // namespace kith::inline v1
