// SPDX-License-Identifier: Apache-2.0
//
// Texts that come in.
#include "structs.hpp"

#include "kith/core/text.hpp"

namespace kith::capi {
namespace {

// Beyond these a size is a mistake, and nothing of it is read.
constexpr std::size_t most_bytes = std::size_t{1} << 30;
constexpr std::size_t most_elements = std::size_t{1} << 26;

[[noreturn]] void too_many(std::string_view what, std::size_t size, std::size_t most,
                           const char* unit) {
  throw error(error_code::limit, std::string(what) + " has " + std::to_string(size) + unit +
                                     "; at most " + std::to_string(most) + " are taken");
}

}  // namespace

void require_array(const void* first, std::size_t count, const char* what) {
  if (first == nullptr && count != 0) {
    misuse(std::string(what) + " is NULL, but its count is not 0");
  }
  if (count > most_elements) too_many(what, count, most_elements, " elements");
}

std::string_view bytes_of(kith_text text, std::string_view what) {
  if (text.size > most_bytes) too_many(what, text.size, most_bytes, " bytes");
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
