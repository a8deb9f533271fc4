// SPDX-License-Identifier: Apache-2.0
//
// Kind blob: bytes. As text, hexadecimal digits.
#include "core/kind/kinds.hpp"
#include "kith/core/limits.hpp"

namespace kith::inline v1::detail {
namespace {

problem_text problem(const kind_options&, const cell* cells) {
  if (cells[0].as_bytes().size() <= limits{}.blob_bytes) return {};
  return "is larger than 64 KiB; keep it in a file";
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

problem_text parse(const kind_options&, std::string_view text, const text_format&, cell_sink& to) {
  text = trimmed(text);
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return "is not made of pairs of hexadecimal digits";
    bytes += static_cast<char>(high << 4 | low);
  }
  if (text.size() % 2 != 0) return "is not made of pairs of hexadecimal digits";
  to.put(0, cell::blob(bytes));
  return {};
}

void print(const kind_options&, const cell* cells, const text_format&, std::string& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char c : cells[0].as_bytes()) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

}  // namespace

const kind blob_kind{kind_id::blob, "blob", "Bytes, up to 64 KiB.", problem, nullptr, parse, print};

}  // namespace kith::inline v1::detail
