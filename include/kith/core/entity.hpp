// SPDX-License-Identifier: Apache-2.0
//
// An entity, described once: its fields, its indexes, what refers to it. A struct without data,
// full of constants; records of it live in the store.
//
//   struct task {
//     static constexpr entity_def about{.id = 20, .name = "task", .plural = "tasks"};
//     static constexpr field<task, text> title{1, "title", required, "What was promised."};
//     static constexpr field<task, date> due{2, "due", "By when."};
//     static constexpr auto fields = list(title, due);
//     static constexpr auto indexes = list(index(due));
//   };
//
// Standard entities have an id; those of applications have none and are named `namespace.name`.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "kith/core/field.hpp"
#include "kith/core/total.hpp"

namespace kith::inline v1 {

struct rule;

/// What an entity is called.
struct entity_def {
  std::uint16_t id = 0;          ///< 1 to 1023 for standard entities; 0: numbered by each store
  std::string_view name{};       ///< `deal`; applications: `shop.repair`
  std::string_view plural{};     ///< `deals`
  std::string_view module{};     ///< `sales`
  std::string_view ru{};         ///< label in Russian: `Сделка`
  std::string_view ru_plural{};  ///< `Сделки`
  std::string_view title{};      ///< the field that names a record to people
  std::string_view doc{};        ///< one English sentence
  bool append_only = false;      ///< history: records are added, never changed or deleted
  bool internal = false;         ///< kept by the engine itself; no user writes it
};

/// An index, or a hint how records are read.
struct index_def {
  enum class shape : std::uint8_t {
    ordinary,   ///< equality, ranges and order
    exclusive,  ///< at most one live record has these values
    clustered,  ///< newest of one owner first: kept together, with what a list shows
  };
  shape as = shape::ordinary;
  std::uint8_t keys = 0;  ///< how many of the columns are keys; the rest only ride along
  std::uint8_t columns = 0;
  std::array<key_ref, 8> column{};

  /// What a timeline shows of each record, so that the list needs nothing else.
  template <class... Shown>
  consteval index_def shows(const Shown&... fields) const {
    index_def wider = *this;
    ((wider.column[wider.columns++] = fields.key()), ...);
    return wider;
  }
};

template <class... Keys>
consteval index_def index(const Keys&... keys) {
  return {index_def::shape::ordinary, sizeof...(keys), sizeof...(keys), {keys.key()...}};
}
template <class... Keys>
consteval index_def unique_index(const Keys&... keys) {
  return {index_def::shape::exclusive, sizeof...(keys), sizeof...(keys), {keys.key()...}};
}
template <class Owner, class At>
consteval index_def timeline(const Owner& owner, const At& at) {
  return {index_def::shape::clustered, 2, 2, {owner.key(), at.key()}};
}

// -------------------------------------------------------------------------------------- relations

/// The records that refer to this one through one of their fields.
struct relation_def {
  std::string_view name;        ///< `lines`
  type_id child = 0;            ///< the type of the referring entity
  std::string_view by;          ///< its field
  bool owned = false;           ///< they live and die with this record, and are written with it
  std::string_view only_field;  ///< only records with this value in this choice field, such as
  std::string_view only_value;  ///< the contact points whose channel is `email`
  std::string_view shorthand;   ///< the field a plain value stands for: emails=["a@b.example"]
  std::string_view doc;
  std::string_view ru;
};

namespace detail {
struct owned_option {
  constexpr void apply(relation_def& r) const { r.owned = true; }
};
struct only_option {
  std::string_view field, value;
  constexpr void apply(relation_def& r) const {
    r.only_field = field;
    r.only_value = value;
  }
};
struct shorthand_option {
  std::string_view field;
  constexpr void apply(relation_def& r) const { r.shorthand = field; }
};
}  // namespace detail

inline constexpr detail::owned_option owned{};
constexpr detail::only_option only(std::string_view field, std::string_view value) {
  return {field, value};
}
constexpr detail::shorthand_option shorthand(std::string_view field) { return {field}; }

/// `many<sales_order, kith::order_line> lines{"lines", "sales_order", owned, "What was ordered."}`.
template <class E, class Child>
class many : public relation_def {
 public:
  using owner_type = E;
  using child_type = Child;

  template <class... Options>
  consteval many(std::string_view its_name, std::string_view by_field, Options... notes) {
    name = its_name;
    child = type_id_of<Child>;
    by = by_field;
    (apply(notes), ...);
  }

 private:
  consteval void apply(const char* sentence) { doc = sentence; }
  consteval void apply(const detail::ru_option& option) { ru = option.label; }
  template <class Option>
  consteval void apply(const Option& option) {
    option.apply(*this);
  }
};

// ------------------------------------------------------------------------------------------ lists

namespace detail {
/// Names are lower-case ASCII words: they become columns, C constants and Python attributes.
constexpr bool well_named(std::string_view name) {
  if (name.empty() || name.size() > 60 || name.front() < 'a' || name.front() > 'z') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

template <std::size_t N>
consteval void check_fields(const std::array<const field_def*, N>& fields) {
  for (std::size_t i = 0; i < N; ++i) {
    if (!well_named(fields[i]->name)) throw "a field's name is lower-case words with _";
    if (fields[i]->number == 0 || fields[i]->number > 1023) throw "field numbers are 1 to 1023";
    for (std::size_t j = i + 1; j < N; ++j) {
      if (fields[i]->number == fields[j]->number) throw "two fields have one number";
      if (fields[i]->name == fields[j]->name) throw "two fields have one name";
    }
  }
}
}  // namespace detail

/// The fields of an entity in the order of their columns. New ones go to the end.
template <class E, class... Types>
consteval std::array<const field_def*, sizeof...(Types)> list(const field<E, Types>&... fields) {
  const std::array<const field_def*, sizeof...(Types)> all{&fields...};
  detail::check_fields(all);
  return all;
}
template <class E, class... Children>
consteval std::array<const relation_def*, sizeof...(Children)> list(
    const many<E, Children>&... relations) {
  return {&relations...};
}
template <std::same_as<index_def>... Indexes>
consteval std::array<index_def, sizeof...(Indexes)> list(const Indexes&... indexes) {
  return {indexes...};
}

// ------------------------------------------------------------------------------------------ slots

/// The cells that a field occupies.
constexpr unsigned cells_of(const field_def& f) {
  if (f.mode == computed_mode::on_read) return 0;
  return static_cast<unsigned>(parts_of(f.kind, f.options).size());
}

namespace detail {
template <class E>
consteval std::uint16_t largest_number() {
  std::uint16_t largest = 0;
  for (const field_def* f : E::fields) largest = std::max(largest, f->number);
  return largest;
}

template <class E>
consteval auto make_slots() {
  std::array<slot_number, largest_number<E>() + 1> slots{};
  slots.fill(no_slot);
  slot_number next = 0;
  for (const field_def* f : E::fields) {
    if (f->mode != computed_mode::on_read) slots[f->number] = next;
    next = static_cast<slot_number>(next + cells_of(*f));
  }
  return slots;
}
}  // namespace detail

/// The first slot of each field of E by its number: known to the compiler.
template <class E>
inline constexpr auto slots_of = detail::make_slots<E>();

namespace detail {
template <class E>
constexpr slot_number declared_slot(std::uint16_t number) {
  return slots_of<E>[number];
}
}  // namespace detail

// ------------------------------------------------------------------------------------ description

/// All that a model needs to know about an entity's C++ description.
struct entity_description {
  type_id type = 0;
  const entity_def* about = nullptr;
  std::span<const field_def* const> fields;
  std::span<const relation_def* const> relations;
  std::span<const index_def> indexes;
  std::span<const rule> (*rules)() = nullptr;
  std::span<const total_def> totals{};
};

/// Reads E::about, E::fields, and E::relations, E::indexes, E::rules(), E::totals where they exist.
template <class E>
constexpr entity_description describe() {
  entity_description d{type_id_of<E>, &E::about, E::fields, {}, {}, nullptr, {}};
  if constexpr (requires { E::relations; }) d.relations = E::relations;
  if constexpr (requires { E::indexes; }) d.indexes = E::indexes;
  if constexpr (requires { E::rules(); }) d.rules = &E::rules;
  if constexpr (requires { E::totals; }) d.totals = E::totals;
  return d;
}

}  // namespace kith::inline v1
