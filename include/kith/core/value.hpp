// SPDX-License-Identifier: Apache-2.0
//
// A value whose kind is known only at run time: literals and parameters of queries, results of
// aggregation, fields reached by name. It is a kind, its scale or choices, and cells.
//
//   value v = money("9.99", "EUR");   v.as<money>();   v.to_string();   // 9.99 EUR
#pragma once

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kith/core/field.hpp"

namespace kith::inline v1 {

class value {
 public:
  /// Null: of no kind.
  value() = default;
  value(bool b);                                         // NOLINT: a value is what it is made from
  value(std::int64_t n);                                 // NOLINT
  value(int n) : value(static_cast<std::int64_t>(n)) {}  // NOLINT
  value(double x);                                       // NOLINT
  value(decimal d);                                      // NOLINT
  value(std::string_view text);                          // NOLINT
  value(const char* text) : value(std::string_view(text)) {}         // NOLINT
  value(const std::string& text) : value(std::string_view(text)) {}  // NOLINT
  value(date d);                                                     // NOLINT
  value(instant t);                                                  // NOLINT
  value(duration d);                                                 // NOLINT
  value(const money& m);                                             // NOLINT
  value(const money_sum& sum);     // NOLINT: as many pairs of cells as currencies
  value(record_id id);             // NOLINT
  value(any_ref r);                // NOLINT
  value(const person_name& n);     // NOLINT
  value(const postal_address& a);  // NOLINT
  template <class E>
  value(ref<E> r) : value(r.id) {}  // NOLINT
  /// A record stands for its id.
  template <class Record>
    requires requires(const Record& r) {
      { r.id() } -> std::same_as<record_id>;
    }
  value(const Record& r) : value(r.id()) {}  // NOLINT
  template <choice_type Enum>
  value(Enum e) : value(from_choice(static_cast<std::int64_t>(e), choices<Enum>)) {}  // NOLINT

  /// A value of a field: its kind, its options, and all its cells (keys are left out).
  static value of(kind_id kind, const kind_options& options, std::span<const cell> cells);
  static value from_choice(std::int64_t number, std::span<const choice_option> options);

  bool is_null() const noexcept { return cells_.empty(); }
  kind_id kind() const noexcept { return kind_; }
  const kind_options& options() const noexcept { return options_; }
  /// The value's cells in the order of its parts, without keys.
  std::span<const owned_cell> cells() const noexcept { return cells_; }

  /// The value as bool, int64, double, decimal, string_view, date, instant, duration, money,
  /// money_sum, record_id, any_ref, person_name or postal_address; exact conversions only.
  /// error_code::misuse when it is something else.
  template <class T>
  T as() const;

  /// As people write it; empty for null. Choices print their name.
  std::string to_string(const text_format& format = {}) const;

  /// Same kind, same cells; numbers and money by value whatever their scale.
  friend bool operator==(const value& a, const value& b);

 private:
  value(kind_id kind, std::initializer_list<cell> cells) : kind_(kind) {
    cells_.assign(cells.begin(), cells.end());
  }

  kind_id kind_ = kind_id::text;
  kind_options options_;
  std::vector<owned_cell> cells_;
};

template <>
bool value::as() const;
template <>
std::int64_t value::as() const;
template <>
double value::as() const;
template <>
decimal value::as() const;
template <>
std::string_view value::as() const;
template <>
date value::as() const;
template <>
instant value::as() const;
template <>
duration value::as() const;
template <>
money value::as() const;
template <>
money_sum value::as() const;
template <>
record_id value::as() const;
template <>
any_ref value::as() const;
template <>
person_name value::as() const;
template <>
postal_address value::as() const;

}  // namespace kith::inline v1
