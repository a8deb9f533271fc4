// SPDX-License-Identifier: Apache-2.0
//
// Where something is, as the post needs it; any part may be missing.
#pragma once

#include <string>

namespace kith::inline v1 {

struct postal_address {
  std::string street;  ///< street, house, flat; may have several lines
  std::string city;
  std::string region;
  std::string postal_code;  ///< text: leading zeros count
  std::string country;

  bool empty() const noexcept {
    return street.empty() && city.empty() && region.empty() && postal_code.empty() &&
           country.empty();
  }
  /// `ул. Ленина, 1, Омск, Омская обл., 644000, Россия`.
  std::string to_string() const;
  friend bool operator==(const postal_address&, const postal_address&) = default;
};

}  // namespace kith::inline v1
