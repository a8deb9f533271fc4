// SPDX-License-Identifier: Apache-2.0
//
// A person we talk to, who may work for several clients: see employment.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct contact_point;
struct employment;
struct external_ref;
struct tag;
struct user;

struct contact {
  static constexpr entity_def about{
      .id = 21, .name = "contact", .plural = "contacts", .module = "parties", .ru = "Контакт",
      .ru_plural = "Контакты", .title = "name", .doc = "A person we talk to."};

  static constexpr field<contact, person_name> name{
      1, "name", required, flat, natural_key, personal, searchable, ru("Имя"),
      "Family name, first name and patronymic; a part may be missing."};
  static constexpr field<contact, text> salutation{
      2, "salutation", personal, max_length(100), ru("Обращение"), "How to address the person."};
  static constexpr field<contact, date> birth_date{
      3, "birth_date", personal, ru("Дата рождения"), "When the person was born."};
  static constexpr field<contact, text> language{
      4, "language", personal, max_length(20), ru("Язык"), "BCP 47 tag of the preferred language."};
  static constexpr field<contact, ref<kith::user>> owner{
      5, "owner", clear_on_delete, indexed, ru("Ответственный"), "Who keeps in touch."};
  static constexpr field<contact, text> note{
      6, "note", searchable, personal, ru("Примечание"), "Anything else."};

  static constexpr part<contact, text> last_name{name, "last_name"};
  static constexpr part<contact, text> first_name{name, "first_name"};
  static constexpr part<contact, text> patronymic{name, "patronymic"};

  static constexpr many<contact, kith::employment> employments{
      "employments", "contact", owned, ru("Места работы"), "Where the person works or worked."};
  static constexpr many<contact, kith::contact_point> emails{
      "emails", "party", owned, only("channel", "email"), shorthand("address"), ru("Почта"),
      "The person's e-mail addresses."};
  static constexpr many<contact, kith::contact_point> phones{
      "phones", "party", owned, only("channel", "phone"), shorthand("address"), ru("Телефоны"),
      "The person's telephone numbers."};
  static constexpr many<contact, kith::tag> tags{"tags", "record", owned, shorthand("name"),
                                                 ru("Метки"), "Words attached to the person."};
  static constexpr many<contact, kith::external_ref> external_refs{
      "external_refs", "record", owned, ru("Внешние ключи"), "What other systems call the person."};

  static constexpr auto fields = list(name, salutation, birth_date, language, owner, note);
  static constexpr auto relations = list(employments, emails, phones, tags, external_refs);
};

}  // namespace kith::inline v1
