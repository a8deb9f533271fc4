// SPDX-License-Identifier: Apache-2.0
//
// Kind url: one web address. Schemes that run code are refused.
#include <algorithm>
#include <array>

#include "core/kind/kinds.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr std::string_view wanted = "is not a web address such as https://example.org/";
constexpr std::array<std::string_view, 4> schemes{"http", "https", "ftp", "mailto"};

bool is_address(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == '"') return false;
  }
  const std::size_t colon = text.find(':');
  const bool has_scheme = colon != std::string_view::npos && text.find('.') > colon;
  if (!has_scheme) return text.find('.') != std::string_view::npos && text.front() != '.';
  const std::string scheme = fold(text.substr(0, colon));
  return std::find(schemes.begin(), schemes.end(), scheme) != schemes.end();
}

problem_text problem(const kind_options& options, const cell* cells) {
  if (auto bad = text_problem(options, cells[0].as_bytes())) return bad;
  if (is_address(cells[0].as_bytes())) return {};
  return std::string(wanted);
}

problem_text parse(const kind_options&, std::string_view text, const text_format&, cell_sink& to) {
  text = trimmed(text);
  if (invalid_utf8(text) || text.empty() || !is_address(text)) return std::string(wanted);
  to.put(0, cell::text(text));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format&, std::string& out) {
  out += cells[0].as_bytes();
}

}  // namespace

const kind url_kind{kind_id::url, "url", "One web address.", problem, nullptr, parse, print};

}  // namespace kith::inline v1::detail
