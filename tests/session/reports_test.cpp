// SPDX-License-Identifier: Apache-2.0
//
// Reports: arguments are checked like those of actions, one instant is read, nothing is written.
// And the descriptions of actions and reports: what contradicts itself is refused at opening.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "suite.hpp"
#include "verbs.hpp"

namespace kith::lab {
namespace {

using json = nlohmann::json;

class reports : public suite {
 protected:
  reports() : suite({.actions = own_actions(), .reports = own_reports()}) {
    acme = s->add(client::name = "Acme");
    s->add(strict::name = "a", strict::grade = 3, strict::buyer = acme);
    s->add(strict::name = "b", strict::grade = 7);
  }
  static std::string shown(const table& t) {
    std::string text;
    for (const auto& row : t.rows) {
      text += text.empty() ? "" : "; ";
      for (std::size_t i = 0; i < row.size(); ++i) text += (i ? " " : "") + row[i].to_string();
    }
    return text;
  }
  table asked(std::function<table(session&)> what) {
    asked_report::what = std::move(what);
    return s->report<asked_report>();
  }
  void TearDown() override { asked_report::what = nullptr; }
  record<client> acme;
};
INSTANTIATE_TEST_SUITE_P(stores, reports, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(reports, answer_by_their_arguments) {
  EXPECT_EQ(shown(s->report<grades_report>()), "a 3; b 7");
  EXPECT_EQ(shown(s->report<grades_report>(grades_report::least = 4)), "b 7");
  EXPECT_EQ(shown(s->report<grades_report>(grades_report::buyer = acme)), "a 3");
}

TEST_P(reports, refuse_what_is_wrong_at_once) {
  EXPECT_EQ(outcome([&] {
              s->report<grades_report>(grades_report::least = -1,
                                       grades_report::buyer = ref<client>{7});
            }),
            "invalid: least integer, buyer reference");
  EXPECT_EQ(outcome([&] { s->report<grades_report>(grades_report::least = none); }),
            "invalid: least required");
}

TEST_P(reports, read_what_the_open_transaction_wrote) {
  transaction tx = s->write();
  s->add(strict::name = "c", strict::grade = 9);
  EXPECT_EQ(shown(s->report<grades_report>()), "a 3; b 7; c 9");
}

TEST_P(reports, read_the_past) {
  session past = s->as_of(s->sequence());
  s->add(strict::name = "c", strict::grade = 9);
  EXPECT_EQ(shown(past.report<grades_report>()), "a 3; b 7");
}

TEST_P(reports, write_nothing) {
  const auto writes = [](session& of) {
    of.add(entry::what = "no");
    return table{};
  };
  EXPECT_EQ(outcome([&] { asked(writes); }), "read_only");
  transaction tx = s->write();
  EXPECT_EQ(outcome([&] { asked(writes); }), "read_only") << "nor inside one that does";
  EXPECT_EQ(outcome([&] {
              asked([](session& of) {
                of.write();
                return table{};
              });
            }),
            "read_only");
  s->add(entry::what = "yes");
  tx.commit();
  EXPECT_EQ(s->all<entry>().count(), 1u);
}

TEST_P(reports, are_of_one_instant) {
  if (!base->can().parallel_reads) GTEST_SKIP() << "writers wait for readers";
  session other = base->open_session();
  std::uint64_t before = 0, after = 0;
  asked([&](session& of) {
    before = of.all<strict>().count();
    other.add(strict::name = "c", strict::grade = 9);
    after = of.all<strict>().count();
    return table{};
  });
  EXPECT_EQ(before, 2u);
  EXPECT_EQ(after, 2u);
  EXPECT_EQ(s->all<strict>().count(), 3u);
}

TEST_P(reports, see_what_their_session_sees) {
  auto rights = std::make_shared<visibility>();
  rights->only("lab_strict", "name != 'a'").hide("clients");
  session limited = base->open_session({.sees = rights});
  EXPECT_EQ(shown(limited.report<grades_report>()), "b 7");
  EXPECT_EQ(outcome([&] { limited.report<grades_report>(grades_report::buyer = acme); }),
            "invalid: buyer reference");
}

TEST_P(reports, are_drawn) {
  const table t = s->report<grades_report>();
  const json chart = json::parse(chart_of(s->model()->report("grades"), t));
  EXPECT_EQ(chart["mark"], "bar");
  EXPECT_EQ(chart["data"]["values"],
            json::parse(R"([{"name": "a", "grade": 3}, {"name": "b", "grade": 7}])"));
  EXPECT_EQ(chart["encoding"]["x"]["field"], "name");
  EXPECT_EQ(chart["encoding"]["y"]["type"], "quantitative");
  EXPECT_EQ(outcome([&] { (void)chart_of(s->model()->report("asked"), t); }), "unsupported");
  const table other{{{"name", kind_id::text, {}}}, {}};
  EXPECT_EQ(outcome([&] { (void)chart_of(s->model()->report("grades"), other); }), "not_found");
}

// ---------------------------------------------------------------------------------------- look-up

TEST_P(reports, and_actions_are_found_by_name_and_number) {
  const model& m = *s->model();
  EXPECT_EQ(&m.action("lab_stricts", "regrade"), &m.action("lab_strict", "regrade"));
  EXPECT_EQ(m.find_action(m.action("lab_strict", "regrade").arguments.number),
            &m.action("lab_strict", "regrade"));
  EXPECT_EQ(m.find_report(m.report("grades").arguments.number), &m.report("grades"));
  EXPECT_EQ(m.find_action(1), nullptr);
  EXPECT_EQ(m.find_report(first_action_number), nullptr);
  EXPECT_EQ(m.action("deals", "win").arguments.number, first_action_number + 1);
  EXPECT_GE(m.report("grades").arguments.number, first_report_number + 1024);
  EXPECT_EQ(m.action("deals", "win").arguments.name(), "deal.win");
  for (std::size_t i = 1; i < m.actions().size(); ++i) {
    EXPECT_LT(m.actions()[i - 1]->arguments.number, m.actions()[i]->arguments.number);
  }
}

TEST_P(reports, and_actions_that_are_not_there_have_near_names) {
  const auto message = [](auto call) { return refusal(call).value().message(); };
  const model& m = *s->model();
  EXPECT_EQ(message([&] { (void)m.action("lab_strict", "regrad"); }),
            "lab_strict has no action 'regrad'; did you mean regrade?");
  EXPECT_EQ(message([&] { (void)m.action("sales_order", "bill"); }),
            "sales_order has no action 'bill'; there are confirm, ship, cancel");
  EXPECT_EQ(message([&] { (void)m.action("lab_node", "win"); }), "lab_node has no action 'win'");
  EXPECT_EQ(outcome([&] { (void)m.action("deels", "win"); }), "not_found");
  EXPECT_EQ(message([&] { (void)m.report("grade"); }),
            "there is no report 'grade'; did you mean grades?");
}

// ----------------------------------------------------------------------------------- descriptions

// Builds a model with one action on lab_strict, or one report, and says what is against it.
std::string built(const action_def& about, std::span<const field_def* const> fields,
                  std::string_view on = "lab_strict") {
  model::source from{all_entities(), {}, 0};
  from.actions = own_actions();
  from.actions.push_back({0, 0, on, &about, fields, [](action_scope&) {}});
  try {
    (void)model::build(std::move(from));
  } catch (const error& e) {
    EXPECT_EQ(e.code(), error_code::model);
    return e.message();
  }
  return "built";
}

std::string built(const report_def& about) {
  model::source from{all_entities(), {}, 0};
  from.reports = own_reports();
  from.reports.push_back({0, &about, {}, [](report_scope&) { return table{}; }});
  try {
    (void)model::build(std::move(from));
  } catch (const error& e) {
    EXPECT_EQ(e.code(), error_code::model);
    return e.message();
  }
  return "built";
}

TEST(descriptions_of_actions, name_a_verb) {
  const auto named = [](std::string_view name) { return built(action_def{.name = name}, {}); };
  for (const char* good : {"paint", "move", "win", "ship", "go_home"}) {
    EXPECT_EQ(named(good), "built") << good;
  }
  for (const char* taken : {"", "Paint", "get", "add", "where", "delete", "update", "restore",
                            "find", "count", "remove", "history", "class", "lambda", "text"}) {
    EXPECT_NE(named(taken).find("has a name that"), std::string::npos) << taken;
  }
  EXPECT_EQ(named("regrade"), "two actions are called lab_strict.regrade");
  EXPECT_EQ(named("grade"),
            "the action lab_strict.grade has the name of a field of lab_strict; take a verb");
}

TEST(descriptions_of_actions, have_an_entity) {
  EXPECT_EQ(built(action_def{.name = "win"}, {}, "client"), "built");
  EXPECT_EQ(built(action_def{.name = "win"}, {}, "clint"),
            "the action win is of the entity 'clint', which this store does not have; did you "
            "mean client?");
}

TEST(descriptions_of_actions, have_numbers_of_their_own) {
  EXPECT_EQ(built(action_def{.id = 7, .name = "paint"}, {}), "built");
  EXPECT_EQ(built(action_def{.id = 1024, .name = "paint"}, {}),
            "lab_strict.paint has the id 1024; ids are below 1024, or 0 for one of your own");
  model::source from{all_entities(), {}, 0};
  static constexpr action_def one{.id = 7, .name = "one"}, two{.id = 7, .name = "two"};
  for (const action_def* about : {&one, &two}) {
    from.actions.push_back({0, 0, "lab_strict", about, {}, [](action_scope&) {}});
  }
  const auto e = refusal([&] { (void)model::build(from); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->message(), "the actions lab_strict.one and lab_strict.two have one number");
}

TEST(descriptions_of_actions, have_arguments_that_live_as_long_as_the_call) {
  const auto with = [](std::string_view name, auto change) {
    field_def f;
    f.number = 1;
    f.name = name;
    change(f);
    const field_def* const fields[] = {&f};
    return built(action_def{.name = "paint"}, fields);
  };
  const auto named = [&](std::string_view name) { return with(name, [](field_def&) {}); };
  EXPECT_EQ(named("shade"), "built");
  EXPECT_EQ(named("by"), "built") << "SQL never sees it";
  for (const char* taken : {"reason", "subject", "class", "lambda", "date", "Shade"}) {
    EXPECT_NE(named(taken).find("has a name that"), std::string::npos) << taken;
  }
  EXPECT_NE(with("shade", [](field_def& f) { f.unique = true; }).find("is not stored"),
            std::string::npos);
  EXPECT_NE(with("shade", [](field_def& f) { f.set_once = true; }).find("is not stored"),
            std::string::npos);
  EXPECT_NE(with("who",
                 [](field_def& f) {
                   f.kind = kind_id::ref;
                   f.target_name = "nobody";
                 })
                .find("refers to an entity that this store does not have"),
            std::string::npos);
}

TEST(descriptions_of_reports, name_a_noun) {
  EXPECT_EQ(built(report_def{.name = "paint"}), "built");
  EXPECT_EQ(built(report_def{.name = "grades"}), "two reports are called grades");
  EXPECT_NE(built(report_def{.name = "class"}).find("has a name that"), std::string::npos);
}

TEST(descriptions_of_actions, are_no_part_of_the_layout) {
  model::source plain{all_entities(), {}, 0};
  model::source more = plain;
  more.actions = own_actions();
  more.reports = own_reports();
  EXPECT_EQ(model::build(plain)->layout_hash(), model::build(more)->layout_hash());
}

}  // namespace
}  // namespace kith::lab
