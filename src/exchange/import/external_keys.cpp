// SPDX-License-Identifier: Apache-2.0
//
// Keys of other systems.
#include "exchange/import/external_keys.hpp"

#include "exchange/lookup.hpp"
#include "kith/core/error.hpp"

namespace kith::inline v1::detail {

external_keys::external_keys(session& in) : session_(in), model_(in.model()) {
  const entity_type* e = model_->find("external_ref");
  if (e == nullptr) return;
  const auto field = [&](std::string_view name) -> const field_type* {
    const auto place = e->find_field(name);
    return place ? place->field : nullptr;
  };
  source_ = field("source");
  key_ = field("key");
  record_ = field("record");
  if (source_ && key_ && record_ && record_->def->kind == kind_id::any_ref) entity_ = e;
}

void external_keys::require() const {
  if (entity_ != nullptr) return;
  throw error(error_code::invalid,
              "keys of other systems (@) need the entity external_ref, which this store does not "
              "have; open it with the standard entities, or match by a field");
}

std::optional<any_ref> external_keys::find(std::string_view source, std::string_view key) {
  const std::pair<slot_number, cell> both[] = {{source_->slot, cell::text(source)},
                                               {key_->slot, cell::text(key)}};
  const row_ptr r = session_.find_by(*entity_, both);
  if (!r) return {};
  return any_ref{static_cast<std::uint16_t>(r->integer(record_->slot + 1u)),
                 record_id{r->integer(record_->slot)}};
}

void external_keys::add(std::string_view source, std::string_view key, any_ref record) {
  any_draft d;
  d.put(source_->slot, cell::text(source));
  d.put(key_->slot, cell::text(key));
  d.put(record_->slot, cell::integer(record.id.value));
  d.put(static_cast<slot_number>(record_->slot + 1), cell::integer(record.entity));
  session_.add_row(*entity_, d);
}

}  // namespace kith::inline v1::detail
