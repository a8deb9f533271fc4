// SPDX-License-Identifier: Apache-2.0
//
// What is asked, as a tree: built from typed keys in C++, or read from text (parse() in query.hpp).
// The tree is kept flat, in postfix order, so that no depth of nesting can exhaust the stack.
//
//   auto big = deal::amount > eur(10'000) && deal::client / client::city == "Омск";
//   auto calm = !exists(client::interactions, interaction::at > now() - duration::of_days(30));
//
// Expressions are values; building one throws error_code::limit when it grows beyond `limits`.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kith/core/entity.hpp"
#include "kith/core/limits.hpp"
#include "kith/core/value.hpp"

namespace kith::inline v1 {

/// A relation as expressions carry it: the entity that has it, and its name.
struct relation_ref {
  type_id owner = 0;
  std::uint16_t entity = 0;
  std::string name;
};

/// What an expression computes over related records, or a measure over all records of a query.
enum class aggregate : std::uint8_t { exists, count, sum, min, max, avg };

/// The functions of the language.
enum class function : std::uint8_t {
  today,
  now,
  coalesce,
  round,
  round_even,
  abs,
  length,
  year,
  month,
  day,
  date
};

/// The untyped tree.
class expression {
 public:
  enum class code : std::uint8_t {
    literal,
    parameter,
    path,
    related,
    not_,
    negate,
    is_null,
    and_,
    or_,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    add,
    subtract,
    multiply,
    divide,
    concat,
    like,
    in,    // count operands after the first
    call,  // function with count operands
  };
  struct node {
    code what;
    std::uint8_t function = 0;  ///< code::call
    std::uint16_t count = 0;    ///< operands of and_, or_, in, call; length of a path
    std::uint32_t index = 0;    ///< into literals(), keys(), parameters() or related()
    std::uint32_t at = 0;       ///< where it stands in the text it was read from
  };
  struct related_node;

  /// Nothing: an empty condition, which holds always.
  expression() = default;

  static expression literal(value v, std::uint32_t at = 0);
  /// A value given when the query runs: by name (`:name`) or by its place, from 0 (`?`).
  static expression parameter(std::string name, std::uint32_t at = 0);
  static expression path(std::span<const key_ref> keys, std::uint32_t at = 0);
  /// An aggregate over the records that `keys` (references, may be none) and a relation lead to.
  static expression related(aggregate what, std::span<const key_ref> keys, relation_ref relation,
                            expression of, expression where, std::uint32_t at = 0);
  static expression unary(code what, expression of, std::uint32_t at = 0);
  static expression binary(code what, expression left, expression right, std::uint32_t at = 0);
  static expression in(expression left, std::vector<expression> list, std::uint32_t at = 0);
  static expression call(function f, std::vector<expression> operands, std::uint32_t at = 0);

  bool empty() const noexcept { return nodes_.empty(); }
  std::span<const node> nodes() const noexcept { return nodes_; }
  const value& literal_at(std::uint32_t index) const { return literals_[index]; }
  const std::string& parameter_at(std::uint32_t index) const { return parameters_[index]; }
  std::span<const key_ref> path_at(const node& n) const { return {&keys_[n.index], n.count}; }
  const related_node& related_at(std::uint32_t index) const;
  std::size_t depth() const noexcept { return depth_; }
  std::size_t terms() const noexcept { return terms_; }

 private:
  void append(expression&& other);
  void close(node n, std::size_t depth);
  static bool chains(code what);

  std::vector<node> nodes_;
  std::vector<value> literals_;
  std::vector<std::string> parameters_;
  std::vector<key_ref> keys_;
  std::vector<related_node> related_;
  std::size_t depth_ = 0;
  std::size_t terms_ = 0;
};

/// The inner part of `sum(lines.net where …)`.
struct expression::related_node {
  aggregate what;
  std::vector<key_ref> keys;
  relation_ref relation;
  expression of;     ///< in terms of the related entity; empty for exists and count
  expression where;  ///< empty: all of them
};

inline const expression::related_node& expression::related_at(std::uint32_t index) const {
  return related_[index];
}

// ------------------------------------------------------------------------------------ typed trees

/// A path from entity E through references to a value of type T.
template <class E, class T>
class path {
 public:
  using owner_type = E;
  using value_type = T;

  constexpr path() = default;
  constexpr std::span<const key_ref> keys() const { return {keys_.data(), size_}; }
  constexpr void push(key_ref key) {
    if (size_ == keys_.size()) throw "a path follows at most seven keys";
    keys_[size_++] = key;
  }
  expression tree() const { return expression::path(keys()); }

 private:
  std::array<key_ref, 7> keys_{};
  std::uint8_t size_ = 0;
};

/// An expression over entity E with values of type T.
template <class E, class T>
class typed {
 public:
  using owner_type = E;
  using value_type = T;
  explicit typed(expression tree) : tree_(std::move(tree)) {}
  const expression& tree() const& { return tree_; }
  expression tree() && { return std::move(tree_); }

 private:
  expression tree_;
};

/// A condition on records of entity E.
template <class E>
using condition = typed<E, bool>;

namespace detail {
template <class K>
concept single_key = requires(const K& k) {
  typename K::owner_type;
  typename K::value_type;
  { k.key() } -> std::same_as<key_ref>;
};
template <class K>
concept key_path = single_key<K> || requires(const K& k) {
  typename K::owner_type;
  { k.keys() } -> std::same_as<std::span<const key_ref>>;
};
/// Anything that is an expression over an entity: a key, a path, a tree.
template <class X>
concept queryable = key_path<X> || requires(const X& x) {
  typename X::owner_type;
  { x.tree() } -> std::convertible_to<expression>;
};
template <queryable X>
using owner_of = typename X::owner_type;
template <queryable X>
using type_of = typename X::value_type;

template <class E, class T, key_path K>
constexpr void push_all(path<E, T>& to, const K& from) {
  if constexpr (single_key<K>) {
    to.push(from.key());
  } else {
    for (const key_ref& key : from.keys()) to.push(key);
  }
}

template <queryable X>
expression tree_of(const X& x) {
  if constexpr (single_key<X>) {
    const key_ref key = x.key();
    return expression::path({&key, 1});
  } else {
    return x.tree();
  }
}

template <class T>
concept texty = std::same_as<T, text> || std::same_as<T, email> || std::same_as<T, phone> ||
                std::same_as<T, url>;
template <class T>
concept exact_number = std::same_as<T, std::int64_t> || std::same_as<T, decimal>;

/// Which C++ values a field of type T is compared with.
template <class T, class V>
concept literal_for = (texty<T> && std::convertible_to<V, std::string_view>) ||
                      (exact_number<T> && (std::integral<V> || std::same_as<V, decimal>)) ||
                      (std::same_as<T, double> && std::is_arithmetic_v<V>) ||
                      (std::same_as<T, V>) || (ref_type<T> && std::convertible_to<V, T>) ||
                      (std::same_as<T, any_ref> && std::convertible_to<V, record_id>);

template <class T, class V>
value literal_of(const V& v) {
  if constexpr (texty<T>) {
    return value(std::string_view(v));
  } else if constexpr (std::same_as<V, bool> || std::is_enum_v<V>) {
    return value(v);
  } else if constexpr (std::integral<V>) {
    return value(static_cast<std::int64_t>(v));
  } else if constexpr (ref_type<T>) {
    return value(static_cast<T>(v).id);
  } else if constexpr (std::same_as<T, any_ref> && !std::same_as<V, any_ref>) {
    return value(static_cast<record_id>(v));
  } else {
    return value(v);
  }
}

template <class T, class U>
concept comparable_types =
    std::same_as<T, U> || (texty<T> && texty<U>) || (exact_number<T> && exact_number<U>) ||
    (std::same_as<T, double> && exact_number<U>) || (exact_number<T> && std::same_as<U, double>);

template <class X, class Y>
concept comparable_operands =
    queryable<X> && queryable<Y> && std::same_as<owner_of<X>, owner_of<Y>> &&
    comparable_types<type_of<X>, type_of<Y>>;
template <class X, class V>
concept comparable_literal = queryable<X> && !queryable<V> && literal_for<type_of<X>, V>;

// One atomic constraint: clang 14 brings the disjunction into a normal form wherever it weighs !=
// against the == that it could rewrite, and runs out of memory.
template <class X, class Y>
inline constexpr bool comparable_pair = comparable_operands<X, Y> || comparable_literal<X, Y>;

template <class X, class Y>
condition<owner_of<X>> compare(expression::code code, const X& x, const Y& y) {
  if constexpr (queryable<Y>) {
    return condition<owner_of<X>>(expression::binary(code, tree_of(x), tree_of(y)));
  } else {
    return condition<owner_of<X>>(
        expression::binary(code, tree_of(x), expression::literal(literal_of<type_of<X>>(y))));
  }
}
}  // namespace detail

/// `deal::client / client::city`: from a deal through its client to the client's city.
template <detail::key_path A, detail::key_path B>
  requires std::same_as<typename detail::ref_target<typename A::value_type>::type,
                        typename B::owner_type>
constexpr path<typename A::owner_type, typename B::value_type> operator/(const A& a, const B& b) {
  path<typename A::owner_type, typename B::value_type> joined;
  detail::push_all(joined, a);
  detail::push_all(joined, b);
  return joined;
}

template <class X, class Y>
  requires detail::comparable_pair<X, Y>
condition<detail::owner_of<X>> operator==(const X& x, const Y& y) {
  return detail::compare(expression::code::equal, x, y);
}
template <class X, class Y>
  requires detail::comparable_pair<X, Y>
condition<detail::owner_of<X>> operator!=(const X& x, const Y& y) {
  return detail::compare(expression::code::not_equal, x, y);
}
template <class X, class Y>
  requires detail::comparable_pair<X, Y>
condition<detail::owner_of<X>> operator<(const X& x, const Y& y) {
  return detail::compare(expression::code::less, x, y);
}
template <class X, class Y>
  requires detail::comparable_pair<X, Y>
condition<detail::owner_of<X>> operator<=(const X& x, const Y& y) {
  return detail::compare(expression::code::less_equal, x, y);
}
template <class X, class Y>
  requires detail::comparable_pair<X, Y>
condition<detail::owner_of<X>> operator>(const X& x, const Y& y) {
  return detail::compare(expression::code::greater, x, y);
}
template <class X, class Y>
  requires detail::comparable_pair<X, Y>
condition<detail::owner_of<X>> operator>=(const X& x, const Y& y) {
  return detail::compare(expression::code::greater_equal, x, y);
}

template <class E>
condition<E> operator&&(condition<E> a, condition<E> b) {
  return condition<E>(
      expression::binary(expression::code::and_, std::move(a).tree(), std::move(b).tree()));
}
template <class E>
condition<E> operator||(condition<E> a, condition<E> b) {
  return condition<E>(
      expression::binary(expression::code::or_, std::move(a).tree(), std::move(b).tree()));
}
template <class E>
condition<E> operator!(condition<E> a) {
  return condition<E>(expression::unary(expression::code::not_, std::move(a).tree()));
}

template <detail::queryable X>
condition<detail::owner_of<X>> is_null(const X& x) {
  return condition<detail::owner_of<X>>(
      expression::unary(expression::code::is_null, detail::tree_of(x)));
}
/// SQL's LIKE: `%` any run, `_` one character, `\` takes the next as it is.
template <detail::queryable X>
  requires detail::texty<detail::type_of<X>>
condition<detail::owner_of<X>> like(const X& x, std::string_view pattern) {
  return condition<detail::owner_of<X>>(expression::binary(
      expression::code::like, detail::tree_of(x), expression::literal(value(pattern))));
}
/// `in(deal::stage, {won, lost})`.
template <detail::queryable X, class V = detail::type_of<X>>
  requires detail::comparable_literal<X, V>
condition<detail::owner_of<X>> in(const X& x, std::initializer_list<V> list) {
  std::vector<expression> values;
  for (const V& v : list) {
    values.push_back(expression::literal(detail::literal_of<detail::type_of<X>>(v)));
  }
  return condition<detail::owner_of<X>>(expression::in(detail::tree_of(x), std::move(values)));
}

/// Whether some related record, or one that meets a condition, is live.
template <class E, class C>
condition<E> exists(const many<E, C>& relation) {
  return condition<E>(expression::related(aggregate::exists, {},
                                          {type_id_of<E>, 0, std::string(relation.name)}, {}, {}));
}
template <class E, class C>
condition<E> exists(const many<E, C>& relation, condition<C> where) {
  return condition<E>(expression::related(aggregate::exists, {},
                                          {type_id_of<E>, 0, std::string(relation.name)}, {},
                                          std::move(where).tree()));
}
/// How many related records are live.
template <class E, class C>
typed<E, std::int64_t> count(const many<E, C>& relation) {
  return typed<E, std::int64_t>(expression::related(
      aggregate::count, {}, {type_id_of<E>, 0, std::string(relation.name)}, {}, {}));
}
template <class E, class C>
typed<E, std::int64_t> count(const many<E, C>& relation, condition<C> where) {
  return typed<E, std::int64_t>(expression::related(aggregate::count, {},
                                                    {type_id_of<E>, 0, std::string(relation.name)},
                                                    {}, std::move(where).tree()));
}
/// The sum over related records: `sum(sales_order::lines, order_line::net)`.
template <class E, class C, detail::queryable X>
  requires std::same_as<detail::owner_of<X>, C>
typed<E, detail::type_of<X>> sum(const many<E, C>& relation, const X& of) {
  return typed<E, detail::type_of<X>>(expression::related(
      aggregate::sum, {}, {type_id_of<E>, 0, std::string(relation.name)}, detail::tree_of(of), {}));
}

}  // namespace kith::inline v1
