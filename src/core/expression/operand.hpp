// SPDX-License-Identifier: Apache-2.0
//
// What the binder computes with: a literal that still adapts to its neighbour, cells of a kind, or
// a truth. One fragment of code for each cell.
#pragma once

#include <string>
#include <vector>

#include "core/expression/bind.hpp"

namespace kith::inline v1::detail {

using fragment = std::vector<instruction>;

struct operand {
  enum class form : std::uint8_t { literal, cells, truth };

  form is = form::cells;
  result_type type;
  value literal;
  bool given = false;                 ///< a literal that came as a parameter
  std::vector<fragment> cells;        ///< in the order of the kind's parts; a missing key is empty
  std::vector<fragment> conjuncts;    ///< of a truth
  const field_type* field = nullptr;  ///< for messages
  std::uint32_t at = 0;

  bool is_null_literal() const { return is == form::literal && literal.is_null(); }
  kind_id kind() const {
    if (is == form::truth) return kind_id::boolean;
    return is == form::literal ? literal.kind() : type.kind;
  }
};

inline bool is_texty(kind_id k) {
  return k == kind_id::text || k == kind_id::email || k == kind_id::phone || k == kind_id::url;
}
inline bool is_exact(kind_id k) { return k == kind_id::integer || k == kind_id::decimal; }
inline bool is_number(kind_id k) { return is_exact(k) || k == kind_id::real; }

inline void append(fragment& to, const fragment& more) {
  to.insert(to.end(), more.begin(), more.end());
}
inline instruction make(op code, std::uint32_t count = 0) {
  instruction i;
  i.code = code;
  i.count = count;
  return i;
}
/// `a op`, `a b op`.
inline fragment apply(fragment a, op code, std::uint32_t count = 0) {
  a.push_back(make(code, count));
  return a;
}
inline fragment apply(fragment a, const fragment& b, op code, std::uint32_t count = 0) {
  append(a, b);
  a.push_back(make(code, count));
  return a;
}

/// Builds operands from operands. One file for each idea, as named below.
class binder {
 public:
  binder(const bind_context& context, std::shared_ptr<constant_pool> pool)
      : context_(context), pool_(std::move(pool)) {}

  /// References followed before the entity that the tree is about.
  struct hop {
    slot_number slot;
    std::uint16_t entity;
  };
  struct scope {
    const entity_type* entity;
    std::vector<hop> prefix;
  };

  operand bind(const expression& tree, const scope& in);

  std::vector<fragment> conjuncts(operand o) const;
  fragment truth(operand o) const;
  /// Cells of any operand; literals become constants of their own kind.
  operand as_cells(operand o) const;
  /// The fragments that are compared, most significant first.
  std::vector<fragment> comparison(const operand& o) const;
  program finish(fragment code) const { return {std::move(code), pool_}; }

 private:
  // bind.cpp
  fragment constant(const cell& c) const;
  static operand truth_of(fragment code, std::uint32_t at);
  operand connect(op code, std::vector<operand> operands, std::uint32_t at) const;
  operand parameter(const std::string& name, std::uint32_t at) const;

  // bind_paths.cpp
  operand path(std::span<const key_ref> keys, const scope& in, std::uint32_t at);
  const entity_type& follow(std::span<const key_ref> keys, scope& through, std::uint32_t at);
  fragment load(slot_number slot, storage type, const scope& in) const;
  fragment behind(const scope& in, const fragment& code) const;
  operand system_cell(slot_number slot, const scope& in, std::uint32_t at);
  operand field_cells(const field_type& f, std::uint8_t part, const scope& in, std::uint32_t at);
  bool reads_null(const entity_type& of, const field_type& f) const;

  // bind_related.cpp
  operand related(const expression::related_node& node, const scope& in, std::uint32_t at);
  fragment related_code(const expression::related_node& node, const relation_type& relation,
                        const fragment& id, const operand* of, std::uint8_t flags, storage type);

  // bind_functions.cpp
  operand call(function f, std::vector<operand> operands, std::uint32_t at);
  operand round(operand a, const operand* digits, bool even, std::uint32_t at);
  operand absolute(operand a, std::uint32_t at);
  operand coalesce(std::vector<operand> operands, std::uint32_t at);

  // compare.cpp
  operand compare(expression::code code, operand a, operand b, std::uint32_t at);
  operand in(operand left, std::vector<operand> list, std::uint32_t at);
  operand like(operand text, operand pattern, std::uint32_t at);
  operand null_test(const operand& o, std::uint32_t at) const;
  operand adapt(const operand& literal, const operand& to) const;
  operand adapt_text(const operand& literal, const operand& to) const;
  operand adapt_parsed(const operand& literal, const operand& to) const;
  void unify(operand& a, operand& b, std::uint32_t at) const;
  fragment compare_cells(op code, const std::vector<fragment>& a,
                         const std::vector<fragment>& b) const;
  fragment text_key(const operand& o, bool folded) const;

  // arithmetic.cpp
  operand arithmetic(expression::code code, operand a, operand b, std::uint32_t at);
  void settle(fragment& code) const;
  operand settled(operand o) const;
  operand add(bool subtract, operand a, operand b, std::uint32_t at);
  operand add_time(bool subtract, const operand& a, const operand& b, std::uint32_t at);
  operand multiply(operand a, operand b, std::uint32_t at);
  operand divide(operand a, operand b, std::uint32_t at);
  operand negate(operand a, std::uint32_t at);
  operand concat(operand a, operand b, std::uint32_t at);
  operand real_operation(op code, const operand& a, const operand& b) const;
  fragment real_code(const operand& o) const;
  fragment same_currency(const operand& a, const operand& b) const;

  // scales.cpp
  operand number(fragment code, int scale, std::uint32_t at) const;
  operand money_of(fragment amount, fragment currency, std::int8_t scale, std::uint32_t at) const;
  void unify_scales(operand& a, operand& b) const;
  void unify_money(operand& a, operand& b) const;
  std::optional<decimal> literal_number(const operand& o) const;

  [[noreturn]] void fail(std::uint32_t at, const std::string& message) const;
  std::string describe(const operand& o) const;

  const bind_context& context_;
  std::shared_ptr<constant_pool> pool_;
  int computed_depth_ = 0;
};

/// Digits behind the point of an exact number.
inline int scale_of(const operand& o) {
  return o.type.kind == kind_id::decimal ? o.type.options.scale : 0;
}

}  // namespace kith::inline v1::detail
