// SPDX-License-Identifier: Apache-2.0
//
// A person's name as one line of text.
#include "kith/core/value/person_name.hpp"

namespace kith::inline v1 {

std::string person_name::to_string() const {
  std::string text;
  for (const std::string* part : {&last, &first, &patronymic}) {
    if (part->empty()) continue;
    if (!text.empty()) text += ' ';
    text += *part;
  }
  return text;
}

}  // namespace kith::inline v1
