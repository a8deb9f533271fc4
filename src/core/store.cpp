// SPDX-License-Identifier: Apache-2.0
//
// What stores answer unless they can do better.
#include "kith/core/store.hpp"

#include <array>

#include "kith/core/text.hpp"

namespace kith::inline v1 {

bool connection::aggregate(const aggregate_request&, const group_sink&) { return false; }

void connection::define_view(const view_definition&) {
  throw error(error_code::unsupported,
              "this store has no views (capabilities::views); ask session.query() instead");
}

void connection::host_sql(std::string_view, std::span<const cell>, const host_row_sink&) {
  throw error(error_code::unsupported,
              "this store runs no SQL; keep the host's rows in a store that does (host_sql)");
}

error exists_already(const entity_type& entity, const index_type& index, const row& refused,
                     std::int64_t other) {
  std::string fields;
  std::string values;
  for (const field_type* f : index.fields) {
    std::array<cell, max_parts> cells;
    const auto parts = f->parts();
    bool whole = true;
    for (unsigned i = 0; i < parts.size(); ++i) {
      cells[i] = refused.at(static_cast<slot_number>(f->slot + i), parts[i].type);
      whole = whole && (!cells[i].is_null() || parts[i].role == part_role::key);
    }
    fields += (fields.empty() ? "" : ", ") + std::string(f->name());
    values += values.empty() ? "" : ", ";
    if (whole) f->kind().print(f->def->options, cells.data(), {}, values);
  }
  const std::string what = std::string(entity.name());
  return error(error_code::exists,
               "the " + what + " " + std::to_string(other) + " has the same " + fields + " '" +
                   shortened(values) + "'; change one of them, or update that record",
               {what, other, std::string(index.fields.front()->name())});
}

void store::model_changed(const model&) {}

void store::save() {
  throw error(error_code::unsupported,
              "this store keeps what is committed; there is nothing to save");
}

void store::compact() {
  throw error(error_code::unsupported,
              "this store does not rewrite its files (capabilities::compact); nothing was changed");
}

void store::backup(const std::string&, const copy_check&) {
  throw error(error_code::unsupported,
              "this store cannot be copied while it is open (capabilities::backup)");
}

void store::verify(const damage_sink&) {}

}  // namespace kith::inline v1
