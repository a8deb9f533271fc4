// SPDX-License-Identifier: Apache-2.0
//
// Rules of employments.
#include "kith/domain/parties/employment.hpp"

#include "kith/core/rule.hpp"
#include "kith/core/session.hpp"
#include "kith/domain/parties/client.hpp"
#include "kith/domain/parties/contact.hpp"

namespace kith::inline v1 {

std::span<const rule> employment::rules() {
  static const rule all[] = {
      check<employment>("ends_after_it_begins")
          .reads(employment::since, employment::until)
          .as([](rule_context<employment>& c) {
            if (!c.has(employment::since) || !c.has(employment::until)) return;
            if (c[employment::until] < c[employment::since]) {
              c.refuse(employment::until, c[employment::until].to_string() + " is before " +
                                              c[employment::since].to_string() +
                                              ", the first day; exchange them");
            }
          }),
      complete<employment>("ended_is_not_primary")
          .reads(employment::until)
          .writes(employment::is_primary)
          .as([](rule_context<employment>& c) {
            const bool ended = c.has(employment::until) && c[employment::until] < c.today();
            if (ended && c[employment::is_primary]) c.set(employment::is_primary = false);
          }),
      // A new primary employment takes the place of the old one.
      react<employment>("one_primary")
          .reads(employment::is_primary, employment::contact)
          .as([](rule_context<employment>& c) {
            if (!c[employment::is_primary]) return;
            session& s = c.writer();
            const auto others = s.find(employment::contact == c[employment::contact] &&
                                       employment::is_primary == true);
            for (const record<employment>& other : others) {
              if (other.id() != c.self().id) s.update(other, employment::is_primary = false);
            }
          }),
  };
  return all;
}

}  // namespace kith::inline v1
