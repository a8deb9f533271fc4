// SPDX-License-Identifier: Apache-2.0
//
// Tables: rows and columns of values.
#include "handles.hpp"
#include "values.hpp"

namespace kith::capi {
namespace {

constexpr std::uint64_t whole_text = ~std::uint64_t{0};

// The cells of one part of a value as the kind has them: keys between them are null.
std::size_t cells_of_part(const value& v, std::size_t part, std::array<cell, max_parts>& cells) {
  const auto parts = parts_of(v.kind(), v.options());
  std::size_t width = 0;
  for (const part_def& p : parts) width += p.role == part_role::value;
  const auto own = v.cells();
  if ((part + 1) * width > own.size()) return 0;
  std::size_t next = part * width;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    cells[i] = parts[i].role == part_role::value ? own[next++].view() : cell::null();
  }
  return parts.size();
}

const value& value_at(const kith_table& t, std::size_t row, std::size_t column) {
  if (row < t.rows.rows.size() && column < t.rows.columns.size()) return t.rows.rows[row][column];
  misuse("row " + std::to_string(row) + ", column " + std::to_string(column) +
         " is outside of the table, which has " + std::to_string(t.rows.rows.size()) +
         " rows and " + std::to_string(t.rows.columns.size()) + " columns");
}

}  // namespace

std::unique_ptr<kith_table> table_of(model_ptr model, kith::table rows) {
  auto made = std::make_unique<kith_table>();
  made->model = std::move(model);
  made->rows = std::move(rows);
  return made;
}

}  // namespace kith::capi

using namespace kith;
using namespace kith::capi;

kith_status kith_table_shape(const kith_table* table, size_t* rows, size_t* columns,
                             kith_error** err) {
  return guard(err, outs(rows, columns), [&] {
    const kith_table& t = use(table);
    if (rows != nullptr) *rows = t.rows.rows.size();
    if (columns != nullptr) *columns = t.rows.columns.size();
    return KITH_OK;
  });
}

kith_status kith_table_column(const kith_table* table, size_t column, kith_column_info* info,
                              kith_error** err) {
  return guard(err, outs(info), [&] {
    need(info, "info");
    const kith_table& t = use(table);
    if (column >= t.rows.columns.size()) return KITH_DONE;
    const kith::table::column& c = t.rows.columns[column];
    kith_column_info i{};
    i.kind = static_cast<std::uint16_t>(c.kind);
    i.scale = c.options.scale;
    i.name = to_c(c.name);
    give(info, i);
    return KITH_OK;
  });
}

kith_status kith_table_find(const kith_table* table, kith_text name, size_t* column,
                            kith_error** err) {
  return guard(err, outs(column), [&] {
    need(column, "column");
    *column = use(table).rows.column_at(text_of(name, "the column's name"));
    return KITH_OK;
  });
}

kith_status kith_table_get(const kith_table* table, size_t row, size_t column, size_t part,
                           kith_value* out, kith_error** err) {
  return guard(err, outs(out), [&] {
    need(out, "value");
    const kith_table& t = use(table);
    const value& v = value_at(t, row, column);
    if (v.is_null()) return part == 0 ? KITH_OK : KITH_DONE;
    std::array<cell, max_parts> cells;
    const std::size_t size = part < v.cells().size() ? cells_of_part(v, part, cells) : 0;
    if (size == 0) return KITH_DONE;
    *out = c_value({v.kind(), &v.options(), {cells.data(), size}}, [&](const auto& make) {
      return t.texts.of(row * t.rows.columns.size() + column, make);
    });
    return KITH_OK;
  });
}

kith_status kith_table_text(const kith_table* table, kith_text* text, kith_error** err) {
  return guard(err, outs(text), [&] {
    need(text, "text");
    const kith_table& t = use(table);
    *text = to_c(t.texts.of(whole_text, [&] { return t.rows.to_string(); }));
    return KITH_OK;
  });
}

void kith_table_free(kith_table* table) { dispose(table); }
