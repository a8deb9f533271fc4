// SPDX-License-Identifier: Apache-2.0
//
// Rules of a host that write what the session that set them off does not see: they write with full
// rights, in its transaction; it learns nothing of it, not even from what goes wrong.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

class hidden_reactions : public suite {
 protected:
  /// Opens a store with rules, and a session that sees no nodes, no entries and low grades only.
  void with(std::vector<rule> rules) {
    seer.reset();
    crm_options wanted;
    wanted.rules = std::move(rules);
    open(std::move(wanted));
    theirs = s->add(strict::name = "secret", strict::code = "secret", strict::grade = 9).id();
    auto rights = std::make_shared<visibility>();
    rights->only(strict::grade < 5).hide<node>().hide<entry>();
    seer.emplace(base->open_session({.actor = "anna", .sees = rights}));
  }
  static std::string said(const std::function<void()>& call) {
    const auto e = refusal(call);
    return e ? std::string(name_of(e->code())) + ": " + e->message() : "done";
  }
  /// The change sets that a session is shown: how many records each changes.
  static std::string sets(session& of, std::int64_t since) {
    std::string all;
    for (const change_set& set : of.changes(since)) all += std::to_string(set.changes.size()) + " ";
    return all;
  }

  record_id theirs;
  std::optional<session> seer;
};
INSTANTIATE_TEST_SUITE_P(stores, hidden_reactions, ::testing::ValuesIn(backends()),
                         name_of_backend);

TEST_P(hidden_reactions, are_written_and_not_seen) {
  with({react<strict>("log").as([this](rule_context<strict>& c) {
    if (c[strict::grade] > 4) return;
    session& all = c.writer();
    all.add(entry::what = "wrote " + c[strict::name]);
    all.add(node::name = c[strict::name]);
    all.update(ref<strict>{theirs}, strict::brief = c[strict::name]);
  })});
  const std::int64_t before = s->sequence();
  const auto mine = seer->add(strict::name = "one", strict::grade = 1);
  EXPECT_EQ(mine[strict::name], "one");
  seer->update(ref<strict>(mine), strict::name = "two");
  EXPECT_EQ(s->all<entry>().count(), 2u);
  EXPECT_EQ(s->all<node>().count(), 2u);
  EXPECT_EQ(s->get<strict>(theirs)[strict::brief], "two");
  EXPECT_EQ(sets(*s, before), "4 4 ");
  EXPECT_EQ(seer->all<entry>().count(), 0u);
  EXPECT_EQ(seer->all<node>().count(), 0u);
  EXPECT_EQ(seer->all<strict>().count(), 1u);
  EXPECT_FALSE(seer->get_if(ref<strict>{theirs}));
  EXPECT_EQ(sets(*seer, before), "1 1 ") << "of each transaction its own record";
  EXPECT_EQ(seer->history(ref<strict>(mine)).size(), 2u);
}

TEST_P(hidden_reactions, see_everything_in_the_middle_of_a_limited_transaction) {
  std::string log;
  with({react<strict>("count").as([&](rule_context<strict>& c) {
    log += std::to_string(c.writer().all<strict>().count()) + " ";
  })});
  log.clear();
  transaction tx = seer->write();
  seer->add(strict::name = "one", strict::grade = 1);
  EXPECT_EQ(seer->all<strict>().count(), 1u);
  seer->add(strict::name = "two", strict::grade = 2);
  EXPECT_EQ(seer->all<strict>().count(), 2u) << "full sight ends with the rule";
  EXPECT_EQ(log, "2 3 ");
  tx.commit();
}

TEST_P(hidden_reactions, go_back_with_what_set_them_off) {
  with({react<strict>("log").as(
      [](rule_context<strict>& c) { c.writer().add(entry::what = "wrote " + c[strict::name]); })});
  const std::uint64_t entries = s->all<entry>().count();
  EXPECT_EQ(outcome([&] { seer->add(strict::name = "high", strict::grade = 7); }), "denied");
  EXPECT_EQ(s->all<entry>().count(), entries) << "what is denied leaves no trace";
  std::vector<draft<strict>> drafts(3);
  const int grades[] = {1, 8, 2};
  for (std::size_t i = 0; i < 3; ++i) drafts[i].set(strict::name = "n", strict::grade = grades[i]);
  const auto results = seer->add_many<strict>(drafts, batch_mode::per_item);
  ASSERT_EQ(results.size(), 3u);
  EXPECT_TRUE(results[1].refused && results[1].refused->code() == error_code::denied);
  EXPECT_EQ(s->all<entry>().count(), entries + 2);
  {
    transaction tx = seer->write();
    seer->add(strict::name = "taken back", strict::grade = 1);
    tx.rollback();
  }
  EXPECT_EQ(s->all<entry>().count(), entries + 2);
}

TEST_P(hidden_reactions, tell_nothing_when_they_fail) {
  with({react<strict>("fail").as([this](rule_context<strict>& c) {
    if (c[strict::grade] == 2) {
      c.writer().add(strict::name = "n", strict::code = "SECRET", strict::grade = 9);
    }
    if (c[strict::grade] == 3) c.writer().update(ref<strict>{theirs}, strict::grade = 11);
    if (c[strict::grade] == 4) c.writer().add(node::inside = ref<node>{theirs});
  })});
  const std::uint64_t all = s->all<strict>().count();
  for (const int grade : {2, 3, 4}) {
    const std::string text = said([&] { seer->add(strict::name = "n", strict::grade = grade); });
    EXPECT_NE(text, "done") << grade;
    EXPECT_EQ(text.find(std::to_string(theirs.value)), std::string::npos) << text;
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
    EXPECT_EQ(text.find("lab_node"), std::string::npos) << text;
    EXPECT_EQ(text.find("11"), std::string::npos) << text;
  }
  EXPECT_EQ(s->all<strict>().count(), all);
  EXPECT_EQ(outcome([&] { seer->add(strict::name = "n", strict::grade = 1); }), "done");
}

// A rule may take from the session what it wrote: as with a record that is handed over.
TEST_P(hidden_reactions, may_hand_over_what_was_written) {
  with({react<strict>("up").reads(strict::brief).as([](rule_context<strict>& c) {
    if (c[strict::brief] == "up") c.writer().update(c.self(), strict::grade = 9);
  })});
  const auto mine = seer->add(strict::name = "n", strict::grade = 1);
  EXPECT_EQ(outcome([&] { seer->update(ref<strict>(mine), strict::brief = "up"); }), "done");
  EXPECT_FALSE(seer->get_if(ref<strict>(mine)));
  EXPECT_EQ(s->get(ref<strict>(mine))[strict::grade], 9);
  EXPECT_EQ(
      outcome([&] { seer->add(strict::name = "m", strict::grade = 1, strict::brief = "up"); }),
      "denied")
      << "what is added must be seen afterwards";
}

}  // namespace
}  // namespace kith::lab
