// SPDX-License-Identifier: Apache-2.0
//
// The binder: comparing. A literal becomes what its neighbour is; two values are brought to one
// scale, one key or one kind. Money of unlike currencies is unknown, not unequal.
#include <algorithm>

#include "core/expression/operand.hpp"
#include "core/kept_cells.hpp"
#include "kith/core/error.hpp"
#include "kith/core/text.hpp"

namespace kith::inline v1::detail {

using node_code = expression::code;

namespace {

op op_of(node_code c) {
  switch (c) {
    case node_code::equal: return op::equal;
    case node_code::not_equal: return op::not_equal;
    case node_code::less: return op::less;
    case node_code::less_equal: return op::less_equal;
    case node_code::greater: return op::greater;
    default: return op::greater_equal;
  }
}

node_code mirrored(node_code c) {
  switch (c) {
    case node_code::less: return node_code::greater;
    case node_code::less_equal: return node_code::greater_equal;
    case node_code::greater: return node_code::less;
    case node_code::greater_equal: return node_code::less_equal;
    default: return c;
  }
}

bool is_composite(kind_id k) { return k == kind_id::person_name || k == kind_id::postal_address; }

}  // namespace

fragment binder::text_key(const operand& o, bool folded) const {
  const auto order = comparison_of(o.type.kind, o.type.options);
  const std::size_t compared = order[0];
  if (compared < o.cells.size() && compared != 0 && !o.cells[compared].empty()) {
    return o.cells[compared];
  }
  return folded ? apply(o.cells[0], op::fold_text) : o.cells[0];
}

std::vector<fragment> binder::comparison(const operand& o) const {
  const kind_id k = o.type.kind;
  if (is_texty(k)) return {text_key(o, o.type.options.folded)};
  std::vector<fragment> cells;
  for (const std::uint8_t part : comparison_of(k, o.type.options)) cells.push_back(o.cells[part]);
  return cells;
}

// ---------------------------------------------------------------------------------------- literals

operand binder::adapt_text(const operand& literal, const operand& to) const {
  if (!is_texty(literal.literal.kind())) {
    fail(literal.at, describe(to) + " is compared with text, not with " + describe(literal));
  }
  operand o;
  o.at = literal.at;
  o.type = to.type;
  const cell text = literal.literal.cells()[0].view();
  if (const auto bad = invalid_utf8(text.as_bytes())) {
    fail(literal.at, "the text is not UTF-8 without NUL (byte " + std::to_string(*bad) + ")");
  }
  o.cells.push_back(constant(text));
  const kind& k = kind_of(to.type.kind);
  if (k.derive == nullptr || parts_of(to.type.kind, to.type.options).size() == 1) return o;
  kept_cells parts;
  parts.put(0, text);
  parts.derive(k, to.type.options);
  if (parts[1].is_null()) {
    fail(literal.at, "'" + shortened(text.as_bytes(), 30) + "' is not a " + std::string(k.name));
  }
  o.cells.push_back(constant(parts[1]));
  return o;
}

// Text that the kind of the other side can read: dates, choices, durations, names.
operand binder::adapt_parsed(const operand& literal, const operand& to) const {
  operand o;
  o.at = literal.at;
  o.type = to.type;
  kept_cells parts;
  const kind& k = kind_of(to.type.kind);
  text_format format;
  format.zone = context_.zone;
  const std::string_view text = literal.literal.cells()[0].view().as_bytes();
  if (auto bad = k.parse(to.type.options, text, format, parts)) {
    fail(literal.at, (to.field == nullptr ? "" : std::string(to.field->name()) + ": ") + "'" +
                         shortened(text, 30) + "' " + *bad);
  }
  parts.derive(k, to.type.options);
  const auto count = parts_of(to.type.kind, to.type.options).size();
  for (std::size_t i = 0; i < count; ++i)
    o.cells.push_back(constant(parts[static_cast<unsigned>(i)]));
  return o;
}

operand binder::adapt(const operand& literal, const operand& to) const {
  const kind_id want = to.type.kind;
  const kind_id have = literal.literal.kind();
  if (is_texty(want)) return adapt_text(literal, to);
  const bool reads_text = want == kind_id::date || want == kind_id::instant ||
                          want == kind_id::duration || want == kind_id::choice ||
                          is_composite(want) || want == kind_id::blob;
  if (have == kind_id::text && reads_text) return adapt_parsed(literal, to);
  const bool is_reference = want == kind_id::ref || want == kind_id::any_ref;
  if (is_reference &&
      (have == kind_id::integer || have == kind_id::ref || have == kind_id::any_ref)) {
    operand o;
    o.at = literal.at;
    o.type.kind = kind_id::ref;
    o.cells.push_back(constant(literal.literal.cells()[0].view()));
    return o;
  }
  if (is_reference) {
    fail(literal.at,
         describe(to) + " is compared with a record or its id; compare a field of the " +
             "record instead, such as " +
             (to.field == nullptr ? "client" : std::string(to.field->name())) + ".name = '…'");
  }
  if (want == kind_id::money && is_exact(have)) {
    fail(literal.at, describe(to) + " is compared with money: say the currency, such as " +
                         literal.literal.to_string() + " EUR");
  }
  if (want == kind_id::choice && have == kind_id::choice) {
    operand o = as_cells(literal);
    o.type = to.type;
    return o;
  }
  if (is_composite(want) && have == want) {
    operand o = as_cells(literal);
    const auto parts = parts_of(want, to.type.options);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].role == part_role::key) o.cells[i] = apply(o.cells[i - 1], op::fold_text);
    }
    return o;
  }
  return as_cells(literal);
}

// -------------------------------------------------------------------------------------- two values

void binder::unify(operand& a, operand& b, std::uint32_t at) const {
  const kind_id x = a.type.kind;
  const kind_id y = b.type.kind;
  const auto number_like = [](kind_id k) { return is_exact(k) || k == kind_id::real; };
  if (is_texty(x) && is_texty(y)) return;
  if (is_exact(x) && is_exact(y)) return unify_scales(a, b);
  if (number_like(x) && number_like(y)) {
    if (x != kind_id::real && scale_of(a) != 0) a.cells[0] = real_code(a);
    if (y != kind_id::real && scale_of(b) != 0) b.cells[0] = real_code(b);
    return;
  }
  if (x == kind_id::money && y == kind_id::money) return unify_money(a, b);
  if (x == kind_id::date && y == kind_id::instant) {
    a.cells[0] = apply(std::move(a.cells[0]), op::start_of_day);
    a.type = b.type;
    return settle(a.cells[0]);
  }
  if (x == kind_id::instant && y == kind_id::date) {
    b.cells[0] = apply(std::move(b.cells[0]), op::start_of_day);
    b.type = a.type;
    return settle(b.cells[0]);
  }
  const auto reference = [](kind_id k) { return k == kind_id::ref || k == kind_id::any_ref; };
  if (reference(x) && reference(y)) {
    a.cells.resize(1);
    b.cells.resize(1);
    return;
  }
  const bool same_choices =
      x != kind_id::choice || a.type.options.choices.data() == b.type.options.choices.data();
  if (x != y || !same_choices) fail(at, "cannot compare " + describe(a) + " with " + describe(b));
}

fragment binder::compare_cells(op what, const std::vector<fragment>& a,
                               const std::vector<fragment>& b) const {
  if (a.size() == 1) return apply(a[0], b[0], what);
  const auto count = static_cast<std::uint32_t>(a.size());
  if (what == op::equal || what == op::not_equal) {
    fragment all;
    for (std::size_t i = 0; i < a.size(); ++i) append(all, apply(a[i], b[i], op::equal));
    all.push_back(make(op::and_, count));
    return what == op::equal ? all : apply(std::move(all), op::not_);
  }
  // a0 < b0, or a0 = b0 and a1 < b1, … ; the last cells decide about equality.
  const op strict = what == op::less || what == op::less_equal ? op::less : op::greater;
  fragment any;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) append(any, apply(a[k], b[k], op::equal));
    append(any, apply(a[i], b[i], i + 1 == a.size() ? what : strict));
    if (i > 0) any.push_back(make(op::and_, static_cast<std::uint32_t>(i + 1)));
  }
  any.push_back(make(op::or_, count));
  return any;
}

operand binder::compare(node_code c, operand a, operand b, std::uint32_t at) {
  // Text becomes what it is compared with, also where that is a literal: '2026-03-01' < today().
  const bool text_first = a.is == operand::form::literal && is_texty(a.literal.kind()) &&
                          b.is == operand::form::literal && !is_texty(b.literal.kind());
  const bool literal_first = a.is == operand::form::literal && b.is != operand::form::literal;
  if ((literal_first || text_first) && !a.is_null_literal()) {
    std::swap(a, b);
    c = mirrored(c);
  }
  for (const operand* side : {&a, &b}) {
    if (!side->is_null_literal()) continue;
    if (!side->given) fail(at, "a comparison with null never holds; write `is null`");
    return truth_of(constant(cell::null()), at);
  }
  a = as_cells(std::move(a));
  b = b.is == operand::form::literal ? adapt(b, a) : as_cells(std::move(b));
  unify(a, b, at);
  const op what = op_of(c);
  const kind_id k = a.type.kind;
  if (is_texty(k)) {
    const bool folded = a.type.options.folded || b.type.options.folded || k == kind_id::email ||
                        b.type.kind == kind_id::email || k == kind_id::phone ||
                        b.type.kind == kind_id::phone;
    return truth_of(apply(text_key(a, folded), text_key(b, folded), what), at);
  }
  if (k == kind_id::money) {
    fragment compared = apply(a.cells[0], b.cells[0], what);
    return truth_of(apply(same_currency(a, b), compared, op::only_if), at);
  }
  if (k == kind_id::ref || k == kind_id::any_ref) {
    return truth_of(apply(a.cells[0], b.cells[0], what), at);
  }
  if (!is_composite(k)) return truth_of(compare_cells(what, comparison(a), comparison(b)), at);
  // Parts of a name or address that are missing count as empty, unless all of them are.
  const auto filled = [&](const operand& o) {
    std::vector<fragment> cells = comparison(o);
    for (fragment& f : cells) {
      append(f, constant(cell::text("")));
      f.push_back(make(op::coalesce, 2));
    }
    return cells;
  };
  fragment known = apply(truth(null_test(a, at)), truth(null_test(b, at)), op::or_, 2);
  known.push_back(make(op::not_));
  return truth_of(apply(std::move(known), compare_cells(what, filled(a), filled(b)), op::only_if),
                  at);
}

operand binder::in(operand left, std::vector<operand> list, std::uint32_t at) {
  if (left.is_null_literal()) {
    if (!left.given) fail(at, "a comparison with null never holds; write `is null`");
    return truth_of(constant(cell::null()), at);
  }
  if (left.is == operand::form::literal) {  // it becomes what each item is
    std::vector<operand> any;
    for (operand& item : list) any.push_back(compare(node_code::equal, left, std::move(item), at));
    if (any.size() == 1) return std::move(any[0]);
    return connect(op::or_, std::move(any), at);
  }
  operand a = as_cells(std::move(left));
  const bool one_cell = !is_composite(a.type.kind) && a.type.kind != kind_id::money;
  fragment code = one_cell ? comparison(a)[0] : fragment{};
  std::vector<operand> apart;  // items that need a comparison of their own
  std::uint32_t count = 0;
  for (operand& item : list) {
    if (item.is_null_literal() && !item.given) {
      fail(item.at, "null in a list is never equal to anything; write `or … is null`");
    }
    if (item.is_null_literal() && !one_cell) {
      apart.push_back(truth_of(constant(cell::null()), item.at));
      continue;
    }
    if (item.is_null_literal()) {
      append(code, constant(cell::null()));
      ++count;
      continue;
    }
    bool simple = one_cell && item.is == operand::form::literal;
    if (simple) {
      operand adapted = adapt(item, a);
      operand same = a;
      operand probe = adapted;
      unify(same, probe, item.at);
      // Only when the left side needs no conversion for this item.
      simple = same.cells.size() == 1 ? same.cells[0].size() == a.cells[0].size() : true;
      if (simple) {
        append(code, comparison(probe)[0]);
        ++count;
        continue;
      }
    }
    apart.push_back(compare(node_code::equal, a, std::move(item), at));
  }
  if (count > 0) code.push_back(make(op::in_list, count));
  std::vector<operand> all;
  if (count > 0 && one_cell) all.push_back(truth_of(std::move(code), at));
  for (operand& o : apart) all.push_back(std::move(o));
  if (all.size() == 1) return std::move(all[0]);
  return connect(op::or_, std::move(all), at);
}

operand binder::like(operand text, operand pattern, std::uint32_t at) {
  operand a = as_cells(std::move(text));
  if (!is_texty(a.type.kind)) fail(at, "like is for text, not for " + describe(a));
  if (pattern.is_null_literal() && pattern.given) return truth_of(constant(cell::null()), at);
  if (pattern.is != operand::form::literal || !is_texty(pattern.kind()) ||
      pattern.literal.is_null()) {
    fail(at, "the pattern of like is a text such as 'Ива%'");
  }
  const std::string_view given = pattern.literal.cells()[0].view().as_bytes();
  if (given.size() > limits{}.pattern_bytes) {
    throw error(error_code::limit,
                "a like pattern has at most " + std::to_string(limits{}.pattern_bytes) + " bytes");
  }
  if (invalid_utf8(given)) fail(at, "the pattern is not UTF-8 without NUL");
  const bool folded =
      a.type.options.folded || a.type.kind == kind_id::email || a.type.kind == kind_id::phone;
  fragment code = text_key(a, folded);
  append(code, constant(cell::text(folded ? fold(given) : std::string(given))));
  code.push_back(make(op::like));
  return truth_of(std::move(code), at);
}

operand binder::null_test(const operand& given, std::uint32_t at) const {
  const operand o = as_cells(given);
  if (!is_composite(o.type.kind)) return truth_of(apply(o.cells[0], op::is_null), at);
  fragment all;
  std::uint32_t count = 0;
  const auto parts = parts_of(o.type.kind, o.type.options);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].role != part_role::value) continue;
    append(all, apply(o.cells[i], op::is_null));
    ++count;
  }
  all.push_back(make(op::and_, count));
  return truth_of(std::move(all), at);
}

}  // namespace kith::inline v1::detail
