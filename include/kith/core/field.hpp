// SPDX-License-Identifier: Apache-2.0
//
// A field, described once: number, name, kind, rules, labels. Everything else (column, check,
// query name, file column, documentation) is derived from it.
//
//   static constexpr field<deal, text> title{1, "title", required, max_length(200), folded,
//                                            ru("Название"), "What is being sold."};
//
// Numbers and names are for ever: a field is retired, never renamed or reused. Descriptions are
// constants, checked while compiling; any thread may read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "kith/core/kind.hpp"
#include "kith/core/value/person_name.hpp"
#include "kith/core/value/postal_address.hpp"
#include "kith/core/value/record_id.hpp"

namespace kith::inline v1 {

// -------------------------------------------------------------------------------- types of fields

struct text {};   ///< any text; read as std::string_view
struct email {};  ///< one e-mail address
struct phone {};  ///< one telephone number, any spelling
struct url {};    ///< one web address
struct blob {};   ///< bytes, up to 64 KiB
using integer = std::int64_t;
using real = double;
using boolean = bool;

/// The options of an enumeration that is the type of a field: specialise it beside the enum.
///
///   template <> inline constexpr auto choices<task_status> =
///       std::array{choice_option{1, "open", "открыта"}, choice_option{2, "done", "сделана"}};
template <class Enum>
inline constexpr auto choices = nullptr;

template <class T>
concept choice_type = std::is_enum_v<T> && !std::is_null_pointer_v<decltype(choices<T>)>;

/// A number that stands for a C++ type, also for one that is only declared; the same in every
/// shared object of a program.
using type_id = std::uint64_t;

namespace detail {
template <class T>
consteval type_id hash_of_name() {
  type_id hash = 14695981039346656037u;  // FNV-1a
  for (const char c : std::string_view(__PRETTY_FUNCTION__)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  }
  return hash;
}
}  // namespace detail

template <class T>
inline constexpr type_id type_id_of = detail::hash_of_name<T>();

// ------------------------------------------------------------------------------------ description

/// What happens to a reference when the record that it names is deleted.
enum class delete_policy : std::uint8_t {
  restrict,  ///< the deletion is refused while such a reference is live
  clear,     ///< the reference becomes null
  cascade,   ///< the referring record is deleted, too
  keep,      ///< the reference stays and shows the deleted record
};

/// When a computed field is computed.
enum class computed_mode : std::uint8_t {
  none,
  on_read,  ///< whenever it is asked for; nothing is stored
  stored,   ///< kept current in the transaction that changes what it depends on
};
inline constexpr auto on_read = computed_mode::on_read;
inline constexpr auto stored = computed_mode::stored;

/// A value for new records that give none.
struct initial_value {
  enum class source : std::uint8_t { none, number, text, today, now } from = source::none;
  std::int64_t number = 0;
  std::string_view text;
};

/// The whole description of a field, as data.
struct field_def {
  std::uint16_t number = 0;
  std::string_view name;
  kind_id kind = kind_id::text;
  kind_options options;

  bool required = false;  ///< neither null nor empty text
  bool unique = false;    ///< among live records
  bool indexed = false;
  bool searchable = false;   ///< part of full-text search
  bool personal = false;     ///< about a natural person: access export and erasure cover it
  bool flat = false;         ///< its parts are names of the entity: `city` for `address.city`
  bool natural_key = false;  ///< people and files name the record by it
  bool set_once = false;     ///< never changes after the record was added
  bool acyclic = false;      ///< kind ref: following it never comes back to the record: a tree
  delete_policy on_delete = delete_policy::restrict;
  type_id target = 0;            ///< kind ref: the type of the entity it names
  std::string_view target_name;  ///< kind ref, for models made at run time: the entity's name

  std::string_view computed;  ///< an expression of the query language
  computed_mode mode = computed_mode::none;
  initial_value initial;

  std::string_view doc;    ///< one English sentence
  std::string_view label;  ///< in English; empty means: made from the name
  std::string_view ru;     ///< label in Russian
  std::string_view ru_doc;
};

// ---------------------------------------------------------------------------------------- options

namespace detail {
struct flag_option {
  bool field_def::*flag;
  constexpr void apply(field_def& f) const { f.*flag = true; }
};
struct policy_option {
  delete_policy policy;
  constexpr void apply(field_def& f) const { f.on_delete = policy; }
};
struct folded_option {
  constexpr void apply(field_def& f) const { f.options.folded = true; }
};
struct bound_option {
  std::optional<std::int64_t> kind_options::*bound;
  std::int64_t value;
  constexpr void apply(field_def& f) const { f.options.*bound = value; }
};
struct max_length_option {
  std::uint32_t characters;
  constexpr void apply(field_def& f) const { f.options.max_length = characters; }
};
struct scale_option {
  std::int8_t digits;
  constexpr void apply(field_def& f) const { f.options.scale = digits; }
};
struct computed_option {
  std::string_view expression;
  computed_mode mode;
  constexpr void apply(field_def& f) const {
    f.computed = expression;
    f.mode = mode;
  }
};
struct initial_option {
  initial_value value;
  constexpr void apply(field_def& f) const { f.initial = value; }
};
struct ru_option {
  std::string_view label, doc;
  constexpr void apply(field_def& f) const {
    f.ru = label;
    f.ru_doc = doc;
  }
};
struct label_option {
  std::string_view label;
  constexpr void apply(field_def& f) const { f.label = label; }
};
}  // namespace detail

inline constexpr detail::flag_option required{&field_def::required};
inline constexpr detail::flag_option unique{&field_def::unique};
inline constexpr detail::flag_option indexed{&field_def::indexed};
inline constexpr detail::flag_option searchable{&field_def::searchable};
inline constexpr detail::flag_option personal{&field_def::personal};
inline constexpr detail::flag_option flat{&field_def::flat};
inline constexpr detail::flag_option natural_key{&field_def::natural_key};
inline constexpr detail::flag_option set_once{&field_def::set_once};
inline constexpr detail::flag_option acyclic{&field_def::acyclic};
inline constexpr detail::folded_option folded{};
inline constexpr detail::policy_option restrict_delete{delete_policy::restrict};
inline constexpr detail::policy_option clear_on_delete{delete_policy::clear};
inline constexpr detail::policy_option cascade_delete{delete_policy::cascade};
inline constexpr detail::policy_option keep_on_delete{delete_policy::keep};

/// The smallest allowed value: of numbers and money in whole units, of dates in years.
constexpr detail::bound_option at_least(std::int64_t n) { return {&kind_options::least, n}; }
constexpr detail::bound_option at_most(std::int64_t n) { return {&kind_options::most, n}; }
/// The longest allowed text, in characters (code points).
constexpr detail::max_length_option max_length(std::uint32_t n) { return {n}; }
/// Digits behind the point of a decimal or money field.
constexpr detail::scale_option scale(int digits) { return {static_cast<std::int8_t>(digits)}; }
/// `computed("amount * stage.probability / 100", on_read)`.
constexpr detail::computed_option computed(std::string_view expression, computed_mode mode) {
  return {expression, mode};
}
/// The label in Russian, and a sentence where the label does not say it all.
constexpr detail::ru_option ru(std::string_view label, std::string_view doc = {}) {
  return {label, doc};
}
/// The label in English, where the name does not make a good one.
constexpr detail::label_option label(std::string_view text) { return {text}; }

/// The value of new records that give none: `initially(true)`, `initially("EUR")`.
template <class V>
constexpr detail::initial_option initially(V value) {
  using source = initial_value::source;
  if constexpr (std::is_enum_v<V> || std::is_integral_v<V>) {
    return {{source::number, static_cast<std::int64_t>(value), {}}};
  } else {
    return {{source::text, 0, std::string_view(value)}};
  }
}
inline constexpr detail::initial_option initially_today{{initial_value::source::today, 0, {}}};
inline constexpr detail::initial_option initially_now{{initial_value::source::now, 0, {}}};

// -------------------------------------------------------------------------------- kinds of C++
// types

namespace detail {
template <class T>
struct ref_target {};
template <class E>
struct ref_target<ref<E>> {
  using type = E;
};
template <class T>
concept ref_type = requires { typename ref_target<T>::type; };

/// What the C++ type of a field says about it.
template <class T>
constexpr void set_type(field_def& f) {
  if constexpr (std::is_same_v<T, text>) {
    f.kind = kind_id::text;
  } else if constexpr (std::is_same_v<T, email>) {
    f.kind = kind_id::email;
  } else if constexpr (std::is_same_v<T, phone>) {
    f.kind = kind_id::phone;
  } else if constexpr (std::is_same_v<T, url>) {
    f.kind = kind_id::url;
  } else if constexpr (std::is_same_v<T, blob>) {
    f.kind = kind_id::blob;
  } else if constexpr (std::is_same_v<T, bool>) {
    f.kind = kind_id::boolean;
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    f.kind = kind_id::integer;
  } else if constexpr (std::is_same_v<T, double>) {
    f.kind = kind_id::real;
  } else if constexpr (std::is_same_v<T, decimal>) {
    f.kind = kind_id::decimal;
  } else if constexpr (std::is_same_v<T, date>) {
    f.kind = kind_id::date;
  } else if constexpr (std::is_same_v<T, instant>) {
    f.kind = kind_id::instant;
  } else if constexpr (std::is_same_v<T, duration>) {
    f.kind = kind_id::duration;
  } else if constexpr (std::is_same_v<T, money>) {
    f.kind = kind_id::money;
    f.options.scale = currency_scale;
  } else if constexpr (std::is_same_v<T, person_name>) {
    f.kind = kind_id::person_name;
  } else if constexpr (std::is_same_v<T, postal_address>) {
    f.kind = kind_id::postal_address;
  } else if constexpr (std::is_same_v<T, any_ref>) {
    f.kind = kind_id::any_ref;
  } else if constexpr (ref_type<T>) {
    f.kind = kind_id::ref;
    f.target = type_id_of<typename ref_target<T>::type>;
  } else {
    static_assert(choice_type<T>, "a field's type is a kind, or an enum with choices<>");
    f.kind = kind_id::choice;
    f.options.choices = choices<T>;
  }
}
}  // namespace detail

// ------------------------------------------------------------------------------------- typed keys

/// One field, or one part of it, as expressions carry it. `part` counts the cells of the value;
/// whole_value means the value itself.
struct key_ref {
  type_id owner = 0;         ///< the entity's C++ type, or 0
  std::uint16_t entity = 0;  ///< the entity's number, when there is no C++ type
  std::uint16_t field = 0;
  std::uint8_t part = 0xff;

  friend constexpr bool operator==(const key_ref&, const key_ref&) = default;
};
inline constexpr std::uint8_t whole_value = 0xff;

/// The place of a cell in a row. Values computed on read have none.
using slot_number = std::uint16_t;
inline constexpr slot_number no_slot = 0xffff;

namespace detail {
/// The first slot of a declared field (defined in entity.hpp, where the fields of E are known).
template <class E>
constexpr slot_number declared_slot(std::uint16_t number);
}  // namespace detail

/// `client::name = "…"`: a value on its way to a draft. Only for the call it is written in.
template <class E, class T, class V>
struct assignment {
  using owner_type = E;
  const field_def& def;
  slot_number slot;   ///< first cell of the field
  std::uint8_t part;  ///< whole_value, or the part that is set
  const V& value;
};

/// A field of entity E with values of type T.
template <class E, class T>
class field : public field_def {
 public:
  using owner_type = E;
  using value_type = T;

  /// field{number, name, options…, "sentence"}
  template <class... Options>
  consteval field(std::uint16_t its_number, std::string_view its_name, Options... notes) {
    number = its_number;
    name = its_name;
    detail::set_type<T>(*this);
    (apply(notes), ...);
  }
  field(const field&) = default;
  field& operator=(const field&) = delete;

  constexpr const field_def& def() const { return *this; }
  constexpr slot_number slot() const { return detail::declared_slot<E>(number); }
  constexpr key_ref key() const { return {type_id_of<E>, 0, number, whole_value}; }
  template <class V>
  [[nodiscard]] constexpr assignment<E, T, V> operator=(const V& value) const {
    return {*this, slot(), whole_value, value};
  }

 private:
  consteval void apply(const char* sentence) { doc = sentence; }
  template <class Option>
  consteval void apply(const Option& option) {
    option.apply(*this);
  }
};

/// A part of a field as a key of its own: `part<client, text> city{address, "city"}`.
template <class E, class T>
class part {
 public:
  using owner_type = E;
  using value_type = T;

  template <class Whole>
  consteval part(const field<E, Whole>& of, std::string_view name) : of_(of) {
    const auto parts = parts_of(of.kind, of.options);
    while (index_ < parts.size() && parts[index_].name != name) ++index_;
    if (index_ == parts.size()) throw "no such part";  // refused while compiling
  }
  part(const part&) = default;
  part& operator=(const part&) = delete;

  constexpr const field_def& def() const { return of_; }
  constexpr std::uint8_t index() const { return index_; }
  constexpr slot_number slot() const {
    return static_cast<slot_number>(detail::declared_slot<E>(of_.number) + index_);
  }
  constexpr key_ref key() const { return {type_id_of<E>, 0, of_.number, index_}; }
  template <class V>
  [[nodiscard]] constexpr assignment<E, T, V> operator=(const V& value) const {
    return {of_, detail::declared_slot<E>(of_.number), index_, value};
  }

 private:
  const field_def& of_;
  std::uint8_t index_ = 0;
};

}  // namespace kith::inline v1
