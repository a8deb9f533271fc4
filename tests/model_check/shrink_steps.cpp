// SPDX-License-Identifier: Apache-2.0
//
// A sequence that differs, made small: fewer steps, then smaller files.
#include "model_check/replay.hpp"

namespace kith::model_check {
namespace {

// Files lose rows for as long as the difference stays.
void shrink_files(const conformance::backend& where, const world& start, std::vector<step>& steps) {
  for (step& s : steps) {
    for (std::size_t i = s.file.rows.size(); i-- > 0 && s.file.rows.size() > 1;) {
      const import_file whole = s.file;
      s.file.rows.erase(s.file.rows.begin() + static_cast<std::ptrdiff_t>(i));
      if (replay(where, start, steps).empty()) s.file = whole;
    }
    for (std::size_t i = s.file.columns.size(); i-- > 0 && s.file.columns.size() > 1;) {
      const import_file whole = s.file;
      const auto at = static_cast<std::ptrdiff_t>(i);
      s.file.columns.erase(s.file.columns.begin() + at);
      for (auto& row : s.file.rows) {
        if (i < row.size()) row.erase(row.begin() + at);
      }
      if (replay(where, start, steps).empty()) s.file = whole;
    }
  }
}

}  // namespace

std::vector<step> shrunk(const conformance::backend& where, const world& start,
                         std::vector<step> steps) {
  for (std::size_t size = steps.size() / 2; size > 0; size /= 2) {
    for (std::size_t from = 0; from + size <= steps.size();) {
      std::vector<step> fewer = steps;
      const auto first = fewer.begin() + static_cast<std::ptrdiff_t>(from);
      fewer.erase(first, first + static_cast<std::ptrdiff_t>(size));
      if (replay(where, start, fewer).empty()) {
        from += size;
      } else {
        steps = std::move(fewer);
      }
    }
  }
  shrink_files(where, start, steps);
  return steps;
}

std::string listed(const world& start, const std::vector<step>& steps) {
  ledger told(start);
  std::string text;
  for (const step& s : steps) {
    if (!told.possible(s)) continue;
    const std::string outcome = told.apply(s);
    text += "    " + std::string(2 * told.depth(), ' ') + shown(told.now(), s) +
            (outcome == "done" ? "" : "  -> " + outcome) + "\n";
  }
  return text;
}

}  // namespace kith::model_check
