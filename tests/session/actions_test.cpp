// SPDX-License-Identifier: Apache-2.0
//
// Actions: their arguments are refused all at once, their writes are all or nothing, and what the
// session may not see they do not know.
#include <gtest/gtest.h>

#include "suite.hpp"
#include "verbs.hpp"

namespace kith::lab {
namespace {

class actions : public suite {
 protected:
  actions() : suite({.actions = own_actions(), .reports = own_reports()}) {
    acme = s->add(client::name = "Acme");
    it = s->add(strict::name = "it", strict::grade = 5);
  }
  record<strict> now() { return s->get<strict>(it.id()); }
  std::int64_t grade() { return now()[strict::grade]; }
  std::uint64_t entries() { return s->all<entry>().count(); }
  const action_type& action(std::string_view name) {
    return s->model()->action("lab_strict", name);
  }
  /// Arguments as text, as a machine would give them.
  std::string called(std::string_view name,
                     std::initializer_list<std::pair<const char*, const char*>> given) {
    return outcome([&] {
      any_draft d;
      for (const auto& [field, text] : given) put_text(d, action(name).arguments, field, text);
      s->call(action(name), it.id(), d);
    });
  }
  any_record call(std::string_view name, transaction_options how = {}) {
    any_draft nothing;
    return s->call(action(name), it.id(), nothing, std::move(how));
  }
  void act(std::function<void(action_context<anything_at_all>&)> what) {
    anything_at_all::what = std::move(what);
  }
  void TearDown() override { anything_at_all::what = nullptr; }

  record<client> acme;
  record<strict> it;
};
INSTANTIATE_TEST_SUITE_P(stores, actions, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(actions, change_their_subject_and_answer_it) {
  const record<strict> after =
      s->call<grade_strict>(it, grade_strict::grade = 7, grade_strict::buyer = acme).as<strict>();
  EXPECT_EQ(after[strict::grade], 7);
  EXPECT_EQ(after[strict::buyer], acme);
  EXPECT_EQ(after.revision(), s->sequence()) << "as it is afterwards";
  EXPECT_EQ(grade(), 7);
  EXPECT_FALSE(s->in_transaction());
}

TEST_P(actions, fill_in_what_was_not_given) {
  s->call<grade_strict>(it, grade_strict::grade = 7);
  EXPECT_EQ(now()[strict::day], date(2026, 3, 2)) << "today";
  EXPECT_FALSE(now().has(strict::code)) << "green";
  s->call<grade_strict>(it, grade_strict::grade = 7, grade_strict::shade = colour::blue,
                        grade_strict::day = date(2026, 1, 1));
  EXPECT_EQ(now()[strict::day], date(2026, 1, 1));
  EXPECT_EQ(now()[strict::code], "blue");
}

TEST_P(actions, refuse_all_that_is_wrong_at_once) {
  const std::string gone = std::to_string(it.id().value + 4096);
  const std::string client_id = std::to_string(acme.id().value);
  const struct {
    std::initializer_list<std::pair<const char*, const char*>> given;
    const char* outcome;
  } table[] = {
      {{}, "invalid: grade required"},
      {{{"grade", "11"}}, "invalid: grade integer"},
      {{{"grade", "0"}}, "invalid: grade integer"},
      {{{"brief", "longer"}}, "invalid: grade required, brief text"},
      {{{"grade", "10"}, {"brief", "short"}}, "done"},
      {{{"grade", "3"}, {"buyer", gone.c_str()}}, "invalid: buyer reference"},
      {{{"grade", "12"}, {"buyer", gone.c_str()}, {"brief", "longer"}},
       "invalid: grade integer, buyer reference, brief text"},
      {{{"grade", "3"}, {"buyer", client_id.c_str()}}, "done"},
  };
  for (const auto& row : table) EXPECT_EQ(called("regrade", row.given), row.outcome);
  EXPECT_EQ(grade(), 3) << "of the last one that was taken";
}

TEST_P(actions, say_what_would_be_right) {
  any_draft d;
  const auto e = refusal([&] { s->call(action("regrade"), it.id(), d); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->message(), "lab_strict.regrade.grade: is required; give a value that is not empty");
  EXPECT_EQ(e->entity(), "lab_strict.regrade");
}

TEST_P(actions, refuse_what_is_not_an_argument) {
  any_draft wide;
  wide.put(60, cell::integer(1));
  EXPECT_EQ(outcome([&] { s->call(action("regrade"), it.id(), wide); }), "misuse");
  any_draft wrong;
  wrong.put(action("regrade").arguments.field("grade").field->slot, cell::text("seven"));
  EXPECT_EQ(outcome([&] { s->call(action("regrade"), it.id(), wrong); }), "invalid: grade integer");
  any_draft of_record(it.row());
  EXPECT_EQ(outcome([&] { s->call(action("regrade"), it.id(), of_record); }), "misuse");
}

TEST_P(actions, refuse_a_deleted_record_as_argument) {
  s->remove(acme);
  EXPECT_EQ(outcome([&] {
              s->call<grade_strict>(it, grade_strict::grade = 7, grade_strict::buyer = acme);
            }),
            "invalid: buyer reference");
}

TEST_P(actions, leave_the_caller_his_arguments) {
  draft<grade_strict> d;
  d.set(grade_strict::grade = 11);
  EXPECT_EQ(outcome([&] { s->call(action("regrade"), it.id(), d); }), "invalid: grade integer");
  d.set(grade_strict::grade = 9);
  s->call(action("regrade"), it.id(), d);
  EXPECT_EQ(grade(), 9);
  EXPECT_TRUE(d.is_null(grade_strict::day.slot(), 1)) << "nothing was filled in";
}

TEST_P(actions, need_a_live_subject) {
  const ref<strict> nobody{it.id().value + 4096};
  EXPECT_EQ(outcome([&] { s->call<raise_strict>(nobody); }), "not_found");
  EXPECT_EQ(outcome([&] { s->call<raise_strict>(ref<strict>{}); }), "not_found");
  s->remove(it);
  const auto e = refusal([&] { s->call<raise_strict>(it); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::not_found);
  EXPECT_NE(e->message().find("is deleted; restore it first"), std::string::npos);
}

TEST_P(actions, are_all_or_nothing) {
  s->update(it, strict::grade = 10);
  const std::int64_t before = s->sequence();
  EXPECT_EQ(outcome([&] { s->call<raise_strict>(it); }), "invalid: grade integer");
  EXPECT_EQ(entries(), 0u) << "what it wrote before goes back";
  EXPECT_EQ(s->sequence(), before);
  EXPECT_FALSE(s->in_transaction());
}

TEST_P(actions, are_one_commit) {
  const std::int64_t before = s->sequence();
  s->call<raise_strict>(it);
  EXPECT_EQ(s->sequence(), before + 1);
  EXPECT_EQ(feed(before), std::vector<std::string>{"add lab_entry; update lab_strict grade"});
}

TEST_P(actions, that_change_nothing_leave_no_change_set) {
  const std::int64_t before = s->sequence();
  act([](auto&) {});
  EXPECT_EQ(call("act").id(), it.id());
  EXPECT_EQ(s->sequence(), before);
}

TEST_P(actions, inside_a_transaction_go_with_it) {
  {
    transaction tx = s->write();
    s->call<raise_strict>(it);
    EXPECT_EQ(grade(), 6);
    s->update(it, strict::brief = "x");
    EXPECT_EQ(outcome([&] { s->call<grade_strict>(it, grade_strict::grade = 11); }),
              "invalid: grade integer");
    EXPECT_EQ(grade(), 6) << "only the call was taken back";
  }
  EXPECT_EQ(grade(), 5);
  EXPECT_EQ(entries(), 0u);
  transaction tx = s->write();
  s->call<raise_strict>(it);
  tx.commit();
  EXPECT_EQ(grade(), 6);
}

TEST_P(actions, may_call_others) {
  s->call<raise_often>(it, raise_often::times = 3);
  EXPECT_EQ(grade(), 8);
  EXPECT_EQ(entries(), 3u);
  EXPECT_EQ(outcome([&] { s->call<raise_often>(it, raise_often::times = 3); }),
            "invalid: grade integer")
      << "8, 9, 10, and then too many";
  EXPECT_EQ(grade(), 8);
  EXPECT_EQ(entries(), 3u);
}

TEST_P(actions, go_on_when_a_call_inside_is_refused) {
  s->update(it, strict::grade = 10);
  s->call<try_strict>(it);
  EXPECT_EQ(s->all<entry>().first()->operator[](entry::what), "could not");
  EXPECT_EQ(entries(), 1u) << "what was refused left nothing";
}

TEST_P(actions, end) {
  EXPECT_EQ(outcome([&] { s->call<forever>(it); }), "limit");
  EXPECT_EQ(outcome([&] { s->call<raise_strict>(it); }), "done") << "afterwards as before";
}

TEST_P(actions, may_use_savepoints_of_their_own) {
  act([](auto& c) {
    {
      transaction part = c.session().write();
      c.session().add(entry::what = "no");
    }
    transaction part = c.session().write();
    c.session().add(entry::what = "yes");
    part.commit();
  });
  call("act");
  EXPECT_EQ(entries(), 1u);
}

TEST_P(actions, do_not_end_the_transaction_that_they_run_in) {
  transaction tx = s->write();
  act([&](auto&) { tx.commit(); });
  EXPECT_EQ(outcome([&] { call("act"); }), "misuse") << "the action is a savepoint inside it";
  act([&](auto&) { tx.rollback(); });
  EXPECT_EQ(outcome([&] { call("act"); }), "done");
  EXPECT_TRUE(tx.open());
}

TEST_P(actions, take_back_the_savepoints_that_they_leave_open) {
  std::optional<transaction> left;
  act([&](auto& c) {
    left.emplace(c.session().write());
    c.session().add(entry::what = "left");
  });
  call("act");
  EXPECT_FALSE(left->open());
  EXPECT_EQ(entries(), 0u);
}

TEST_P(actions, pass_on_what_is_thrown) {
  act([](auto& c) {
    c.session().add(entry::what = "before");
    throw std::runtime_error("of the host");
  });
  EXPECT_THROW(call("act"), std::runtime_error);
  EXPECT_EQ(entries(), 0u);
  EXPECT_FALSE(s->in_transaction());
}

TEST_P(actions, of_an_entity_have_no_subject) {
  const any_record made = s->call<make_strict>(ref<strict>{}, make_strict::name = "new");
  EXPECT_EQ(made["name"].to_string(), "new");
  EXPECT_EQ(s->find(strict::name == "new").count(), 1u);
}

TEST_P(actions, that_remove_their_subject_answer_it_as_it_was_left) {
  act([](auto& c) { c.session().remove(c.subject()); });
  EXPECT_TRUE(call("act").deleted());
}

TEST_P(actions, may_change_the_model) {
  EXPECT_TRUE(call("widen")["x_more"].is_null());
  EXPECT_TRUE(s->model()->entity("lab_strict").find_field("x_more"));
  s->call<raise_strict>(it);  // of the model that is in force now
  EXPECT_EQ(grade(), 6);
}

TEST_P(actions, stay_when_the_model_changes) {
  const action_type& before = action("raise_grade");
  s->add_field("lab_stricts", {.name = "x_more"});
  s->add_entity({.name = "x_thing", .plural = "x_things", .fields = {{.name = "x_name"}}});
  EXPECT_EQ(action("raise_grade").arguments.number, before.arguments.number);
  any_draft nothing;
  s->call(before, it.id(), nothing);  // found before the change
  EXPECT_EQ(grade(), 6);
  session other = base->open_session();
  other.call<raise_strict>(it);
  EXPECT_EQ(grade(), 7);
}

TEST_P(actions, are_there_again_after_reopening) {
  if (!keeps_content()) GTEST_SKIP() << "keeps nothing";
  s->add_field("lab_stricts", {.name = "x_more"});
  reopen({.actions = own_actions(), .reports = own_reports()});
  s->call<raise_strict>(it);
  EXPECT_EQ(grade(), 6);
  reopen();
  EXPECT_EQ(outcome([&] { s->call<raise_strict>(it); }), "model") << "without them";
}

TEST_P(actions, need_a_session_that_writes) {
  session past = s->as_of(s->sequence());
  EXPECT_EQ(outcome([&] { past.call<raise_strict>(it); }), "read_only");
  transaction tx = s->read();
  EXPECT_EQ(outcome([&] { s->call<raise_strict>(it); }), "read_only");
}

// ----------------------------------------------------------------------------------- how and why

TEST_P(actions, say_why) {
  const std::int64_t before = s->sequence();
  call("raise_grade", {.reason = "earned"});
  EXPECT_EQ(s->changes(before).front().reason, "earned");
  EXPECT_EQ(outcome([&] { call("raise_grade", {.reason = "\xff"}); }), "invalid: reason");
}

TEST_P(actions, inside_a_transaction_say_why_for_their_part) {
  const std::int64_t before = s->sequence();
  transaction tx = s->write();
  call("raise_grade", {.reason = "earned"});
  tx.commit();
  EXPECT_EQ(s->changes(before).front().reason, "earned") << "nobody else said why";

  tx = s->write({.reason = "the year's end"});
  call("raise_grade", {.reason = "earned"});
  EXPECT_EQ(outcome([&] { call("raise_grade", {.reason = "\xff"}); }), "invalid: reason");
  tx.commit();
  EXPECT_EQ(s->changes(before + 1).front().reason, "the year's end");
}

TEST_P(actions, that_are_refused_leave_no_reason) {
  const std::int64_t before = s->sequence();
  s->update(it, strict::grade = 10);
  transaction tx = s->write();
  EXPECT_EQ(outcome([&] { call("raise_grade", {.reason = "earned"}); }), "invalid: grade integer");
  s->update(ref<strict>(it), strict::brief = "x");
  tx.commit();
  EXPECT_EQ(s->changes(before + 1).front().reason, "");
}

TEST_P(actions, with_an_operation_key_are_done_once) {
  EXPECT_EQ(call("raise_grade", {.operation_key = "k"})["grade"].as<std::int64_t>(), 6);
  s->update(ref<strict>(it), strict::grade = 9);
  EXPECT_EQ(call("raise_grade", {.operation_key = "k"})["grade"].as<std::int64_t>(), 9)
      << "as it is now";
  EXPECT_EQ(grade(), 9);
  EXPECT_EQ(entries(), 1u);
  EXPECT_EQ(base->outcome_of("k"), outcome::committed);
  transaction tx = s->write();
  EXPECT_EQ(outcome([&] { call("raise_grade", {.operation_key = "k2"}); }), "misuse");
}

// --------------------------------------------------------------------------------- limited sight

class seen_actions : public actions {
 protected:
  void SetUp() override {
    theirs = s->add(client::name = "Theirs");
    hidden = s->add(strict::name = "hidden", strict::grade = 5);
    auto rights = std::make_shared<visibility>();
    rights->only("lab_strict", "name != 'hidden'").only("clients", "name != 'Theirs'");
    rights->read_only("lab_entry");
    sees.emplace(base->open_session({.actor = "boris", .sees = rights}));
  }
  record<client> theirs;
  record<strict> hidden;
  std::optional<session> sees;
};
INSTANTIATE_TEST_SUITE_P(stores, seen_actions, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(seen_actions, know_no_hidden_subject) {
  const ref<strict> nobody{hidden.id().value + 4096};
  const auto of_hidden = refusal([&] { sees->call<raise_strict>(hidden); });
  const auto of_nobody = refusal([&] { sees->call<raise_strict>(nobody); });
  ASSERT_TRUE(of_hidden && of_nobody);
  EXPECT_EQ(of_hidden->code(), error_code::not_found);
  EXPECT_EQ(of_hidden->message(), "there is no lab_strict " + std::to_string(hidden.id().value));
  EXPECT_EQ(of_nobody->message(), "there is no lab_strict " + std::to_string(nobody.id.value));
}

TEST_P(seen_actions, know_no_hidden_argument) {
  const auto call_with = [&](ref<client> buyer) {
    return refusal([&] {
      sees->call<grade_strict>(it, grade_strict::grade = 7, grade_strict::buyer = buyer);
    });
  };
  const auto e = call_with(theirs);
  ASSERT_TRUE(e);
  EXPECT_EQ(e->message(), "lab_strict.regrade.buyer: '" + std::to_string(theirs.id().value) +
                              "' is not the id of a client; add it first");
  EXPECT_FALSE(call_with(acme));
  const any_ref topic{s->model()->entity<client>().number, theirs.id()};
  EXPECT_EQ(outcome([&] {
              sees->call<grade_strict>(it, grade_strict::grade = 7, grade_strict::topic = topic);
            }),
            "invalid: topic reference");
}

TEST_P(seen_actions, have_the_rights_of_their_session) {
  EXPECT_EQ(outcome([&] { sees->call<raise_strict>(it); }), "denied") << "entries are only read";
  EXPECT_EQ(grade(), 5);
  EXPECT_EQ(outcome([&] { sees->call<grade_strict>(it, grade_strict::grade = 6); }), "done");
  std::uint64_t found = 0;
  act([&](auto& c) { found = c.session().template all<strict>().count(); });
  sees->call<anything_at_all>(it);
  EXPECT_EQ(found, 1u);
}

}  // namespace
}  // namespace kith::lab
