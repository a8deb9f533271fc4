// SPDX-License-Identifier: Apache-2.0
//
// What a session may see and change: conditions on records, masks on fields.
//
//   auto sees = std::make_shared<visibility>();
//   sees->only(client::owner == anna).only(deal::owner == anna);      // a manager: own ones only
//   sees->mask(client::note).hide<user>();
//   session s = base.open_session({.actor = "anna", .sees = sees});
//
// A hidden record is as good as absent on every path: get, find, counts, sums, references of other
// records (null), look-ups, history, feed, as-of, the texts of errors. Records are judged as they
// are now, also where an earlier state is shown. A stored field that is computed from what may be
// hidden is computed again from what is seen. Rules of entities and delete policies run with full
// rights; listeners (crm.subscribe) and what a crm itself offers are the host's and see everything.
//
// What is added must be seen afterwards (error_code::denied); an update may hand a record over.
// Undo, trim, consume and changes of the model need a session without a visibility.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kith/core/expression.hpp"
#include "kith/core/query.hpp"
#include "kith/core/record.hpp"

namespace kith::inline v1 {

/// The rights of a session. Built once, then shared by any number of sessions and threads.
class visibility {
 public:
  /// What holds for entities that no only(), permit(), hide() or show() names. What the engine
  /// keeps for itself is always hidden.
  enum class others : std::uint8_t { shown, hidden };
  explicit visibility(others rest = others::shown) : rest_(rest) {}

  /// Records of E are seen when they meet this; several restrictions of one entity must all hold.
  template <class E>
  visibility& only(condition<E> where) {
    return add({type_id_of<E>, {}, std::move(where).tree(), {}, {}, rule::kind::restrict});
  }
  /// Records of E are seen when one of its permissions, and all of its restrictions, hold.
  template <class E>
  visibility& permit(condition<E> where) {
    return add({type_id_of<E>, {}, std::move(where).tree(), {}, {}, rule::kind::permit});
  }
  /// No record of E.
  template <class E>
  visibility& hide() {
    return add({type_id_of<E>, {}, {}, {}, {}, rule::kind::hide});
  }
  /// All records of E, where the others are hidden.
  template <class E>
  visibility& show() {
    return add({type_id_of<E>, {}, {}, {}, {}, rule::kind::show});
  }
  /// Records of E are read and not written: error_code::denied.
  template <class E>
  visibility& read_only() {
    return add({type_id_of<E>, {}, {}, {}, {}, rule::kind::read_only});
  }
  /// The field, and every field that is computed from it, reads as null; in conditions, orders,
  /// groups, measures, look-ups and drafts it is error_code::denied. Parts of it go with it.
  template <detail::single_key K>
  visibility& mask(const K& key) {
    return add({type_id_of<typename K::owner_type>,
                {},
                {},
                {},
                std::string(key.def().name),
                rule::kind::mask});
  }

  // The same by the names of entities, with conditions in the query language.
  visibility& only(std::string_view entity, std::string_view condition, parameters values = {});
  visibility& permit(std::string_view entity, std::string_view condition, parameters values = {});
  visibility& hide(std::string_view entity);
  visibility& show(std::string_view entity);
  visibility& read_only(std::string_view entity);
  visibility& mask(std::string_view entity, std::string_view field);

  /// One line of the rights; what it says is read against the model when a session is opened.
  struct rule {
    enum class kind : std::uint8_t { restrict, permit, hide, show, read_only, mask };
    type_id type = 0;                         ///< of the entity; 0: by name
    std::string entity;                       ///< its name
    expression tree;                          ///< of a condition that was typed
    std::pair<std::string, parameters> text;  ///< of one that was written
    std::string field;
    kind what = kind::restrict;
  };
  const std::vector<rule>& rules() const noexcept { return rules_; }
  others rest() const noexcept { return rest_; }

 private:
  visibility& add(rule r) {
    rules_.push_back(std::move(r));
    return *this;
  }
  std::vector<rule> rules_;
  others rest_;
};

}  // namespace kith::inline v1
