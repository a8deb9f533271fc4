// SPDX-License-Identifier: Apache-2.0
//
// Actions of tasks.
#include "kith/domain/activity/task_actions.hpp"

#include "kith/core/session.hpp"

namespace kith::inline v1 {
namespace {

[[noreturn]] void refuse(const record<task>& t, std::string entity, std::string field,
                         std::string rule, std::string shown, std::string why) {
  throw error(
      {{std::move(entity), std::move(field), std::move(rule), std::move(shown), std::move(why)}},
      t.id().value);
}

// What was decided the other way stays so until somebody opens the task again.
void require_not(const record<task>& t, task_status other, std::string_view wish) {
  if (t[task::status] != other) return;
  const std::string is = value(other).to_string();
  refuse(t, "task", "status", "decided_once", is,
         "the task is " + is + "; set its status to open before you " + std::string(wish) + " it");
}

void add_to_note(draft<task>& change, const record<task>& t, std::string_view outcome) {
  if (outcome.empty()) return;
  const std::string_view before = t[task::note];
  change.set(task::note = before.empty() ? std::string(outcome)
                                         : std::string(before) + "\n" + std::string(outcome));
}

}  // namespace

void complete_task::run(action_context<complete_task>& c) {
  const record<task> t = c.subject();
  require_not(t, task_status::cancelled, "complete");
  draft<task> change(t);
  change.set(task::status = task_status::done);
  if (c.has(done_at)) change.set(task::done_at = c[done_at]);
  add_to_note(change, t, c[outcome]);
  c.session().update(change);
}

void postpone_task::run(action_context<postpone_task>& c) {
  const record<task> t = c.subject();
  require_not(t, task_status::done, "postpone");
  require_not(t, task_status::cancelled, "postpone");
  const date later = c[due];
  if (t.has(task::due) && later <= t[task::due]) {
    refuse(t, "task.postpone", "due", "later_than_before", later.to_string(),
           later.to_string() + " is not after " + t[task::due].to_string() +
               ", by when it was promised; give a later day, or change due itself");
  }
  c.session().update(ref<task>(t), task::due = later);
}

void cancel_task::run(action_context<cancel_task>& c) {
  const record<task> t = c.subject();
  require_not(t, task_status::done, "cancel");
  draft<task> change(t);
  change.set(task::status = task_status::cancelled);
  add_to_note(change, t, c[outcome]);
  c.session().update(change);
}

}  // namespace kith::inline v1
