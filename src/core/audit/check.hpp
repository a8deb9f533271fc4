// SPDX-License-Identifier: Apache-2.0
//
// The audit chain, followed from the oldest set to the newest: what crm.check_audit() does.
#pragma once

#include "core/session/state.hpp"
#include "kith/core/audit.hpp"

namespace kith::inline v1::detail {

audit_anchor newest_anchor(session::state& s);
audit_check check_audit(session::state& s, const audit_anchor& kept);

}  // namespace kith::inline v1::detail
