// SPDX-License-Identifier: Apache-2.0
//
// Records of a query as Arrow record batches, read while they are consumed: a few rows at a time
// are turned into columns, until a batch is full.
#include <algorithm>
#include <array>
#include <optional>

#include "core/session/selected.hpp"
#include "exchange/arrow/stream.hpp"
#include "exchange/arrow/values.hpp"
#include "exchange/import/place.hpp"
#include "exchange/lookup.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1 {
namespace {

using detail::arrow_column;
using detail::bound_value;

// So many rows are written column by column while the processor's cache still has them.
constexpr std::size_t rows_at_once = 64;
// A batch ends early when its buffers have grown to this.
constexpr std::size_t most_batch_bytes = 16 << 20;

expression stored_value(const field_type& f, std::uint8_t part) {
  const key_ref key{f.owner->type, f.owner->number, f.number(), part};
  return expression::path({&key, 1});
}

// The id, and everything that people gave or that follows from it: names and addresses in their
// parts, as imports know them.
std::vector<aggregation::group> all_columns(const model& of, const entity_type& e) {
  std::vector<aggregation::group> columns{{"id", parse_expression(of, e, "id")}};
  for (const field_type& f : e.fields) {
    if (f.retired) continue;
    const bool in_parts = f.is_stored() && !f.parts().front().name.empty();
    if (!in_parts) {
      columns.push_back({std::string(f.name()), stored_value(f, whole_value)});
      continue;
    }
    for (std::uint8_t i = 0; i < f.parts().size(); ++i) {
      if (!detail::has_own_name(f, f.parts()[i])) continue;
      columns.push_back({detail::part_place(f, f.parts()[i]), stored_value(f, i)});
    }
  }
  return columns;
}

std::vector<aggregation::group> columns_of(const model& of, const entity_type& e,
                                           const arrow_options& options) {
  if (options.columns.empty()) return all_columns(of, e);
  std::vector<aggregation::group> columns;
  for (const std::string& name : options.columns) {
    const auto own = e.find_field(name);
    columns.push_back(
        {name, own ? stored_value(*own->field, own->part) : parse_expression(of, e, name)});
  }
  return columns;
}

class query_batches final : public detail::arrow_batches {
 public:
  query_batches(model_ptr of, detail::selected_rows rows,
                const std::vector<aggregation::group>& columns, std::size_t batch_rows)
      : model_(std::move(of)),
        rows_(std::move(rows)),
        row_type_(type_of(columns)),
        batch_(row_type_),
        batch_rows_(batch_rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const detail::result_type& type = bound(i).type;
      detail::add_words(batch_.part(i), type.kind, type.options, model_.get());
    }
    chunk_.reserve(rows_at_once);
  }

  void schema(ArrowSchema& out) override { give_schema(row_type_, out); }

  bool next(ArrowArray& out) override {
    while (batch_.length() < batch_rows_ && batch_.bytes() < most_batch_bytes && read_chunk()) {
      for (std::size_t i = 0; i < rows_->columns().size(); ++i) write(batch_.part(i), bound(i));
      for (std::size_t i = 0; i < chunk_.size(); ++i) batch_.add_structure();
      chunk_.clear();
    }
    if (batch_.length() == 0) return false;
    batch_.finish(out);
    return true;
  }

  void close() noexcept override { rows_.reset(); }

 private:
  detail::arrow_type type_of(const std::vector<aggregation::group>& columns) const {
    std::vector<detail::arrow_type> types;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const detail::result_type& type = bound(i).type;
      types.push_back(detail::arrow_type_of(columns[i].name, type.kind, type.options));
    }
    return detail::arrow_row_of(std::move(types));
  }
  const bound_value& bound(std::size_t column) const { return rows_->columns()[column]; }

  bool read_chunk() {
    const std::size_t most = std::min(rows_at_once, batch_rows_ - batch_.length());
    while (chunk_.size() < most) {
      row_ptr r = rows_->next();
      if (!r) break;
      chunk_.push_back(std::move(r));
    }
    return !chunk_.empty();
  }

  // A value that is one cell of the row goes into the column as it is.
  void write(arrow_column& to, const bound_value& from) {
    if (from.parts.size() == 1 && from.parts[0].is_load()) {
      return to.add_cells(chunk_, from.parts[0].code[0].slot);
    }
    for (const row_ptr& r : chunk_) write(to, from, *r);
  }

  void write(arrow_column& to, const bound_value& from, const row& r) {
    std::array<cell, max_parts> cells;
    for (std::size_t i = 0; i < from.parts.size(); ++i) cells[i] = part_of(from, i, r);
    detail::add_value(to, from.type.kind, from.type.options, {cells.data(), from.parts.size()});
  }

  // The bytes of a computed cell live until the next one is computed: those before are kept.
  cell part_of(const bound_value& from, std::size_t part, const row& r) {
    const program& code = from.parts[part];
    if (code.is_load()) return r.at(code.code[0].slot, code.code[0].type);
    const cell c = rows_->run().result(code, r);
    if (part + 1 == from.parts.size() || !c.has_bytes()) return c;
    kept_[part] = owned_cell(c);
    return kept_[part].view();
  }

  model_ptr model_;  // of the columns' names and choices
  std::optional<detail::selected_rows> rows_;
  detail::arrow_type row_type_;
  arrow_column batch_;
  std::size_t batch_rows_;
  std::vector<row_ptr> chunk_;
  std::array<owned_cell, max_parts> kept_;
};

}  // namespace

void export_arrow(const any_query& what, const arrow_options& options, ArrowArrayStream& out) {
  if (options.batch_rows == 0) throw error(error_code::misuse, "batch_rows is at least 1");
  const detail::open_query asked(what);
  session& s = asked.asked();
  const model_ptr of = s.model();
  const auto columns = columns_of(*of, *what.spec().entity, options);
  session::state& inside = s.internals();
  const session::state::guard held(inside);
  detail::selected_rows rows(inside, what.spec(), columns);
  if (!rows.only_loads() && !rows.can_wait()) {
    return export_arrow(inside.select(what.spec(), columns), out, of);
  }
  rows.open();
  give_stream(std::make_unique<query_batches>(of, std::move(rows), columns, options.batch_rows),
              out);
}

}  // namespace kith::inline v1
