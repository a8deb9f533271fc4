// SPDX-License-Identifier: Apache-2.0
//
// Rules of clients.
#include "kith/domain/parties/client.hpp"

#include "kith/core/rule.hpp"

namespace kith::inline v1 {

std::span<const rule> client::rules() {
  static const rule all[] = {
      // A person is called by the name in parts, until somebody gives another one.
      complete<client>("name_of_person")
          .reads(client::person, client::name, client::kind)
          .writes(client::name)
          .as([](rule_context<client>& c) {
            if (c[client::kind] != client_kind::person || !c.has(client::person)) return;
            const std::string before = c.old(client::person).to_string();
            const std::string shown = c[client::name];
            if (shown.empty() || (!c.changed(client::name) && shown == before)) {
              c.set(client::name = c[client::person].to_string());
            }
          }),
      check<client>("only_persons_are_born")
          .reads(client::kind, client::person, client::birth_date)
          .as([](rule_context<client>& c) {
            if (c[client::kind] != client_kind::organisation) return;
            if (c.has(client::person)) {
              c.refuse(client::person,
                       "an organisation has no name in parts; set kind = person, or add a contact");
            }
            if (c.has(client::birth_date)) {
              c.refuse(client::birth_date,
                       "an organisation is not born; set kind = person, or use founded_year");
            }
          }),
      check<client>("only_organisations_employ")
          .reads(client::kind, client::employees)
          .as([](rule_context<client>& c) {
            if (c[client::kind] == client_kind::organisation || !c.has(client::employees)) return;
            c.refuse(client::employees,
                     "only an organisation has employees; set kind = organisation");
          }),
      check<client>("born_in_the_past").reads(client::birth_date).as([](rule_context<client>& c) {
        if (c.has(client::birth_date) && c[client::birth_date] > c.today()) {
          c.refuse(client::birth_date,
                   c[client::birth_date].to_string() + " is in the future; give the day of birth");
        }
      }),
  };
  return all;
}

}  // namespace kith::inline v1
