// SPDX-License-Identifier: Apache-2.0
//
// Records of a query as rows of text, so that an import reads the same values back: names and
// addresses in parts, amounts beside their currency, references by what people call the record.
#include <memory>
#include <optional>

#include "exchange/csv/file.hpp"
#include "exchange/import/headers.hpp"
#include "exchange/import/place.hpp"
#include "exchange/lookup.hpp"
#include "exchange/recent.hpp"
#include "kith/core/error.hpp"
#include "kith/exchange/csv.hpp"

namespace kith::inline v1 {
namespace {

constexpr std::size_t kept_names = 16'384;
constexpr std::uint64_t progress_rows = 5000;

struct export_column {
  std::string header;
  field_place at{};          // of the record itself …
  bool number_only = false;  // an amount whose currency stands in a column of its own
  expression computed{};     // … or what is computed for each record
};

class csv_export {
 public:
  csv_export(const any_query& what, const csv_export_options& options)
      : asked_(what),
        session_(asked_.asked()),
        model_(session_.model()),
        entity_(*what.spec().entity),
        options_(options),
        names_(kept_names) {
    format_.zone = session_.options().zone;
    if (options.by_id) add("id");
    if (options.columns.empty()) {
      add_all();
    } else {
      for (const std::string& column : options.columns) add(column);
    }
  }

  std::uint64_t write(const byte_sink& to) {
    if (options_.byte_order_mark) to("\xef\xbb\xbf");
    csv_writer rows(to, options_.delimiter);
    for (const export_column& c : columns_) rows.cell(c.header);
    rows.end_row();
    std::optional<transaction> instant;
    if (!session_.in_transaction()) instant.emplace(session_.read());
    std::uint64_t count = 0;
    const auto found = asked_.run();
    while (const row_ptr r = found->next()) {
      for (const export_column& c : columns_) rows.cell(text_of(c, r));
      rows.end_row();
      if (++count % progress_rows == 0) report(count);
    }
    rows.flush();
    if (options_.progress && count % progress_rows != 0) options_.progress(count);
    return count;
  }

 private:
  void report(std::uint64_t rows) const {
    if (!options_.progress || options_.progress(rows)) return;
    throw error(error_code::interrupted, "the export was cancelled");
  }

  // ----------------------------------------------------------------------------------------
  // columns

  std::string header(const field_type& f, std::uint8_t part, std::string name) const {
    if (!options_.labels) return name;
    std::string label = detail::russian_label(f, part);
    return label.empty() ? name : label;
  }

  void add_all() {
    for (const field_type& f : entity_.fields) {
      if (f.retired || f.def->kind == kind_id::blob) continue;
      if (!f.is_stored()) {
        add(std::string(f.name()));
        continue;
      }
      add_parts(f);
    }
  }

  void add_parts(const field_type& f) {
    const bool in_parts = !f.parts().front().name.empty();
    const bool money = f.def->kind == kind_id::money;
    if (!in_parts) {
      columns_.push_back(
          {header(f, whole_value, std::string(f.name())), {&f, whole_value}, money, {}});
    }
    for (std::uint8_t i = 0; i < f.parts().size(); ++i) {
      if (!detail::has_own_name(f, f.parts()[i])) continue;
      columns_.push_back({header(f, i, detail::part_place(f, f.parts()[i])), {&f, i}, false, {}});
    }
  }

  void add(const std::string& column) {
    const auto own = entity_.find_field(column);
    if (own && own->field->is_stored()) {
      if (options_.by_id && own->part == whole_value) return add_parts(*own->field);
      columns_.push_back({header(*own->field, own->part, column), *own, false, {}});
      return;
    }
    const std::string label = own ? header(*own->field, own->part, column) : column;
    columns_.push_back({label, {}, false, parse_expression(*model_, entity_, column)});
  }

  // -----------------------------------------------------------------------------------------
  // values

  std::string_view text_of(const export_column& c, const row_ptr& r) {
    text_.clear();
    if (c.at.field == nullptr) {
      text_ = session_.compute(entity_, r, c.computed).to_string(format_);
      return text_;
    }
    const field_type& f = *c.at.field;
    const auto parts = f.parts();
    if (c.at.part != whole_value) {
      const cell part = r->at(static_cast<slot_number>(f.slot + c.at.part), parts[c.at.part].type);
      return part.is_null() ? std::string_view{} : part.as_bytes();
    }
    cell cells[max_parts];
    bool any = false;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      cells[i] = r->at(static_cast<slot_number>(f.slot + i), parts[i].type);
      any = any || !cells[i].is_null();
    }
    if (!any) return {};
    switch (f.def->kind) {
      case kind_id::text:
      case kind_id::url: return cells[0].as_bytes();
      case kind_id::ref:
        if (options_.by_id) return text_ = std::to_string(cells[0].as_integer());
        return name_of(*f.target, cells[0].as_integer());
      case kind_id::any_ref:
        if (options_.by_id) return text_ = std::to_string(cells[0].as_integer());
        return name_of_any(cells[1].as_integer(), cells[0].as_integer());
      default: f.kind().print(f.def->options, cells, format_, text_);
    }
    if (c.number_only) text_.resize(text_.rfind(' '));  // the currency behind it
    return text_;
  }

  std::string_view name_of_any(std::int64_t entity, std::int64_t id) {
    const entity_type* target = model_->find(static_cast<std::uint16_t>(entity));
    if (target == nullptr) {
      return text_ = std::to_string(entity) + ':' + std::to_string(id);
    }
    const std::string name(name_of(*target, id));
    return text_ = std::string(target->name()) + ':' + name;
  }

  // What an import finds the record by: its title or another natural key, else its id.
  std::string_view name_of(const entity_type& target, std::int64_t id) {
    if (const std::string* known = names_.find(id)) return *known;
    std::string name;
    if (const row_ptr r = session_.find_row(target, {id})) {
      const any_draft whole(r);
      for (const field_type* f : target.natural_keys) {
        std::string text = detail::value_at({f, whole_value}, whole).to_string(format_);
        const bool better = name.empty() || f->name() == target.about->title;
        if (!text.empty() && better) name = std::move(text);
      }
    }
    if (name.empty()) name = std::to_string(id);
    return names_.put(id, std::move(name));
  }

  detail::open_query asked_;
  session& session_;
  model_ptr model_;
  const entity_type& entity_;
  const csv_export_options& options_;
  text_format format_;
  std::vector<export_column> columns_;
  std::string text_;
  detail::recent_by_id<std::string> names_;
};

}  // namespace

std::uint64_t export_csv(const any_query& what, const byte_sink& to, csv_export_options options) {
  return csv_export(what, options).write(to);
}

std::uint64_t export_csv(const any_query& what, const std::string& path,
                         csv_export_options options) {
  csv_export rows(what, options);
  detail::new_file file(path);
  const std::uint64_t count = rows.write([&](std::string_view bytes) { file.write(bytes); });
  file.finish();
  return count;
}

}  // namespace kith::inline v1
