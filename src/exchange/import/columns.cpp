// SPDX-License-Identifier: Apache-2.0
//
// Finding columns.
#include "exchange/import/columns.hpp"

#include <algorithm>
#include <charconv>

#include "exchange/import/headers.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {

column_names::column_names(std::vector<std::string> headers, std::size_t columns)
    : headers_(std::move(headers)), size_(headers_.empty() ? columns : headers_.size()) {
  for (const std::string& h : headers_) words_.push_back(plain_word(h));
}

std::string column_names::shown(std::size_t column) const {
  if (column < headers_.size() && !headers_[column].empty()) return headers_[column];
  return std::to_string(column + 1);
}

std::optional<std::size_t> column_names::find(std::string_view name) const {
  const auto exact = std::find(headers_.begin(), headers_.end(), name);
  if (exact != headers_.end()) return static_cast<std::size_t>(exact - headers_.begin());
  const std::string word = invalid_utf8(name) ? std::string() : plain_word(name);
  if (!word.empty() && std::count(words_.begin(), words_.end(), word) == 1) {
    return static_cast<std::size_t>(std::find(words_.begin(), words_.end(), word) - words_.begin());
  }
  std::size_t number = 0;
  const char* const end = name.data() + name.size();
  const auto read = std::from_chars(name.data(), end, number);
  const bool whole = read.ec == std::errc{} && read.ptr == end;
  if (!whole || number == 0 || number > size_) return {};
  if (have_names() && !headers_[number - 1].empty()) return {};
  return number - 1;
}

}  // namespace kith::inline v1::detail
