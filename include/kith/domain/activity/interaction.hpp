// SPDX-License-Identifier: Apache-2.0
//
// Anything that happened with a client: a call, a letter, a visit. History: added, never changed.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct client;
struct contact;
struct deal;
struct user;

enum class interaction_kind : std::int8_t {
  call = 1, email = 2, letter = 3, visit = 4, meeting = 5, message = 6, note = 7, web = 8
};
template <>
inline constexpr auto choices<interaction_kind> = std::array{
    choice_option{1, "call", "звонок"},   choice_option{2, "email", "электронное письмо"},
    choice_option{3, "letter", "письмо"}, choice_option{4, "visit", "визит"},
    choice_option{5, "meeting", "встреча"}, choice_option{6, "message", "сообщение"},
    choice_option{7, "note", "заметка"},  choice_option{8, "web", "событие на сайте"},
};

enum class direction : std::int8_t { incoming = 1, outgoing = 2, internal = 3 };
template <>
inline constexpr auto choices<direction> = std::array{
    choice_option{1, "incoming", "входящее"},
    choice_option{2, "outgoing", "исходящее"},
    choice_option{3, "internal", "внутреннее"},
};

struct interaction {
  static constexpr entity_def about{
      .id = 60, .name = "interaction", .plural = "interactions", .module = "activity",
      .ru = "Взаимодействие", .ru_plural = "Взаимодействия", .title = "subject",
      .doc = "Anything that happened with a client.", .append_only = true};

  static constexpr field<interaction, ref<kith::client>> client{
      1, "client", required, cascade_delete, ru("Клиент"), "With whom."};
  static constexpr field<interaction, ref<kith::contact>> contact{
      2, "contact", keep_on_delete, ru("Контакт"), "Which person."};
  static constexpr field<interaction, ref<kith::deal>> deal{
      3, "deal", keep_on_delete, indexed, ru("Сделка"), "About which deal."};
  static constexpr field<interaction, interaction_kind> kind{
      4, "kind", required, ru("Вид"), "What it was."};
  static constexpr field<interaction, kith::direction> direction{
      5, "direction", ru("Направление"), "Who began it."};
  static constexpr field<interaction, instant> at{
      6, "at", required, initially_now, ru("Когда"), "When."};
  static constexpr field<interaction, text> subject{
      7, "subject", searchable, personal, max_length(500), ru("Тема"), "In a few words."};
  static constexpr field<interaction, text> body{
      8, "body", searchable, personal, ru("Содержание"), "In full."};
  static constexpr field<interaction, ref<kith::user>> owner{
      9, "owner", keep_on_delete, ru("Кто"), "Which of us."};
  static constexpr field<interaction, duration> length{
      10, "length", ru("Длительность"), "How long it took."};

  static constexpr auto fields =
      list(client, contact, deal, kind, direction, at, subject, body, owner, length);
  static constexpr auto indexes = list(timeline(client, at).shows(kind, direction, subject));
};

}  // namespace kith::inline v1
