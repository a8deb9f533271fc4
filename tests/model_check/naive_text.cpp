// SPDX-License-Identifier: Apache-2.0
//
// Folding and matching for the letters that the model check uses: a to z, а to я, ё, and what has
// no case.
#include "model_check/naive.hpp"

namespace kith::model_check {

std::u32string code_points(const std::string& text) {
  std::u32string points;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) == 0x80) {
      points.back() = points.back() << 6 | (byte & 0x3f);
    } else {
      points += byte < 0x80   ? byte
                : byte < 0xe0 ? byte & 0x1f
                : byte < 0xf0 ? byte & 0xf
                              : byte & 7;
    }
  }
  return points;
}

std::u32string folded(const std::string& text) {
  std::u32string key;
  for (char32_t c : code_points(text)) {
    if (c >= U'A' && c <= U'Z') c += U'a' - U'A';
    if (c >= U'А' && c <= U'Я') c += U'а' - U'А';
    if (c == U'Ё') c = U'ё';
    // ё stands between е and ж.
    const bool cyrillic = c >= U'а' && c <= U'ё';
    key += cyrillic ? (c == U'ё' ? U'е' * 2 + 1 : c * 2) : (c < U'а' ? c : c + 0x10000);
  }
  return key;
}

bool is_like(const std::u32string& text, const std::u32string& pattern) {
  // rows[p]: whether the pattern's rest from p matches the text's rest; from the end on.
  const std::size_t n = text.size();
  const std::size_t m = pattern.size();
  std::vector<bool> next(m + 1);
  std::vector<bool> here(m + 1);
  for (std::size_t t = n + 1; t-- > 0;) {
    here.assign(m + 1, false);
    here[m] = t == n;
    for (std::size_t p = m; p-- > 0;) {
      const bool escaped = pattern[p] == U'\\' && p + 1 < m;
      if (pattern[p] == U'%') {
        here[p] = here[p + 1] || (t < n && next[p]);
      } else if (escaped) {
        here[p] = t < n && text[t] == pattern[p + 1] && next[p + 2];
      } else {
        here[p] = t < n && (pattern[p] == U'_' || text[t] == pattern[p]) && next[p + 1];
      }
    }
    next = here;
  }
  return next[0];
}

}  // namespace kith::model_check
