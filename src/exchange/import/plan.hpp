// SPDX-License-Identifier: Apache-2.0
//
// What an import does with each row, decided once from the headers and the options.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exchange/import/columns.hpp"
#include "exchange/import/place.hpp"
#include "exchange/import/references.hpp"
#include "kith/exchange/import.hpp"

namespace kith::inline v1::detail {

/// Finds texts by views of them.
struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};
template <class T>
using by_text = std::unordered_map<std::string, T, text_hash, std::equal_to<>>;

inline constexpr std::size_t no_column = static_cast<std::size_t>(-1);

/// One column, or one text for all rows, on its way to one place.
struct planned_cell {
  std::size_t column = no_column;
  std::string constant;  ///< where there is no column
  std::string header;    ///< for messages; empty for constants
  std::string to;
  place where;
  text_format format;
  by_text<std::string> translate;
  std::optional<decimal> times;
  bool create_missing = false;
  std::size_t currency = no_column;  ///< of an amount: the cell of the same record that names it
  bool only_with_amount = false;     ///< a currency that an amount reads

  std::shared_ptr<reference_finder> finder;
  std::shared_ptr<any_reference_finder> any_finder;
  by_text<std::int64_t> words;  ///< of choices and truth values, as they were read before
};

/// The record itself, or one owned record.
struct planned_record {
  const entity_type* entity = nullptr;
  const relation_type* relation = nullptr;
  bool first = true;  ///< of its relation: no record before it can be the same one
  std::vector<planned_cell> cells;
  /// What tells an owned record from its siblings; empty: all that is given.
  std::vector<field_place> identity;
};

/// How a row finds its record.
enum class match_by : std::uint8_t { nothing, key, fields };

struct import_plan {
  model_ptr of;
  const entity_type* entity = nullptr;
  std::size_t columns = 0;  ///< that each row must have
  planned_record record;
  std::vector<planned_record> owned;
  std::vector<planned_cell> keys;  ///< what other systems call the record itself
  match_by match = match_by::nothing;
  std::size_t match_key = 0;  ///< among keys
  std::vector<field_place> match_fields;
  bool several_writes = false;  ///< a row may write more than its record
  std::vector<column_mapping> became;
  std::vector<std::string> ignored;

  import_plan() = default;
  import_plan(import_plan&&) = default;
  import_plan(const import_plan&) = delete;
};

/// error_code::not_found and invalid for options that cannot be meant.
import_plan make_plan(session& in, external_keys& keys, const column_names& columns,
                      const import_options& options);

}  // namespace kith::inline v1::detail
