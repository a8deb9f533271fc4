// SPDX-License-Identifier: Apache-2.0
//
// Finished tables as Arrow record batches. A table says of each column what it mostly holds; sums
// and averages may have other scales, and sums of money several currencies: a look at all values
// decides.
#include <algorithm>
#include <array>

#include "exchange/arrow/stream.hpp"
#include "exchange/arrow/values.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1 {
namespace {

using detail::arrow_column;
using detail::arrow_layout;
using detail::arrow_type;

constexpr std::size_t batch_rows = 8192;
constexpr std::size_t most_batch_bytes = 16 << 20;

bool is_number(kind_id k) {
  return k == kind_id::integer || k == kind_id::decimal || k == kind_id::real;
}

// What a column holds in truth.
struct found_column {
  kind_id kind;
  kind_options options;
  int scale = 0;         // of decimals and amounts
  bool several = false;  // currencies in one value
  bool mixed = false;    // kinds that no Arrow type but text holds
  bool any = false;
};

void look_at(found_column& c, const value& v) {
  if (v.is_null()) return;
  if (!c.any) {
    c.any = true;
    if (v.kind() != c.kind) c.options = v.options();
    c.kind = v.kind();
  } else if (v.kind() != c.kind) {
    const bool numbers = is_number(v.kind()) && is_number(c.kind);
    const bool real = v.kind() == kind_id::real || c.kind == kind_id::real;
    if (!numbers) {
      c.mixed = true;
    } else {
      c.kind = real ? kind_id::real : kind_id::decimal;
    }
  }
  if (v.kind() == kind_id::decimal || v.kind() == kind_id::money) {
    c.scale = std::max(c.scale, detail::arrow_scale(v.kind(), v.options()));
  }
  if (v.kind() == kind_id::money && v.cells().size() > 2) c.several = true;
}

found_column look_at(const table& t, std::size_t column) {
  const table::column& declared = t.columns[column];
  found_column c{declared.kind, declared.options};
  if (c.kind == kind_id::decimal || c.kind == kind_id::money) {
    c.scale = detail::arrow_scale(c.kind, c.options);
  }
  for (const auto& row : t.rows) look_at(c, row[column]);
  return c;
}

arrow_type type_of(const found_column& c, const std::string& name) {
  if (c.mixed) return {arrow_layout::text, name};
  kind_options options = c.options;
  options.scale = static_cast<std::int8_t>(c.scale);
  arrow_type one = detail::arrow_type_of(name, c.kind, options);
  if (!c.several) return one;
  one.name = "item";
  return {arrow_layout::list, name, 0, true, {std::move(one)}};
}

class table_batches final : public detail::arrow_batches {
 public:
  table_batches(table rows, const model* of)
      : table_(std::move(rows)), row_type_(types()), batch_(row_type_) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      detail::add_words(batch_.part(i), columns_[i].kind, columns_[i].options, of);
    }
  }

  void schema(ArrowSchema& out) override { give_schema(row_type_, out); }

  bool next(ArrowArray& out) override {
    while (at_ < table_.rows.size() && batch_.length() < batch_rows &&
           batch_.bytes() < most_batch_bytes) {
      const std::vector<value>& row = table_.rows[at_++];
      for (std::size_t i = 0; i < columns_.size(); ++i) write(batch_.part(i), i, row[i]);
      batch_.add_structure();
    }
    if (batch_.length() == 0) return false;
    batch_.finish(out);
    return true;
  }

  void close() noexcept override { table_.rows.clear(); }

 private:
  arrow_type types() {
    std::vector<arrow_type> types;
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      columns_.push_back(look_at(table_, i));
      types.push_back(type_of(columns_[i], table_.columns[i].name));
    }
    return detail::arrow_row_of(std::move(types));
  }

  void write(arrow_column& to, std::size_t column, const value& v) {
    if (v.is_null()) return to.add_null();
    if (columns_[column].mixed) return to.add_text(v.to_string());
    if (to.type().layout == arrow_layout::real && v.kind() != kind_id::real) {
      return to.add_real(v.as<decimal>().to_double());
    }
    cells_.clear();
    for (const owned_cell& c : v.cells()) cells_.push_back(c.view());
    detail::add_value(to, v.kind(), v.options(), cells_);
  }

  table table_;
  std::vector<found_column> columns_;
  arrow_type row_type_;
  arrow_column batch_;
  std::size_t at_ = 0;
  std::vector<cell> cells_;
};

}  // namespace

void export_arrow(table rows, ArrowArrayStream& out, model_ptr of) {
  give_stream(std::make_unique<table_batches>(std::move(rows), of.get()), out);
}

}  // namespace kith::inline v1
