// SPDX-License-Identifier: Apache-2.0
//
// The columns of a source, found by what people call them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::inline v1::detail {

class column_names {
 public:
  /// `columns`: how many there are where they have no names.
  column_names(std::vector<std::string> headers, std::size_t columns);

  std::size_t size() const noexcept { return size_; }
  bool have_names() const noexcept { return !headers_.empty(); }
  const std::vector<std::string>& headers() const noexcept { return headers_; }
  /// The header, or the number of a column that has none.
  std::string shown(std::size_t column) const;
  /// By header, without regard to case, blanks and underscores where that is needed and means one
  /// column; by number from 1 where no header says that.
  std::optional<std::size_t> find(std::string_view name) const;

 private:
  std::vector<std::string> headers_;
  std::vector<std::string> words_;
  std::size_t size_;
};

}  // namespace kith::inline v1::detail
