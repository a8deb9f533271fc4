// SPDX-License-Identifier: Apache-2.0
//
// What becomes of tasks and orders, as stories: a line is a call, what comes of it, and how the
// record stands then.
#include <gtest/gtest.h>

#include "session/suite.hpp"

namespace kith::lab {
namespace {

class stories : public suite {
 protected:
  struct line {
    const char* action;
    std::initializer_list<std::pair<const char*, const char*>> given;
    const char* outcome;
    const char* state;
  };
  // Tells the story of one record; `state` says how it stands.
  void tell(std::string_view entity_name, record_id of, const std::vector<line>& lines,
            const std::function<std::string()>& state) {
    for (const line& l : lines) {
      const auto call = [&] {
        const action_type& action = s->model()->action(entity_name, l.action);
        any_draft d;
        for (const auto& [field, text] : l.given) put_text(d, action.arguments, field, text);
        s->call(action, of, d);
      };
      EXPECT_EQ(outcome(call), l.outcome) << l.action;
      EXPECT_EQ(state(), l.state) << l.action;
      clock->advance(duration::of_days(1));
    }
  }
};

// ------------------------------------------------------------------------------------------ tasks

class task_actions : public stories {
 protected:
  std::string state(ref<task> of) {
    const record<task> t = s->get(of);
    std::string text = value(t[task::status]).to_string();
    if (t.has(task::due)) text += " due " + t[task::due].to_string();
    if (t.has(task::done_at)) text += " at " + t[task::done_at].to_string();
    if (t[task::postponed] != 0) text += " put off " + std::to_string(t[task::postponed]);
    if (t.has(task::note)) text += " (" + std::string(t[task::note]) + ")";
    return text;
  }
  void tell(const record<task>& t, const std::vector<line>& lines) {
    stories::tell("tasks", t.id(), lines, [&] { return state(t); });
  }
};
INSTANTIATE_TEST_SUITE_P(stores, task_actions, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(task_actions, put_off_and_done) {
  tell(s->add(task::title = "Позвонить", task::due = date(2026, 3, 3)),
       {
           {"postpone", {}, "invalid: due required", "open due 2026-03-03"},
           {"postpone",
            {{"due", "2026-03-03"}},
            "invalid: due later_than_before",
            "open due 2026-03-03"},
           {"postpone",
            {{"due", "2026-03-01"}},
            "invalid: due later_than_before",
            "open due 2026-03-03"},
           {"postpone", {{"due", "2026-03-09"}}, "done", "open due 2026-03-09 put off 1"},
           {"complete",
            {{"outcome", "согласен"}},
            "done",
            "done due 2026-03-09 at 2026-03-06T09:00:00Z put off 1 (согласен)"},
           {"complete",
            {},
            "done",
            "done due 2026-03-09 at 2026-03-06T09:00:00Z put off 1 (согласен)"},
           {"postpone",
            {{"due", "2026-04-01"}},
            "invalid: status decided_once",
            "done due 2026-03-09 at 2026-03-06T09:00:00Z put off 1 (согласен)"},
           {"cancel",
            {},
            "invalid: status decided_once",
            "done due 2026-03-09 at 2026-03-06T09:00:00Z put off 1 (согласен)"},
       });
}

TEST_P(task_actions, done_at_a_time_that_is_given) {
  tell(s->add(task::title = "Позвонить", task::note = "утром"),
       {
           {"postpone", {{"due", "2026-03-09"}}, "done", "open due 2026-03-09 (утром)"},
           {"complete",
            {{"done_at", "2026-03-01T08:00:00Z"}, {"outcome", "да"}},
            "done",
            "done due 2026-03-09 at 2026-03-01T08:00:00Z (утром\nда)"},
       });
}

TEST_P(task_actions, given_up) {
  tell(s->add(task::title = "Позвонить"),
       {
           {"cancel",
            {{"outcome", "не нужно"}},
            "done",
            "cancelled at 2026-03-02T09:00:00Z (не нужно)"},
           {"cancel", {}, "done", "cancelled at 2026-03-02T09:00:00Z (не нужно)"},
           {"complete",
            {},
            "invalid: status decided_once",
            "cancelled at 2026-03-02T09:00:00Z (не нужно)"},
           {"postpone",
            {{"due", "2026-03-09"}},
            "invalid: status decided_once",
            "cancelled at 2026-03-02T09:00:00Z (не нужно)"},
       });
}

TEST_P(task_actions, say_what_to_do_instead) {
  const record<task> t = s->add(task::title = "Позвонить");
  s->call<cancel_task>(t);
  const auto e = refusal([&] { s->call<complete_task>(t); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->message(),
            "task.status: the task is cancelled; set its status to open before you complete it");
}

// ----------------------------------------------------------------------------------------- orders

class order_actions : public stories {
 protected:
  std::string state(ref<sales_order> of) {
    const record<sales_order> o = s->get(of);
    std::string text = value(o[sales_order::status]).to_string();
    if (o.has(sales_order::ordered)) text += " ordered " + o[sales_order::ordered].to_string();
    if (o.has(sales_order::shipped)) text += " shipped " + o[sales_order::shipped].to_string();
    return text;
  }
  void tell(const std::vector<line>& lines) {
    const record<client> anna = s->add(client::name = "Анна");
    const record<sales_order> o = s->add(sales_order::client = anna);
    stories::tell("sales_orders", o.id(), lines, [&] { return state(o); });
  }
};
INSTANTIATE_TEST_SUITE_P(stores, order_actions, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(order_actions, confirmed_and_shipped) {
  tell({
      {"ship", {}, "invalid: status goes_its_way", "draft"},
      {"confirm", {}, "done", "confirmed ordered 2026-03-03"},
      {"confirm", {}, "done", "confirmed ordered 2026-03-03"},
      {"confirm", {{"ordered", "2026-03-02"}}, "done", "confirmed ordered 2026-03-02"},
      {"ship",
       {{"shipped", "2026-03-01"}},
       "invalid: shipped ships_after_it_is_ordered",
       "confirmed ordered 2026-03-02"},
      {"ship", {}, "done", "shipped ordered 2026-03-02 shipped 2026-03-07"},
      {"ship", {}, "done", "shipped ordered 2026-03-02 shipped 2026-03-07"},
      {"ship",
       {{"shipped", "2026-03-06"}},
       "done",
       "shipped ordered 2026-03-02 shipped 2026-03-06"},
      {"confirm",
       {},
       "invalid: status goes_its_way",
       "shipped ordered 2026-03-02 shipped 2026-03-06"},
      {"cancel",
       {},
       "invalid: status goes_its_way",
       "shipped ordered 2026-03-02 shipped 2026-03-06"},
  });
}

TEST_P(order_actions, cancelled) {
  tell({
      {"confirm", {{"ordered", "2026-02-27"}}, "done", "confirmed ordered 2026-02-27"},
      {"cancel", {}, "done", "cancelled ordered 2026-02-27"},
      {"cancel", {}, "done", "cancelled ordered 2026-02-27"},
      {"confirm", {}, "invalid: status goes_its_way", "cancelled ordered 2026-02-27"},
      {"ship", {}, "invalid: status goes_its_way", "cancelled ordered 2026-02-27"},
  });
}

}  // namespace
}  // namespace kith::lab
