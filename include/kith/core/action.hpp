// SPDX-License-Identifier: Apache-2.0
//
// A verb of the trade, described once: what it is done to, what it needs to know, what it does.
// Calls from C++, C, Python and the command line, their checks and their documentation follow.
//
//   struct win_deal {
//     using on = deal;
//     static constexpr action_def about{.id = 1, .name = "win", .doc = "Marks a deal as won."};
//     static constexpr field<win_deal, date> closed{1, "closed", "The day of the decision."};
//     static constexpr auto fields = list(closed);
//     static void run(action_context<win_deal>& c);
//   };
//   session.call<win_deal>(d, win_deal::closed = date(2026, 3, 1));
//
// Arguments are fields like those of an entity, with the same kinds, checks and references; they
// are stored nowhere. An action runs in a transaction of its own, or in a savepoint of the open
// one, with the rights of its session; its name is unique among the actions of its entity.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "kith/core/model.hpp"
#include "kith/core/record.hpp"

namespace kith::inline v1 {

class session;

/// The fields of an action or report that needs to know nothing.
inline constexpr std::array<const field_def*, 0> no_arguments{};

/// What an action sees and may do; typed by action_context.
struct action_scope {
  kith::session& session;  ///< inside the action's transaction
  const action_type& action;
  row_ptr subject;  ///< the record it is done to; null where action_def::subject is false
  const any_draft& arguments;  ///< checked, initial values filled in
  any_record answer{};         ///< what the caller gets; by default the subject as it is afterwards
};

/// The typed view of an action's call.
template <class A>
class action_context {
 public:
  using entity = typename A::on;

  explicit action_context(action_scope& scope) : scope_(scope) {}

  kith::session& session() const { return scope_.session; }
  /// The record as it was when the action began.
  record<entity> subject() const { return record<entity>(scope_.subject); }
  /// An argument; the empty value when it was not given.
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, A>
  auto operator[](const K& key) const {
    return detail::read<typename K::value_type>(scope_.arguments, key.def(), key.slot());
  }
  template <detail::single_key K>
    requires std::same_as<typename K::owner_type, A>
  bool has(const K& key) const {
    return !scope_.arguments.is_null(key.slot(),
                                     parts_of(key.def().kind, key.def().options).size());
  }
  /// Gives the caller another record than the subject.
  void answer(any_record other) { scope_.answer = std::move(other); }

 private:
  action_scope& scope_;
};

/// Reads A::about, A::on, A::fields and A::run.
template <class A>
action_description describe_action() {
  return {
      type_id_of<A>, type_id_of<typename A::on>, {}, &A::about, A::fields, [](action_scope& scope) {
        action_context<A> context(scope);
        A::run(context);
      }};
}

}  // namespace kith::inline v1
