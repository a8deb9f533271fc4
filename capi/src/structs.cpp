// SPDX-License-Identifier: Apache-2.0
//
// Texts that come in.
#include "structs.hpp"

#include "kith/core/text.hpp"

namespace kith::capi {

std::string_view bytes_of(kith_text text, std::string_view what) {
  if (text.data != nullptr) return {text.data, text.size};
  if (text.size != 0) misuse(std::string(what) + " has a size but no data");
  return {};
}

std::string_view text_of(kith_text text, std::string_view what) {
  const std::string_view bytes = bytes_of(text, what);
  if (const auto at = invalid_utf8(bytes)) {
    throw error(error_code::invalid, std::string(what) + " is not UTF-8 without NUL at byte " +
                                         std::to_string(*at) + "; give other bytes");
  }
  return bytes;
}

char letter_of(kith_text text, std::string_view what) {
  const std::string_view letter = text_of(text, what);
  if (letter.size() == 1) return letter[0];
  throw error(error_code::invalid,
              std::string(what) + " '" + shortened(letter) + "' is not one ASCII character");
}

}  // namespace kith::capi
