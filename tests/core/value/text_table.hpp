// SPDX-License-Identifier: Apache-2.0
//
// Rules as text: one row per line, cells between bars, blanks around a cell do not count.
//
//   for (const auto& [value, expected] : text_table<2>("1.50 | 1.5\n  0.00 | 0")) ...
#pragma once

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace kith {

inline std::string_view without_blanks(std::string_view cell) {
  cell.remove_prefix(std::min(cell.find_first_not_of(' '), cell.size()));
  return cell.substr(0, cell.find_last_not_of(' ') + 1);
}

template <std::size_t columns>
std::array<std::string, columns> text_row(std::string_view line) {
  std::array<std::string, columns> row;
  for (std::size_t i = 0; i < columns; ++i) {
    const std::size_t bar = line.find('|');
    if ((bar == std::string_view::npos) != (i + 1 == columns)) {
      throw std::logic_error("not " + std::to_string(columns) + " cells: " + std::string(line));
    }
    row[i] = without_blanks(line.substr(0, bar));
    line.remove_prefix(std::min(bar, line.size() - 1) + 1);
  }
  return row;
}

template <std::size_t columns>
std::vector<std::array<std::string, columns>> text_table(std::string_view text) {
  std::vector<std::array<std::string, columns>> rows;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!without_blanks(line).empty()) rows.push_back(text_row<columns>(line));
  }
  return rows;
}

}  // namespace kith
