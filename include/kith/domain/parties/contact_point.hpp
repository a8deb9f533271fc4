// SPDX-License-Identifier: Apache-2.0
//
// One way to reach a client or contact. Families and switchboards share numbers, so an address may
// belong to several parties.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

enum class channel : std::int8_t { email = 1, phone = 2, website = 3, messenger = 4 };
template <>
inline constexpr auto choices<channel> = std::array{
    choice_option{1, "email", "почта"},
    choice_option{2, "phone", "телефон"},
    choice_option{3, "website", "сайт"},
    choice_option{4, "messenger", "мессенджер"},
};

struct contact_point {
  static constexpr entity_def about{
      .id = 23, .name = "contact_point", .plural = "contact_points", .module = "parties",
      .ru = "Средство связи", .ru_plural = "Средства связи", .title = "address",
      .doc = "One way to reach a client or contact."};

  static constexpr field<contact_point, any_ref> party{
      1, "party", required, cascade_delete, indexed, ru("Чьё"), "The client or contact."};
  static constexpr field<contact_point, kith::channel> channel{
      2, "channel", required, ru("Канал"), "What it is."};
  static constexpr field<contact_point, text> address{
      3, "address", required, personal, searchable, max_length(320), ru("Адрес"),
      "The address or number as it was given."};
  static constexpr field<contact_point, text> normal_form{
      4, "normal_form", indexed, personal, max_length(320), ru("Нормальная форма"),
      "What is compared: made from the address, by its channel."};
  static constexpr field<contact_point, text> label{
      5, "label", max_length(60), ru("Пометка"), "Such as work, home, night guard."};
  static constexpr field<contact_point, boolean> is_primary{
      6, "is_primary", initially(false), ru("Основное"), "The one to use first."};
  static constexpr field<contact_point, boolean> invalid{
      7, "invalid", initially(false), ru("Не работает"), "Mail bounced or the number is dead."};

  static constexpr auto fields =
      list(party, channel, address, normal_form, label, is_primary, invalid);
  static std::span<const rule> rules();
};

}  // namespace kith::inline v1
