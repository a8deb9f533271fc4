// SPDX-License-Identifier: Apache-2.0
//
// What a session with limited sight reads: a hidden record is as good as absent on every path. Each
// table names a way to ask and what a person sees who sees only her own.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

using kith::client;

class visible : public suite {
 protected:
  void SetUp() override {
    anna = s->add(user::name = "Anna", user::login = "anna").id();
    boris = s->add(user::name = "Boris", user::login = "boris").id();
    mine = s->add(client::name = "Mine", client::owner = ref<user>{anna}, client::employees = 3,
                  client::city = "Омск", client::tax_id = "1")
               .id();
    theirs = s->add(client::name = "Secret", client::owner = ref<user>{boris},
                    client::employees = 40, client::city = "Омск", client::tax_id = "2")
                 .id();
    branch = s->add(client::name = "Branch", client::owner = ref<user>{anna},
                    client::parent = ref<client>{theirs}, client::employees = 5)
                 .id();
    other_branch = s->add(client::name = "Secret branch", client::owner = ref<user>{boris},
                          client::parent = ref<client>{mine}, client::employees = 600)
                       .id();
    auto rights = std::make_shared<visibility>();
    rights->only(client::owner == ref<user>{anna});
    seer.emplace(base->open_session({.actor = "anna", .sees = rights}));
  }
  session limited(std::shared_ptr<const visibility> rights) {
    return base->open_session({.actor = "anna", .sees = std::move(rights)});
  }
  static std::string names(const std::vector<any_record>& all) {
    std::string text;
    for (const any_record& r : all) text += (text.empty() ? "" : ", ") + r["name"].to_string();
    return text;
  }
  std::string found(session& by, std::string_view text) {
    return names(by.query("clients", text).all());
  }

  record_id anna, boris, mine, theirs, branch, other_branch;
  std::optional<session> seer;
};
INSTANTIATE_TEST_SUITE_P(stores, visible, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(visible, questions_find_what_is_seen) {
  const struct {
    const char* text;
    const char* found;
  } table[] = {
      {"", "Mine, Branch"},
      {"name = 'secret'", ""},
      {"city = 'Омск'", "Mine"},
      {"order by name", "Branch, Mine"},
      {"order by employees desc limit 1", "Branch"},
      {"parent is null", "Mine, Branch"},
      {"parent.name = 'Secret'", ""},
      {"parent.name is null", "Mine, Branch"},
      {"parent.employees > 1", ""},
      {"count(branches) = 0", "Mine, Branch"},
      {"exists(branches where employees > 5)", ""},
      {"coalesce(sum(branches.employees), 0) = 0", "Mine, Branch"},
      {"owner.name = 'Anna'", "Mine, Branch"},
      {"owner.name = 'Boris'", ""},
      {"order by parent.name desc, name", "Branch, Mine"},
      {"count(branches where employees * 1000000000000000000 > 0) = 0", "Mine, Branch"},
  };
  for (const auto& row : table) EXPECT_EQ(found(*seer, row.text), row.found) << row.text;
}

TEST_P(visible, a_hidden_record_is_not_there) {
  const record_id none_such{theirs.value + 4096};
  const auto text_of = [&](record_id id) {
    return refusal([&] { seer->get<client>(id); })->message();
  };
  EXPECT_EQ(text_of(theirs), "there is no client " + std::to_string(theirs.value));
  EXPECT_EQ(text_of(none_such), "there is no client " + std::to_string(none_such.value));
  EXPECT_FALSE(seer->get_if(ref<client>{theirs}));
  EXPECT_TRUE(seer->get_if(ref<client>{mine}));
  EXPECT_FALSE(seer->find_one(client::tax_id, "2"));
  EXPECT_TRUE(seer->find_one(client::tax_id, "1"));
  EXPECT_FALSE(seer->find_natural(entity("client"), "Secret"));
  EXPECT_TRUE(seer->find_natural(entity("client"), "Mine"));
}

TEST_P(visible, a_masked_natural_key_finds_nothing) {
  auto rights = std::make_shared<visibility>();
  rights->mask(client::tax_id);
  session of = limited(rights);
  EXPECT_TRUE(of.find_natural(entity("client"), "Mine"));
  EXPECT_FALSE(of.find_natural(entity("client"), "1"));
  auto fewer = std::make_shared<visibility>();
  fewer->mask(client::tax_id).mask(client::name);
  session other = limited(fewer);
  EXPECT_EQ(outcome([&] { other.find_natural(entity("client"), "Mine"); }), "denied: name");
}

TEST_P(visible, references_to_hidden_records_are_null) {
  const record<client> r = seer->get<client>(branch);
  EXPECT_FALSE(r.has(client::parent));
  EXPECT_TRUE(seer->value_of(r, client::parent / client::name).is_null());
  EXPECT_EQ(seer->compute(entity("client"), seer->get<client>(mine).row(),
                          parse_expression(*seer->model(), entity("client"), "count(branches)"))
                .as<std::int64_t>(),
            0);
  for (const auto& [parent] : seer->all<client>().columns(client::parent)) EXPECT_FALSE(parent);
  const table t =
      seer->query("clients", "order by name").select({{"p", "parent"}, {"n", "parent.name"}});
  for (const auto& row : t.rows) EXPECT_TRUE(row[0].is_null() && row[1].is_null());
}

TEST_P(visible, counts_sums_and_pages_are_of_what_is_seen) {
  EXPECT_EQ(seer->all<client>().count(), 2u);
  EXPECT_FALSE(seer->query("clients", "employees > 100").exists());
  const table t =
      seer->query("clients", "")
          .aggregate({{"parent", "parent.name"}}, {{"n", "count()"}, {"e", "sum(employees)"}});
  ASSERT_EQ(t.rows.size(), 1u);
  EXPECT_EQ(t.at(0, "n").to_string() + " " + t.at(0, "e").to_string(), "2 8");
  const auto first = seer->query("clients", "order by name").page(1);
  ASSERT_EQ(first.records.size(), 1u);
  const auto second = seer->query("clients", "order by name").after(first.next).page(1);
  EXPECT_EQ(names(first.records) + ", " + names(second.records), "Branch, Mine");
  EXPECT_TRUE(second.next.empty());
}

TEST_P(visible, what_the_engine_keeps_is_hidden) {
  EXPECT_EQ(seer->query("change_sets", "").count(), 0u);
  EXPECT_EQ(outcome([&] { limited(std::make_shared<visibility>()).get("change_set", {1}); }),
            "not_found");
}

TEST_P(visible, permissions_add_up_and_restrictions_hold_all) {
  const struct {
    const char* rules;
    std::function<void(visibility&)> make;
    const char* seen;
  } table[] = {
      {"nothing", [](visibility&) {}, "Mine, Secret, Branch, Secret branch"},
      {"hide", [](visibility& v) { v.hide<client>(); }, ""},
      {"two restrictions",
       [](visibility& v) { v.only("client", "employees > 3").only(client::employees < 100); },
       "Secret, Branch"},
      {"two permissions",
       [](visibility& v) {
         v.permit("client", "employees = ?", {3}).permit("client", "name = 'branch'");
       },
       "Mine, Branch"},
      {"both",
       [](visibility& v) {
         v.permit("client", "employees = 3")
             .permit("client", "employees = 5")
             .only("client", "city is null");
       },
       "Branch"},
      {"along a path", [](visibility& v) { v.only("client", "owner.name = :who", {}); }, "?"},
      {"others", [](visibility& v) { v.only("clients", "exists(branches)"); }, "Mine, Secret"},
      {"by day", [](visibility& v) { v.only("client", "created > now() - 1d"); },
       "Mine, Secret, Branch, Secret branch"},
  };
  for (const auto& row : table) {
    auto rights = std::make_shared<visibility>();
    row.make(*rights);
    if (std::string_view(row.seen) == "?") {
      EXPECT_EQ(outcome([&] { limited(rights); }), "query") << row.rules;
      continue;
    }
    session of = limited(rights);
    EXPECT_EQ(found(of, ""), row.seen) << row.rules;
    EXPECT_EQ(of.all<client>().count(), found(of, "").empty() ? 0u : of.all<client>().all().size());
  }
  auto few = std::make_shared<visibility>(visibility::others::hidden);
  few->show<client>();
  session of = limited(few);
  EXPECT_EQ(found(of, "owner is null"), "Mine, Secret, Branch, Secret branch");
  EXPECT_EQ(of.all<user>().count(), 0u);
}

TEST_P(visible, rules_that_ask_for_the_time_are_read_anew) {
  auto rights = std::make_shared<visibility>();
  rights->only("client", "created > now() - 1d").only("user", "created > now() - 1d");
  session of = limited(rights);
  const auto groups = [&] {
    return of.query("clients", "owner.name is not null or parent.name is not null")
        .aggregate({{"o", "owner.name"}}, {{"n", "count()"}}, "n > 0")
        .rows.size();
  };
  EXPECT_EQ(groups(), 2u);
  clock->advance(duration::of_days(2));
  EXPECT_EQ(groups(), 0u);
  s->add(user::name = "Clara", user::login = "clara");
  EXPECT_EQ(of.all<user>().count(), 1u);
}

TEST_P(visible, rules_that_do_not_fit_are_said_when_a_session_is_opened) {
  const struct {
    std::function<void(visibility&)> make;
    const char* said;
  } table[] = {
      {[](visibility& v) { v.hide("clints"); }, "not_found"},
      {[](visibility& v) { v.only("client", "nam = 'x'"); }, "query"},
      {[](visibility& v) { v.only("client", "name"); }, "query"},
      {[](visibility& v) { v.only("client", "name = ?"); }, "query"},
      {[](visibility& v) { v.mask("client", "nam"); }, "not_found: nam"},
      {[](visibility& v) { v.mask("client", "city"); }, "model: address"},
      {[](visibility& v) { v.show("change_set"); }, "denied"},
  };
  for (const auto& row : table) {
    auto rights = std::make_shared<visibility>();
    row.make(*rights);
    EXPECT_EQ(outcome([&] { limited(rights); }), row.said);
  }
}

TEST_P(visible, history_feed_and_difference_leave_it_out) {
  const std::int64_t before = s->sequence();
  s->update(ref<client>{theirs}, client::note = "secret");
  s->update(ref<client>{branch}, client::parent = ref<client>{mine});
  EXPECT_EQ(outcome([&] { seer->history(ref<client>{theirs}); }), "not_found");
  const auto life = seer->history(ref<client>{branch});
  ASSERT_EQ(life.size(), 2u);
  ASSERT_EQ(life[0].fields.size(), 1u);
  EXPECT_TRUE(life[0].fields[0].before.is_null());
  EXPECT_FALSE(life[0].fields[0].after.is_null());
  const auto sets = seer->changes(before);
  ASSERT_EQ(sets.size(), 1u);
  EXPECT_EQ(sets[0].changes.size(), 1u);
  EXPECT_TRUE(sets[0].changes[0].before[0].before.view().is_null());
  const auto changed = seer->difference(before, s->sequence());
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].after.id(), branch);
}

TEST_P(visible, the_past_is_seen_with_the_rights_of_now) {
  const std::int64_t before = s->sequence();
  s->update(ref<client>{mine}, client::owner = ref<user>{boris}, client::name = "Given away");
  s->update(ref<client>{theirs}, client::owner = ref<user>{anna}, client::name = "Taken over");
  session past = seer->as_of(before);
  EXPECT_EQ(found(past, ""), "Secret, Branch");
  EXPECT_EQ(found(past, "parent.name = 'Secret'"), "Branch");
  EXPECT_EQ(past.all<client>().count(), 2u);
  EXPECT_FALSE(past.get_if(ref<client>{mine}));
}

}  // namespace
}  // namespace kith::lab
