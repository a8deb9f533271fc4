// SPDX-License-Identifier: Apache-2.0
//
// A postal address as one line of text.
#include "kith/core/value/postal_address.hpp"

#include <string_view>

namespace kith::inline v1 {

namespace {

void append_part(std::string& text, std::string_view part) {
  if (part.empty()) return;
  if (!text.empty()) text += ", ";
  text += part;
}

// A street may have several lines; the address as a whole has one.
void append_lines(std::string& text, std::string_view lines) {
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find_first_of("\r\n"));
    append_part(text, line);
    lines.remove_prefix(line.size() < lines.size() ? line.size() + 1 : line.size());
  }
}

}  // namespace

std::string postal_address::to_string() const {
  std::string text;
  for (const std::string* part : {&street, &city, &region, &postal_code, &country}) {
    append_lines(text, *part);
  }
  return text;
}

}  // namespace kith::inline v1
