// SPDX-License-Identifier: Apache-2.0
//
// What stores answer unless they can do better.
#include "kith/core/store.hpp"

namespace kith::inline v1 {

bool connection::aggregate(const aggregate_request&, const group_sink&) { return false; }

void connection::host_sql(std::string_view, std::span<const cell>, const host_row_sink&) {
  throw error(error_code::unsupported,
              "this store runs no SQL; keep the host's rows in a store that does (host_sql)");
}

void store::model_changed(const model&) {}

void store::save() {
  throw error(error_code::unsupported, "this store keeps what is committed; there is nothing to save");
}

}  // namespace kith::inline v1
