// SPDX-License-Identifier: Apache-2.0
//
// What is done to deals: a table of calls, each with what comes of it and how the deal stands then.
#include <gtest/gtest.h>

#include "session/suite.hpp"

namespace kith::lab {
namespace {

class deal_actions : public suite {
 protected:
  deal_actions() {
    line = s->add(pipeline::name = "Продажи");
    talk = add_stage(line, "Разговор", stage_category::open, 1);
    offer = add_stage(line, "Предложение", stage_category::open, 2);
    later = add_stage(line, "Позже", stage_category::hold, 3);
    paid = add_stage(line, "Оплачена", stage_category::won, 5);
    won = add_stage(line, "Выиграна", stage_category::won, 4);
    lost = add_stage(line, "Проиграна", stage_category::lost, 6);
    bare = s->add(pipeline::name = "Партнёры");
    first_call = add_stage(bare, "Звонок", stage_category::open, 1);
    anna = s->add(client::name = "Анна", client::kind = client_kind::person);
  }
  record<stage> add_stage(const record<pipeline>& of, const char* name, stage_category category,
                          int position) {
    draft<stage> d;
    d.set(stage::pipeline = of, stage::name = name, stage::category = category,
          stage::position = position);
    if (category == stage_category::open || category == stage_category::hold) {
      d.set(stage::probability = position * 10);
    }
    return s->add(d);
  }
  record<deal> add_deal(const record<stage>& in) {
    return s->add(deal::title = "Насос", deal::client = anna, deal::stage = in,
                  deal::amount = eur(1000));
  }
  // Calls an action with arguments as text, for a reason if one is given.
  std::string call(std::string_view name, const record<deal>& d,
                   std::initializer_list<std::pair<const char*, std::string>> given = {},
                   const char* reason = "") {
    return outcome([&] {
      const action_type& action = s->model()->action("deals", name);
      any_draft arguments;
      for (const auto& [field, text] : given) put_text(arguments, action.arguments, field, text);
      s->call(action, d.id(), arguments, {.reason = reason});
    });
  }
  static std::string id(const record<stage>& of) { return std::to_string(of.id().value); }
  // `Выиграна 2026-03-02 1000.00 EUR`, with the reason of a lost one.
  std::string state(const record<deal>& of) {
    const record<deal> d = s->get<deal>(of.id());
    std::string text(s->get(d[deal::stage])[stage::name]);
    if (d.has(deal::closed)) text += " " + d[deal::closed].to_string();
    text += " " + d[deal::amount].to_string();
    if (d.has(deal::lost_reason)) text += " (" + std::string(d[deal::lost_reason]) + ")";
    return text;
  }

  record<pipeline> line, bare;
  record<stage> talk, offer, later, won, paid, lost, first_call;
  record<client> anna;
};
INSTANTIATE_TEST_SUITE_P(stores, deal_actions, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(deal_actions, win) {
  const record<deal> d = add_deal(talk);
  EXPECT_EQ(call("win", d), "done");
  EXPECT_EQ(state(d), "Выиграна 2026-03-02 1000.00 EUR") << "the first won stage by position";
  const record<deal> e = add_deal(later);
  EXPECT_EQ(call("win", e, {{"closed", "2026-02-27"}, {"amount", "900.00 EUR"}}), "done");
  EXPECT_EQ(state(e), "Выиграна 2026-02-27 900.00 EUR");
  EXPECT_EQ(s->find(stage_change::deal == ref<deal>(e)).count(), 2u) << "its history is kept";
}

TEST_P(deal_actions, win_in_one_line_of_cpp) {
  const record<deal> d = add_deal(talk);
  const record<deal> after = s->call<win_deal>(d, win_deal::closed = date(2026, 3, 1)).as<deal>();
  EXPECT_EQ(after[deal::closed], date(2026, 3, 1));
  EXPECT_EQ(after[deal::probability], 100);
}

TEST_P(deal_actions, win_what_is_won_already) {
  const record<deal> d = add_deal(talk);
  s->update(ref<deal>(d), deal::stage = paid);
  clock->advance(duration::of_days(1));
  const std::int64_t before = s->sequence();
  EXPECT_EQ(call("win", d), "done");
  EXPECT_EQ(s->sequence(), before) << "nothing happened";
  EXPECT_EQ(state(d), "Оплачена 2026-03-02 1000.00 EUR") << "it is not taken back to another stage";
  EXPECT_EQ(call("win", d, {{"closed", "2026-03-01"}}), "done");
  EXPECT_EQ(state(d), "Оплачена 2026-03-01 1000.00 EUR") << "the day is corrected";
  EXPECT_EQ(call("win", d, {{"amount", "1.00 EUR"}}), "invalid: amount won_does_not_change");
}

TEST_P(deal_actions, win_what_was_lost) {
  const record<deal> d = add_deal(talk);
  EXPECT_EQ(call("lose", d, {{"lost_reason", "цена"}}), "done");
  clock->advance(duration::of_days(3));
  EXPECT_EQ(call("win", d), "done");
  EXPECT_EQ(state(d), "Выиграна 2026-03-05 1000.00 EUR") << "the day of this decision";
}

TEST_P(deal_actions, win_by_the_rules_of_deals) {
  const record<deal> nobodys = s->add(deal::title = "Насос", deal::stage = talk);
  EXPECT_EQ(call("win", nobodys), "invalid: client won_has_a_client");
  EXPECT_EQ(call("win", nobodys, {{"amount", "-1.00 EUR"}}), "invalid: amount money");
}

TEST_P(deal_actions, lose) {
  const record<deal> d = add_deal(offer);
  EXPECT_EQ(call("lose", d), "invalid: lost_reason required");
  EXPECT_EQ(call("lose", d, {{"lost_reason", ""}}), "invalid: lost_reason required");
  EXPECT_EQ(state(d), "Предложение 1000.00 EUR");
  EXPECT_EQ(call("lose", d, {{"lost_reason", "цена"}, {"closed", "2026-03-01"}}), "done");
  EXPECT_EQ(state(d), "Проиграна 2026-03-01 1000.00 EUR (цена)");
  EXPECT_EQ(call("lose", d, {{"lost_reason", "срок"}}), "done") << "better known now";
  EXPECT_EQ(state(d), "Проиграна 2026-03-01 1000.00 EUR (срок)");
}

TEST_P(deal_actions, lose_nothing_that_is_won) {
  const record<deal> d = add_deal(talk);
  EXPECT_EQ(call("win", d), "done");
  EXPECT_EQ(call("lose", d, {{"lost_reason", "цена"}}), "invalid: stage won_is_reopened_first");
}

TEST_P(deal_actions, need_a_stage_of_the_category) {
  const record<deal> d = add_deal(first_call);
  EXPECT_EQ(call("win", d), "invalid: stage stage_of_category");
  const auto e = refusal([&] { s->call<lose_deal>(d, lose_deal::lost_reason = "цена"); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->message(),
            "deal.stage: the pipeline 'Партнёры' has no stage whose category is lost; add one");
  EXPECT_EQ(state(d), "Звонок 1000.00 EUR") << "a stage of another pipeline does not do";
}

TEST_P(deal_actions, reopen) {
  const record<deal> d = add_deal(offer);
  EXPECT_EQ(call("reopen", d, {}, "ошибка"), "invalid: stage only_decided_is_reopened");
  EXPECT_EQ(call("win", d), "done");
  EXPECT_EQ(call("reopen", d), "invalid: stage reopening_has_a_reason");
  EXPECT_EQ(call("reopen", d, {}, "ошибка"), "done");
  EXPECT_EQ(state(d), "Предложение 1000.00 EUR") << "where it stood last";
  EXPECT_EQ(call("win", d), "done");
  EXPECT_EQ(call("reopen", d, {{"stage", id(talk)}}, "ошибка"), "done");
  EXPECT_EQ(state(d), "Разговор 1000.00 EUR");
  EXPECT_EQ(call("win", d), "done");
  EXPECT_EQ(call("reopen", d, {{"stage", id(lost)}}, "ошибка"),
            "invalid: stage goes_on_in_an_open_stage");
  const auto last =
      s->find(stage_change::deal == ref<deal>(d)).order_by(descending(id_of<stage_change>)).all();
  EXPECT_EQ(last[1][stage_change::reason], "ошибка") << "the history says why";
}

TEST_P(deal_actions, reopen_where_the_last_stage_does_not_serve) {
  const record<deal> imported = s->add(deal::title = "Старая", deal::client = anna,
                                       deal::stage = won, deal::closed = date(2025, 2, 10));
  EXPECT_EQ(call("reopen", imported, {}, "ошибка"), "done");
  EXPECT_EQ(s->get<deal>(imported.id())[deal::stage], talk) << "the first open one";
  const record<deal> d = add_deal(offer);
  EXPECT_EQ(call("win", d), "done");
  s->remove(offer);
  EXPECT_EQ(call("reopen", d, {}, "ошибка"), "done");
  EXPECT_EQ(s->get<deal>(d.id())[deal::stage], talk) << "the last one is deleted";
}

TEST_P(deal_actions, move) {
  const record<deal> d = add_deal(talk);
  EXPECT_EQ(call("move", d), "invalid: stage required");
  EXPECT_EQ(call("move", d, {{"stage", "7"}}), "invalid: stage reference");
  EXPECT_EQ(call("move", d, {{"stage", id(offer)}}), "done");
  EXPECT_EQ(call("move", d, {{"stage", id(later)}}), "done");
  EXPECT_EQ(state(d), "Позже 1000.00 EUR");
  const auto e = refusal([&] { s->call<move_deal>(d, move_deal::stage = won); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->message(), "deal.move.stage: 'Выиграна' is a won stage; win the deal");
  EXPECT_EQ(call("move", d, {{"stage", id(lost)}}),
            "invalid: stage decisions_are_actions_of_their_own");
  EXPECT_EQ(call("win", d), "done");
  EXPECT_EQ(call("move", d, {{"stage", id(paid)}}), "done") << "won as before";
  EXPECT_EQ(call("move", d, {{"stage", id(talk)}}, "ошибка"),
            "invalid: stage decisions_are_actions_of_their_own");
  EXPECT_EQ(state(d), "Оплачена 2026-03-02 1000.00 EUR");
}

TEST_P(deal_actions, do_not_move_where_the_session_does_not_see) {
  const record<deal> d = add_deal(talk);
  auto rights = std::make_shared<visibility>();
  rights->only(stage::category != stage_category::hold);
  session limited = base->open_session({.sees = rights});
  EXPECT_EQ(outcome([&] { limited.call<move_deal>(d, move_deal::stage = later); }),
            "invalid: stage reference");
  EXPECT_EQ(outcome([&] { limited.call<move_deal>(d, move_deal::stage = offer); }), "done");
  auto none_seen = std::make_shared<visibility>();
  none_seen->hide<stage>();
  session blind = base->open_session({.sees = none_seen});
  EXPECT_EQ(outcome([&] { blind.call<win_deal>(d); }), "denied: stage");
}

TEST_P(deal_actions, can_be_undone) {
  const record<deal> d = add_deal(offer);
  EXPECT_EQ(call("win", d, {{"amount", "900.00 EUR"}}), "done");
  s->undo(s->sequence());
  EXPECT_EQ(state(d), "Предложение 1000.00 EUR");
}

}  // namespace
}  // namespace kith::lab
