// SPDX-License-Identifier: Apache-2.0
//
// Reporting views, written in one transaction. They are no content: no change set tells of them.
#include "core/model/views.hpp"

#include "core/session/engine.hpp"

namespace kith::inline v1 {

void engine::write_views() {
  if (!store_->can().views) {
    throw error(error_code::unsupported,
                "this store has no views (capabilities::views); ask session.query() instead");
  }
  if (options_.read_only) {
    throw error(error_code::read_only, "the store was opened for reading");
  }
  store_->check();
  const lease through = connect();
  through->begin(access::write);
  const model_ptr now = reload(*through);
  require_audit_key(*through, *now, head_of(*through, *now).sequence);
  const detail::reporting_views views(*now);
  for (const view_definition& v : views.all) through->define_view(v);
  through->commit();
}

}  // namespace kith::inline v1
