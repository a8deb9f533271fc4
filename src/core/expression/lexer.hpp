// SPDX-License-Identifier: Apache-2.0
//
// The words of a query: names, numbers, quoted text, parameters, signs. Knows where each stands,
// so that every complaint can show the place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kith::inline v1::detail {

struct token {
  enum class kind : std::uint8_t { name, number, text, placed, named, sign, end };
  kind what = kind::end;
  std::string_view text;  ///< as written; of quoted text, without the quotes
  std::uint32_t at = 0;   ///< byte offset
};

/// Reads one token after another; error_code::query for what is none.
class lexer {
 public:
  explicit lexer(std::string_view text);

  const token& now() const noexcept { return now_; }
  /// The token after now(), without taking anything.
  token peek() const;
  void advance() { now_ = read(); }
  /// Whether now() is this sign, or this word in any case.
  bool is(std::string_view sign_or_word) const noexcept;
  /// Takes it when it is.
  bool take(std::string_view sign_or_word);
  std::string_view source() const noexcept { return text_; }

 private:
  token read();
  void skip_blanks() noexcept;
  token quoted();
  token number() noexcept;

  std::string_view text_;
  std::size_t next_ = 0;
  token now_;
};

/// Whether two words are equal but for the case of ASCII letters.
bool same_word(std::string_view a, std::string_view b) noexcept;
/// The text of a quoted token: '' is one quote.
std::string unquoted(std::string_view text);
/// Throws error_code::query: the message, the position in characters and the line with a caret.
[[noreturn]] void query_error(std::string_view source, std::size_t at, const std::string& message);

}  // namespace kith::inline v1::detail
