// SPDX-License-Identifier: Apache-2.0
//
// Kind email: one address, kept as typed, compared without case. Dots and plus tags count.
#include <algorithm>
#include <array>

#include "core/kind/kinds.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {
namespace {

constexpr std::string_view wanted = "is not an e-mail address such as anna@example.org";

// What stands nowhere in an address without quotes (RFC 5322 3.2.3: specials, blanks, controls);
// the one @ is looked for before.
constexpr auto forbidden = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c <= ' '; ++c) table[c] = true;
  for (const char c : std::string_view("@<>(),;:[]\\\x7f"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool has_forbidden(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return forbidden[static_cast<unsigned char>(c)]; });
}

// RFC 5321 4.5.3.1: at most 64 bytes before the @ and 254 in all.
bool is_address(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
  const std::string_view domain = text.substr(at + 1);
  if (domain.empty() || domain.front() == '.' || domain.back() == '.' ||
      domain.find("..") != std::string_view::npos) {
    return false;
  }
  return !has_forbidden(text.substr(0, at)) && !has_forbidden(domain) &&
         domain.find('"') == std::string_view::npos;
}

problem_text problem(const kind_options& options, const cell* cells) {
  if (auto bad = text_problem(options, cells[0].as_bytes())) return bad;
  if (is_address(cells[0].as_bytes())) return {};
  return std::string(wanted);
}

void derive(const kind_options&, const cell* cells, cell_sink& to) { put_folded(to, 1, cells[0]); }

problem_text parse(const kind_options&, std::string_view text, const text_format&, cell_sink& to) {
  text = trimmed(text);
  if (!is_address(text)) return std::string(wanted);
  to.put(0, cell::text(text));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format&, std::string& out) {
  out += cells[0].as_bytes();
}

}  // namespace

const kind email_kind{kind_id::email, "email", "One e-mail address.", problem, derive,
                      parse,          print};

}  // namespace kith::inline v1::detail
