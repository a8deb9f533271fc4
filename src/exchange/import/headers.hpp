// SPDX-License-Identifier: Apache-2.0
//
// Columns find their places by what is written above them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kith/core/model.hpp"

namespace kith::inline v1::detail {

/// What is left of a name when case, ё, blanks, hyphens and underscores do not count:
/// `Company Name`, `company_name` and `CompanyName` are one word.
std::string plain_word(std::string_view text);

/// The place of each column, as text for parse_place(); empty where nothing is meant, or where two
/// places could be meant, or where another column means the same place better. `taken`: columns and
/// places that are decided already; a column that is taken by nothing has an empty place here.
struct decided_column {
  bool decided = false;
  std::string to;
};
std::vector<std::string> places_by_header(const entity_type& entity,
                                          const std::vector<std::string>& headers,
                                          const std::vector<decided_column>& decided);

/// The Russian label of a field, or of a part of it, which an import reads back.
std::string russian_label(const field_type& f, std::uint8_t part);

}  // namespace kith::inline v1::detail
