// SPDX-License-Identifier: Apache-2.0
//
// Erasure: what goes, what stays, who is told, and that nothing of the person is left.
#include <algorithm>

#include "core/erasure/persons.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

class erasures : public suite {
 protected:
  erasures() {
    ivan = s->add(client::name = "Zyxarov Ivan", client::kind = client_kind::person,
                  client::person = person_name{"Zyxarov", "Ivan", "Petrovich"},
                  client::tax_id = "550301234567", client::city = "Omsk",
                  client::birth_date = date::of(1980, 5, 1), client::note = "prefers mornings")
               .id();
    other = s->add(client::name = "Other", client::note = "stays").id();
    work = s->add(client::name = "Employer").id();
  }

  record_id order_of(record_id of, const char* number) {
    return s
        ->add(sales_order::number = number, sales_order::client = ref<client>{of},
              sales_order::ship_name = "Zyxarov I.", sales_order::note = "ring twice",
              sales_order::freight = eur(5))
        .id();
  }
  std::string shown(const erasure_report& r) {
    std::string text;
    for (const erased_category& c : r.categories) {
      text += (text.empty() ? "" : "; ") + c.entity + " " + std::to_string(c.erased) + "/" +
              std::to_string(c.emptied);
      for (const std::string& f : c.fields) text += " " + f;
    }
    return text;
  }
  std::string damages() {
    std::string text;
    for (const damage& d : base->verify().found) {
      text += d.entity + " " + std::to_string(d.id.value) + ": " + d.what + "\n";
    }
    return text;
  }
  bool is_there(const char* name, record_id id) {
    return static_cast<bool>(s->find_row(entity(name), id));
  }

  record_id ivan, other, work;
};

INSTANTIATE_TEST_SUITE_P(stores, erasures, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(erasures, of_a_person_whom_nobody_names_removes_the_record) {
  s->add(contact_point::party = any_ref{client::about.id, ivan},
         contact_point::channel = channel::email, contact_point::address = "zyx@example.org");
  const erasure_report r = s->erase(ref<client>{ivan}, {"request of 2 May", "GDPR 17(1)(a)"});
  EXPECT_EQ(shown(r),
            "client 1/0 name person tax_id address birth_date note; "
            "contact_point 1/0 address normal_form");
  EXPECT_FALSE(is_there("client", ivan));
  EXPECT_TRUE(is_there("client", other));
  EXPECT_EQ(r.reason, "request of 2 May");
  EXPECT_EQ(r.legal_basis, "GDPR 17(1)(a)");
  EXPECT_EQ(r.actor, "anna");
  EXPECT_EQ(r.change_sets, 0u);  // additions have no values in the feed
  EXPECT_EQ(damages(), "");
}

TEST_P(erasures, keep_the_ledger) {
  const record_id order = order_of(ivan, "17");
  s->add(order_line::sales_order = ref<sales_order>{order}, order_line::position = 1,
         order_line::description = "wheel", order_line::quantity = decimal(2),
         order_line::unit_price = eur(10));
  const record_id call =
      s->add(interaction::client = ref<client>{ivan}, interaction::kind = interaction_kind::call,
             interaction::subject = "Zyxarov called", interaction::body = "about wheels")
          .id();
  const record_id todo =
      s->add(task::title = "call Zyxarov", task::client = ref<client>{ivan}).id();
  const erasure_report r = s->erase(ref<client>{ivan});
  EXPECT_EQ(shown(r),
            "client 0/1 name person tax_id address birth_date note; sales_order 0/1 ship_name note;"
            " interaction 0/1 subject body; task 0/1 title");
  const auto shell = s->get<client>(ivan);
  EXPECT_EQ(shell[client::name], "erased");
  EXPECT_FALSE(shell.has(client::person));
  EXPECT_FALSE(shell.row()->live());
  const auto left = s->get<sales_order>(order);
  EXPECT_FALSE(left.has(sales_order::ship_name));
  EXPECT_EQ(left[sales_order::net], eur(20));
  EXPECT_EQ(left[sales_order::freight], eur(5));
  EXPECT_EQ(left[sales_order::client].id, ivan);
  EXPECT_FALSE(s->get<interaction>(call).has(interaction::subject));
  EXPECT_EQ(s->get<task>(todo)[task::title], "erased");
  EXPECT_EQ(damages(), "");
  // The ledger goes on.
  s->update(left, sales_order::status = order_status::cancelled);
  EXPECT_EQ(damages(), "");
}

TEST_P(erasures, take_the_values_out_of_the_feed) {
  const auto before = s->sequence();
  s->update(ref<client>{ivan}, client::name = "Zyxarov Jan", client::city = "Tver");
  s->update(ref<client>{ivan}, client::industry = "farming", client::note = "sleeps late");
  order_of(ivan, "17");
  const erasure_report r = s->erase(ref<client>{ivan});
  EXPECT_EQ(r.change_sets, 2u);
  for (const change_set& set : s->changes(before)) {
    for (const record_change& c : set.changes) {
      for (const cell_before& b : c.before) {
        if (b.before.view().has_bytes()) ADD_FAILURE() << b.before.view().as_bytes();
      }
    }
  }
  const auto changes = s->changes(r.sequence - 1);
  ASSERT_EQ(changes.size(), 1u);
  std::string kinds;
  for (const record_change& c : changes[0].changes) kinds += std::to_string(int(c.what)) + " ";
  EXPECT_EQ(kinds, "5 3 5 ");  // the client is emptied and deleted, the order emptied
  EXPECT_EQ(damages(), "");
}

TEST_P(erasures, reach_deleted_records_and_those_of_a_contact) {
  const auto boris =
      s->add(contact::last_name = "Borisov", contact::birth_date = date::of(1970, 1, 2));
  const auto job = s->add(employment::contact = boris, employment::client = ref<client>{work},
                          employment::title = "smith");
  const auto mail =
      s->add(contact_point::party = any_ref{contact::about.id, boris.id()},
             contact_point::channel = channel::email, contact_point::address = "boris@example.org");
  s->remove(ref<contact_point>(mail));
  const auto call =
      s->add(interaction::client = ref<client>{work}, interaction::contact = boris,
             interaction::kind = interaction_kind::call, interaction::subject = "Borisov called");
  const auto theirs =
      s->add(interaction::client = ref<client>{work}, interaction::kind = interaction_kind::note,
             interaction::subject = "a firm");
  EXPECT_EQ(shown(s->erase(ref<contact>(boris))),
            "contact 0/1 name birth_date; contact_point 1/0 address normal_form; "
            "interaction 0/1 subject; employment 1/0");
  EXPECT_FALSE(is_there("employment", job.id()));
  EXPECT_FALSE(is_there("contact_point", mail.id()));
  EXPECT_FALSE(s->get<interaction>(call.id()).has(interaction::subject));
  EXPECT_TRUE(s->get<interaction>(theirs.id()).has(interaction::subject));
  EXPECT_EQ(s->get<client>(work)[client::name], "Employer");
  EXPECT_EQ(damages(), "");
}

TEST_P(erasures, of_a_user_leave_the_work_of_the_user) {
  const auto olga = s->add(user::login = "olga", user::name = "Olga", user::mail = "o@example.org");
  s->update(ref<client>{other}, client::owner = olga);
  const auto todo = s->add(task::title = "write", task::assignee = olga);
  EXPECT_EQ(shown(s->erase(ref<user>(olga))), "user 0/1 login name mail");
  const auto shell = s->get<user>(olga.id());
  EXPECT_EQ(shell[user::login], "erased " + std::to_string(olga.id().value));
  EXPECT_EQ(s->get<client>(other)[client::note], "stays");
  EXPECT_EQ(s->get<task>(todo.id())[task::title], "write");
  const auto second = s->add(user::login = "oleg", user::name = "Oleg");
  s->update(ref<client>{work}, client::owner = second);
  s->erase(ref<user>(second));  // unique values stay unique
  EXPECT_EQ(damages(), "");
}

TEST_P(erasures, are_proved) {
  const erasure_report r = s->erase(ref<client>{ivan}, {"request", "GDPR 17"});
  const auto all = s->erasures();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].sequence, s->sequence());
  EXPECT_EQ(all[0].at, clock->now());
  EXPECT_EQ(all[0].actor + all[0].entity + all[0].reason + all[0].legal_basis,
            "annaclientrequestGDPR 17");
  EXPECT_EQ(all[0].subject, ivan);
  EXPECT_EQ(shown(all[0]), shown(r));
}

TEST_P(erasures, are_told_to_subscribers) {
  std::vector<change_kind> told;
  const auto token = base->subscribe([&](const change_set& set) {
    for (const record_change& c : set.changes) {
      told.push_back(c.what);
      EXPECT_TRUE(c.before.empty());
    }
  });
  s->erase(ref<client>{ivan});
  EXPECT_EQ(told, std::vector<change_kind>{change_kind::erase});
}

TEST_P(erasures, are_gone_at_every_instant) {
  const auto before = s->sequence();
  s->update(ref<client>{ivan}, client::note = "second", client::industry = "farming");
  const record_id order = order_of(ivan, "17");
  s->update(ref<sales_order>{order}, sales_order::note = "third",
            sales_order::status = order_status::cancelled);
  const auto then = s->sequence() - 1;
  const auto gone = s->add(client::name = "Gone", client::note = "one").id();
  s->erase(ref<client>{ivan});
  s->erase(ref<client>{gone});
  {
    session past = s->as_of(then);
    const auto was = past.get<sales_order>(order);
    EXPECT_FALSE(was.has(sales_order::note));
    EXPECT_EQ(was[sales_order::status], order_status::draft);
    EXPECT_EQ(past.get<client>(ivan)[client::name], "erased");
    EXPECT_EQ(past.get<client>(ivan)[client::industry], "farming");
    EXPECT_TRUE(past.get<client>(ivan).row()->live());
    EXPECT_EQ(past.find(client::name == "Zyxarov Ivan").count(), 0u);
  }
  {
    session past = s->as_of(then + 2);
    EXPECT_FALSE(past.find_row(entity("client"), gone));
  }
  for (const record_difference& d : s->difference(before, s->sequence())) {
    for (const any_record& side : {d.before, d.after}) {
      if (!side || side.row()->id() != ivan) continue;
      EXPECT_EQ(side["name"].to_string(), "erased");
    }
  }
  std::string life;
  for (const history_entry& h : s->history(ref<client>{ivan})) {
    life += std::to_string(static_cast<int>(h.what)) + " ";
    for (const field_change& f : h.fields) {
      EXPECT_NE(f.before.to_string(), "prefers mornings");
    }
  }
  EXPECT_EQ(life, "3 5 2 1 ");
  EXPECT_EQ(outcome([&] { s->history(ref<client>{gone}); }), "not_found");
}

TEST_P(erasures, are_not_taken_back) {
  const record_id order = order_of(ivan, "17");
  s->update(ref<sales_order>{order}, sales_order::note = "third");
  const auto noted = s->sequence();
  s->update(ref<sales_order>{order}, sales_order::status = order_status::cancelled);
  const auto cancelled = s->sequence();
  const auto r = s->erase(ref<client>{ivan});
  EXPECT_EQ(outcome([&] { s->undo(r.sequence); }).substr(0, 8), "conflict");
  EXPECT_EQ(outcome([&] { s->undo(noted); }).substr(0, 8), "conflict");
  const undo_result skipped = s->undo(noted, undo_mode::skip);
  ASSERT_EQ(skipped.contested.size(), 1u);
  EXPECT_NE(skipped.contested[0].why.find("erased"), std::string::npos);
  EXPECT_EQ(outcome([&] { s->undo(cancelled); }), "done");  // it had no value of the person
  EXPECT_EQ(damages(), "");
}

TEST_P(erasures, are_refused) {
  const auto product_1 = s->add(product::name = "wheel").id();
  EXPECT_EQ(outcome([&] { s->erase(ref<client>{{12345}}); }), "not_found");
  EXPECT_EQ(outcome([&] { s->erase(ref<product>{product_1}); }), "misuse");
  EXPECT_EQ(outcome([&] { s->erase(ref<client>{ivan}, {.legal_basis = "\xff"}); }),
            "invalid: legal_basis");
  {
    transaction tx = s->write();
    EXPECT_EQ(outcome([&] { s->erase(ref<client>{ivan}); }), "denied");
  }
  session past = s->as_of(s->sequence());
  EXPECT_EQ(outcome([&] { past.erase(ref<client>{ivan}); }), "read_only");
  EXPECT_TRUE(is_there("client", ivan));
}

TEST_P(erasures, wait_for_legal_holds) {
  const record_id order = order_of(ivan, "17");
  const entity_type& orders = entity("sales_order");
  s->hold(orders, order, "lawsuit 7");
  const auto held = s->holds();
  ASSERT_EQ(held.size(), 1u);
  EXPECT_EQ(held[0].entity + ": " + held[0].reason, "sales_order: lawsuit 7");
  EXPECT_EQ(held[0].record, order);
  EXPECT_EQ(held[0].since, clock->now());
  try {
    s->erase(ref<client>{ivan});
    ADD_FAILURE() << "erased";
  } catch (const error& e) {
    EXPECT_EQ(e.code(), error_code::denied);
    EXPECT_NE(std::string(e.what()).find("lawsuit 7"), std::string::npos);
    EXPECT_EQ(e.entity(), "sales_order");
  }
  EXPECT_EQ(outcome([&] { s->hold(orders, order, "again"); }), "exists");
  EXPECT_EQ(outcome([&] { s->hold(orders, {77}, "nobody"); }), "not_found");
  EXPECT_EQ(outcome([&] { s->hold(orders, order, "\xff"); }), "invalid: reason");
  s->release(orders, order);
  EXPECT_EQ(outcome([&] { s->release(orders, order); }), "not_found");
  EXPECT_EQ(outcome([&] { s->erase(ref<client>{ivan}); }), "done");
  EXPECT_EQ(damages(), "");
}

TEST_P(erasures, follow_retention_rules) {
  clock->advance(duration::of_days(1100));
  const auto fresh = s->add(client::name = "Fresh").id();
  s->remove(ref<client>{other});  // deleted ones are due, too
  s->hold(entity("client"), work, "audit");
  const retention_rule rule{"clients", "created < now() - 1095d", "three years", "policy 4"};
  EXPECT_EQ(s->due(rule), (std::vector<record_id>{ivan, other}));
  EXPECT_EQ(s->apply(rule, 1).size(), 1u);  // as if it had been interrupted
  const auto rest = s->apply(rule);
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].reason, "three years");
  EXPECT_EQ(rest[0].legal_basis, "policy 4");
  EXPECT_TRUE(s->due(rule).empty());
  EXPECT_TRUE(s->apply(rule).empty());
  EXPECT_TRUE(is_there("client", fresh));
  EXPECT_TRUE(is_there("client", work));
  EXPECT_EQ(outcome([&] { s->due({"products", "name = 'x'", ""}); }), "misuse");
}

TEST_P(erasures, by_retention_empty_records_that_are_no_persons) {
  s->add(interaction::client = ref<client>{ivan}, interaction::kind = interaction_kind::call,
         interaction::subject = "old");
  const retention_rule rule{"interactions", "at < now() - 30d", "a month"};
  EXPECT_TRUE(s->due(rule).empty());
  clock->advance(duration::of_days(31));
  EXPECT_EQ(s->apply(rule).size(), 1u);
  EXPECT_TRUE(s->due(rule).empty());
  EXPECT_TRUE(is_there("client", ivan));
  EXPECT_EQ(s->find(interaction::client == ref<client>{ivan}).count(), 1u);
}

TEST_P(erasures, are_applied_again_to_a_restored_backup) {
  order_of(ivan, "17");
  const std::vector<erasure_report> list = {s->erase(ref<client>{ivan}, {"request"})};
  EXPECT_TRUE(reapply(*s, list).empty());
  // A store as it was before: made anew by the same clock and chance, it has the same ids.
  clock->set(morning);
  chance = std::make_shared<seeded_random>(1);
  open();
  const record_id again =
      s->add(client::name = "Zyxarov Ivan", client::kind = client_kind::person).id();
  ASSERT_EQ(again, ivan);
  const auto done = reapply(*s, list);
  ASSERT_EQ(done.size(), 1u);
  EXPECT_EQ(done[0].reason, "request");
  EXPECT_FALSE(is_there("client", ivan));
}

TEST_P(erasures, find_everything_about_a_person) {
  const record_id order = order_of(ivan, "17");
  const auto mail =
      s->add(contact_point::party = any_ref{client::about.id, ivan},
             contact_point::channel = channel::email, contact_point::address = "zyx@example.org")
          .id();
  std::string text;
  for (const subject_records& r : s->about(entity("client"), ivan)) {
    text += r.entity + (r.owned ? " owned " : " ");
    for (const record_id id : r.records) {
      text += id == ivan ? "ivan " : id == order ? "order " : id == mail ? "mail " : "? ";
    }
  }
  EXPECT_EQ(text, "client ivan contact_point owned mail sales_order order ");
  EXPECT_EQ(outcome([&] { s->about(entity("client"), {5}); }), "not_found");
}

TEST_P(erasures, are_followed_by_compaction) {
  if (!base->can().compact) {
    EXPECT_EQ(outcome([&] { base->compact(); }), "unsupported");
    return;
  }
  s->erase(ref<client>{ivan});
  base->compact();
  EXPECT_EQ(damages(), "");
  EXPECT_TRUE(is_there("client", other));
  {
    // A session's transaction keeps it waiting in vain.
    session reader = base->open_session();
    transaction reading = reader.read();
    reader.all<client>().count();
    if (base->can().parallel_reads) s->update(ref<client>{other}, client::note = "changed");
    EXPECT_EQ(outcome([&] { base->compact(); }), "busy");
  }
  base->compact();
  EXPECT_EQ(damages(), "");
}

// An entity that tells of persons, and that nobody would find, fails here.
TEST(persons, every_standard_entity_with_personal_fields_is_reached) {
  const model_ptr m = model::build({{standard_entities.begin(), standard_entities.end()}, {}, 0});
  const detail::persons who(*m);
  const auto reached = who.reached();
  std::string subjects;
  for (const auto& e : m->entities()) {
    if (who.is_subject(*e)) subjects += std::string(e->name()) + " ";
    if (who.personal(*e).empty()) continue;
    EXPECT_EQ(reached.count(e->number), 1u)
        << e->name() << " has personal fields, but no client, contact or user leads to it: refer "
        << "to one of them, or let a relation of a record of theirs show it";
  }
  EXPECT_EQ(subjects, "user client contact ");
}

}  // namespace
}  // namespace kith::lab
