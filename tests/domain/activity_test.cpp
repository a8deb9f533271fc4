// SPDX-License-Identifier: Apache-2.0
//
// Tasks and interactions: what was promised is counted, what happened is history.
#include <gtest/gtest.h>

#include "session/suite.hpp"

namespace kith::lab {
namespace {

class activity : public suite {
 protected:
  activity() { anna = s->add(client::name = "Анна"); }
  record<client> anna;
};
INSTANTIATE_TEST_SUITE_P(stores, activity, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(activity, counts_how_often_a_promise_was_put_off) {
  const record<task> t = s->add(task::title = "Позвонить", task::due = date(2026, 3, 5));
  struct row {
    std::optional<date> due;
    int postponed;
  };
  const row table[] = {
      {date(2026, 3, 5), 0},  {date(2026, 3, 4), 0},  {date(2026, 3, 6), 1},
      {date(2026, 3, 9), 2},  {std::nullopt, 3},  // put off without a day
      {date(2026, 3, 20), 3}, {date(2026, 3, 21), 4},
  };
  for (const row& r : table) {
    const record<task> after = s->update(ref<task>(t), task::due = r.due);
    EXPECT_EQ(after[task::postponed], r.postponed);
    EXPECT_EQ(after[task::first_due], date(2026, 3, 5)) << "the first promise stays";
  }
  EXPECT_EQ(outcome([&] { s->update(ref<task>(t), task::first_due = date(2026, 4, 1)); }),
            "invalid: first_due set_once");
  const record<task> some_day = s->add(task::title = "Когда-нибудь");
  EXPECT_FALSE(some_day.has(task::first_due));
  const record<task> dated = s->update(some_day, task::due = date(2026, 3, 7));
  EXPECT_EQ(dated[task::first_due], date(2026, 3, 7));
  EXPECT_EQ(dated[task::postponed], 0);
}

TEST_P(activity, knows_when_a_task_was_done) {
  const record<task> t = s->add(task::title = "Позвонить", task::done_at = morning);
  EXPECT_EQ(t[task::status], task_status::open);
  EXPECT_EQ(t[task::priority], priority::normal);
  EXPECT_FALSE(t.has(task::done_at)) << "an open one is not done";
  clock->advance(duration::of_hours(1));
  const record<task> done = s->update(t, task::status = task_status::done);
  EXPECT_EQ(done[task::done_at], morning + duration::of_hours(1));
  EXPECT_EQ(outcome([&] { s->update(done, task::done_at = none); }),
            "invalid: done_at done_has_a_time");
  const record<task> earlier = s->update(done, task::done_at = morning);
  EXPECT_EQ(earlier[task::done_at], morning) << "it was an hour before";
  const record<task> again = s->update(earlier, task::status = task_status::open);
  EXPECT_FALSE(again.has(task::done_at));
  const record<task> dropped = s->update(again, task::status = task_status::cancelled);
  EXPECT_TRUE(dropped.has(task::done_at));
  const record<task> imported = s->add(task::title = "Старая", task::status = task_status::done,
                                       task::done_at = morning - duration::of_days(9));
  EXPECT_EQ(imported[task::done_at], morning - duration::of_days(9));
}

// Overdue is a question, asked in the zone of the one who asks.
TEST_P(activity, is_overdue_when_its_day_has_passed_where_the_worker_is) {
  s->add(task::title = "Позвонить", task::due = date(2026, 3, 2));
  s->add(task::title = "Сделано", task::due = date(2026, 3, 1), task::status = task_status::done);
  clock->set(*instant::parse("2026-03-02T19:30:00Z"));
  const auto overdue = [](session& of) {
    return of.query("tasks", "status = 'open' and due < today()").count();
  };
  session omsk =
      base->open_session({.actor = {}, .actor_id = {}, .zone = time_zone::named("Asia/Omsk")});
  EXPECT_EQ(overdue(*s), 0u) << "Monday still, in UTC";
  EXPECT_EQ(overdue(omsk), 1u) << "Tuesday in Omsk";
}

TEST_P(activity, of_open_tasks_keeps_its_people) {
  const record<user> petr = s->add(user::login = "petr", user::name = "Пётр");
  const record<task> t =
      s->add(task::title = "Позвонить", task::assignee = petr, task::client = anna);
  EXPECT_EQ(outcome([&] { s->remove(petr); }), "invalid: restrict_delete")
      << "somebody must take it over first";
  s->update(ref<task>(t), task::assignee = none);
  EXPECT_EQ(outcome([&] { s->remove(petr); }), "done");
  s->remove(anna);
  EXPECT_TRUE(s->get<task>(t.id()).deleted());
  s->restore(ref<client>(anna));
  EXPECT_FALSE(s->get<task>(t.id()).deleted());
}

TEST_P(activity, that_happened_is_history) {
  const record<contact> who = s->add(contact::last_name = "Иванова");
  const record<interaction> call =
      s->add(interaction::client = anna, interaction::kind = interaction_kind::call,
             interaction::contact = who, interaction::subject = "о насосе",
             interaction::length = duration::of_minutes(5));
  EXPECT_EQ(call[interaction::at], morning) << "now, when nothing else is said";
  EXPECT_EQ(outcome([&] { s->update(call, interaction::subject = "x"); }), "denied");
  EXPECT_EQ(outcome([&] { s->remove(call); }), "denied");
  EXPECT_EQ(outcome([&] { s->add(interaction::client = anna); }), "invalid: kind required");
  EXPECT_EQ(outcome([&] { s->add(interaction::kind = interaction_kind::call); }),
            "invalid: client required");
  s->remove(who);
  EXPECT_EQ(s->get<interaction>(call.id())[interaction::contact], who)
      << "history goes on naming them";
  s->add(interaction::client = anna, interaction::kind = interaction_kind::visit,
         interaction::at = morning - duration::of_days(2), interaction::subject = "осмотр");
  std::string line;
  for (const auto& [at, subject] : s->find(interaction::client == anna)
                                       .order_by(descending(interaction::at))
                                       .columns(interaction::at, interaction::subject)) {
    line += at.to_string().substr(0, 10) + " " + std::string(subject) + "; ";
  }
  EXPECT_EQ(line, "2026-03-02 о насосе; 2026-02-28 осмотр; ");
}

}  // namespace
}  // namespace kith::lab
