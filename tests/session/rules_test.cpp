// SPDX-License-Identifier: Apache-2.0
//
// Rules of applications: complete fills in, check refuses, react writes more; in their order, for
// what they read, and never half.
#include <gtest/gtest.h>

#include <stdexcept>

#include "suite.hpp"

namespace kith::lab {
namespace {

class rules : public suite {
 protected:
  // A store with these rules beside those of the entities.
  void with(std::vector<rule> own, limits most = {}) {
    crm_options wanted;
    wanted.rules = std::move(own);
    wanted.limits = most;
    open(std::move(wanted));
  }
  std::string log;
};
INSTANTIATE_TEST_SUITE_P(stores, rules, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(rules, run_in_their_phases_each_behind_what_it_reads) {
  const auto note = [this](const char* word) { return [this, word](auto&) { log += word; }; };
  with({
      react<strict>("r").as(note("r")),
      check<strict>("k").as(note("k")),
      complete<strict>("c").reads(strict::grade).writes(strict::brief).as(note("c")),
      complete<strict>("b").reads(strict::size).writes(strict::grade).as(note("b")),
      complete<strict>("a").reads(strict::name).writes(strict::size).as(note("a")),
  });
  s->add(strict::name = "n");
  EXPECT_EQ(log, "abckr");
}

TEST_P(rules, that_wait_for_each_other_are_refused) {
  const auto nothing = [](auto&) {};
  EXPECT_EQ(outcome([&] {
              with({complete<strict>("a").reads(strict::brief).writes(strict::size).as(nothing),
                    complete<strict>("b").reads(strict::size).writes(strict::brief).as(nothing)});
            }),
            "model");
}

TEST_P(rules, run_when_something_they_read_has_changed) {
  with({check<strict>("size").reads(strict::size).as([this](auto&) { log += "s"; }),
        check<strict>("city").reads(strict::buyer / client::city).as([this](auto&) { log += "c"; }),
        check<strict>("all").as([this](auto&) { log += "a"; })});
  const record<client> anna = s->add(client::name = "Анна");
  const auto ran = [&](const std::function<void()>& call) {
    log.clear();
    call();
    return log;
  };
  record<strict> r;
  EXPECT_EQ(ran([&] { r = s->add(strict::name = "n"); }), "sca") << "all of a new one";
  EXPECT_EQ(ran([&] { r = s->update(r, strict::name = "m"); }), "a");
  EXPECT_EQ(ran([&] { r = s->update(r, strict::size = 9); }), "sa");
  EXPECT_EQ(ran([&] { r = s->update(r, strict::size = 9); }), "") << "nothing has changed";
  EXPECT_EQ(ran([&] { r = s->update(r, strict::buyer = anna); }), "ca");
  EXPECT_EQ(ran([&] { s->remove(r); }), "");
}

TEST_P(rules, see_the_record_as_it_was_and_will_be) {
  with({check<strict>("look")
            .reads(strict::name, strict::buyer / client::city)
            .as([this](rule_context<strict>& c) {
              const auto city = strict::buyer / client::city;
              log += c.adding() ? "add:" : "change:";
              log += c.old(strict::name) + ">" + c[strict::name];
              log += c.changed(strict::name) ? "!" : "";
              log += c.had(strict::name) ? "" : " new";
              log += " " + c.old(city) + ">" + c[city] + "\n";
            })});
  const record<client> anna = s->add(client::name = "Анна", client::city = "Омск");
  const record<client> petr = s->add(client::name = "Пётр", client::city = "Тара");
  const record<strict> r = s->add(strict::name = "a", strict::buyer = anna);
  s->update(r, strict::name = "b");
  s->update(r, strict::buyer = petr);
  s->update(ref<strict>(r), strict::buyer = none);
  EXPECT_EQ(log,
            "add:>a! new >Омск\n"
            "change:a>b! Омск>Омск\n"
            "change:b>b Омск>Тара\n"
            "change:b>b Тара>\n");
}

TEST_P(rules, know_the_actor_the_time_and_the_reason) {
  with({check<node>("look").as([this](rule_context<node>& c) {
    log += std::string(c.actor()) + " " + c.now().to_string() + " " + c.today().to_string() + " " +
           std::string(c.reason());
  })});
  clock->set(*instant::parse("2026-03-02T20:30:00Z"));
  session omsk =
      base->open_session({.actor = "пётр", .actor_id = {}, .zone = time_zone::named("Asia/Omsk")});
  const transaction tx = omsk.write({.reason = "по звонку"});
  omsk.add(node::name = "n");
  EXPECT_EQ(log, "пётр 2026-03-02T20:30:00Z 2026-03-03 по звонку");
}

// Whom the actor's name belongs to is known to who opened the session; it is not looked up.
TEST_P(rules, know_the_user_that_the_session_was_opened_for) {
  with({check<node>("look").as(
      [this](rule_context<node>& c) { log += std::to_string(c.actor_id().value) + " "; })});
  const record<user> anna = s->add(user::login = "anna", user::name = "Анна");
  s->add(node::name = "n");
  session known = base->open_session({.actor = "anna", .actor_id = anna.id(), .zone = {}});
  known.add(node::name = "m");
  EXPECT_EQ(log, "0 " + std::to_string(anna.id().value) + " ");
}

TEST_P(rules, refuse_with_field_value_and_remedy) {
  with({check<strict>("even").reads(strict::size).as([](rule_context<strict>& c) {
          if (c[strict::size] % 2 != 0) c.refuse(strict::size, "is odd; add one");
        }),
        check<strict>("whole").as([](rule_context<strict>& c) {
          if (c[strict::name] == "bad") c.refuse("the record is bad; give another name");
        })});
  const std::int64_t before = s->sequence();
  const auto e = refusal([&] { s->add(strict::name = "bad", strict::size = 7); });
  ASSERT_TRUE(e);
  EXPECT_EQ(shown(e->violations()), "size even, whole") << "all of them";
  EXPECT_EQ(e->violations()[0].value, "7");
  EXPECT_EQ(e->violations()[0].entity, "lab_strict");
  EXPECT_EQ(e->violations()[0].message, "is odd; add one");
  EXPECT_EQ(e->field(), "size");
  EXPECT_EQ(s->sequence(), before);
  EXPECT_EQ(outcome([&] { s->add(strict::name = "", strict::size = 7); }), "invalid: name required")
      << "a rule sees only what the fields accept";
}

TEST_P(rules, do_only_what_they_declared) {
  const auto answer = [&](rule r) {
    with({std::move(r)});
    return outcome([&] { s->add(strict::name = "n"); });
  };
  EXPECT_EQ(answer(complete<strict>("w").as([](auto& c) { c.set(strict::brief = "x"); })), "model");
  EXPECT_EQ(answer(complete<strict>("w").writes(strict::brief).as([](auto& c) {
              c.set(strict::brief = "x");
            })),
            "done");
  EXPECT_EQ(answer(check<strict>("w").writes(strict::brief).as([](auto& c) {
              c.set(strict::brief = "x");
            })),
            "model")
      << "a check writes nothing";
  EXPECT_EQ(
      answer(complete<strict>("p").as([](auto& c) { (void)c[strict::buyer / client::city]; })),
      "model");
  EXPECT_EQ(answer(complete<strict>("r").as([](auto& c) { c.refuse("no; never"); })), "model");
  EXPECT_EQ(answer(check<strict>("s").as([](auto& c) { (void)c.writer(); })), "model");
}

TEST_P(rules, that_fill_in_wrong_values_are_found_out) {
  with(
      {complete<strict>("w").writes(strict::grade).as([](auto& c) { c.set(strict::grade = 99); })});
  EXPECT_EQ(outcome([&] { s->add(strict::name = "n"); }), "invalid: grade integer");
}

// ----------------------------------------------------------------------------------- reactions

TEST_P(rules, react_in_the_same_transaction) {
  with({react<node>("tell").as([](rule_context<node>& c) {
    c.writer().add(entry::what = c.adding() ? "added" : "changed");
  })});
  const std::int64_t before = s->sequence();
  const record<node> n = s->add(node::name = "a");
  s->update(n, node::name = "b");
  EXPECT_EQ(feed(before), (std::vector<std::string>{"add lab_node; add lab_entry",
                                                    "update lab_node name; add lab_entry"}));
}

TEST_P(rules, see_what_they_react_to) {
  with({react<node>("count").as([this](rule_context<node>& c) {
    log = std::to_string(c.writer().all<node>().count()) +
          std::string(c.writer().get(c.self())[node::name]);
  })});
  s->add(node::name = "a");
  EXPECT_EQ(log, "1a");
}

TEST_P(rules, whose_reactions_fail_take_their_statement_back) {
  with({react<node>("fail").as([](rule_context<node>& c) {
    c.writer().add(entry::what = "half");
    if (c[node::name] == "refused") c.writer().add(strict::grade = 0);
    if (c[node::name] == "thrown") throw std::runtime_error("a rule of the host");
  })});
  const std::int64_t before = s->sequence();
  EXPECT_EQ(outcome([&] { s->add(node::name = "refused"); }),
            "invalid: name required, grade integer");
  EXPECT_THROW(s->add(node::name = "thrown"), std::runtime_error);
  EXPECT_EQ(s->sequence(), before);
  transaction tx = s->write();
  s->add(node::name = "kept");
  EXPECT_EQ(outcome([&] { s->add(node::name = "refused"); }),
            "invalid: name required, grade integer");
  EXPECT_THROW(s->add(node::name = "thrown"), std::runtime_error);
  EXPECT_TRUE(tx.open());
  tx.commit();
  EXPECT_EQ(feed(before), std::vector<std::string>{"add lab_node; add lab_entry"});
  EXPECT_EQ(s->all<node>().count(), 1u);
}

TEST_P(rules, react_to_reactions_but_not_for_ever) {
  limits most;
  most.rule_rounds = 5;
  with({react<node>("chain").reads(node::name).as([](rule_context<node>& c) {
         const int left = std::stoi(c[node::name]);
         if (left != 0) c.writer().add(node::name = std::to_string(left - 1));
       })},
       most);
  EXPECT_EQ(outcome([&] { s->add(node::name = "4"); }), "done");
  EXPECT_EQ(s->all<node>().count(), 5u);
  EXPECT_EQ(outcome([&] { s->add(node::name = "5"); }), "limit");
  EXPECT_EQ(s->all<node>().count(), 5u);
  EXPECT_EQ(outcome([&] { s->add(node::name = "4"); }), "done") << "the count begins anew";
}

TEST_P(rules, may_use_savepoints_of_their_own) {
  with({react<node>("try").as([](rule_context<node>& c) {
    session& own = c.writer();
    try {
      transaction attempt = own.write();
      own.add(entry::what = "tried");
      own.add(strict::grade = 0);
      attempt.commit();
    } catch (const error&) {
      own.add(entry::what = "failed");
    }
  })});
  s->add(node::name = "a");
  const auto all = s->all<entry>().all();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0][entry::what], "failed");
}

TEST_P(rules, may_not_end_the_transaction_that_they_run_in) {
  transaction* outer = nullptr;
  std::optional<transaction> left_open;
  with({check<node>("end").as([&](rule_context<node>& c) {
          if (outer == nullptr || c[node::name] == "by a reaction") return;
          log += outcome([&] { outer->commit(); }) + " ";
          outer->rollback();
        }),
        react<strict>("end").as([&](rule_context<strict>& c) {
          if (outer == nullptr) return;
          log += outcome([&] { outer->commit(); }) + " ";
          outer->rollback();
          left_open.emplace(c.writer().write());
          c.writer().add(node::name = "by a reaction");
        })});
  const std::int64_t before = s->sequence();
  transaction tx = s->write();
  transaction inner = s->write();
  for (transaction* t : {&tx, &inner}) {
    outer = t;
    s->add(node::name = "n");
    s->add(strict::name = "s");
    EXPECT_FALSE(left_open->open()) << "ends with its statement, taken back";
  }
  EXPECT_EQ(log, "reentrant misuse reentrant misuse ");
  outer = nullptr;
  inner.commit();
  tx.commit();
  EXPECT_EQ(feed(before),
            std::vector<std::string>{"add lab_node; add lab_strict; add lab_node; add lab_strict"});
}

TEST_P(rules, are_asked_by_check_without_reactions) {
  with({check<strict>("no").as([](auto& c) { c.refuse(strict::name, "no; never"); }),
        react<strict>("never").as([this](auto&) { log += "r"; })});
  draft<strict> d;
  d.set(strict::name = "n");
  EXPECT_EQ(shown(s->check(entity("lab_strict"), d)), "name no");
  EXPECT_EQ(log, "");
}

// ------------------------------------------------------------------------------------- drafts

// A draft that was refused is corrected and given again: what rules filled in the first time may
// not look as if the caller had given it.
TEST_P(rules, leave_the_callers_draft_as_it_was_given) {
  with({complete<strict>("fill").reads(strict::size).writes(strict::brief).as([this](auto& c) {
    log += c.has(strict::brief) ? "given " : "absent ";
    c.set(strict::brief = "rule");
  })});
  draft<strict> d;
  d.set(strict::grade = 99);
  EXPECT_EQ(outcome([&] { s->add(d); }), "invalid: name required, grade integer");
  EXPECT_FALSE(d.changed(strict::brief.slot()));
  EXPECT_FALSE(d.changed(strict::at.slot())) << "the time of the second try counts";
  clock->advance(duration::of_hours(1));
  d.set(strict::name = "n", strict::grade = 5);
  const record<strict> r = s->add(d);
  EXPECT_EQ(log, "absent absent ");
  EXPECT_EQ(r[strict::at], morning + duration::of_hours(1));
  const record<strict> twin = s->add(d);  // one draft, two records
  EXPECT_NE(twin.id(), r.id());
  draft<strict> change(r);
  change.set(strict::grade = 0, strict::size = 8);
  EXPECT_EQ(outcome([&] { s->update(change); }), "invalid: grade integer");
  EXPECT_EQ(change.base(), r.row());
  change.set(strict::grade = 1);
  EXPECT_EQ(outcome([&] { s->update(change); }), "done");
}

}  // namespace
}  // namespace kith::lab
