// SPDX-License-Identifier: Apache-2.0
//
// Text that people write: is it UTF-8, are two spellings the same word, which comes first.
// The comparison key is ours and versioned, so that every store, every build and every machine
// agrees on it (docs/decisions/0003-folded-text.md).
//
//   fold("ЁЛКА") == fold("ёлка");  fold("еда") < fold("ёлка");  fold("ёлка") < fold("жук");
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kith::inline v1 {

/// The version of fold(); stored keys are made anew when it changes.
inline constexpr int fold_version = 1;

/// Where the text stops being UTF-8 without NUL, or nothing when all of it is.
std::optional<std::size_t> invalid_utf8(std::string_view text) noexcept;

/// The comparison key: canonical caseless form (Unicode 3.13 D145: NFD, full case folding, NFC),
/// with ё placed right after е. Keys compare as bytes. The text must be UTF-8.
std::string fold(std::string_view text);
/// Appends fold(text) without an allocation of its own when `out` has room.
void append_fold(std::string& out, std::string_view text);

/// SQL's LIKE on code points: `%` any run, `_` one character, `\` takes the next as it is.
/// Time is O(text × pattern) at worst; nothing recurses.
bool like(std::string_view text, std::string_view pattern) noexcept;

/// The number of code points.
std::size_t length_of(std::string_view text) noexcept;
/// The text itself, or its first `most` code points and `…`: for messages.
std::string shortened(std::string_view text, std::size_t most = 60);

/// `did you mean a, b or c?` from the candidates nearest to a mistyped name (at most three, best
/// first, by Damerau-Levenshtein distance of folded text), or empty when none is near.
std::string did_you_mean(std::string_view wrong, std::span<const std::string_view> candidates);

}  // namespace kith::inline v1
