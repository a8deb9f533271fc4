// SPDX-License-Identifier: Apache-2.0
//
// Rules of tasks.
#include "kith/domain/activity/task.hpp"

#include "kith/core/rule.hpp"

namespace kith::inline v1 {

std::span<const rule> task::rules() {
  static const rule all[] = {
      complete<task>("done_when")
          .reads(task::status, task::done_at)
          .writes(task::done_at)
          .as([](rule_context<task>& c) {
            if (!c.changed(task::status) && c[task::status] != task_status::open) return;
            if (c[task::status] == task_status::open) {
              c.set(task::done_at = none);
            } else if (!c.has(task::done_at)) {
              c.set(task::done_at = c.now());
            }
          }),
      check<task>("done_has_a_time")
          .reads(task::status, task::done_at)
          .as([](rule_context<task>& c) {
            if (c[task::status] == task_status::open || c.has(task::done_at)) return;
            c.refuse(task::done_at,
                     "a task that is done or cancelled has a time; give when it was");
          }),
      // The first promise is kept, and every later date is counted; none at all is the latest.
      complete<task>("first_promise")
          .reads(task::due)
          .writes(task::first_due, task::postponed)
          .as([](rule_context<task>& c) {
            if (c.has(task::due) && !c.has(task::first_due)) c.set(task::first_due = c[task::due]);
            const bool later =
                c.had(task::due) && (!c.has(task::due) || c[task::due] > c.old(task::due));
            if (later) c.set(task::postponed = c[task::postponed] + 1);
          }),
  };
  return all;
}

}  // namespace kith::inline v1
