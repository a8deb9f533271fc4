// SPDX-License-Identifier: Apache-2.0
//
// That a person works, or worked, for a client. History before a change of job stays with the old
// employer.
#pragma once

#include "kith/core/entity.hpp"

namespace kith::inline v1 {

struct client;
struct contact;

struct employment {
  static constexpr entity_def about{
      .id = 22, .name = "employment", .plural = "employments", .module = "parties",
      .ru = "Место работы", .ru_plural = "Места работы", .title = "title",
      .doc = "That a person works, or worked, for a client."};

  static constexpr field<employment, ref<kith::contact>> contact{
      1, "contact", required, cascade_delete, indexed, ru("Контакт"), "Who."};
  static constexpr field<employment, ref<kith::client>> client{
      2, "client", required, cascade_delete, indexed, ru("Клиент"), "Where."};
  static constexpr field<employment, text> title{
      3, "title", folded, max_length(200), ru("Должность"), "The job, as on the visiting card."};
  static constexpr field<employment, text> role{
      4, "role", folded, max_length(100), ru("Роль"),
      "The part played in a purchase: decides, advises, uses."};
  static constexpr field<employment, date> since{5, "since", ru("С"), "The first day."};
  static constexpr field<employment, date> until{6, "until", ru("По"), "The last day."};
  static constexpr field<employment, boolean> is_primary{
      7, "is_primary", initially(true), ru("Основное"),
      "The one to show; a person has at most one."};

  static constexpr auto fields = list(contact, client, title, role, since, until, is_primary);
  static std::span<const rule> rules();
};

}  // namespace kith::inline v1
