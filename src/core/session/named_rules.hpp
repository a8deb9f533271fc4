// SPDX-License-Identifier: Apache-2.0
//
// What names have to say in a rule that no C++ type stands behind: modules write such rules.
#pragma once

#include <string_view>
#include <vector>

#include "kith/core/model.hpp"
#include "kith/core/rule.hpp"

namespace kith::inline v1::detail {

/// A path in text, `amount` or `client.address.city`, as the keys that lead along it.
/// error_code::not_found with near names.
std::vector<key_ref> keys_of_path(const entity_type& from, std::string_view path);

/// The rule with its names looked up; error_code::not_found, model.
rule looked_up(const kith::model& in, const rule& named);

}  // namespace kith::inline v1::detail
