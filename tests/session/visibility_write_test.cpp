// SPDX-License-Identifier: Apache-2.0
//
// What a session with limited sight writes, and what the errors that it gets do not say.
#include <gtest/gtest.h>

#include "kith/exchange/csv.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

using kith::client;

class limited_writes : public suite {
 protected:
  void SetUp() override {
    mine = s->add(strict::name = "mine", strict::code = "a", strict::grade = 1).id();
    theirs = s->add(strict::name = "secret", strict::code = "secret", strict::grade = 9).id();
    auto rights = std::make_shared<visibility>();
    rights->only(strict::grade < 5).read_only<entry>().only("lab_link", "name like 'a%'");
    seer.emplace(base->open_session({.actor = "anna", .sees = rights}));
  }
  static std::string said(const std::function<void()>& call) {
    const auto e = refusal(call);
    return e ? std::string(name_of(e->code())) + ": " + e->message() : "done";
  }
  std::string none_such(const char* what, record_id id) {
    return "not_found: there is no " + std::string(what) + " " + std::to_string(id.value);
  }

  record_id mine, theirs;
  std::optional<session> seer;
};
INSTANTIATE_TEST_SUITE_P(stores, limited_writes, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(limited_writes, a_hidden_record_is_not_there_to_be_changed) {
  const ref<strict> hidden{theirs};
  const std::string none = none_such("lab_strict", theirs);
  EXPECT_EQ(said([&] { seer->update(hidden, strict::brief = "x"); }), none);
  EXPECT_EQ(said([&] { seer->remove(hidden); }), none);
  EXPECT_EQ(said([&] { seer->restore(hidden); }), none);
  draft<strict> d(s->get(hidden));
  d.set(strict::brief = "x");
  EXPECT_EQ(said([&] { seer->check(entity("lab_strict"), d); }), none);
  EXPECT_EQ(seer->all<strict>().remove(), 1u);
  EXPECT_EQ(s->all<strict>().count(), 1u);
}

TEST_P(limited_writes, what_is_added_is_seen_afterwards) {
  EXPECT_EQ(outcome([&] { seer->add(strict::name = "n", strict::grade = 2); }), "done");
  EXPECT_EQ(outcome([&] { seer->add(strict::name = "n", strict::grade = 7); }), "denied");
  EXPECT_EQ(outcome([&] { seer->add(strict::name = "n"); }), "denied");
  EXPECT_EQ(s->all<strict>().count(), 3u);
  transaction tx = seer->write();
  EXPECT_EQ(outcome([&] { seer->add(strict::name = "n", strict::grade = 7); }), "denied");
  seer->add(strict::name = "m", strict::grade = 3);
  tx.commit();
  EXPECT_EQ(s->all<strict>().count(), 4u);
}

TEST_P(limited_writes, of_a_batch_are_denied_one_by_one) {
  const int grades[] = {1, 7, 2, 9};
  std::vector<draft<strict>> drafts(5);
  for (std::size_t i = 0; i < 4; ++i) drafts[i].set(strict::name = "n", strict::grade = grades[i]);
  drafts[4].set(strict::grade = 3);  // no name
  std::string answers;
  for (const item_result& r : seer->add_many<strict>(drafts, batch_mode::per_item)) {
    answers += r.refused ? std::string(name_of(r.refused->code())) + " " : "done ";
  }
  EXPECT_EQ(answers, "done denied done denied invalid ");
  EXPECT_EQ(s->all<strict>().count(), 4u);
  const auto e = refusal([&] { seer->add_many<strict>(drafts); });
  ASSERT_TRUE(e);
  EXPECT_EQ(name_of(e->code()), "denied");
  EXPECT_EQ(e->item(), 1u);
  EXPECT_EQ(s->all<strict>().count(), 4u) << "all or nothing";
}

TEST_P(limited_writes, a_record_may_be_handed_over) {
  const auto given = seer->update(ref<strict>{mine}, strict::grade = 8);
  EXPECT_EQ(given[strict::grade], 8);
  EXPECT_FALSE(seer->get_if(ref<strict>{mine}));
  EXPECT_EQ(s->get<strict>(mine)[strict::grade], 8);
}

TEST_P(limited_writes, a_hidden_reference_is_none_and_stays) {
  const std::string unknown = std::to_string(theirs.value + 4096);
  const auto text = [&](record_id id) {
    std::string all = said([&] {
      seer->add(strict::name = "n", strict::grade = 1, strict::parent = ref<strict>{id});
    });
    const std::string shown = std::to_string(id.value);
    for (auto at = all.find(shown); at != std::string::npos; at = all.find(shown)) {
      all.replace(at, shown.size(), "#");
    }
    return all;
  };
  EXPECT_EQ(text(theirs), text({theirs.value + 4096}));
  EXPECT_EQ(text(theirs),
            "invalid: lab_strict.parent: '#' is not the id of a lab_strict; add it first");
  s->update(ref<strict>{mine}, strict::parent = ref<strict>{theirs});
  draft<strict> d(seer->get<strict>(mine));
  EXPECT_FALSE(d.base()->has(strict::parent.slot()));
  d.set(strict::parent = none, strict::brief = "b");
  seer->update(d);
  EXPECT_EQ(s->get<strict>(mine)[strict::parent].id, theirs);
  EXPECT_EQ(s->get<strict>(mine)[strict::brief], "b");
  draft<strict> next(seer->get<strict>(mine));
  next.set(strict::parent = ref<strict>{mine});
  EXPECT_EQ(outcome([&] { seer->update(next); }), "invalid: parent acyclic");
  seer->update(ref<strict>{mine}, strict::parent = none);  // without a base it is meant
  EXPECT_FALSE(s->get<strict>(mine).has(strict::parent));
}

TEST_P(limited_writes, a_hidden_reference_is_not_told_by_guessing) {
  s->update(ref<strict>{mine}, strict::parent = ref<strict>{theirs});
  s->update(ref<strict>{mine}, strict::topic = any_ref{entity("lab_strict").number, theirs});
  for (const record_id guess : {theirs, record_id{theirs.value + 4096}}) {
    EXPECT_EQ(
        outcome([&] { seer->update(ref<strict>{mine}, strict::parent = ref<strict>{guess}); }),
        "invalid: parent reference");
    draft<strict> d;
    d.set(strict::topic = any_ref{entity("lab_strict").number, guess});
    EXPECT_EQ(outcome([&] { seer->update_row(entity("lab_strict"), mine, d); }),
              "invalid: topic reference");
    draft<strict> trial(seer->get<strict>(mine));
    trial.set(strict::parent = ref<strict>{guess});
    EXPECT_EQ(shown(seer->check(entity("lab_strict"), trial)), "parent reference");
  }
  EXPECT_EQ(s->get<strict>(mine)[strict::parent].id, theirs);
}

TEST_P(limited_writes, a_taken_value_names_nobody) {
  const std::string text =
      said([&] { seer->add(strict::name = "n", strict::grade = 1, strict::code = "SECRET"); });
  EXPECT_EQ(text, "exists: a lab_strict that you do not see has the same code; give another value");
  const auto e = refusal([&] { seer->update(ref<strict>{mine}, strict::code = "secret"); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->record(), 0);
  EXPECT_EQ(said([&] { seer->add(strict::name = "n", strict::grade = 1, strict::code = "a"); }),
            "exists: the lab_strict " + std::to_string(mine.value) +
                " has the same code 'a'; change one of them, or update that record");
}

TEST_P(limited_writes, an_import_finds_only_what_is_seen) {
  std::string_view rest = "name,code,grade\nnew,a,2\nintruder,secret,1\ntoo high,b,8\n";
  const auto bytes = [&](char* to, std::size_t room) {
    const std::size_t n = rest.copy(to, room);
    rest.remove_prefix(n);
    return n;
  };
  import_result r;
  const auto refused =
      refusal([&] { r = import_csv(*seer, bytes, {.entity = "lab_strict", .match = {"code"}}); });
  if (refused) {
    EXPECT_EQ(refused->code(), error_code::denied) << refused->message();
    EXPECT_EQ(refused->message().find("secret"), std::string::npos) << refused->message();
    return;
  }
  EXPECT_EQ(r.updated, 1u);
  EXPECT_EQ(r.inserted, 0u);
  ASSERT_EQ(r.errors.size(), 2u);
  EXPECT_NE(r.errors[0].message.find("that you do not see"), std::string::npos)
      << r.errors[0].message;
  EXPECT_EQ(r.errors[0].message.find(std::to_string(theirs.value)), std::string::npos);
  EXPECT_EQ(s->get<strict>(theirs)[strict::name], "secret");
}

TEST_P(limited_writes, who_refers_to_it_is_not_named) {
  const record_id n = seer->add(node::name = "n").id();
  const record_id a = s->add(link::name = "a", link::holds = ref<node>{n}).id();
  s->add(link::name = "secret", link::holds = ref<node>{n});
  std::string text = said([&] { seer->remove(ref<node>{n}); });
  EXPECT_NE(text.find("(" + std::to_string(a.value) + ")"), std::string::npos) << text;
  s->remove(ref<link>{a});
  EXPECT_EQ(said([&] { seer->remove(ref<node>{n}); }),
            "invalid: lab_node: is still named by records you do not see; ask somebody who sees "
            "them");
}

TEST_P(limited_writes, deleting_takes_hidden_records_along) {
  const record_id n = s->add(node::name = "n").id();
  const record_id l = s->add(link::name = "secret", link::follows = ref<node>{n}).id();
  seer->remove(ref<node>{n});
  EXPECT_TRUE(s->get<link>(l).deleted());
  seer->restore(ref<node>{n});
  EXPECT_FALSE(s->get<link>(l).deleted());
}

TEST_P(limited_writes, some_things_need_full_sight) {
  const struct {
    const char* what;
    std::function<void(session&)> act;
  } table[] = {
      {"undo", [](session& x) { x.undo(1); }},
      {"undo_batch", [](session& x) { x.undo_batch({1}); }},
      {"trim", [](session& x) { x.trim(instant{}); }},
      {"consume", [](session& x) { x.consume("mirror", 1); }},
      {"add_field", [](session& x) { x.add_field("clients", {.name = "x_a"}); }},
      {"add_entity", [](session& x) { x.add_entity({.name = "x_b", .plural = "x_bs"}); }},
      {"retire_field", [](session& x) { x.retire_field("clients", "x_a"); }},
      {"add to what is only read", [](session& x) { x.add(entry::what = "w"); }},
  };
  for (const auto& row : table) {
    const auto e = refusal([&] { row.act(*seer); });
    EXPECT_TRUE(e && e->code() == error_code::denied) << row.what;
  }
}

}  // namespace
}  // namespace kith::lab
