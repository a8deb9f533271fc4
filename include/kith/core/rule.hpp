// SPDX-License-Identifier: Apache-2.0
//
// What must hold in a business, as pure functions on drafts. A rule says which fields and paths it
// reads and which fields it writes; the engine orders rules by that, refuses circles, runs a rule
// only when something it reads has changed, and loads the paths.
//
//   complete<deal>("probability_follows_stage")
//       .reads(deal::stage, deal::stage / stage::probability)
//       .writes(deal::probability)
//       .as([](rule_context<deal>& c) {
//         if (c.changed(deal::stage) && !c.changed(deal::probability))
//           c.set(deal::probability = c[deal::stage / stage::probability]);
//       })
//
// complete fills in, check refuses, react writes further records in the same transaction.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kith/core/expression.hpp"
#include "kith/core/record.hpp"

namespace kith::inline v1 {

class session;

/// When a rule runs.
enum class rule_phase : std::uint8_t { complete, check, react };

/// What a rule sees and may do; typed by rule_context<E>.
class rule_scope {
 public:
  virtual ~rule_scope() = default;
  virtual const any_draft& draft() const = 0;  ///< with the old version as its base
  virtual const entity_type& entity() const = 0;
  virtual record_id id() const = 0;
  /// Where a path ends, starting from the record as it will be, or as it was.
  struct end_of_path {
    row_ptr row;  ///< null when a reference is
    const field_def* def = nullptr;
    slot_number slot = 0;
  };
  virtual end_of_path follow(std::span<const key_ref> path, bool old) = 0;
  virtual bool changed(std::uint16_t field) const = 0;
  virtual any_draft& writable(const field_def& f) = 0;  ///< complete only, declared fields only
  virtual void refuse(std::string_view rule, std::string_view field, std::string message) = 0;
  virtual session& writer() = 0;  ///< react only
  virtual instant now() const = 0;
  virtual date today() const = 0;
  virtual std::string_view actor() const = 0;
  virtual record_id actor_id() const = 0;
  virtual std::string_view reason() const = 0;
};

/// A rule, ready to run.
struct rule {
  std::string name;
  rule_phase phase = rule_phase::check;
  type_id entity = 0;
  std::vector<std::vector<key_ref>> reads;
  std::vector<key_ref> writes;
  bool also_on_undo = false;  ///< react: runs when a change is taken back, too
  std::function<void(rule_scope&)> run;
  /// Where the entity has no C++ type: names, looked up when a store is opened.
  struct by_name {
    std::string entity;
    std::vector<std::string> reads;  ///< `amount`, `client.kind`
    std::vector<std::string> writes;
  } names{};
};

/// The typed view of a rule on a record of entity E.
template <class E>
class rule_context {
 public:
  rule_context(rule_scope& scope, const rule& of) : scope_(scope), rule_(of) {}

  /// The record is new.
  bool adding() const { return !scope_.draft().base(); }
  ref<E> self() const { return {scope_.id()}; }

  /// The value as it will be, of a field or along a path; the empty value for null.
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, E>
  auto operator[](const K& key) const {
    return copy(detail::read<typename K::value_type>(scope_.draft(), key.def(), key.slot()));
  }
  template <class T>
  auto operator[](const path<E, T>& p) const {
    return along(p, false);
  }
  /// The value as it was; the empty value for a new record.
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, E>
  auto old(const K& key) const {
    using type =
        decltype(copy(detail::read<typename K::value_type>(scope_.draft(), key.def(), key.slot())));
    if (adding()) return type{};
    return copy(
        detail::read<typename K::value_type>(*scope_.draft().base(), key.def(), key.slot()));
  }
  template <class T>
  auto old(const path<E, T>& p) const {
    return along(p, true);
  }
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, E>
  bool has(const K& key) const {
    return !scope_.draft().is_null(key.slot(), parts_of(key.def().kind, key.def().options).size());
  }
  /// Whether the old version had a value.
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, E>
  bool had(const K& key) const {
    return !adding() && record<E>(scope_.draft().base()).has(key);
  }
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, E>
  bool changed(const K& key) const {
    return scope_.changed(key.def().number);
  }

  /// complete: gives a declared field a value.
  template <class T, class V>
  void set(const assignment<E, T, V>& a) {
    detail::assign(scope_.writable(a.def), a);
  }
  /// check: names the field and says what would be right.
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, E>
  void refuse(const K& key, std::string message) {
    scope_.refuse(rule_.name, key.def().name, std::move(message));
  }
  void refuse(std::string message) { scope_.refuse(rule_.name, {}, std::move(message)); }

  /// react: writes with full rights in the same transaction.
  session& writer() { return scope_.writer(); }

  instant now() const { return scope_.now(); }
  date today() const { return scope_.today(); }
  std::string_view actor() const { return scope_.actor(); }
  /// The user record that the session was opened for (session_options::actor_id), if it was given.
  record_id actor_id() const { return scope_.actor_id(); }
  std::string_view reason() const { return scope_.reason(); }

 private:
  template <class T>
  static auto copy(T&& v) {
    if constexpr (std::same_as<std::remove_cvref_t<T>, std::string_view>) {
      return std::string(v);
    } else {
      return std::remove_cvref_t<T>(std::forward<T>(v));
    }
  }
  template <class T>
  auto along(const path<E, T>& p, bool old) const {
    using type = decltype(copy(std::declval<detail::reading_t<T>>()));
    const rule_scope::end_of_path end = scope_.follow(p.keys(), old);
    if (!end.row) return type{};
    return copy(detail::read<T>(*end.row, *end.def, end.slot));
  }

  rule_scope& scope_;
  const rule& rule_;
};

/// Puts a rule together; see the example above.
template <class E>
class rule_builder {
 public:
  rule_builder(rule_phase phase, std::string_view name) {
    rule_.name = name;
    rule_.phase = phase;
    rule_.entity = type_id_of<E>;
  }
  template <detail::key_path... Keys>
  rule_builder& reads(const Keys&... keys) {
    (rule_.reads.push_back(keys_of(keys)), ...);
    return *this;
  }
  template <detail::single_key... Keys>
  rule_builder& writes(const Keys&... keys) {
    (rule_.writes.push_back(keys.key()), ...);
    return *this;
  }
  /// react: runs when a change is taken back, too. For what must be noted or refused whichever way
  /// a field goes. History (append_only) that it `writes` stands when a change is taken back: the
  /// way back is noted there as well.
  rule_builder& also_on_undo() {
    rule_.also_on_undo = true;
    return *this;
  }
  template <class F>
  rule as(F function) {
    rule_.run = [name = rule_, function](rule_scope& scope) {
      rule_context<E> context(scope, name);
      function(context);
    };
    return std::move(rule_);
  }

 private:
  template <class K>
  static std::vector<key_ref> keys_of(const K& key) {
    if constexpr (detail::single_key<K>) {
      return {key.key()};
    } else {
      return {key.keys().begin(), key.keys().end()};
    }
  }
  rule rule_;
};

template <class E>
rule_builder<E> complete(std::string_view name) {
  return {rule_phase::complete, name};
}
template <class E>
rule_builder<E> check(std::string_view name) {
  return {rule_phase::check, name};
}
template <class E>
rule_builder<E> react(std::string_view name) {
  return {rule_phase::react, name};
}

}  // namespace kith::inline v1
