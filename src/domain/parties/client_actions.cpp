// SPDX-License-Identifier: Apache-2.0
//
// Actions of clients.
#include "kith/domain/parties/client_actions.hpp"

#include "kith/core/session.hpp"
#include "kith/domain/activity/task.hpp"
#include "kith/domain/people/user.hpp"
#include "kith/domain/sales/deal.hpp"
#include "kith/domain/sales/stage.hpp"

namespace kith::inline v1 {
namespace {

constexpr auto category = deal::stage / stage::category;

void require_active(session& s, ref<user> next) {
  const record<user> to = s.get(next);
  if (!to.has(user::active) || to[user::active]) return;
  const std::string name(to[user::name]);
  throw error({{"client.hand_over", "owner", "works_here", name,
                "'" + name + "' does not take work any more; choose somebody who is active"}});
}

// Whose it was, or nobody's.
template <class E, class K>
condition<E> of_owner(const K& key, const record<client>& before) {
  return before.has(client::owner) ? condition<E>(key == before[client::owner])
                                   : condition<E>(is_null(key));
}

}  // namespace

void hand_over_client::run(action_context<hand_over_client>& c) {
  session& s = c.session();
  const record<client> before = c.subject();
  const ref<user> next = c[owner];
  require_active(s, next);
  if (c[deals]) {
    const auto open =
        s.find(deal::client == ref<client>(before) && of_owner<deal>(deal::owner, before) &&
               (category == stage_category::open || category == stage_category::hold));
    for (const record<deal>& d : open.all()) s.update(ref<deal>(d), deal::owner = next);
  }
  if (c[tasks]) {
    const auto open =
        s.find(task::client == ref<client>(before) && of_owner<task>(task::assignee, before) &&
               task::status == task_status::open);
    for (const record<task>& t : open.all()) s.update(ref<task>(t), task::assignee = next);
  }
  // Last: the session may not see it any more.
  s.update(ref<client>(before), client::owner = next);
}

}  // namespace kith::inline v1
