// SPDX-License-Identifier: Apache-2.0
//
// Texts that come in.
#include "structs.hpp"

#include "kith/core/text.hpp"

namespace kith::capi {

void refuse_count(std::size_t count, std::string_view what) {
  throw error(error_code::limit, "the count of " + std::string(what) + " is " +
                                     std::to_string(count) + "; it is at most " +
                                     std::to_string(most_items));
}

std::string_view bytes_of(kith_text text, std::string_view what) {
  // Before anybody reads them: such a size is a mistake, and there are not so many bytes.
  if (text.size > most_bytes) {
    throw error(error_code::limit, std::string(what) + " has " + std::to_string(text.size) +
                                       " bytes; it has at most " + std::to_string(most_bytes));
  }
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
