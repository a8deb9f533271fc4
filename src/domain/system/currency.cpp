// SPDX-License-Identifier: Apache-2.0
//
// Rules of currencies.
#include "kith/domain/system/currency.hpp"

#include "kith/core/rule.hpp"

namespace kith::inline v1 {

std::span<const rule> currency::rules() {
  static const rule all[] = {
      check<currency>("iso_4217").reads(currency::code).as([](rule_context<currency>& c) {
        const std::string code = c[currency::code];
        if (!currency_code::parse(code)) {
          c.refuse(currency::code, "'" + code + "' is not a code of ISO 4217, such as RUB or EUR");
        }
      }),
  };
  return all;
}

}  // namespace kith::inline v1
