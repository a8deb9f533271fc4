// SPDX-License-Identifier: Apache-2.0
//
// Records by the values of some of their fields, null included.
#pragma once

#include <span>
#include <vector>

#include "kith/core/session.hpp"

namespace kith::inline v1::detail {

/// A question that can be run without an iterator.
struct open_query : any_query {
  using any_query::any_query;
  explicit open_query(const any_query& q) : any_query(q) {}
  using query_base::run;
  kith::session& asked() const { return *session_; }
};

/// The live records, at most `most`, that have these values in these places.
std::vector<row_ptr> find_records(session& in, const entity_type& entity,
                                  std::span<const field_place> places,
                                  std::span<const value> values, std::uint64_t most);

/// The value of a place in a draft or row: null value for null.
value value_at(const field_place& at, const any_draft& d);

/// The one live record whose field has this value, or nothing; error_code::invalid when there are
/// several. Uses the field's index when the value is complete.
row_ptr find_record(session& in, const entity_type& entity, const field_place& at,
                    const any_draft& d);

}  // namespace kith::inline v1::detail
