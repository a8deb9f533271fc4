// SPDX-License-Identifier: Apache-2.0
//
// Kinds to Arrow types, types to schemas.
#include "exchange/arrow/type.hpp"

#include <memory>

#include "core/expression/scales.hpp"

namespace kith::inline v1::detail {
namespace {

arrow_type plain(arrow_layout layout, std::string name) { return {layout, std::move(name), 0}; }

// Names and addresses: their parts as people know them.
arrow_type of_parts(std::string name, kind_id kind, const kind_options& options) {
  arrow_type whole = plain(arrow_layout::structure, std::move(name));
  for (const part_def& p : parts_of(kind, options)) {
    if (p.role != part_role::value) continue;
    whole.parts.push_back(plain(arrow_layout::text, std::string(p.name)));
  }
  return whole;
}

arrow_type amount_in_currency(std::string name, const kind_options& options) {
  arrow_type whole = plain(arrow_layout::structure, std::move(name));
  whole.parts = {{arrow_layout::decimal, "amount", arrow_scale(kind_id::money, options)},
                 plain(arrow_layout::text, "currency")};
  return whole;
}

arrow_type reference_to_any(std::string name) {
  arrow_type whole = plain(arrow_layout::structure, std::move(name));
  whole.parts = {plain(arrow_layout::dictionary, "entity"), plain(arrow_layout::integer, "id")};
  return whole;
}

std::string format_of(const arrow_type& type) {
  switch (type.layout) {
    case arrow_layout::boolean: return "b";
    case arrow_layout::integer: return "l";
    case arrow_layout::real: return "g";
    case arrow_layout::date: return "tdD";
    case arrow_layout::instant: return "tsu:UTC";
    case arrow_layout::length: return "tDu";
    case arrow_layout::decimal: return "d:38," + std::to_string(type.scale);
    case arrow_layout::text: return "u";
    case arrow_layout::bytes: return "z";
    case arrow_layout::dictionary: return "i";
    case arrow_layout::structure: return "+s";
    case arrow_layout::list: return "+l";
  }
  return {};
}

// What an ArrowSchema points to.
struct schema_memory {
  std::string format;
  std::string name;
  std::vector<ArrowSchema> parts;
  std::vector<ArrowSchema*> pointers;
  ArrowSchema dictionary{};

  ~schema_memory() {
    for (ArrowSchema& p : parts) {
      if (p.release != nullptr) p.release(&p);
    }
    if (dictionary.release != nullptr) dictionary.release(&dictionary);
  }
};

void release_schema(ArrowSchema* s) {
  if (s == nullptr || s->release == nullptr) return;
  s->release = nullptr;
  delete static_cast<schema_memory*>(std::exchange(s->private_data, nullptr));
}

}  // namespace

int arrow_scale(kind_id kind, const kind_options& options) {
  if (kind == kind_id::decimal) return options.scale;
  if (!relative(options.scale)) return options.scale;
  return widest_exponent + digits_beyond(options.scale);
}

arrow_type arrow_type_of(std::string name, kind_id kind, const kind_options& options) {
  switch (kind) {
    case kind_id::text:
    case kind_id::email:
    case kind_id::phone:
    case kind_id::url: return plain(arrow_layout::text, std::move(name));
    case kind_id::integer:
    case kind_id::ref: return plain(arrow_layout::integer, std::move(name));
    case kind_id::real: return plain(arrow_layout::real, std::move(name));
    case kind_id::decimal:
      return {arrow_layout::decimal, std::move(name), arrow_scale(kind, options)};
    case kind_id::boolean: return plain(arrow_layout::boolean, std::move(name));
    case kind_id::date: return plain(arrow_layout::date, std::move(name));
    case kind_id::instant: return plain(arrow_layout::instant, std::move(name));
    case kind_id::duration: return plain(arrow_layout::length, std::move(name));
    case kind_id::money: return amount_in_currency(std::move(name), options);
    case kind_id::choice: return plain(arrow_layout::dictionary, std::move(name));
    case kind_id::any_ref: return reference_to_any(std::move(name));
    case kind_id::blob: return plain(arrow_layout::bytes, std::move(name));
    case kind_id::person_name:
    case kind_id::postal_address: return of_parts(std::move(name), kind, options);
  }
  return plain(arrow_layout::text, std::move(name));
}

arrow_type arrow_row_of(std::vector<arrow_type> columns) {
  arrow_type row = plain(arrow_layout::structure, {});
  row.nullable = false;
  row.parts = std::move(columns);
  return row;
}

void give_schema(const arrow_type& type, ArrowSchema& out) {
  auto kept = std::make_unique<schema_memory>();
  kept->format = format_of(type);
  kept->name = type.name;
  kept->parts.resize(type.parts.size());
  for (std::size_t i = 0; i < type.parts.size(); ++i) {
    give_schema(type.parts[i], kept->parts[i]);
    kept->pointers.push_back(&kept->parts[i]);
  }
  if (type.layout == arrow_layout::dictionary) {
    give_schema(plain(arrow_layout::text, {}), kept->dictionary);
  }
  out = {};
  out.format = kept->format.c_str();
  out.name = kept->name.c_str();
  out.flags = type.nullable ? ARROW_FLAG_NULLABLE : 0;
  out.n_children = static_cast<std::int64_t>(kept->parts.size());
  out.children = kept->pointers.empty() ? nullptr : kept->pointers.data();
  out.dictionary = kept->dictionary.release == nullptr ? nullptr : &kept->dictionary;
  out.release = release_schema;
  out.private_data = kept.release();
}

}  // namespace kith::inline v1::detail
