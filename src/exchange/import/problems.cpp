// SPDX-License-Identifier: Apache-2.0
//
// Collecting what is wrong with a row.
#include "exchange/import/problems.hpp"

#include <algorithm>

#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {

void row_problems::begin(std::uint64_t row, std::uint64_t line) {
  row_ = row;
  line_ = line;
  found_.clear();
}

void row_problems::add(std::string_view column, std::string_view field, std::string_view value,
                       std::string message) {
  import_error e;
  e.row = row_;
  e.line = line_;
  e.column = column;
  e.field = field;
  e.value = shortened(value);
  e.message = std::move(message);
  found_.push_back(std::move(e));
}

bool row_problems::has(std::string_view field) const noexcept {
  return std::any_of(found_.begin(), found_.end(),
                     [&](const import_error& e) { return e.field == field; });
}

std::string row_problems::joined() const {
  std::string text;
  for (const import_error& e : found_) {
    if (!text.empty()) text += "; ";
    if (!e.column.empty()) text += e.column + ": ";
    text += e.message;
  }
  return text;
}

void row_problems::give_to(import_result& result, std::size_t most) {
  for (import_error& e : found_) {
    if (result.errors.size() >= most) break;
    result.errors.push_back(std::move(e));
  }
  found_.clear();
}

std::string refused(std::string_view value, std::string_view why) {
  return "'" + shortened(value) + "' " + std::string(why);
}

bool is_about_the_row(const error& e) noexcept {
  switch (e.code()) {
    case error_code::invalid:
    case error_code::exists:
    case error_code::not_found:
    case error_code::conflict:
    case error_code::denied: return true;
    default: return false;
  }
}

}  // namespace kith::inline v1::detail
