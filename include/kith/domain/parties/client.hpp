// SPDX-License-Identifier: Apache-2.0
//
// The party that buys: a person or an organisation, existing or potential. A private person who
// buys is a client of kind person and needs no company and no second record.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct client;
struct contact_point;
struct deal;
struct employment;
struct external_ref;
struct interaction;
struct sales_order;
struct tag;
struct task;
struct team;
struct user;

enum class client_kind : std::int8_t { person = 1, organisation = 2, household = 3 };
template <>
inline constexpr auto choices<client_kind> = std::array{
    choice_option{1, "person", "физическое лицо"},
    choice_option{2, "organisation", "организация"},
    choice_option{3, "household", "семья"},
};

enum class client_status : std::int8_t { potential = 1, existing = 2, former = 3 };
template <>
inline constexpr auto choices<client_status> = std::array{
    choice_option{1, "potential", "потенциальный"},
    choice_option{2, "existing", "действующий"},
    choice_option{3, "former", "бывший"},
};

struct client {
  static constexpr entity_def about{
      .id = 20, .name = "client", .plural = "clients", .module = "parties", .ru = "Клиент",
      .ru_plural = "Клиенты", .title = "name", .doc = "The party that buys."};

  static constexpr field<client, text> name{
      1, "name", required, folded, natural_key, searchable, personal, max_length(300),
      ru("Название", "для человека: фамилия, имя, отчество"), "What people call it."};
  static constexpr field<client, client_kind> kind{
      2, "kind", required, initially(client_kind::organisation), ru("Вид"),
      "A person, an organisation or a household."};
  static constexpr field<client, person_name> person{
      3, "person", personal, searchable, ru("Имя человека"), "The name in parts, of a person."};
  static constexpr field<client, text> legal_name{
      4, "legal_name", folded, searchable, personal, max_length(300), ru("Юридическое название"),
      "The name in contracts."};
  static constexpr field<client, text> tax_id{
      5, "tax_id", natural_key, personal, max_length(30), ru("ИНН"), "The tax payer's number."};
  static constexpr field<client, client_status> status{
      6, "status", required, indexed, initially(client_status::potential), ru("Статус"),
      "Whether it buys already."};
  static constexpr field<client, text> industry{
      7, "industry", folded, max_length(200), ru("Отрасль"), "What an organisation does."};
  static constexpr field<client, integer> employees{
      8, "employees", at_least(0), ru("Сотрудников"), "How many people work there."};
  static constexpr field<client, money> annual_revenue{
      9, "annual_revenue", ru("Годовая выручка"), "What it earns in a year."};
  static constexpr field<client, integer> founded_year{
      10, "founded_year", ru("Год основания"), "When an organisation began."};
  static constexpr field<client, url> website{
      11, "website", personal, ru("Сайт"), "Where it is on the web."};
  static constexpr field<client, postal_address> address{
      12, "address", flat, personal, searchable, ru("Адрес"), "Where it is."};
  static constexpr field<client, ref<client>> parent{
      13, "parent", acyclic, clear_on_delete, indexed, ru("Головная организация"),
      "The organisation that it is a part of."};
  static constexpr field<client, ref<kith::user>> owner{
      14, "owner", clear_on_delete, indexed, ru("Ответственный"), "Who is responsible for it."};
  static constexpr field<client, ref<kith::team>> team{
      15, "team", clear_on_delete, indexed, ru("Команда"), "Which team is responsible for it."};
  static constexpr field<client, text> source{
      16, "source", folded, max_length(200), ru("Источник"), "Where it came from."};
  static constexpr field<client, date> birth_date{
      17, "birth_date", personal, ru("Дата рождения"), "Of a person."};
  static constexpr field<client, text> note{
      18, "note", searchable, personal, ru("Примечание"), "Anything else."};

  // Parts of the address are keys of their own: client::city == "Омск".
  static constexpr part<client, text> street{address, "street"};
  static constexpr part<client, text> city{address, "city"};
  static constexpr part<client, text> region{address, "region"};
  static constexpr part<client, text> postal_code{address, "postal_code"};
  static constexpr part<client, text> country{address, "country"};

  static constexpr many<client, client> branches{"branches", "parent", ru("Филиалы"),
                                                 "Organisations that are a part of it."};
  static constexpr many<client, kith::contact_point> emails{
      "emails", "party", owned, only("channel", "email"), shorthand("address"), ru("Почта"),
      "Its e-mail addresses."};
  static constexpr many<client, kith::contact_point> phones{
      "phones", "party", owned, only("channel", "phone"), shorthand("address"), ru("Телефоны"),
      "Its telephone numbers."};
  static constexpr many<client, kith::employment> employments{
      "employments", "client", owned, ru("Сотрудники"), "Who works there, now and before."};
  static constexpr many<client, kith::deal> deals{"deals", "client", ru("Сделки"),
                                                  "What may be sold or was sold to it."};
  static constexpr many<client, kith::sales_order> orders{"orders", "client", ru("Заказы"),
                                                          "What it ordered."};
  static constexpr many<client, kith::interaction> interactions{
      "interactions", "client", owned, ru("История"), "What happened with it."};
  static constexpr many<client, kith::task> tasks{"tasks", "client", owned, ru("Задачи"),
                                                  "What was promised to it."};
  static constexpr many<client, kith::tag> tags{"tags", "record", owned, shorthand("name"),
                                                ru("Метки"), "Words attached to it."};
  static constexpr many<client, kith::external_ref> external_refs{
      "external_refs", "record", owned, ru("Внешние ключи"), "What other systems call it."};

  static constexpr auto fields =
      list(name, kind, person, legal_name, tax_id, status, industry, employees, annual_revenue,
           founded_year, website, address, parent, owner, team, source, birth_date, note);
  static constexpr auto relations = list(branches, emails, phones, employments, deals, orders,
                                         interactions, tasks, tags, external_refs);
  static constexpr auto indexes = list(index(city));
  static std::span<const rule> rules();
};

}  // namespace kith::inline v1
