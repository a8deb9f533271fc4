// SPDX-License-Identifier: Apache-2.0
//
// The descriptions of all kinds, one per file of this folder, and the few helpers they share.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kith/core/kind.hpp"

namespace kith::inline v1::detail {

extern const kind text_kind, integer_kind, real_kind, decimal_kind, boolean_kind, date_kind,
    instant_kind, duration_kind, money_kind, choice_kind, ref_kind, any_ref_kind, email_kind,
    phone_kind, url_kind, person_name_kind, postal_address_kind, blob_kind;

using problem_text = std::optional<std::string>;

/// UTF-8, no NUL, not longer than the field and all text may be.
problem_text text_problem(const kind_options& options, std::string_view text);
/// Between least and most, both in whole units of 10^-scale.
problem_text range_problem(const kind_options& options, std::int64_t units, int scale);
/// The text without blanks around it.
std::string_view trimmed(std::string_view text) noexcept;
/// An exact number as people write it: `1 234,50` with a decimal comma, or nothing.
std::optional<decimal> number_of(std::string_view text, char point);
/// Appends fold(text) as a key cell of `part`, null for null.
void put_folded(cell_sink& to, unsigned part, const cell& value);
/// text_problem() of the first of these parts that has one.
problem_text joined_problem(const kind_options& options, const cell* cells,
                            std::span<const unsigned> parts);
/// Appends the texts of these parts, those that are there, with `between` between them.
void print_joined(const cell* cells, std::span<const unsigned> parts, const char* between,
                  std::string& out);

}  // namespace kith::inline v1::detail
