// SPDX-License-Identifier: Apache-2.0
//
// Rules of tasks.
#include "kith/domain/activity/task.hpp"

#include "kith/core/rule.hpp"

namespace kith::inline v1 {

std::span<const rule> task::rules() {
  static const rule all[] = {
      complete<task>("done_when")
          .reads(task::status)
          .writes(task::done_at)
          .as([](rule_context<task>& c) {
            if (!c.changed(task::status)) return;
            if (c[task::status] == task_status::open) {
              c.set(task::done_at = none);
            } else if (!c.has(task::done_at)) {
              c.set(task::done_at = c.now());
            }
          }),
      // The first promise is kept, and every later date is counted.
      complete<task>("first_promise")
          .reads(task::due)
          .writes(task::first_due, task::postponed)
          .as([](rule_context<task>& c) {
            if (!c.has(task::due)) return;
            if (!c.has(task::first_due)) c.set(task::first_due = c[task::due]);
            const bool later = c.had(task::due) && c[task::due] > c.old(task::due);
            if (later) c.set(task::postponed = c[task::postponed] + 1);
          }),
  };
  return all;
}

}  // namespace kith::inline v1
