// SPDX-License-Identifier: Apache-2.0
//
// One step back in the life of a record: from a version and the change that made it to the version
// before. As-of and undo walk with it.
#pragma once

#include "kith/core/change.hpp"
#include "kith/core/row.hpp"

namespace kith::inline v1::detail {

/// The version before `change`, complete with keys and checksum; null before the addition.
/// `after` is the version that `change` made. Fields unknown to the model are left out.
row_ptr rewound(const entity_type& entity, const row& after, const record_change& change);

}  // namespace kith::inline v1::detail
