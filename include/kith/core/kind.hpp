// SPDX-License-Identifier: Apache-2.0
//
// What sort of value a field holds. A kind says, once, into which cells a value decomposes, which
// of them are compared, what is allowed, how it is read from text and how it is printed. Fields
// only name a kind and its options; stores never see kinds
// (docs/decisions/0002-cells-and-kinds.md).
//
// One file per kind: src/core/kind/<kind>.cpp. A new kind needs a decision record.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kith/core/cell.hpp"
#include "kith/core/value/money.hpp"
#include "kith/core/value/time.hpp"

namespace kith::inline v1 {

/// The kinds. Numbers are stored in model tables and never change.
enum class kind_id : std::uint8_t {
  text = 1,
  integer = 2,
  real = 3,
  decimal = 4,
  boolean = 5,
  date = 6,
  instant = 7,
  duration = 8,
  money = 9,
  choice = 10,
  ref = 11,
  any_ref = 12,
  email = 13,
  phone = 14,
  url = 15,
  person_name = 16,
  postal_address = 17,
  blob = 18,
};

/// What a cell of a value is for.
enum class part_role : std::uint8_t {
  value,  ///< what the user gave
  key,    ///< what is compared instead: derived from the value before it, never shown
};

/// One cell of a value: `currency` of a money, `city` of an address. The main part has no name.
struct part_def {
  std::string_view name;
  storage type = storage::text;
  part_role role = part_role::value;
};

/// One of a closed set of values that code depends on. Retired ones stay readable.
struct choice_option {
  std::int64_t number = 0;  ///< stored; never reused
  std::string_view name;    ///< in queries, files and languages: `organisation`
  std::string_view ru;      ///< label in Russian
};

/// A money scale that says "as many digits as the currency has" (ISO 4217); one less for each digit
/// that results of calculations have beyond that.
inline constexpr std::int8_t currency_scale = -1;
/// The digits behind the point that a money scale means for a currency.
inline int digits_of(std::int8_t money_scale, currency_code currency) noexcept {
  return money_scale >= 0 ? money_scale : currency.exponent() + (currency_scale - money_scale);
}

/// What a field says about its kind.
struct kind_options {
  bool folded = false;                ///< text: compared without case, ё after е
  std::int8_t scale = 0;              ///< decimal and money: digits behind the point
  std::uint32_t max_length = 0;       ///< text: code points; 0 means the limit of all text
  std::optional<std::int64_t> least;  ///< smallest allowed value, in whole units
  std::optional<std::int64_t> most;
  std::span<const choice_option> choices;
};

/// How text that people wrote is to be read and printed: what a file's dialect says.
struct text_format {
  enum class date_order : std::uint8_t { ymd, dmy, mdy };

  char decimal_point = '.';
  date_order dates = date_order::ymd;
  currency_code currency;  ///< for amounts that name none
  time_zone zone;          ///< for times that name none
};

/// The description of a kind: data and five functions, no state.
struct kind {
  kind_id id;
  std::string_view name;
  std::string_view summary;  ///< one sentence for the documentation

  /// Why the value is refused (a sentence with the remedy), or nothing. `cells` are its parts.
  std::optional<std::string> (*problem)(const kind_options&, const cell* cells);
  /// Puts the key parts that follow from the value parts; null when the kind has none.
  void (*derive)(const kind_options&, const cell* cells, cell_sink&);
  /// Reads text; returns why it cannot be read, or nothing when the value parts were put.
  std::optional<std::string> (*parse)(const kind_options&, std::string_view, const text_format&,
                                      cell_sink&);
  /// Appends the value as people write it. parse() reads it back.
  void (*print)(const kind_options&, const cell* cells, const text_format&, std::string& out);
};

inline constexpr unsigned max_parts = 6;

/// The cells of a value of this kind, in the order in which they are stored.
constexpr std::span<const part_def> parts_of(kind_id id, const kind_options& options);
/// The parts that are compared, most significant first: equality, order and uniqueness use them.
constexpr std::span<const std::uint8_t> comparison_of(kind_id id, const kind_options& options);

/// The description of a kind.
const kind& kind_of(kind_id id) noexcept;
/// The kind of this name, or null.
const kind* find_kind(std::string_view name) noexcept;
/// All kinds, in the order of their numbers.
std::span<const kind* const> kinds() noexcept;

// ------------------------------------------------------------------ cells of each kind, constexpr

namespace detail {
inline constexpr part_def exact_text[] = {{"", storage::text}};
inline constexpr part_def keyed_text[] = {{"", storage::text},
                                          {"key", storage::text, part_role::key}};
inline constexpr part_def one_integer[] = {{"", storage::integer}};
inline constexpr part_def one_real[] = {{"", storage::real}};
inline constexpr part_def one_blob[] = {{"", storage::blob}};
inline constexpr part_def money_parts[] = {{"", storage::integer}, {"currency", storage::text}};
inline constexpr part_def any_ref_parts[] = {{"", storage::integer}, {"entity", storage::integer}};
inline constexpr part_def person_name_parts[] = {
    {"last_name"},  {"last_name_key", storage::text, part_role::key},
    {"first_name"}, {"first_name_key", storage::text, part_role::key},
    {"patronymic"}, {"patronymic_key", storage::text, part_role::key}};
inline constexpr part_def postal_address_parts[] = {
    {"street"}, {"city"},        {"city_key", storage::text, part_role::key},
    {"region"}, {"postal_code"}, {"country"}};

inline constexpr std::uint8_t compare_0[] = {0};
inline constexpr std::uint8_t compare_1[] = {1};
inline constexpr std::uint8_t compare_1_0[] = {1, 0};
inline constexpr std::uint8_t compare_person[] = {1, 3, 5};
inline constexpr std::uint8_t compare_address[] = {5, 2, 0};
}  // namespace detail

constexpr std::span<const part_def> parts_of(kind_id id, const kind_options& options) {
  switch (id) {
    case kind_id::text:
      if (options.folded) return detail::keyed_text;
      return detail::exact_text;
    case kind_id::email:
    case kind_id::phone: return detail::keyed_text;
    case kind_id::url: return detail::exact_text;
    case kind_id::real: return detail::one_real;
    case kind_id::blob: return detail::one_blob;
    case kind_id::money: return detail::money_parts;
    case kind_id::any_ref: return detail::any_ref_parts;
    case kind_id::person_name: return detail::person_name_parts;
    case kind_id::postal_address: return detail::postal_address_parts;
    default: return detail::one_integer;
  }
}

constexpr std::span<const std::uint8_t> comparison_of(kind_id id, const kind_options& options) {
  switch (id) {
    case kind_id::text:
      if (options.folded) return detail::compare_1;
      return detail::compare_0;
    case kind_id::email:
    case kind_id::phone: return detail::compare_1;
    case kind_id::money: return detail::compare_1_0;
    case kind_id::person_name: return detail::compare_person;
    case kind_id::postal_address: return detail::compare_address;
    default: return detail::compare_0;
  }
}

}  // namespace kith::inline v1
