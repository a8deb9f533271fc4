// SPDX-License-Identifier: Apache-2.0
//
// Cutting a query into words.
#include "core/expression/lexer.hpp"

#include <algorithm>

#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

bool same_word(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string unquoted(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    plain += text[i];
    if (text[i] == '\'') ++i;
  }
  return plain;
}

void query_error(std::string_view source, std::size_t at, const std::string& message) {
  at = std::min(at, source.size());
  const std::size_t line_start = source.substr(0, at).rfind('\n') + 1;  // npos + 1 is 0
  const std::size_t line_end = std::min(source.find('\n', at), source.size());
  // Long lines are shown around the place only.
  std::size_t from = line_start;
  while (length_of(source.substr(from, at - from)) > 50) ++from;
  while (from > line_start && (static_cast<unsigned char>(source[from]) & 0xc0) == 0x80) ++from;
  std::string shown(source.substr(from, line_end - from));
  shown = shortened(shown, 100);
  const std::size_t column = length_of(source.substr(from, at - from));
  throw error(error_code::query, message + " (at character " +
                                     std::to_string(length_of(source.substr(0, at)) + 1) + ")\n  " +
                                     shown + "\n  " + std::string(column, ' ') + "^");
}

lexer::lexer(std::string_view text) : text_(text) {
  if (const auto bad = invalid_utf8(text)) {
    throw error(error_code::query,
                "the query is not UTF-8 text without NUL (byte " + std::to_string(*bad) + ")");
  }
  advance();
}

token lexer::peek() const {
  lexer ahead = *this;
  ahead.advance();
  return ahead.now_;
}

bool lexer::is(std::string_view wanted) const noexcept {
  return (now_.what == token::kind::sign || now_.what == token::kind::name) &&
         same_word(now_.text, wanted);
}

bool lexer::take(std::string_view wanted) {
  if (!is(wanted)) return false;
  advance();
  return true;
}

void lexer::skip_blanks() noexcept {
  while (next_ < text_.size() &&
         std::string_view(" \t\r\n").find(text_[next_]) != std::string_view::npos) {
    ++next_;
  }
}

token lexer::quoted() {
  const std::size_t start = next_++;
  for (; next_ < text_.size(); ++next_) {
    if (text_[next_] != '\'') continue;
    if (next_ + 1 < text_.size() && text_[next_ + 1] == '\'') {
      ++next_;
      continue;
    }
    ++next_;
    return {token::kind::text, text_.substr(start + 1, next_ - start - 2),
            static_cast<std::uint32_t>(start)};
  }
  query_error(text_, start, "the text that begins here has no closing quote '");
}

token lexer::number() noexcept {
  const std::size_t start = next_;
  while (next_ < text_.size() && is_digit(text_[next_])) ++next_;
  if (next_ + 1 < text_.size() && text_[next_] == '.' && is_digit(text_[next_ + 1])) {
    ++next_;
    while (next_ < text_.size() && is_digit(text_[next_])) ++next_;
  }
  return {token::kind::number, text_.substr(start, next_ - start),
          static_cast<std::uint32_t>(start)};
}

token lexer::read() {
  skip_blanks();
  const auto at = static_cast<std::uint32_t>(next_);
  if (next_ == text_.size()) return {token::kind::end, {}, at};
  const char c = text_[next_];
  if (c == '\'') return quoted();
  if (is_digit(c)) return number();
  if (c == '?') {
    ++next_;
    return {token::kind::placed, text_.substr(at, 1), at};
  }
  const auto name_from = [&](std::size_t start) {
    next_ = start;
    while (next_ < text_.size() && (starts_name(text_[next_]) || is_digit(text_[next_]))) ++next_;
    return text_.substr(start, next_ - start);
  };
  if (c == ':' && next_ + 1 < text_.size() && starts_name(text_[next_ + 1])) {
    return {token::kind::named, name_from(next_ + 1), at};
  }
  if (starts_name(c)) return {token::kind::name, name_from(next_), at};
  for (const std::string_view sign : {"<=", ">=", "!=", "<>", "||"}) {
    if (!text_.substr(next_).starts_with(sign)) continue;
    next_ += 2;
    return {token::kind::sign, sign, at};
  }
  if (std::string_view("=<>+-*/(),.").find(c) != std::string_view::npos) {
    ++next_;
    return {token::kind::sign, text_.substr(at, 1), at};
  }
  query_error(text_, at, std::string("the sign '") + c + "' has no meaning here");
}

}  // namespace kith::inline v1::detail
