// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with the row at hand, all of it, until it is known whether the row is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kith/exchange/import.hpp"

namespace kith::inline v1::detail {

class row_problems {
 public:
  void begin(std::uint64_t row, std::uint64_t line);
  bool any() const noexcept { return !found_.empty(); }
  /// `message` is a sentence with the remedy.
  void add(std::string_view column, std::string_view field, std::string_view value,
           std::string message);
  /// Whether something is wrong already with what was to go into this place.
  bool has(std::string_view field) const noexcept;
  /// All messages in one line, for the rejected row.
  std::string joined() const;
  /// Moves them to the result, as many as it is to keep.
  void give_to(import_result& result, std::size_t most);

 private:
  std::uint64_t row_ = 0;
  std::uint64_t line_ = 0;
  std::vector<import_error> found_;
};

/// `'31.02.2026' is not a date such as 2026-03-31`.
std::string refused(std::string_view value, std::string_view why);

/// Whether an error of the store is about the record and not about the store: the import goes on.
bool is_about_the_row(const error& e) noexcept;

}  // namespace kith::inline v1::detail
