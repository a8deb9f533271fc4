// SPDX-License-Identifier: Apache-2.0
//
// Masked fields: null wherever values are shown, refused wherever they would decide.
#include <gtest/gtest.h>

#include "kith/exchange/csv.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

class masked : public suite {
 protected:
  void SetUp() override {
    first = s->add(gadget::exact = "a", gadget::words = "secret", gadget::whole = 7,
                   gadget::amount = money("12.50", "EUR"))
                .id();
    auto rights = std::make_shared<visibility>();
    rights->mask(gadget::words).mask("lab_gadget", "amount").mask(file::pages);
    seer.emplace(base->open_session({.actor = "anna", .sees = rights}));
  }

  record_id first;
  std::optional<session> seer;
};
INSTANTIATE_TEST_SUITE_P(stores, masked, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(masked, values_are_null_where_they_are_shown) {
  const record<gadget> r = seer->get<gadget>(first);
  EXPECT_FALSE(r.has(gadget::words) || r.has(gadget::amount));
  EXPECT_TRUE(seer->value_of(r, gadget::words).is_null());
  EXPECT_TRUE(seer->value_of(r, gadget::tenfold).is_null());  // computed from a masked one
  for (const auto& one : seer->all<gadget>()) EXPECT_FALSE(one.has(gadget::words));
  for (const auto& [words, whole] : seer->all<gadget>().columns(gadget::words, gadget::whole)) {
    EXPECT_EQ(std::string(words) + std::to_string(whole), "7");
  }
  const table t =
      seer->query("lab_gadgets", "")
          .select(
              {{"w", "words"}, {"c", "coalesce(words, 'none')"}, {"t", "tenfold"}, {"n", "whole"}});
  EXPECT_EQ(t.to_string().find("secret"), std::string::npos);
  EXPECT_EQ(t.at(0, "c").to_string(), "none");
  EXPECT_TRUE(t.at(0, "t").is_null());
}

TEST_P(masked, an_export_has_empty_cells) {
  std::string csv;
  const auto keep = [&](std::string_view bytes) { csv += bytes; };
  export_csv(seer->query("lab_gadgets", ""), keep, {.columns = {"exact", "words", "amount"}});
  EXPECT_EQ(csv.find("secret"), std::string::npos) << csv;
  EXPECT_EQ(csv.find("12.50"), std::string::npos) << csv;
  EXPECT_NE(csv.find("a,,"), std::string::npos) << csv;
}

TEST_P(masked, questions_may_not_depend_on_them) {
  const char* const conditions[] = {"words = 'secret'",  "words is null",
                                    "order by words",    "amount > 1 EUR",
                                    "order by tenfold",  "tenfold is not null",
                                    "length(words) > 1", "whole = 7 or words like 's%'"};
  for (const char* text : conditions) {
    const auto e = refusal([&] { seer->query("lab_gadgets", text).all(); });
    ASSERT_TRUE(e) << text;
    EXPECT_EQ(e->code(), error_code::denied) << text;
    EXPECT_NE(e->message().find("is not shown to this session"), std::string::npos) << text;
  }
  const auto q = seer->query("lab_gadgets", "");
  EXPECT_EQ(outcome([&] { q.aggregate({{"w", "words"}}, {{"n", "count()"}}); }), "denied: words");
  EXPECT_EQ(outcome([&] { q.aggregate({}, {{"n", "sum(amount)"}}); }), "denied: amount");
  EXPECT_EQ(outcome([&] {
              q.aggregate({}, {{"n", "count(where words = 'x')"}});
            }),
            "denied: words");
  EXPECT_EQ(outcome([&] { seer->find_one(gadget::words, "secret"); }), "denied: words");
  EXPECT_EQ(outcome([&] { seer->query("lab_folders", "exists(files where pages > 1)").all(); }),
            "denied: pages");
  EXPECT_EQ(outcome([&] { seer->query("lab_folders", "total > 1").all(); }), "denied: total");
}

TEST_P(masked, what_is_shown_as_null_is_not_cleared) {
  draft<gadget> d(seer->get<gadget>(first));
  d.set(gadget::words = none, gadget::amount = none, gadget::whole = 8);
  EXPECT_FALSE(seer->update(d).has(gadget::words));
  const auto now = s->get<gadget>(first);
  EXPECT_EQ(std::string(now[gadget::words]) + " " + std::to_string(now[gadget::whole]), "secret 8");
  EXPECT_EQ(now[gadget::amount], money("12.50", "EUR"));
  EXPECT_EQ(outcome([&] { seer->update(ref<gadget>{first}, gadget::words = "x"); }),
            "denied: words");
  EXPECT_EQ(outcome([&] { seer->update(ref<gadget>{first}, gadget::words = none); }),
            "denied: words");
  EXPECT_EQ(outcome([&] { seer->add(gadget::exact = "b", gadget::words = "x"); }), "denied: words");
}

TEST_P(masked, others_changes_are_merged_as_ever) {
  draft<gadget> d(seer->get<gadget>(first));
  s->update(ref<gadget>{first}, gadget::words = "secret too", gadget::exact = "b");
  d.set(gadget::whole = 9);
  seer->update(d);
  EXPECT_EQ(s->get<gadget>(first)[gadget::words], "secret too");
  d = draft<gadget>(seer->get<gadget>(first));
  s->update(ref<gadget>{first}, gadget::exact = "c");
  d.set(gadget::exact = "d");
  EXPECT_EQ(outcome([&] { seer->update(d); }), "conflict: exact");
}

TEST_P(masked, history_feed_difference_and_past_do_not_tell) {
  const std::int64_t before = s->sequence();
  s->update(ref<gadget>{first}, gadget::words = "secret too");
  s->update(ref<gadget>{first}, gadget::words = "secret again", gadget::whole = 8);
  const auto life = seer->history(ref<gadget>{first});
  ASSERT_EQ(life.size(), 2u);
  for (const history_entry& h : life) {
    for (const field_change& f : h.fields) EXPECT_NE(f.field->name(), "words");
  }
  const auto sets = seer->changes(before);
  ASSERT_EQ(sets.size(), 1u);
  ASSERT_EQ(sets[0].changes[0].before.size(), 1u);
  EXPECT_EQ(sets[0].changes[0].before[0].field, gadget::whole.number);
  EXPECT_TRUE(seer->difference(before, before + 1).empty());
  const auto changed = seer->difference(before, before + 2);
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_TRUE(changed[0].before["words"].is_null() && changed[0].after["words"].is_null());
  session past = seer->as_of(before);
  EXPECT_FALSE(past.get<gadget>(first).has(gadget::words));
}

}  // namespace
}  // namespace kith::lab
