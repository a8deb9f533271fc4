// SPDX-License-Identifier: Apache-2.0
//
// Trees to programs: names become slots, kinds become cells, literals become what they are
// compared with. All typing happens here, once; what comes out is only cells.
#pragma once

#include <memory>
#include <vector>

#include "kith/core/program.hpp"
#include "kith/core/query.hpp"

namespace kith::inline v1::detail {

class evaluator;

/// The fields that whoever asks may not read.
class masked_fields {
 public:
  virtual bool masks(const entity_type& entity, const field_type& f) const = 0;

 protected:
  ~masked_fields() = default;
};

/// What a tree is bound to.
struct bind_context {
  const model& of;
  const parameters& values;
  instant now;
  time_zone zone;
  std::shared_ptr<const masked_fields> masks{};  ///< these are error_code::denied, or
  bool masked_is_null = false;                   ///< null: where values are only shown
};

/// The kind of a bound expression's value.
struct result_type {
  kind_id kind = kind_id::text;
  kind_options options;
  const entity_type* target = nullptr;  ///< of a reference
};

/// A bound expression: one program for each value part of its kind.
struct bound_value {
  result_type type;
  std::vector<program> parts;
};

/// The conditions that must all hold; error_code::query for what has no meaning.
std::vector<program> bind_condition(const bind_context& context, const entity_type& entity,
                                    const expression& tree);
bound_value bind_value(const bind_context& context, const entity_type& entity,
                       const expression& tree);
/// One term for each cell that the keys compare.
std::vector<order_term> bind_order(const bind_context& context, const entity_type& entity,
                                   std::span<const order_key> keys);
/// The programs whose results are equal exactly when the values are: for grouping.
std::vector<program> bind_identity(const bind_context& context, const entity_type& entity,
                                   const expression& tree);

/// The value on a row. Each part is copied: its bytes live until the next one is computed.
value value_on(evaluator& run, const bound_value& of, const row& r);

/// `op::related` in `instruction::detail`: an aggregate and how its value is made.
inline constexpr std::uint8_t related_of_money = 0x80;  ///< the value is an amount and a currency
inline constexpr std::uint8_t related_currency = 0x40;  ///< the result is the common currency
constexpr aggregate related_aggregate(std::uint8_t detail) {
  return static_cast<aggregate>(detail & 0x0f);
}

}  // namespace kith::inline v1::detail
