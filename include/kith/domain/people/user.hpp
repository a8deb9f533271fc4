// SPDX-License-Identifier: Apache-2.0
//
// Somebody who works with the clients: a responsible manager, a mechanic, an accountant.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct team;

struct user {
  static constexpr entity_def about{
      .id = 10, .name = "user", .plural = "users", .module = "people", .ru = "Сотрудник",
      .ru_plural = "Сотрудники", .title = "name", .doc = "Somebody who works with the clients."};

  static constexpr field<user, text> login{
      1, "login", required, folded, unique, natural_key, personal, max_length(100), ru("Логин"),
      "The name under which the user works; the actor in the history."};
  static constexpr field<user, text> name{
      2, "name", required, folded, natural_key, searchable, personal, max_length(200), ru("Имя"),
      "What people call the user."};
  static constexpr field<user, email> mail{
      3, "mail", indexed, personal, ru("Почта"), "Where the user reads mail."};
  static constexpr field<user, boolean> active{
      4, "active", initially(true), ru("Работает"), "Whether work may be given to the user."};
  static constexpr field<user, ref<user>> manager{
      5, "manager", acyclic, clear_on_delete, indexed, ru("Начальник"), "Whom the user reports to."};
  static constexpr field<user, ref<kith::team>> team{
      6, "team", clear_on_delete, indexed, ru("Команда"), "Which team the user belongs to."};
  static constexpr field<user, text> title{
      7, "title", personal, max_length(200), ru("Должность"), "The job."};
  static constexpr field<user, text> zone{
      8, "zone", personal, max_length(60), ru("Часовой пояс"),
      "IANA name of the time zone; decides what is overdue today."};

  static constexpr many<user, user> reports{"reports", "manager", ru("Подчинённые"),
                                            "Who reports to the user."};
  static constexpr auto fields = list(login, name, mail, active, manager, team, title, zone);
  static constexpr auto relations = list(reports);
  static std::span<const rule> rules();
};

}  // namespace kith::inline v1
