// SPDX-License-Identifier: Apache-2.0
//
// Undo among deals and orders: moves go back and are noted, sums follow, and what the rules forbid
// stays forbidden.
#include <gtest/gtest.h>

#include "session/suite.hpp"

namespace kith::lab {
namespace {

class undoing_sales : public suite {
 protected:
  undoing_sales() {
    line = s->add(pipeline::name = "Продажи");
    talk = s->add(stage::pipeline = line, stage::name = "Разговор", stage::probability = 10);
    offer = s->add(stage::pipeline = line, stage::name = "Предложение", stage::probability = 60);
    won = s->add(stage::pipeline = line, stage::name = "Выиграна",
                 stage::category = stage_category::won);
    anna = s->add(client::name = "Анна");
  }
  record<deal> add_deal() {
    return s->add(deal::title = "Насос", deal::client = anna, deal::stage = talk,
                  deal::amount = eur(1000));
  }
  record<deal> now(const record<deal>& d) { return s->get<deal>(d.id()); }
  std::int64_t did(const std::function<void()>& work) {
    work();
    return s->sequence();
  }
  // The moves of a deal: `- > Разговор`.
  std::string moves(const record<deal>& d) {
    std::string text;
    for (const record<stage_change>& c :
         s->find(stage_change::deal == d).order_by(id_of<stage_change>)) {
      text += text.empty() ? "" : ", ";
      text += c.has(stage_change::from_stage)
                  ? std::string(s->get(c[stage_change::from_stage])[stage::name])
                  : "-";
      text += " > " + std::string(s->get(c[stage_change::to_stage])[stage::name]);
    }
    return text;
  }
  // The messages of what was contested.
  static std::string why(const undo_result& r) {
    std::string text;
    for (const contested_change& c : r.contested) {
      text += text.empty() ? "" : "; ";
      text += std::string(c.entity->name()) + "." + c.field + ": " + c.why;
    }
    return text;
  }
  record<pipeline> line;
  record<stage> talk, offer, won;
  record<client> anna;
};
INSTANTIATE_TEST_SUITE_P(stores, undoing_sales, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(undoing_sales, moves_a_deal_back_and_notes_the_way_back) {
  const record<deal> d = add_deal();
  clock->advance(duration::of_days(2));
  const std::int64_t moved = did([&] { s->update(ref<deal>(d), deal::stage = offer); });
  clock->advance(duration::of_hours(3));
  EXPECT_EQ(why(s->undo(moved)), "");
  EXPECT_EQ(now(d)[deal::stage], talk);
  EXPECT_EQ(now(d)[deal::probability], 10);
  EXPECT_EQ(moves(d), "- > Разговор, Разговор > Предложение, Предложение > Разговор");
  const auto last = s->find(stage_change::deal == d).order_by(id_of<stage_change>).all().back();
  EXPECT_EQ(last[stage_change::reason], "undo of " + std::to_string(moved));
  EXPECT_EQ(last[stage_change::actor], "anna");
  EXPECT_EQ(last[stage_change::spent], duration::of_hours(3));
  EXPECT_EQ(feed(moved),
            std::vector<std::string>{"update deal stage probability; add stage_change"});
  EXPECT_EQ(why(s->undo(moved + 1)), "") << "and forth again";
  EXPECT_EQ(now(d)[deal::stage], offer);
  EXPECT_EQ(now(d)[deal::probability], 60);
  EXPECT_EQ(s->find(stage_change::deal == d).count(), 4u);
}

TEST_P(undoing_sales, reopens_a_deal_that_was_won_by_mistake) {
  const record<deal> d = add_deal();
  const std::int64_t decided = did([&] { s->update(ref<deal>(d), deal::stage = won); });
  s->update(ref<deal>(d), deal::next_step = "счёт");
  EXPECT_EQ(why(s->undo(decided)), "");
  const record<deal> after = now(d);
  EXPECT_EQ(after[deal::stage], talk);
  EXPECT_EQ(after[deal::probability], 10);
  EXPECT_FALSE(after.has(deal::closed));
  EXPECT_FALSE(after.has(deal::last_open_stage));
  EXPECT_EQ(after[deal::next_step], "счёт") << "later work that is not in the way stays";
}

TEST_P(undoing_sales, leaves_a_won_deal_as_it_was_won) {
  const record<deal> d = add_deal();
  const std::int64_t changed = did([&] {
    s->update(ref<deal>(d), deal::amount = eur(1200), deal::title = "Насос и шланг",
              deal::next_step = "счёт");
  });
  s->update(ref<deal>(d), deal::stage = won);
  const std::int64_t before = s->sequence();
  const auto e = refusal([&] { s->undo(changed); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::conflict);
  EXPECT_EQ(shown(e->violations()), "amount contested");
  EXPECT_NE(e->message().find("a won deal does not change; reopen it first"), std::string::npos)
      << e->message();
  EXPECT_EQ(s->sequence(), before);
  EXPECT_EQ(now(d)[deal::title], "Насос и шланг") << "nothing was written";
  const undo_result r = s->undo(changed, undo_mode::skip);
  EXPECT_EQ(why(r), "deal.amount: a won deal does not change; reopen it first");
  EXPECT_EQ(now(d)[deal::title], "Насос");
  EXPECT_FALSE(now(d).has(deal::next_step));
  EXPECT_EQ(now(d)[deal::amount], eur(1200));
}

TEST_P(undoing_sales, takes_a_deal_back_with_the_history_that_rules_wrote) {
  const record<deal> d = add_deal();
  const std::int64_t added = s->sequence();
  EXPECT_EQ(why(s->undo(added)), "");
  EXPECT_TRUE(now(d).deleted());
  EXPECT_EQ(s->all<stage_change>().count(), 0u);
  EXPECT_EQ(why(s->undo(added + 1)), "");
  EXPECT_FALSE(now(d).deleted());
  EXPECT_EQ(moves(d), "- > Разговор");
  const std::int64_t moved = did([&] { s->update(ref<deal>(d), deal::stage = offer); });
  EXPECT_EQ(outcome([&] { s->undo(added); }), "conflict: contested") << "it was moved since";
  s->undo(moved);
  EXPECT_EQ(why(s->undo(added)), "") << "and back";
  EXPECT_EQ(s->all<stage_change>().count(), 0u);
}

TEST_P(undoing_sales, leaves_history_that_people_wrote) {
  record<interaction> call;
  const std::int64_t called = did([&] {
    call = s->add(interaction::client = anna, interaction::kind = interaction_kind::call);
  });
  EXPECT_EQ(why(s->undo(called, undo_mode::skip)),
            "interaction.: is history and stays; add a new one that corrects it");
  EXPECT_FALSE(s->get<interaction>(call.id()).deleted());
  EXPECT_EQ(outcome([&] { s->undo(called); }), "conflict: contested");
}

TEST_P(undoing_sales, does_not_take_a_client_away_from_later_history) {
  record<client> petr;
  const std::int64_t added = did([&] { petr = s->add(client::name = "Пётр"); });
  s->add(interaction::client = petr, interaction::kind = interaction_kind::call);
  EXPECT_EQ(outcome([&] { s->undo(added); }), "conflict: contested");
  EXPECT_EQ(s->all<interaction>().count(), 1u);
  record<client> olga;
  transaction tx = s->write();
  olga = s->add(client::name = "Ольга");
  s->add(interaction::client = olga, interaction::kind = interaction_kind::call);
  tx.commit();
  EXPECT_EQ(why(s->undo(s->sequence())), "") << "added together, they go together";
  EXPECT_EQ(s->all<interaction>().count(), 1u);
}

TEST_P(undoing_sales, asks_the_rules_that_say_so) {
  const std::int64_t changed =
      did([&] { s->update(offer, stage::category = stage_category::hold); });
  s->add(deal::title = "Насос", deal::stage = offer);
  const undo_result r = s->undo(changed, undo_mode::skip);
  EXPECT_EQ(r.sequence, 0);
  EXPECT_EQ(why(r),
            "stage.category: the category decides what deals may do, and deals stand in this "
            "stage; make another stage and move them");
  EXPECT_EQ(s->get<stage>(offer.id())[stage::category], stage_category::hold);
}

TEST_P(undoing_sales, takes_an_order_back_with_its_lines) {
  record<sales_order> o;
  std::vector<record<order_line>> lines;
  const auto add_line = [&](const char* price) {
    lines.push_back(s->add(order_line::sales_order = o, order_line::quantity = 1,
                           order_line::unit_price = *money::parse(price)));
  };
  const std::int64_t added = did([&] {
    transaction tx = s->write();
    o = s->add(sales_order::client = anna, sales_order::number = "17");
    add_line("10 EUR");
    add_line("5 EUR");
    tx.commit();
  });
  EXPECT_EQ(s->undo(added).records, 3u);
  EXPECT_TRUE(s->get<sales_order>(o.id()).deleted());
  EXPECT_EQ(s->all<order_line>().count(), 0u);
  EXPECT_EQ(outcome([&] { s->undo(added + 1); }), "done");
  EXPECT_EQ(s->get<sales_order>(o.id())[sales_order::net], eur(15));
  const std::int64_t more = did([&] { add_line("1 EUR"); });
  EXPECT_EQ(outcome([&] { s->undo(added); }), "conflict: contested")
      << "a line that is later work names it";
  EXPECT_EQ(s->get<sales_order>(o.id())[sales_order::net], eur(16));
  EXPECT_EQ(outcome([&] { s->undo(more); }), "done");
  EXPECT_EQ(s->get<sales_order>(o.id())[sales_order::net], eur(15)) << "sums follow";
  EXPECT_EQ(outcome([&] { s->undo(added); }), "done");
}

TEST_P(undoing_sales, brings_all_back_that_went_along) {
  const record<sales_order> o = s->add(sales_order::client = anna);
  s->add(order_line::sales_order = o, order_line::quantity = 2, order_line::unit_price = eur(10));
  const record<deal> d = add_deal();
  s->update(ref<sales_order>(o), sales_order::deal = d);
  s->add(task::title = "позвонить", task::deal = d);
  const std::int64_t removed = did([&] { s->remove(d); });
  EXPECT_FALSE(s->get<sales_order>(o.id()).has(sales_order::deal));
  EXPECT_EQ(why(s->undo(removed)), "");
  EXPECT_FALSE(now(d).deleted());
  EXPECT_EQ(s->get<sales_order>(o.id())[sales_order::deal], d) << "cut loose, and tied again";
  EXPECT_EQ(moves(d), "- > Разговор");
  const std::int64_t gone = did([&] { s->remove(o); });
  EXPECT_EQ(s->all<order_line>().count(), 0u);
  EXPECT_EQ(why(s->undo(gone)), "");
  EXPECT_EQ(s->all<order_line>().count(), 1u);
  EXPECT_EQ(s->get<sales_order>(o.id())[sales_order::net], eur(20));
}

}  // namespace
}  // namespace kith::lab
