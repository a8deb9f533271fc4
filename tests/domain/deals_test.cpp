// SPDX-License-Identifier: Apache-2.0
//
// Deals: the category of the stage decides. A story is a list of moves; the deal is looked at after
// each one.
#include <gtest/gtest.h>

#include "session/suite.hpp"

namespace kith::lab {
namespace {

class deals : public suite {
 protected:
  deals() { prepare(); }

  void prepare() {
    const record<pipeline> line = s->add(pipeline::name = "Продажи");
    const auto add_stage = [&](const char* name, stage_category category, int probability) {
      draft<stage> d;
      d.set(stage::pipeline = line, stage::name = name, stage::category = category);
      if (category == stage_category::open || category == stage_category::hold) {
        d.set(stage::probability = probability);
      }
      return s->add(d);
    };
    talk = add_stage("Разговор", stage_category::open, 10);
    offer = add_stage("Предложение", stage_category::open, 60);
    later = add_stage("Позже", stage_category::hold, 5);
    won = add_stage("Выиграна", stage_category::won, 0);
    paid = add_stage("Оплачена", stage_category::won, 0);
    lost = add_stage("Проиграна", stage_category::lost, 0);
    anna = s->add(client::name = "Анна", client::kind = client_kind::person);
  }

  record<deal> add_deal() {
    return s->add(deal::title = "Насос", deal::client = anna, deal::stage = talk,
                  deal::amount = eur(1000));
  }
  record<deal> now(const record<deal>& d) { return s->get<deal>(d.id()); }

  // Changes with a reason, so that reopening is allowed.
  template <class... Assignments>
  record<deal> because(const char* reason, ref<deal> of, const Assignments&... changes) {
    transaction tx = s->write({.reason = reason});
    const record<deal> after = s->update(of, changes...);
    tx.commit();
    return after;
  }
  template <class... Assignments>
  std::string change(const record<deal>& of, const Assignments&... changes) {
    return outcome([&] { s->update(ref<deal>(of), changes...); });
  }

  record<stage> talk, offer, later, won, paid, lost;
  record<client> anna;
};
INSTANTIATE_TEST_SUITE_P(stores, deals, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(deals, follow_their_stage) {
  const record<deal> d = add_deal();
  struct row {
    const record<stage>* to;
    int probability;
    const char* closed;
  };
  const row table[] = {
      {&offer, 60, ""},           {&later, 5, ""}, {&talk, 10, ""}, {&won, 100, "2026-03-02"},
      {&paid, 100, "2026-03-02"},
  };
  EXPECT_EQ(d[deal::probability], 10);
  for (const row& r : table) {
    const record<deal> after = s->update(ref<deal>(d), deal::stage = *r.to);
    EXPECT_EQ(after[deal::probability], r.probability) << (*r.to)[stage::name];
    EXPECT_EQ(after.has(deal::closed) ? after[deal::closed].to_string() : "", r.closed)
        << (*r.to)[stage::name];
    EXPECT_FALSE(after[deal::probability_by_hand]);
    EXPECT_EQ(s->value_of(after, deal::weighted).as<money>(), eur(r.probability * 10));
    clock->advance(duration::of_hours(1));
  }
  EXPECT_EQ(now(d)[deal::last_open_stage], talk);
}

TEST_P(deals, keep_a_probability_that_was_given_by_hand) {
  const record<deal> d = s->add(deal::title = "Насос", deal::stage = talk, deal::probability = 33);
  const auto state = [&] {
    const record<deal> r = now(d);
    return (r.has(deal::probability) ? std::to_string(r[deal::probability]) : "-") +
           std::string(r[deal::probability_by_hand] ? " by hand" : "");
  };
  EXPECT_EQ(state(), "33 by hand");
  s->update(ref<deal>(d), deal::stage = offer);
  EXPECT_EQ(state(), "33 by hand") << "remembered when the stage changes";
  s->update(ref<deal>(d), deal::stage = talk, deal::probability = 20);
  EXPECT_EQ(state(), "20 by hand");
  s->update(ref<deal>(d), deal::probability = none);
  EXPECT_EQ(state(), "10") << "taken back: it follows the stage again";
  s->update(ref<deal>(d), deal::probability = 44);
  EXPECT_EQ(state(), "44 by hand");
  s->update(ref<deal>(d), deal::probability_by_hand = false);
  EXPECT_EQ(state(), "10");
  s->update(ref<deal>(d), deal::probability = 44);
  s->update(ref<deal>(d), deal::stage = won, deal::client = anna);
  EXPECT_EQ(state(), "100");
  EXPECT_EQ(change(d, deal::probability = 50), "invalid: probability decided_deals_are_closed");
  EXPECT_EQ(change(d, deal::probability = none), "invalid: probability decided_deals_are_closed");
  because("ошибка", d, deal::stage = offer);
  EXPECT_EQ(state(), "60");
  EXPECT_EQ(change(d, deal::probability = 101), "invalid: probability integer");
}

TEST_P(deals, are_closed_when_they_are_decided) {
  const record<deal> d = add_deal();
  EXPECT_EQ(change(d, deal::closed = date(2026, 3, 1)), "invalid: closed decided_deals_are_closed")
      << "not while it is open";
  EXPECT_EQ(change(d, deal::stage = won), "done");
  EXPECT_EQ(change(d, deal::closed = none), "invalid: closed decided_deals_are_closed");
  EXPECT_EQ(change(d, deal::closed = date(2026, 2, 27)), "done") << "it was the Friday before";
  EXPECT_EQ(change(d, deal::stage = paid), "done");
  EXPECT_EQ(now(d)[deal::closed], date(2026, 2, 27)) << "kept between won stages";
  const record<deal> given =
      s->add(deal::title = "Старая", deal::client = anna, deal::stage = won,
             deal::opened = date(2025, 1, 10), deal::closed = date(2025, 2, 10));
  EXPECT_EQ(given[deal::closed], date(2025, 2, 10)) << "an old one, imported";
  EXPECT_EQ(s->value_of(given, deal::cycle).as<duration>(), duration::of_days(31));
  EXPECT_EQ(change(given, deal::closed = date(2025, 1, 9)), "invalid: closed closed_after_opened");
  EXPECT_EQ(change(given, deal::opened = date(2025, 2, 11)), "invalid: closed closed_after_opened");
}

TEST_P(deals, need_a_client_to_be_won_and_a_reason_to_be_lost) {
  const record<deal> d = s->add(deal::title = "Насос", deal::stage = talk);
  EXPECT_EQ(change(d, deal::stage = won), "invalid: client won_has_a_client");
  EXPECT_EQ(change(d, deal::stage = lost), "invalid: lost_reason lost_has_a_reason");
  EXPECT_EQ(change(d, deal::stage = lost, deal::lost_reason = ""),
            "invalid: lost_reason lost_has_a_reason");
  EXPECT_EQ(change(d, deal::stage = lost, deal::lost_reason = "цена"), "done");
  EXPECT_EQ(now(d)[deal::probability], 0);
  EXPECT_EQ(now(d)[deal::last_open_stage], talk);
  EXPECT_EQ(change(d, deal::lost_reason = none), "invalid: lost_reason lost_has_a_reason");
  EXPECT_EQ(change(d, deal::stage = won, deal::client = anna), "done");
  EXPECT_FALSE(now(d).has(deal::lost_reason)) << "won after all";
  EXPECT_EQ(now(d)[deal::last_open_stage], talk);
  EXPECT_EQ(outcome([&] { s->add(deal::title = "x"); }), "invalid: stage required");
}

TEST_P(deals, do_not_change_what_was_won) {
  const record<user> boss = s->add(user::login = "boss", user::name = "Пётр");
  const record<user> other = s->add(user::login = "other", user::name = "Ольга");
  const record<product> pump = s->add(product::name = "Насос");
  const record<deal> d = add_deal();
  EXPECT_EQ(change(d, deal::stage = won, deal::owner = boss, deal::amount = eur(900)), "done");
  struct row {
    const char* field;
    std::function<std::string()> act;
    const char* outcome;
  };
  const row table[] = {
      {"amount", [&] { return change(d, deal::amount = eur(1)); },
       "invalid: amount won_does_not_change"},
      {"currency", [&] { return change(d, deal::amount = money("900", "USD")); },
       "invalid: amount won_does_not_change"},
      {"no amount", [&] { return change(d, deal::amount = none); },
       "invalid: amount won_does_not_change"},
      {"client", [&] { return change(d, deal::client = s->add(client::name = "Б")); },
       "invalid: client won_does_not_change"},
      {"owner", [&] { return change(d, deal::owner = other); },
       "invalid: owner won_does_not_change"},
      {"product", [&] { return change(d, deal::product = pump); },
       "invalid: product won_does_not_change"},
      {"two", [&] { return change(d, deal::product = pump, deal::amount = eur(1)); },
       "invalid: amount won_does_not_change, product won_does_not_change"},
      {"title", [&] { return change(d, deal::title = "Насос и шланг"); }, "done"},
      {"next step", [&] { return change(d, deal::next_step = "позвонить"); }, "done"},
      {"source", [&] { return change(d, deal::source = "сайт"); }, "done"},
      {"the same amount", [&] { return change(d, deal::amount = eur("900.00")); }, "done"},
  };
  for (const row& r : table) EXPECT_EQ(r.act(), r.outcome) << r.field;
  const auto e = refusal([&] { s->remove(boss); });
  ASSERT_TRUE(e) << "who earned it is not forgotten";
  EXPECT_NE(e->message().find("active = false"), std::string::npos) << e->message();
}

TEST_P(deals, come_back_with_a_reason_only) {
  const record<deal> d = add_deal();
  s->update(ref<deal>(d), deal::stage = won);
  EXPECT_EQ(change(d, deal::stage = offer), "invalid: stage reopening_has_a_reason");
  const record<deal> again = because("вернули товар", d, deal::stage = offer);
  EXPECT_FALSE(again.has(deal::closed));
  EXPECT_EQ(again[deal::probability], 60);
  EXPECT_EQ(change(d, deal::amount = eur(500)), "done") << "open again";
  s->update(ref<deal>(d), deal::stage = lost, deal::lost_reason = "цена");
  EXPECT_EQ(now(d)[deal::last_open_stage], offer);
  const record<deal> third = because("передумали", d, deal::stage = later);
  EXPECT_FALSE(third.has(deal::lost_reason));
  const auto history = s->find(stage_change::deal == d).order_by(id_of<stage_change>).all();
  EXPECT_EQ(history.back()[stage_change::reason], "передумали");
  EXPECT_EQ(history.back()[stage_change::actor], "anna");
}

TEST_P(deals, keep_the_history_of_their_stages) {
  const record<deal> d = add_deal();
  clock->advance(duration::of_hours(2));
  s->update(ref<deal>(d), deal::stage = offer);
  clock->advance(duration::of_days(3));
  s->update(ref<deal>(d), deal::amount = eur(1200));
  s->update(ref<deal>(d), deal::stage = talk);
  clock->advance(duration::of_hours(5));
  s->update(ref<deal>(d), deal::stage = won, deal::title = "Насосы");
  s->update(ref<deal>(d), deal::stage = won);  // stands there already
  std::string text;
  for (const record<stage_change>& c :
       s->find(stage_change::deal == d).order_by(stage_change::at)) {
    const auto category = [&](const auto& key) {
      return c.has(key) ? std::to_string(static_cast<int>(c[key])) : "-";
    };
    text += (c.has(stage_change::from_stage)
                 ? std::string(s->get(c[stage_change::from_stage])[stage::name])
                 : "-") +
            " > " + s->get(c[stage_change::to_stage])[stage::name] + ", " +
            category(stage_change::from_category) + ">" + category(stage_change::to_category) +
            ", " + c[stage_change::amount].to_string() + ", " +
            (c.has(stage_change::spent) ? c[stage_change::spent].to_string() : "-") + "\n";
  }
  EXPECT_EQ(text,
            "- > Разговор, ->1, 1000.00 EUR, -\n"
            "Разговор > Предложение, 1>1, 1000.00 EUR, 2h\n"
            "Предложение > Разговор, 1>1, 1200.00 EUR, 3d\n"
            "Разговор > Выиграна, 1>3, 1200.00 EUR, 5h\n");
  EXPECT_EQ(s->query("stage_changes", "")
                .aggregate({{"stage", "from_stage.name"}}, {{"spent", "sum(spent)"}}, "",
                           {{"stage", false}})
                .rows.size(),
            3u)
      << "time in stage adds up";
  const auto first = s->all<stage_change>().first();
  EXPECT_EQ(outcome([&] { s->update(*first, stage_change::reason = "x"); }), "denied");
  s->remove(d);
  EXPECT_EQ(s->all<stage_change>().count(), 0u) << "goes with its deal";
}

TEST_P(deals, store_a_move_and_its_history_together) {
  const record<deal> d = add_deal();
  const std::int64_t before = s->sequence();
  s->update(ref<deal>(d), deal::stage = offer);
  EXPECT_EQ(feed(before),
            std::vector<std::string>{"update deal stage probability; add stage_change"});
}

TEST_P(deals, given_again_after_a_refusal_are_as_if_given_once) {
  draft<deal> d;
  d.set(deal::stage = talk);
  EXPECT_EQ(outcome([&] { s->add(d); }), "invalid: title required");
  d.set(deal::title = "Насос");
  EXPECT_FALSE(s->add(d)[deal::probability_by_hand])
      << "a rule gave the probability, nobody's hand";
}

TEST_P(deals, have_amounts_that_are_not_negative) {
  EXPECT_EQ(outcome([&] { s->add(deal::title = "x", deal::stage = talk, deal::amount = eur(-1)); }),
            "invalid: amount money");
  EXPECT_EQ(outcome([&] { s->add(deal::title = "x", deal::stage = talk, deal::amount = eur(0)); }),
            "done");
}

// -------------------------------------------------------------------------------------- stages

TEST_P(deals, stand_in_stages_whose_category_is_certain) {
  const record<pipeline> line = *s->all<pipeline>().first();
  const auto answer = [&](stage_category category, std::optional<int> probability) {
    draft<stage> d;
    d.set(stage::pipeline = line, stage::name = "новый", stage::category = category,
          stage::probability = probability);
    const transaction tx = s->write();
    return outcome([&] { s->add(d); });
  };
  EXPECT_EQ(answer(stage_category::won, {}), "done");
  EXPECT_EQ(answer(stage_category::won, 100), "done");
  EXPECT_EQ(answer(stage_category::won, 90), "invalid: probability won_is_certain");
  EXPECT_EQ(answer(stage_category::lost, {}), "done");
  EXPECT_EQ(answer(stage_category::lost, 5), "invalid: probability won_is_certain");
  EXPECT_EQ(answer(stage_category::open, {}), "invalid: probability required");
  EXPECT_EQ(answer(stage_category::hold, 0), "done");
  EXPECT_EQ(outcome([&] {
              s->add(stage::pipeline = line, stage::name = "РАЗГОВОР", stage::probability = 1);
            }),
            "exists: pipeline")
      << "one name once in a pipeline";
}

TEST_P(deals, are_not_decided_behind_their_backs) {
  add_deal();
  EXPECT_EQ(outcome([&] { s->update(talk, stage::category = stage_category::won); }),
            "invalid: category category_of_a_stage_in_use");
  EXPECT_EQ(s->get<stage>(talk.id())[stage::category], stage_category::open);
  EXPECT_EQ(outcome([&] { s->update(offer, stage::category = stage_category::hold); }), "done")
      << "nobody stands there";
  EXPECT_EQ(outcome([&] { s->update(talk, stage::name = "Беседа", stage::probability = 15); }),
            "done")
      << "names decide nothing";
  EXPECT_EQ(outcome([&] { s->remove(talk); }), "invalid: restrict_delete");
  EXPECT_EQ(outcome([&] { s->remove(*s->all<pipeline>().first()); }), "invalid: restrict_delete");
}

}  // namespace
}  // namespace kith::lab
