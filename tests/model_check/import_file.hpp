// SPDX-License-Identifier: Apache-2.0
//
// A file to import, by what its cells mean: values, nothing, or what nobody can read. The texts
// are made for one store when it is imported (import_run.hpp), since ids differ from handles.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model_check/world.hpp"

namespace kith::model_check {

struct import_column {
  std::string field;
  std::string by{};      ///< of a reference: the field of the target that names it; empty: its id
  std::string header{};  ///< a name that says nothing: the column is mapped; empty: it is found
};

struct import_cell {
  enum class sort : std::uint8_t { nothing, value, unreadable, no_text };
  sort is = sort::nothing;
  datum value{};       ///< of a reference by a field, that field's value
  std::string text{};  ///< what cannot be read
};

struct import_file {
  enum class mode : std::uint8_t { upsert, insert_only, update_only };

  std::vector<import_column> columns{};
  std::vector<std::vector<import_cell>> rows{};  ///< some are too short or too long
  std::vector<std::string> match{};
  mode how = mode::upsert;
  bool empty_clears = false;
  bool dry_run = false;
  std::size_t chunk_rows = 1000;
  bool header = true;  ///< else every column is mapped by its number
  char delimiter = ',';
  bool comma = false;  ///< before fractions
  bool quoted = false;

  /// What the column is called in reports.
  std::string shown(std::size_t column) const {
    if (!header || column >= columns.size()) return std::to_string(column + 1);
    return columns[column].header.empty() ? columns[column].field : columns[column].header;
  }
};

/// Why a row was left out: the columns that are to blame, "" for the row as a whole.
struct import_refusal {
  std::set<std::string> columns{};
  bool and_more = false;  ///< more may be found wrong with a row that cannot be read as a whole
};

struct import_outcome {
  std::size_t inserted = 0, updated = 0, unchanged = 0;
  std::vector<std::int64_t> added{};                ///< handles in the order of their ids
  std::map<std::size_t, import_refusal> refused{};  ///< by row, from 1
};
std::string shown(const import_outcome& o);
/// For people: how it is imported, and every row.
std::string shown(const entity_plan& e, const import_file& f);

}  // namespace kith::model_check
