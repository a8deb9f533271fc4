// SPDX-License-Identifier: Apache-2.0
//
// Rules of users.
#include "kith/domain/people/user.hpp"

#include "kith/core/rule.hpp"
#include "kith/domain/people/team.hpp"

namespace kith::inline v1 {

std::span<const rule> user::rules() {
  static const rule all[] = {
      check<user>("zone_exists").reads(user::zone).as([](rule_context<user>& c) {
        if (!c.has(user::zone)) return;
        try {
          time_zone::named(c[user::zone]);
        } catch (const error& e) {
          c.refuse(user::zone, e.message());
        }
      }),
  };
  return all;
}

}  // namespace kith::inline v1
