// SPDX-License-Identifier: Apache-2.0
//
// Columns of a question, row by row: what select() puts into a table, for those who read it while
// it comes. A column that only shows a cell of the row is a load (program::is_load).
#pragma once

#include <memory>
#include <vector>

#include "core/session/state.hpp"

namespace kith::inline v1::detail {

class selected_rows {
 public:
  /// Binds the columns; what the session may not read is null.
  selected_rows(session::state& of, const query_spec& spec,
                const std::vector<aggregation::group>& columns);
  const std::vector<bound_value>& columns() const noexcept { return columns_; }
  /// Whether rows can be computed with long after open(): not in a transaction that writes
  /// meanwhile, nor where readers keep writers out.
  bool can_wait() const;
  /// Whether every column is made of loads: then next() is all that is needed.
  bool only_loads() const;

  void open();
  row_ptr next();
  /// Runs the columns on the row that came last.
  evaluator& run();

 private:
  session::state& session_;
  query_spec spec_;
  std::vector<bound_value> columns_;
  std::shared_ptr<plan_stream> rows_;
  evaluator* run_ = nullptr;
};

}  // namespace kith::inline v1::detail
