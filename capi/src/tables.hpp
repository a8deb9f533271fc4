// SPDX-License-Identifier: Apache-2.0
//
// Answers of the C++ side as tables: a line of names, rows of values.
#pragma once

#include <initializer_list>
#include <string_view>

#include "handles.hpp"

namespace kith::capi {

/// Text, where there is any.
inline value text_value(std::string_view t) { return t.empty() ? value() : value(t); }
inline value id_value(record_id i) { return i ? value(i) : value(); }
inline value count_value(std::uint64_t n) { return value(static_cast<std::int64_t>(n)); }

class table_builder {
 public:
  table_builder(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
      table_.columns.push_back({std::string(name), kind_id::text, {}});
    }
  }
  void row(std::vector<value> values) { table_.rows.push_back(std::move(values)); }
  /// The table; a column is of the kind of its first value.
  kith::table done() {
    for (std::size_t c = 0; c < table_.columns.size(); ++c) {
      for (const std::vector<value>& r : table_.rows) {
        if (r[c].is_null()) continue;
        table_.columns[c].kind = r[c].kind();
        break;
      }
    }
    return std::move(table_);
  }

 private:
  kith::table table_;
};

}  // namespace kith::capi
