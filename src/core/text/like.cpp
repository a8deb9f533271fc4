// SPDX-License-Identifier: Apache-2.0
//
// LIKE without recursion: only the last `%` is ever tried again, because whatever an earlier one
// could still take, the last one can take as well.
#include <cstddef>

#include "core/text/utf8.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {

namespace {

/// How many bytes of `text` and of `pattern` go together; nothing when they do not match.
struct step {
  std::size_t text = 0;
  std::size_t pattern = 0;
};

std::size_t end_of_character(std::string_view text, std::size_t from) noexcept {
  do ++from;
  while (from < text.size() && utf8::continues(text[from]));
  return from;
}

/// The pattern's next element, which is not `%`, against the text. Literals go byte by byte, which
/// is the same as by code points.
step match_one(std::string_view text, std::size_t t, std::string_view pattern,
               std::size_t p) noexcept {
  if (pattern[p] == '_') return {end_of_character(text, t) - t, 1};
  const std::size_t escape = pattern[p] == '\\' && p + 1 < pattern.size() ? 1 : 0;
  if (pattern[p + escape] != text[t]) return {};
  return {1, escape + 1};
}

}  // namespace

bool like(std::string_view text, std::string_view pattern) noexcept {
  constexpr std::size_t nowhere = std::string_view::npos;
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t after_percent = nowhere;  // in the pattern
  std::size_t taken = 0;                // in the text: where the run of the last `%` ends
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '%') {
      after_percent = ++p;
      taken = t;
      continue;
    }
    const step next = p < pattern.size() ? match_one(text, t, pattern, p) : step{};
    if (next.text == 0) {
      if (after_percent == nowhere) return false;
      taken = end_of_character(text, taken);
      t = taken;
      p = after_percent;
      continue;
    }
    t += next.text;
    p += next.pattern;
  }
  return pattern.find_first_not_of('%', p) == nowhere;
}

}  // namespace kith::inline v1
