// SPDX-License-Identifier: Apache-2.0
//
// A person's name in parts, any of which may be missing: a single name, no patronymic.
//
//   person_name n{.last = "Иванова", .first = "Анна", .patronymic = "Сергеевна"};
#pragma once

#include <string>

namespace kith::inline v1 {

struct person_name {
  std::string last;
  std::string first;
  std::string patronymic;  ///< or middle name

  bool empty() const noexcept { return last.empty() && first.empty() && patronymic.empty(); }
  /// `Иванова Анна Сергеевна`: family name first, as lists are sorted.
  std::string to_string() const;
  friend bool operator==(const person_name&, const person_name&) = default;
};

}  // namespace kith::inline v1
