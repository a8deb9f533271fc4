// SPDX-License-Identifier: Apache-2.0
//
// Rows out of a statement. Which column holds which cell is decided once, when the statement is
// made; reading a row is then three loops without a decision, and one allocation.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "kith/core/model.hpp"
#include "kith/core/row.hpp"
#include "storage/sqlite/handle.hpp"

namespace kith::inline v1::sqlite {

class row_reader {
 public:
  row_reader() = default;
  /// For a statement that selects these slots, in this order.
  row_reader(const entity_type& entity, std::span<const slot_number> slots);

  /// Whether it is for any statement.
  explicit operator bool() const noexcept { return !system_.empty(); }

  /// The row where the statement stands.
  row_ptr read(sqlite3_stmt* at);

 private:
  struct source {
    slot_number slot;
    std::uint16_t place;  // the column
  };
  struct text_source {
    source from;
    bool is_text = true;     // or a blob
    std::string_view bytes;  // of the row that is being read; no address: null
  };
  unsigned slots_ = 0;
  std::vector<source> system_, integers_, reals_;
  std::vector<text_source> texts_;
};

}  // namespace kith::inline v1::sqlite
