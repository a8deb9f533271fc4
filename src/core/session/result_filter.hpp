// SPDX-License-Identifier: Apache-2.0
//
// `having`: a condition on the rows of a result.
#pragma once

#include <deque>
#include <vector>

#include "core/expression/bind.hpp"
#include "core/expression/evaluate.hpp"
#include "core/wide.hpp"
#include "kith/core/error.hpp"
#include "kith/core/query.hpp"

namespace kith::inline v1::detail {

// A row of the result as a record of an entity made for the purpose, so that `having` is a
// condition like any other. Sums in several currencies are null there.
class result_filter {
 public:
  result_filter(const bind_context& context, const table& of, const std::string& having)
      : run_(nullptr, context.zone) {
    for (const table::column& c : of.columns) {
      field_def& f = defs_.emplace_back();
      f.number = static_cast<std::uint16_t>(defs_.size());
      f.name = c.name;
      f.kind = c.kind;
      f.options = c.options;
    }
    about_.name = "result";
    about_.plural = "results";
    entity_.about = &about_;
    for (const field_def& f : defs_) {
      field_type field;
      field.def = &f;
      field.owner = &entity_;
      field.slot = static_cast<slot_number>(slots_);
      slots_ += static_cast<unsigned>(field.parts().size());
      entity_.fields.push_back(field);
    }
    conditions_ = bind_condition(context, entity_, parse_expression(context.of, entity_, having));
  }

  bool passes(const std::vector<value>& row) {
    std::vector<cell> cells;
    std::deque<owned_cell> derived;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto parts = entity_.fields[i].parts();
      const bool usable = !row[i].is_null() && row[i].cells().size() <= parts.size();
      std::size_t next = 0;
      const std::size_t first = cells.size();
      for (const part_def& p : parts) {
        cells.push_back(usable && p.role == part_role::value ? row[i].cells()[next++].view()
                                                             : cell::null());
      }
      if (usable && row[i].kind() == kind_id::money) {
        cells[first] = amount_in(entity_.fields[i].def->options, row[i]);
      }
      const kind& k = entity_.fields[i].kind();
      if (!usable || k.derive == nullptr || parts.size() == 1) continue;
      std::array<cell, max_parts> views;
      std::copy(cells.begin() + static_cast<std::ptrdiff_t>(first), cells.end(), views.begin());
      keys keep(derived, cells, first);
      k.derive(entity_.fields[i].def->options, views.data(), keep);
    }
    const row_ptr r = row_ptr::make({}, cells);
    return std::all_of(conditions_.begin(), conditions_.end(),
                       [&](const program& c) { return run_.holds(c, *r); });
  }

 private:
  // A sum keeps the digits of its currency; a column has those of what is summed.
  static cell amount_in(const kind_options& column, const value& sum) {
    const money_sum amounts = sum.as<money_sum>();
    const auto& [currency, given] = *amounts.parts().begin();
    const decimal amount = given.trimmed();
    const int by = digits_of(column.scale, currency) - amount.scale();
    wide units = 0;
    if (by < 0 || !checked_multiply(amount.units(), power_of_ten(by), units) ||
        !fits_int64(units)) {
      throw error(error_code::limit, "an amount does not fit the digits of its column");
    }
    return cell::integer(static_cast<std::int64_t>(units));
  }

  // Puts derived keys beside the values.
  struct keys final : cell_sink {
    keys(std::deque<owned_cell>& where, std::vector<cell>& all, std::size_t at)
        : bytes(where), cells(all), first(at) {}
    void put(unsigned part, cell c) override { cells[first + part] = bytes.emplace_back(c).view(); }
    std::deque<owned_cell>& bytes;
    std::vector<cell>& cells;
    std::size_t first;
  };

  std::deque<field_def> defs_;
  entity_def about_;
  entity_type entity_;
  unsigned slots_ = 0;
  std::vector<program> conditions_;
  evaluator run_;
};

}  // namespace kith::inline v1::detail
