// SPDX-License-Identifier: Apache-2.0
//
// One row into the store: read, find what it changes, write it and what belongs to it. All of it
// or nothing.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "exchange/import/plan.hpp"
#include "exchange/import/problems.hpp"
#include "exchange/import/values.hpp"

namespace kith::inline v1::detail {

using row_cells = std::span<const std::string_view>;

class row_import {
 public:
  enum class fate : std::uint8_t {
    inserted,
    updated,
    unchanged,
    refused,  ///< problems() says why
    later,    ///< it names a record that may be in a row to come
  };

  row_import(session& in, external_keys& keys, import_plan& plan, const column_names& columns,
             const import_options& options, import_doubts doubts);

  /// What is known about a row besides its cells.
  struct circumstances {
    bool is_text = false;                           ///< all cells are UTF-8
    bool last = false;                              ///< no row comes any more that could be named
    const row_source_of_text* latest_of = nullptr;  ///< whose latest row it still is, or null
  };
  fate take(std::uint64_t row, std::uint64_t line, row_cells cells, const circumstances& known);
  row_problems& problems() noexcept { return problems_; }

 private:
  struct created {
    planned_cell* by;
    std::string text;
  };

  fate take_parts(std::uint64_t row, row_cells cells);
  void check_shape(row_cells cells);
  void check_text(row_cells cells);
  fate take_record(row_cells cells);
  void call_hook(std::uint64_t row, row_cells cells);

  // Reading: what is wrong goes to problems_.
  void read(planned_record& r, row_cells cells, any_draft& d);
  void read_value(planned_record& r, planned_cell& c, std::string_view text, row_cells cells,
                  any_draft& d);
  bool is_as_given(const planned_cell& c) const;
  bool gives_id(const planned_cell& c) const;
  void read_reference(planned_cell& c, std::string_view text, any_draft& d);
  void put_reference(const planned_cell& c, std::uint16_t entity, record_id id, any_draft& d);
  record_id create(planned_cell& c, std::string_view text);
  void clear_empty(const planned_record& r, row_cells cells, any_draft& d);

  // Finding.
  row_ptr find_base(row_cells cells);
  bool match_waits() const;
  row_ptr find_by_key(row_cells cells);
  row_ptr find_by_fields();
  row_ptr find_sibling(const planned_record& o, const any_draft& d);

  // Writing.
  bool write_record(const row_ptr& base, fate& done);
  void write_keys(row_cells cells);
  bool is_given(const planned_record& o, row_cells cells) const;
  void read_owned(planned_record& o, row_cells cells);
  bool write_owned(planned_record& o, row_cells cells);
  void check_owned(planned_record& o, row_cells cells);
  bool differs(const entity_type& e, const any_draft& d) const;
  void report(const planned_record& r, const error& e, row_cells cells);
  void report(const planned_record& r, const violation_list& found, row_cells cells);
  void open_step();

  session& session_;
  external_keys& keys_;
  import_plan& plan_;
  const column_names& columns_;
  const import_options& options_;
  value_reader values_;
  row_problems problems_;

  any_draft draft_;
  any_draft owned_;
  record_id self_;
  bool added_ = false;        // the record is new: it owns nothing yet
  bool key_is_free_ = false;  // nobody has the key that is matched by
  bool last_ = false;
  const row_source_of_text* typed_ = nullptr;
  std::vector<const planned_cell*> waiting_;  // for records in rows to come
  std::optional<transaction> step_;           // what the row wrote so far
  std::vector<created> created_;              // by the row, for references
  record_id claims_of_;
  std::unordered_set<std::int64_t> claimed_;  // owned records that a row of this run stands for
};

}  // namespace kith::inline v1::detail
