// SPDX-License-Identifier: Apache-2.0
//
// Handing a client over: what the one before had open there goes along, and nothing else.
#include <gtest/gtest.h>

#include "session/suite.hpp"

namespace kith::lab {
namespace {

class hand_over : public suite {
 protected:
  hand_over() {
    for (const char* login : {"anna", "boris", "vera"}) {
      users.push_back(s->add(user::login = login, user::name = login));
    }
    const record<pipeline> line = s->add(pipeline::name = "Продажи");
    talk = s->add(stage::pipeline = line, stage::name = "Разговор", stage::probability = 10);
    won = s->add(stage::pipeline = line, stage::name = "Выиграна",
                 stage::category = stage_category::won);
    acme = s->add(client::name = "Acme", client::owner = anna());
    add_work(acme);
    other = s->add(client::name = "Other", client::owner = anna());
    add_work(other);
  }
  ref<user> anna() { return users[0]; }
  ref<user> boris() { return users[1]; }
  ref<user> vera() { return users[2]; }

  // Open and decided, of her, of him, and of nobody.
  void add_work(const record<client>& of) {
    for (const auto& in : {talk, won}) {
      s->add(deal::title = "hers", deal::client = of, deal::stage = in, deal::owner = anna());
      s->add(deal::title = "his", deal::client = of, deal::stage = in, deal::owner = boris());
      s->add(deal::title = "nobody's", deal::client = of, deal::stage = in);
    }
    for (const task_status status : {task_status::open, task_status::done}) {
      s->add(task::title = "hers", task::client = of, task::status = status,
             task::assignee = anna());
      s->add(task::title = "his", task::client = of, task::status = status,
             task::assignee = boris());
      s->add(task::title = "nobody's", task::client = of, task::status = status);
    }
  }
  // `1 hers deals, 1 hers tasks` of what a user has to do for a client, with its state.
  std::string work(const record<client>& of, ref<user> by) {
    std::string text;
    const auto say = [&](std::string_view title, std::string what) {
      text += (text.empty() ? "" : ", ") + std::string(title) + " " + std::move(what);
    };
    for (const record<deal>& d :
         s->find(deal::client == ref<client>(of) && deal::owner == by).order_by(deal::title)) {
      say(d[deal::title], d[deal::stage] == won ? "won deal" : "deal");
    }
    for (const record<task>& t :
         s->find(task::client == ref<client>(of) && task::assignee == by).order_by(task::title)) {
      say(t[task::title], t[task::status] == task_status::done ? "done task" : "task");
    }
    return text;
  }

  std::vector<record<user>> users;
  record<stage> talk, won;
  record<client> acme, other;
};
INSTANTIATE_TEST_SUITE_P(stores, hand_over, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(hand_over, takes_what_is_open_along) {
  const std::int64_t before = s->sequence();
  const any_record after = s->call<hand_over_client>(acme, hand_over_client::owner = vera());
  EXPECT_EQ(after.as<client>()[client::owner], vera());
  EXPECT_EQ(work(acme, vera()), "hers deal, hers task");
  EXPECT_EQ(work(acme, anna()), "hers won deal, hers done task");
  EXPECT_EQ(work(acme, boris()), "his deal, his won deal, his task, his done task");
  EXPECT_EQ(work(other, anna()), "hers deal, hers won deal, hers task, hers done task");
  EXPECT_EQ(s->sequence(), before + 1) << "one commit, which can be undone";
  s->undo(s->sequence());
  EXPECT_EQ(work(acme, anna()), "hers deal, hers won deal, hers task, hers done task");
}

TEST_P(hand_over, leaves_what_it_is_told_to_leave) {
  s->call<hand_over_client>(acme, hand_over_client::owner = vera(),
                            hand_over_client::deals = false);
  EXPECT_EQ(work(acme, vera()), "hers task");
  s->call<hand_over_client>(other, hand_over_client::owner = vera(),
                            hand_over_client::tasks = false);
  EXPECT_EQ(work(other, vera()), "hers deal");
}

TEST_P(hand_over, of_nobodys_client_takes_what_nobody_had) {
  s->update(ref<client>(acme), client::owner = none);
  s->call<hand_over_client>(acme, hand_over_client::owner = vera());
  EXPECT_EQ(work(acme, vera()), "nobody's deal, nobody's task");
}

TEST_P(hand_over, needs_somebody_who_takes_work) {
  s->update(users[2], user::active = false);
  EXPECT_EQ(outcome([&] { s->call<hand_over_client>(acme); }), "invalid: owner required");
  const auto e =
      refusal([&] { s->call<hand_over_client>(acme, hand_over_client::owner = vera()); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->message(),
            "client.hand_over.owner: 'vera' does not take work any more; choose somebody who is "
            "active");
  EXPECT_EQ(s->get<client>(acme.id())[client::owner], anna());
}

// Who gives a client away may not see it any more; what goes along goes all the same.
TEST_P(hand_over, out_of_sight) {
  auto rights = std::make_shared<visibility>();
  rights->only(client::owner == anna());
  session limited = base->open_session({.actor = "anna", .sees = rights});
  EXPECT_FALSE(limited.call<hand_over_client>(acme, hand_over_client::owner = vera()));
  EXPECT_EQ(s->get<client>(acme.id())[client::owner], vera());
  EXPECT_EQ(work(acme, vera()), "hers deal, hers task");
}

}  // namespace
}  // namespace kith::lab
