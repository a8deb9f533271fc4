// SPDX-License-Identifier: Apache-2.0
//
// Clients, contacts, where they work, how they are reached, what others call them; users and teams.
#include <gtest/gtest.h>

#include "core/value/text_table.hpp"
#include "session/suite.hpp"

namespace kith::lab {
namespace {

class parties : public suite {
 protected:
  any_ref of(const record<client>& c) { return {client::about.id, c.id()}; }
  any_ref of(const record<contact>& c) { return {contact::about.id, c.id()}; }
  std::string refused(std::string_view name,
                      std::initializer_list<std::pair<const char*, const char*>> values) {
    const transaction tx = s->write();  // taken back
    return outcome([&] { add(name, values); });
  }
};
INSTANTIATE_TEST_SUITE_P(stores, parties, ::testing::ValuesIn(backends()), name_of_backend);

// -------------------------------------------------------------------------------------- clients

TEST_P(parties, are_persons_or_organisations) {
  struct row {
    std::initializer_list<std::pair<const char*, const char*>> given;
    const char* outcome;
  };
  const row table[] = {
      {{{"name", "ООО «Автопарк»"}}, "done"},
      {{}, "invalid: name required"},
      {{{"kind", "person"}}, "invalid: name required"},
      {{{"kind", "person"}, {"name", "Анна"}}, "done"},
      {{{"kind", "person"}, {"person", "Иванова Анна Сергеевна"}}, "done"},
      {{{"kind", "household"}, {"name", "Ивановы"}}, "done"},
      {{{"name", "ООО"}, {"person", "Иванова Анна"}}, "invalid: person only_persons_are_born"},
      {{{"name", "ООО"}, {"birth_date", "1990-01-01"}},
       "invalid: birth_date only_persons_are_born"},
      {{{"kind", "person"}, {"name", "Анна"}, {"birth_date", "1990-01-01"}}, "done"},
      {{{"kind", "person"}, {"name", "Анна"}, {"birth_date", "2026-03-03"}},
       "invalid: birth_date born_in_the_past"},
      {{{"kind", "person"}, {"name", "Анна"}, {"birth_date", "2026-03-02"}}, "done"},
      {{{"name", "ООО"}, {"employees", "10"}}, "done"},
      {{{"name", "ООО"}, {"employees", "-1"}}, "invalid: employees integer"},
      {{{"kind", "person"}, {"name", "Анна"}, {"employees", "1"}},
       "invalid: employees only_organisations_employ"},
  };
  int number = 0;
  for (const row& r : table)
    EXPECT_EQ(refused("clients", r.given), r.outcome) << "row " << number++;
}

TEST_P(parties, are_called_by_their_names_in_parts) {
  const record<client> anna = s->add(client::kind = client_kind::person,
                                     client::person = person_name{"Иванова", "Анна", "Сергеевна"});
  EXPECT_EQ(anna[client::name], "Иванова Анна Сергеевна");
  EXPECT_EQ(anna[client::status], client_status::potential);
  const record<client> married =
      s->update(anna, client::person = person_name{"Петрова", "Анна", "Сергеевна"});
  EXPECT_EQ(married[client::name], "Петрова Анна Сергеевна");
  const record<client> short_name = s->update(married, client::name = "тётя Аня");
  const record<client> again =
      s->update(short_name, client::person = person_name{"Иванова", "Анна", ""});
  EXPECT_EQ(again[client::name], "тётя Аня") << "given by hand";
  EXPECT_EQ(s->find(client::name == "ТЁТЯ АНЯ").count(), 1u);
}

TEST_P(parties, form_trees_of_organisations) {
  const record<client> head = s->add(client::name = "Голова");
  const record<client> branch = s->add(client::name = "Филиал", client::parent = head);
  EXPECT_EQ(outcome([&] { s->update(head, client::parent = branch); }), "invalid: parent acyclic");
  EXPECT_EQ(s->query("clients", "exists(branches)").count(), 1u);
  s->remove(head);
  EXPECT_FALSE(s->get<client>(branch.id()).has(client::parent)) << "on its own now";
}

// ---------------------------------------------------------------------------------- employments

TEST_P(parties, work_here_and_there_with_one_primary_place) {
  const record<contact> anna = s->add(contact::name = person_name{"Иванова", "Анна", ""});
  const record<client> plant = s->add(client::name = "Завод");
  const record<client> shop = s->add(client::name = "Магазин");
  const auto primary = [&](const record<employment>& e) {
    return s->get<employment>(e.id())[employment::is_primary];
  };
  const record<employment> first =
      s->add(employment::contact = anna, employment::client = plant, employment::title = "инженер",
             employment::since = date(2020, 1, 1));
  EXPECT_TRUE(primary(first));
  const record<employment> old_job =
      s->add(employment::contact = anna, employment::client = shop,
             employment::since = date(2015, 1, 1), employment::until = date(2019, 12, 31));
  EXPECT_FALSE(primary(old_job)) << "she left";
  EXPECT_TRUE(primary(first));
  const std::int64_t before = s->sequence();
  const record<employment> second = s->add(employment::contact = anna, employment::client = shop);
  EXPECT_TRUE(primary(second));
  EXPECT_FALSE(primary(first)) << "at most one";
  EXPECT_EQ(s->sequence(), before + 1) << "in the same commit";
  s->update(ref<employment>(first), employment::is_primary = true);
  EXPECT_FALSE(primary(second));
  s->update(ref<employment>(first), employment::until = date(2026, 2, 28));
  EXPECT_FALSE(primary(first)) << "ended";
  const record<contact> other = s->add(contact::last_name = "Петров");
  const record<employment> his = s->add(employment::contact = other, employment::client = plant);
  EXPECT_TRUE(primary(his));
  EXPECT_EQ(outcome([&] {
              s->update(his, employment::since = date(2026, 1, 2),
                        employment::until = date(2026, 1, 1));
            }),
            "invalid: until ends_after_it_begins");
  EXPECT_EQ(
      s->query("contacts", "exists(employments where client.name = 'завод' and until is null)")
          .count(),
      1u);
  EXPECT_EQ(s->query("clients", "count(employments) >= 2").count(), 2u)
      << "history stays with the old one";
  s->remove(anna);
  EXPECT_EQ(s->all<employment>().count(), 1u);
}

TEST_P(parties, have_names_of_which_a_part_may_be_missing) {
  for (const auto& [given, outcome] : text_table<2>(R"(
      Иванова Анна Сергеевна | done
      Иванова Анна           | done
      Мадонна                | done)")) {
    EXPECT_EQ(refused("contacts", {{"name", given.c_str()}}), outcome) << given;
  }
  EXPECT_EQ(outcome([&] { s->add(contact::first_name = "Анна"); }), "done");
  EXPECT_EQ(outcome([&] { s->add(contact::note = "кто-то"); }), "invalid: name required");
  EXPECT_EQ(outcome([&] { s->add(contact::last_name = ""); }), "invalid: name required");
}

// ------------------------------------------------------------------------------- contact points

TEST_P(parties, are_reached_by_any_spelling) {
  const record<client> anna = s->add(client::name = "Анна");
  for (const auto& [channel_name, given, normal] : text_table<3>(R"(
      phone | 8 (913) 123-45-67      | +79131234567
      phone | +7 913 123 45 67       | +79131234567
      phone | 8-913-123-45-67 доб. 5 | +79131234567;5
      phone | 0049 30 901820         | +4930901820
      phone | +77012345678           | +77012345678
      phone | 12-34-56               | 123456
      email | Anna@Example.ORG       | anna@example.org
      email | a.b+shop@example.org   | a.b+shop@example.org
      messenger | @Anna_Iv           | @anna_iv)")) {
    const std::string id = std::to_string(anna.id().value);
    draft<contact_point> d;
    d.set(contact_point::party = of(anna), contact_point::address = given);
    put_text(d, entity("contact_point"), "channel", channel_name);
    const record<contact_point> p = s->add(d);
    EXPECT_EQ(p[contact_point::normal_form], normal) << given;
    EXPECT_EQ(p[contact_point::address], given) << "kept as typed";
  }
  EXPECT_EQ(s->find(contact_point::normal_form == "+79131234567").count(), 2u);
  EXPECT_EQ(s->query("clients", "exists(emails where normal_form = 'anna@example.org')").count(),
            1u);
}

TEST_P(parties, share_numbers_but_not_nonsense) {
  const record<client> anna = s->add(client::name = "Анна");
  const record<contact> petr = s->add(contact::last_name = "Петров");
  const auto add_point = [&](any_ref party, channel on, const char* address) {
    return outcome([&] {
      s->add(contact_point::party = party, contact_point::channel = on,
             contact_point::address = address);
    });
  };
  EXPECT_EQ(add_point(of(anna), channel::phone, "+7 3812 123456"), "done");
  EXPECT_EQ(add_point(of(petr), channel::phone, "+7 3812 123456"), "done") << "a switchboard";
  EXPECT_EQ(add_point(of(anna), channel::email, "anna"), "invalid: address address_of_channel");
  EXPECT_EQ(add_point(of(anna), channel::phone, "позвони"), "invalid: address address_of_channel");
  EXPECT_EQ(add_point(of(anna), channel::website, "not a site"),
            "invalid: address address_of_channel");
  EXPECT_EQ(add_point(of(anna), channel::email, ""), "invalid: address required");
  EXPECT_EQ(add_point({}, channel::email, "a@b.example"), "invalid: party required");
  const record<product> pump = s->add(product::name = "Насос");
  EXPECT_EQ(add_point({product::about.id, pump.id()}, channel::email, "a@b.example"),
            "invalid: party party_of_contact_point")
      << "things have no telephone";
  const record<contact_point> mail =
      s->add(contact_point::party = of(anna), contact_point::channel = channel::email,
             contact_point::address = "a@b.example");
  const record<contact_point> moved = s->update(mail, contact_point::address = "C@D.example");
  EXPECT_EQ(moved[contact_point::normal_form], "c@d.example") << "moves with the address";
  EXPECT_EQ(outcome([&] { s->update(moved, contact_point::channel = channel::phone); }),
            "invalid: address address_of_channel");
  s->remove(anna);
  EXPECT_EQ(s->all<contact_point>().count(), 1u);
}

// -------------------------------------------------------------------------- external keys, tags

TEST_P(parties, have_one_key_in_each_other_system) {
  const record<client> anna = s->add(client::name = "Анна");
  const record<client> petr = s->add(client::name = "Пётр");
  const auto key = [&](const record<client>& c, const char* source, const char* name) {
    return outcome([&] {
      s->add(external_ref::source = source, external_ref::key = name, external_ref::record = of(c));
    });
  };
  EXPECT_EQ(key(anna, "shop", "17"), "done");
  EXPECT_EQ(key(petr, "shop", "17"), "exists: source");
  EXPECT_EQ(key(petr, "erp", "17"), "done");
  EXPECT_EQ(key(anna, "erp", "18"), "done");
  EXPECT_EQ(key(anna, "erp", "A17"), "done") << "a record may have several";
  EXPECT_EQ(key(petr, "erp", "a17"), "done") << "keys of machines are compared by bytes";
  const record<external_ref> r = *s->find(external_ref::key == "17").first();
  EXPECT_EQ(outcome([&] { s->update(r, external_ref::key = "19"); }), "invalid: key set_once");
  EXPECT_EQ(outcome([&] { s->update(r, external_ref::record = of(petr)); }), "done")
      << "merged there";
}

TEST_P(parties, have_each_tag_once) {
  const record<client> anna = s->add(client::name = "Анна");
  const auto put = [&](const char* name) {
    return outcome([&] { s->add(tag::record = of(anna), tag::name = name); });
  };
  EXPECT_EQ(put("Важный"), "done");
  EXPECT_EQ(put("важный"), "exists: record");
  EXPECT_EQ(put("оптовик"), "done");
  EXPECT_EQ(put(""), "invalid: name required");
  EXPECT_EQ(s->query("clients", "exists(tags where name = 'ВАЖНЫЙ')").count(), 1u);
}

// --------------------------------------------------------------------------------------- people

TEST_P(parties, are_served_by_users_in_teams) {
  const record<team> sales = s->add(team::name = "Продажи");
  const record<user> boss = s->add(user::login = "boss", user::name = "Пётр", user::team = sales);
  const record<user> anna = s->add(user::login = "anna", user::name = "Анна", user::manager = boss,
                                   user::zone = "Asia/Omsk");
  s->update(sales, team::lead = boss);
  EXPECT_TRUE(boss[user::active]);
  EXPECT_EQ(outcome([&] { s->add(user::login = "BOSS", user::name = "Другой"); }), "exists: login");
  EXPECT_EQ(outcome([&] { s->add(team::name = "ПРОДАЖИ"); }), "exists: name");
  EXPECT_EQ(outcome([&] { s->update(boss, user::manager = anna); }), "invalid: manager acyclic");
  const auto e = refusal([&] { s->update(anna, user::zone = "Asia/Omks"); });
  ASSERT_TRUE(e);
  EXPECT_EQ(shown(e->violations()), "zone zone_exists");
  EXPECT_EQ(e->violations()[0].value, "Asia/Omks");
  EXPECT_EQ(s->query("teams", "exists(members where login = 'boss')").count(), 1u);
  s->remove(sales);
  EXPECT_FALSE(s->get<user>(boss.id()).has(user::team));
  s->remove(boss);
  EXPECT_FALSE(s->get<user>(anna.id()).has(user::manager));
}

TEST_P(parties, pay_in_currencies_of_the_list) {
  EXPECT_EQ(outcome([&] { s->add(currency::code = "RUB", currency::name = "рубль"); }), "done");
  EXPECT_EQ(outcome([&] { s->add(currency::code = "RUB"); }), "exists: code");
  EXPECT_EQ(outcome([&] { s->add(currency::code = "XYZ"); }), "invalid: code iso_4217");
  EXPECT_EQ(outcome([&] { s->add(currency::code = "rub"); }), "invalid: code iso_4217");
  const record<currency> rub = *s->all<currency>().first();
  EXPECT_EQ(outcome([&] { s->update(rub, currency::code = "EUR"); }), "invalid: code set_once");
}

}  // namespace
}  // namespace kith::lab
