// SPDX-License-Identifier: Apache-2.0
//
// All entities of one store at one version: the standard ones, those of the application, and what
// users added at run time. A model is immutable and shared; a change makes a new one, in a
// transaction (docs/decisions/0008-run-time-model.md).
//
//   const entity_type& deals = crm.model()->entity("deals");
//   for (const field_type& f : deals.fields) print(f.name(), f.kind().name, f.def->doc);
//   auto region = crm.model()->field<client, text>("x_region");   // a key like any other
//
// Any thread may read a model.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kith/core/entity.hpp"
#include "kith/core/error.hpp"
#include "kith/core/expression.hpp"

namespace kith::inline v1 {

struct entity_type;
struct entity_totals;
class model;
class any_draft;
struct action_scope;
struct report_scope;
struct table;

/// One cell of an entity's rows, and one column of its table.
struct column {
  std::string name;
  storage type = storage::integer;
  std::uint16_t field = 0;  ///< index into entity_type::fields
  std::uint8_t part = 0;
  part_role role = part_role::value;
};

/// A field in its place.
struct field_type {
  const field_def* def = nullptr;
  slot_number slot = no_slot;  ///< of the first cell; none when computed on read
  const entity_type* owner = nullptr;
  const entity_type* target = nullptr;  ///< of a ref
  bool custom = false;                  ///< added at run time
  bool retired = false;                 ///< kept for old records; no longer written or shown

  std::uint16_t number() const noexcept { return def->number; }
  std::string_view name() const noexcept { return def->name; }
  const kith::kind& kind() const noexcept { return kind_of(def->kind); }
  std::span<const part_def> parts() const { return parts_of(def->kind, def->options); }
  std::span<const std::uint8_t> comparison() const {
    return comparison_of(def->kind, def->options);
  }
  bool is_stored() const noexcept { return slot != no_slot; }
};

/// A field, or one part of it, found by name.
struct field_place {
  const field_type* field = nullptr;
  std::uint8_t part = whole_value;
};

/// An index in terms of slots.
struct index_type {
  std::string name;  ///< unique among the entity's indexes; from the columns' names
  index_def::shape as = index_def::shape::ordinary;
  std::vector<slot_number> keys;
  std::vector<slot_number> shown;         ///< a timeline's further columns
  std::vector<const field_type*> fields;  ///< whose values are the keys, for messages
};

/// Records that refer to this entity's, under a name.
struct relation_type {
  const relation_def* def = nullptr;
  const entity_type* child = nullptr;
  const field_type* by = nullptr;    ///< the child's reference
  const field_type* only = nullptr;  ///< the child's choice field that selects them, or null
  std::int64_t only_value = 0;
  const field_type* shorthand = nullptr;  ///< the child's field that a plain value stands for
};

/// A reference field that may name this entity's records.
struct referrer {
  const entity_type* from = nullptr;
  const field_type* by = nullptr;
};

/// How a record that changed leads to records whose stored computed fields depend on it.
struct dependent {
  struct step {
    bool down;                  ///< to all records whose `by` names this one
    const entity_type* entity;  ///< where the step arrives
    const field_type* by;
  };
  const entity_type* entity = nullptr;  ///< whose field is computed
  const field_type* field = nullptr;
  std::vector<std::uint16_t> reads;  ///< numbers of the fields of the changed entity
  bool existence = false;            ///< adding, deleting, restoring matters, too
  std::vector<step> steps;           ///< from the changed record to the dependent ones
};

/// An entity in its place.
struct entity_type {
  std::uint16_t number = 0;
  type_id type = 0;  ///< its C++ type, or 0
  const entity_def* about = nullptr;
  std::vector<field_type> fields;  ///< in the order of their columns
  std::vector<column> columns;     ///< by slot
  std::vector<index_type> indexes;
  std::vector<std::string> retired_indexes;  ///< names of those that retired fields had
  std::vector<relation_type> relations;
  std::vector<referrer> referrers;
  std::vector<dependent> dependents;
  std::vector<const field_type*> natural_keys;
  std::span<const rule> rules;
  bool custom = false;

  std::string_view name() const noexcept { return about->name; }
  std::string_view plural() const noexcept { return about->plural; }
  /// The field of this number, or null.
  const field_type* field(std::uint16_t number) const noexcept;
  /// A field, a flat part (`city`) or a dotted part (`address.city`); throws error_code::not_found
  /// with near names.
  field_place field(std::string_view name) const;
  std::optional<field_place> find_field(std::string_view name) const noexcept;
  const relation_type* find_relation(std::string_view name) const noexcept;
  const field_type& field_at(slot_number slot) const { return fields[columns[slot].field]; }
  /// The expression of a computed field, or null.
  const expression* computed(const field_type& f) const noexcept;

  std::vector<expression> computed_trees;  ///< by index of the field; empty where not computed
  std::vector<const field_type*> stored_computed;  ///< each behind those it is computed from
  std::shared_ptr<const entity_totals> totals;     ///< live totals over it; mostly null
};

/// What an action is called (action.hpp).
struct action_def {
  std::uint16_t id = 0;     ///< 1 to 1023 for standard actions, for ever; 0: known by its name only
  std::string_view name{};  ///< a verb: `win`
  bool subject = true;      ///< it is done to one record; false: to the entity as a whole
  std::string_view ru{};    ///< label in Russian
  std::string_view doc{};   ///< one English sentence
};

/// How a report is drawn: names of its columns. An empty mark: it is not.
struct chart_def {
  std::string_view mark{};  ///< of Vega-Lite: `bar`, `line`
  std::string_view x{}, y{};
  std::string_view color{};  ///< empty: one colour
};

/// What a report is called (report.hpp).
struct report_def {
  std::uint16_t id = 0;     ///< as action_def::id
  std::string_view name{};  ///< a noun, unique among reports: `pipeline`
  chart_def chart{};
  std::string_view ru{};
  std::string_view doc{};
};

/// What a model needs to know about an action: describe_action<win_deal>().
struct action_description {
  type_id type = 0;            ///< its C++ type, or 0
  type_id on = 0;              ///< the type of its entity; 0: by name
  std::string_view on_name{};  ///< the entity's name, where it has no type
  const action_def* about = nullptr;
  std::span<const field_def* const> fields{};  ///< its arguments
  std::function<void(action_scope&)> run{};
};
/// What a model needs to know about a report: describe_report<pipeline_report>().
struct report_description {
  type_id type = 0;
  const report_def* about = nullptr;
  std::span<const field_def* const> fields{};
  std::function<table(report_scope&)> run{};
};

/// The numbers that stand for the arguments of actions and reports, where numbers of entities do:
/// the first, plus the id; for those without an id, plus 1024 and more, in this process only.
inline constexpr std::uint16_t first_action_number = 0x4000;
inline constexpr std::uint16_t first_report_number = 0x6000;

/// An action in its place.
struct action_type {
  const action_def* about = nullptr;
  type_id type = 0;
  const entity_type* on = nullptr;
  entity_type arguments;  ///< named `deal.win`; its number begins at first_action_number
  std::function<void(action_scope&)> run;
  std::string_view name() const noexcept { return about->name; }
};
/// A report in its place.
struct report_type {
  const report_def* about = nullptr;
  type_id type = 0;
  entity_type arguments;  ///< named `pipeline`; its number begins at first_report_number
  std::function<table(report_scope&)> run;
  std::string_view name() const noexcept { return about->name; }
};

/// A field that is described at run time: `crm.add_field("clients", {.name = "x_card"})`.
struct custom_field {
  std::string name;  ///< starts with a namespace of its own: `x_loyalty_card`
  kind_id kind = kind_id::text;
  kind_options options{};
  std::vector<std::pair<std::string, std::string>> choices{};  ///< name, Russian label
  std::string target{};                                        ///< kind ref: an entity's name
  bool required = false;
  bool unique = false;
  bool indexed = false;
  bool searchable = false;
  bool personal = false;
  delete_policy on_delete = delete_policy::restrict;
  std::string label{}, ru{}, doc{};
};

/// An entity that is described at run time.
struct custom_entity {
  std::string name;  ///< starts with a namespace of its own: `x_vehicle`
  std::string plural;
  std::string title{};  ///< the field that names a record to people
  std::string ru{}, ru_plural{}, doc{};
  std::vector<custom_field> fields{};
};

/// One line of a store's own model table: the number that this store gave to a name, and, for
/// run-time descriptions, the description.
struct model_entry {
  std::uint16_t entity = 0;
  std::uint16_t field = 0;  ///< 0: the line is about the entity itself
  std::string name;         ///< of the entity or field
  std::string definition;   ///< empty: described in C++ by the application
  bool retired = false;
};

/// One line of a store's own table of live totals. Every program keeps all that are there, whoever
/// described them (docs/decisions/0022-live-totals.md).
struct total_entry {
  std::uint16_t number = 0;  ///< never reused
  std::uint16_t entity = 0;
  std::string name;
  std::string where, by, measures;
  bool retired = false;
  bool stale = false;   ///< a program that lacks a field of it wrote: counted when it is asked for
  bool stored = false;  ///< the store has this line, and the rows that belong to it
};

/// A key found at run time: of a custom field, used like a declared one.
template <class E, class T>
class found_field;

/// The immutable whole.
class model : public std::enable_shared_from_this<model> {
 public:
  /// What a model is made from.
  struct source {
    std::vector<entity_description> entities;
    std::vector<model_entry> entries;   ///< of the store
    std::int64_t version = 0;           ///< sequence of the last change of the entries
    std::vector<total_entry> totals{};  ///< of the store; build() adds those of the entities
    std::vector<action_description> actions{};
    std::vector<report_description> reports{};
  };

  /// Checks everything, parses and types every computed field. error_code::model names what
  /// contradicts itself. Entities without a number get one in entries().
  static std::shared_ptr<const model> build(source from);

  std::span<const std::unique_ptr<entity_type>> entities() const noexcept { return entities_; }
  /// By number; null when the model has none.
  const entity_type* find(std::uint16_t number) const noexcept;
  /// By C++ type; null when the model has none.
  const entity_type* find(type_id type) const noexcept;
  /// By singular or plural name; null when the model has none.
  const entity_type* find(std::string_view name) const noexcept;
  /// By singular or plural name; throws error_code::not_found with near names.
  const entity_type& entity(std::string_view name) const;
  /// By C++ type; throws error_code::model when the store was opened without it.
  template <class E>
  const entity_type& entity() const {
    return by_type(type_id_of<E>, E::about);
  }
  /// Any field of E as a typed key; error_code::not_found, or error_code::misuse for another type.
  template <class E, class T>
  found_field<E, T> field(std::string_view name) const;

  /// In the order of their numbers.
  std::span<const std::unique_ptr<action_type>> actions() const noexcept { return actions_; }
  std::span<const std::unique_ptr<report_type>> reports() const noexcept { return reports_; }
  /// By the entity's and its own name; error_code::not_found with near names.
  const action_type& action(std::string_view entity, std::string_view name) const;
  const report_type& report(std::string_view name) const;
  /// By the number of its arguments; null when the model has none.
  const action_type* find_action(std::uint16_t number) const noexcept;
  const report_type* find_report(std::uint16_t number) const noexcept;
  /// By C++ type; error_code::model when the store was opened without it.
  const action_type& action_of(type_id type, const action_def& about) const;
  const report_type& report_of(type_id type, const report_def& about) const;

  /// The lines that the store's model table must have.
  std::span<const model_entry> entries() const noexcept { return source_.entries; }
  const source& made_from() const noexcept { return source_; }
  std::int64_t version() const noexcept { return source_.version; }
  /// The same for two models exactly when stores keep them in the same tables.
  std::uint64_t layout_hash() const noexcept { return layout_hash_; }

  /// This model with one thing more; the new entry has its number.
  std::shared_ptr<const model> with(const custom_entity& added) const;
  std::shared_ptr<const model> with(std::string_view entity, const custom_field& added) const;
  std::shared_ptr<const model> without(std::string_view entity, std::string_view field) const;
  std::shared_ptr<const model> with(const custom_total& added) const;
  std::shared_ptr<const model> without_total(std::string_view name) const;
  /// The total under a new number, to be counted again.
  std::shared_ptr<const model> with_new_total(std::string_view name) const;
  /// The numbers of totals that the entities describe and the store has not, or describes
  /// otherwise, and of those that can be kept again; and the model in which they are as described.
  std::vector<std::uint16_t> totals_to_count() const;
  std::shared_ptr<const model> with_described_totals() const;
  /// The totals of an entity that this program cannot keep are marked.
  std::shared_ptr<const model> with_stale_totals(const entity_type& of) const;
  /// The total in force of this name; error_code::not_found with near names.
  const total_entry& total(std::string_view name) const;
  /// The same model, saved by the commit of this sequence.
  std::shared_ptr<const model> at_version(std::int64_t version) const;

 private:
  friend class model_builder;
  model() = default;
  const entity_type& by_type(type_id type, const entity_def& about) const;

  source source_;
  std::vector<std::unique_ptr<entity_type>> entities_;  // by number
  std::vector<std::unique_ptr<action_type>> actions_;   // by number
  std::vector<std::unique_ptr<report_type>> reports_;   // by number
  std::deque<std::string> strings_;                     // of descriptions made at run time
  std::deque<field_def> field_defs_;
  std::deque<entity_def> entity_defs_;
  std::deque<std::vector<choice_option>> choices_;
  std::uint64_t layout_hash_ = 0;
};
using model_ptr = std::shared_ptr<const model>;

// -------------------------------------------------------------------------- difference of two
// models

/// One step from one model to another.
struct model_change {
  enum class what : std::uint8_t {
    add_entity,
    retire_entity,
    add_field,
    retire_field,
    add_index,
    drop_index,
    relabel,
    change_kind,  ///< cannot be applied: a field's kind never changes
  };
  what step;
  std::string entity;
  std::string name;  ///< of the field or index; empty for an entity
  std::string note;  ///< a sentence for people
};

/// What leads from one model to another, entities before their fields before their indexes.
std::vector<model_change> difference(const model& from, const model& to);

// ------------------------------------------------------------------------------------- typed keys

template <class E, class T>
class found_field {
 public:
  using owner_type = E;
  using value_type = T;

  found_field(model_ptr of, const field_type& field) : model_(std::move(of)), field_(&field) {}
  const field_def& def() const { return *field_->def; }
  slot_number slot() const { return field_->slot; }
  key_ref key() const { return {type_id_of<E>, 0, field_->number(), whole_value}; }
  template <class V>
  [[nodiscard]] assignment<E, T, V> operator=(const V& value) const {
    return {def(), slot(), whole_value, value};
  }

 private:
  model_ptr model_;  // keeps the description alive
  const field_type* field_;
};

namespace detail {
/// Throws error_code::misuse unless a field described by `have` holds values as `want` says.
void check_field_type(const entity_type& entity, const field_def& have, const field_def& want);
}  // namespace detail

template <class E, class T>
found_field<E, T> model::field(std::string_view name) const {
  const entity_type& owner = entity<E>();
  const field_place place = owner.field(name);
  field_def want;
  detail::set_type<T>(want);
  detail::check_field_type(owner, *place.field->def, want);
  return {shared_from_this(), *place.field};
}

}  // namespace kith::inline v1
