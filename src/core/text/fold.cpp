// SPDX-License-Identifier: Apache-2.0
//
// fold(): the comparison key. Nearly all text is runs of characters that fold one by one; the
// rest is taken segment by segment, a segment being whatever may sort or compose together.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "core/text/fold_table.hpp"
#include "core/text/utf8.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1 {

namespace {

using namespace fold_table;

/// The only mark that folding turns into a letter: it must sort as a mark before it becomes iota.
constexpr char32_t iota_subscript = 0x0345;
constexpr char32_t iota = 0x03B9;

/// A code point of a segment, folded and decomposed.
struct piece {
  char32_t code_point;
  std::uint8_t combining_class;
};
using pieces = std::pmr::vector<piece>;

/// Segments longer than this are not words but attacks; only they cost an allocation.
constexpr std::ptrdiff_t usual_segment = 32;

// ---- characters that fold alone ----

/// Keys written without looking at the neighbours. They are as long as the text they were made of,
/// so one size tells how much was read and written.
struct run {
  static constexpr std::size_t room = 256;
  char keys[room + utf8::most_bytes];
  std::size_t size = 0;
};

/// Adds the keys of the ASCII characters from `at.size` on: most of the text of mails and codes.
void add_ascii(run& at, std::string_view text) noexcept {
  const std::size_t end = std::min(text.size(), run::room);
  std::size_t i = at.size;
  for (; i < end && static_cast<unsigned char>(text[i]) < 0x80; ++i) {
    at.keys[i] = static_cast<char>(short_keys[static_cast<unsigned char>(text[i])]);
  }
  at.size = i;
}

/// Adds the key of the character at `at.size`, or answers no when its neighbours matter.
bool add_alone(run& at, std::string_view text) noexcept {
  const utf8::unit next = utf8::decode(text, at.size);
  char32_t key = next.code_point;
  if (next.size == 2) {
    key = short_keys[next.code_point];
    if (key == 0) return false;
  } else if (entry_of(next.code_point) != 0) {
    return false;
  }
  utf8::encode(key, at.keys + at.size);
  at.size += next.size;
  return true;
}

/// Appends the longest beginning of `text` that folds one by one and returns its size. The
/// character before the first that does not is left out too, for the two may belong together.
std::size_t append_run(std::string& out, std::string_view text) {
  run at;
  std::size_t last = 0;
  while (at.size < text.size()) {
    const std::size_t before = at.size;
    add_ascii(at, text);
    if (at.size != before) {
      last = at.size - 1;
      continue;
    }
    if (at.size >= run::room || !add_alone(at, text)) {
      out.append(at.keys, last);
      return last;
    }
    last = before;
  }
  out.append(at.keys, at.size);
  return at.size;
}

// ---- characters that depend on their neighbours ----

/// Whether nothing before this code point can sort or compose with it.
bool starts_segment(char32_t code_point) noexcept {
  const std::uint16_t entry = entry_of(code_point);
  if (entry < sequences_from) return entry == 0;
  return entry_of(sequences[entry - sequences_from] & ~last_of_sequence) == 0;
}

void add_pieces(pieces& segment, char32_t code_point) {
  const std::uint16_t entry = entry_of(code_point);
  if (entry < sequences_from) {
    segment.push_back({code_point, combining_class(entry)});
    return;
  }
  const char32_t* next = sequences + (entry - sequences_from);
  bool last = false;
  while (!last) {
    last = (*next & last_of_sequence) != 0;
    const char32_t folded = *next++ & ~last_of_sequence;
    segment.push_back({folded, combining_class(entry_of(folded))});
  }
}

/// Sorts few marks where they stand and many of them with a buffer, so that time stays in bounds.
void sort_run(pieces::iterator from, pieces::iterator to) {
  const auto by_class = [](piece a, piece b) { return a.combining_class < b.combining_class; };
  if (to - from > usual_segment) return std::stable_sort(from, to, by_class);
  for (auto next = from; next != to; ++next) {
    std::rotate(std::upper_bound(from, next, *next, by_class), next, next + 1);
  }
}

/// Canonical order: marks by class, equal ones as they came, letters where they are.
void sort_marks(pieces& segment) {
  const auto letter = [](piece each) { return each.combining_class == 0; };
  auto from = segment.begin();
  while (from != segment.end()) {
    from = std::find_if_not(from, segment.end(), letter);
    const auto to = std::find_if(from, segment.end(), letter);
    sort_run(from, to);
    from = to;
  }
}

void turn_iotas(pieces& segment) noexcept {
  for (piece& each : segment) {
    if (each.code_point == iota_subscript) each = {iota, 0};
  }
}

/// Hangul syllables are arithmetic (Unicode 3.12), or 0.
char32_t composed_hangul(char32_t first, char32_t second) noexcept {
  const char32_t lead = first - 0x1100;
  const char32_t vowel = second - 0x1161;
  if (lead < 19 && vowel < 21) return 0xAC00 + (lead * 21 + vowel) * 28;
  const char32_t syllable = first - 0xAC00;
  const char32_t tail = second - 0x11A7;
  if (syllable < 19 * 21 * 28 && syllable % 28 == 0 && tail - 1 < 27) return first + tail;
  return 0;
}

/// The primary composite of two code points, or 0.
char32_t composed(char32_t first, char32_t second) noexcept {
  if ((entry_of(second) & joins_previous) == 0) return 0;
  if (const char32_t syllable = composed_hangul(first, second)) return syllable;
  const auto before = [](const composition& a, const composition& b) {
    return a.second != b.second ? a.second < b.second : a.first < b.first;
  };
  const composition* end = compositions + compositions_size;
  const auto* found = std::lower_bound(compositions, end, composition{first, second, 0}, before);
  const bool same = found != end && found->first == first && found->second == second;
  return same ? found->composed : 0;
}

/// NFC of a sorted segment, in place: a code point joins the last letter unless something of its
/// own class or of none stands between them.
void compose(pieces& segment) noexcept {
  std::size_t kept = 0;
  std::size_t letter = 0;
  bool have_letter = false;
  for (const piece each : segment) {
    const bool adjacent = kept == letter + 1;
    const bool free =
        have_letter && (adjacent || segment[kept - 1].combining_class < each.combining_class);
    const char32_t joined = free ? composed(segment[letter].code_point, each.code_point) : 0;
    if (joined != 0) {
      segment[letter].code_point = joined;
      continue;
    }
    if (each.combining_class == 0) {
      letter = kept;
      have_letter = true;
    }
    segment[kept++] = each;
  }
  segment.resize(kept);
}

/// ё after е: U+0451 takes the place of ж, and ж to ѐ move up by one. One to one within its block,
/// so that keys stay UTF-8 of the same length.
char32_t russian_order(char32_t code_point) noexcept {
  if (code_point < 0x0436 || code_point > 0x0451) return code_point;
  return code_point == 0x0451 ? 0x0436 : code_point + 1;
}

/// Appends the key of the first segment of `text` and returns the segment's size.
std::size_t append_segment(std::string& out, std::string_view text) {
  alignas(piece) std::byte room[usual_segment * sizeof(piece)];
  std::pmr::monotonic_buffer_resource memory(room, sizeof room, std::pmr::new_delete_resource());
  pieces segment(&memory);
  segment.reserve(usual_segment);
  utf8::unit next = utf8::decode(text, 0);
  std::size_t end = 0;
  do {
    add_pieces(segment, next.code_point);
    end += next.size;
    if (end == text.size()) break;
    next = utf8::decode(text, end);
  } while (!starts_segment(next.code_point));
  sort_marks(segment);
  turn_iotas(segment);
  compose(segment);
  for (const piece each : segment) {
    char key[utf8::most_bytes];
    out.append(key, utf8::encode(russian_order(each.code_point), key));
  }
  return end;
}

}  // namespace

void append_fold(std::string& out, std::string_view text) {
  while (!text.empty()) {
    text.remove_prefix(append_run(out, text));
    if (!text.empty()) text.remove_prefix(append_segment(out, text));
  }
}

std::string fold(std::string_view text) {
  std::string key;
  key.reserve(text.size());
  append_fold(key, text);
  return key;
}

}  // namespace kith::inline v1
