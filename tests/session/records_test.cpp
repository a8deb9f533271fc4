// SPDX-License-Identifier: Apache-2.0
//
// Records of every kind: what is written is what is read, null is not empty, and a version of a
// record never changes.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

class records : public suite {};
INSTANTIATE_TEST_SUITE_P(stores, records, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(records, keep_a_value_of_every_kind) {
  struct row {
    const char* field;
    const char* given;
    const char* read;
  };
  const row table[] = {
      {"exact", "Ёлка", "Ёлка"},
      {"exact", " ", " "},
      {"words", "ёлка ЁЛКА", "ёлка ЁЛКА"},
      {"whole", "-9223372036854775808", "-9223372036854775808"},
      {"whole", "9223372036854775807", "9223372036854775807"},
      {"ratio", "0.1", "0.1"},
      {"ratio", "-1e300", "-1e+300"},
      {"weight", "12.5", "12.500"},
      {"weight", "-0.001", "-0.001"},
      {"flag", "true", "true"},
      {"flag", "false", "false"},
      {"day", "2024-02-29", "2024-02-29"},
      {"day", "0001-01-01", "0001-01-01"},
      {"day", "9999-12-31", "9999-12-31"},
      {"moment", "2026-03-31T15:00:00.25+06:00", "2026-03-31T09:00:00.25Z"},
      {"moment", "1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
      {"length", "1h 30min", "1h 30min"},
      {"length", "0s", "0s"},
      {"amount", "12.50 EUR", "12.50 EUR"},
      {"amount", "1000 JPY", "1000 JPY"},
      {"amount", "1.234 KWD", "1.234 KWD"},
      {"amount", "0 RUB", "0.00 RUB"},
      {"price", "12.5 EUR", "12.5000 EUR"},
      {"price", "0.0001 JPY", "0.0001 JPY"},
      {"shade", "blue", "blue"},
      {"shade", "красный", "red"},
      {"mail", "Anna@Example.org", "Anna@Example.org"},
      {"number", "8 (3812) 12-34-56", "8 (3812) 12-34-56"},
      {"site", "https://example.org/a?b=c", "https://example.org/a?b=c"},
      {"maker", "Иванова Анна Сергеевна", "Иванова Анна Сергеевна"},
      {"place", "ул. Ленина, 1", "ул. Ленина, 1"},
      {"bytes", "00ff10", "00ff10"},
  };
  for (const row& r : table) {
    SCOPED_TRACE(std::string(r.field) + " = " + r.given);
    const row_ptr made = add("lab_gadgets", {{r.field, r.given}});
    const any_record read = s->get("lab_gadgets", made->id());
    EXPECT_EQ(read[r.field].to_string(), r.read);
    for (const field_type& f : read.entity().fields) {
      if (f.is_stored() && f.name() != r.field) {
        EXPECT_TRUE(read[f].is_null()) << f.name();
      }
    }
  }
}

TEST_P(records, read_by_typed_keys) {
  const record<gadget> g = s->add(
      gadget::exact = "a", gadget::whole = 42, gadget::ratio = 2.5, gadget::weight = decimal("1.5"),
      gadget::flag = true, gadget::day = date(2026, 3, 2), gadget::moment = morning,
      gadget::length = duration::of_hours(2), gadget::amount = eur("9.99"),
      gadget::price = money("0.1234", "EUR"), gadget::shade = colour::blue,
      gadget::mail = "a@b.example", gadget::number = "+7 3812 123456",
      gadget::site = "https://example.org", gadget::maker = person_name{"Иванова", "Анна", ""},
      gadget::bytes = std::string_view("\0\xff", 2));
  EXPECT_EQ(g[gadget::exact], "a");
  EXPECT_EQ(g[gadget::whole], 42);
  EXPECT_EQ(g[gadget::ratio], 2.5);
  EXPECT_EQ(g[gadget::weight], decimal("1.500"));
  EXPECT_EQ(g[gadget::weight].scale(), 3);
  EXPECT_TRUE(g[gadget::flag]);
  EXPECT_EQ(g[gadget::day], date(2026, 3, 2));
  EXPECT_EQ(g[gadget::moment], morning);
  EXPECT_EQ(g[gadget::length], duration::of_hours(2));
  EXPECT_EQ(g[gadget::amount], eur("9.99"));
  EXPECT_EQ(g[gadget::price].to_string(), "0.1234 EUR");
  EXPECT_EQ(g[gadget::shade], colour::blue);
  EXPECT_EQ(g[gadget::mail], "a@b.example");
  EXPECT_EQ(g[gadget::maker].last, "Иванова");
  EXPECT_EQ(g[gadget::maker].patronymic, "");
  EXPECT_EQ(g[gadget::bytes], std::string_view("\0\xff", 2));
  EXPECT_EQ(s->get<gadget>(g.id()).row()->system().checksum, g.row()->system().checksum);
}

TEST_P(records, tell_null_from_empty_and_zero) {
  const record<gadget> none_given = s->add(gadget::exact = "x");
  const record<gadget> empty = s->add(gadget::exact = "", gadget::whole = 0, gadget::flag = false,
                                      gadget::amount = eur(0), gadget::ratio = 0.0);
  EXPECT_FALSE(none_given.has(gadget::whole));
  EXPECT_EQ(none_given[gadget::whole], 0);
  EXPECT_EQ(none_given.find(gadget::whole), std::nullopt);
  EXPECT_TRUE(none_given[gadget::amount].empty());
  EXPECT_FALSE(none_given[gadget::buyer]);
  EXPECT_TRUE(none_given[gadget::maker].empty());
  const record<gadget> read = s->get<gadget>(empty.id());
  EXPECT_TRUE(read.has(gadget::exact));
  EXPECT_EQ(read[gadget::exact], "");
  EXPECT_EQ(read.find(gadget::whole), 0);
  EXPECT_EQ(read.find(gadget::flag), false);
  EXPECT_EQ(read.find(gadget::amount), eur(0));
  EXPECT_EQ(s->find(gadget::exact == "").count(), 1u);
  EXPECT_EQ(s->find(is_null(gadget::whole)).count(), 1u);
}

TEST_P(records, take_a_value_back_with_none) {
  const record<gadget> full =
      s->add(gadget::amount = eur(5), gadget::maker = person_name{"Иванова", "Анна", ""},
             gadget::place = postal_address{"", "Омск", "", "", "Россия"});
  const record<gadget> bare = s->update(full, gadget::amount = none, gadget::maker = none,
                                        gadget::place = std::optional<postal_address>());
  EXPECT_FALSE(bare.has(gadget::amount));
  EXPECT_FALSE(bare.has(gadget::maker));
  EXPECT_FALSE(bare.has(gadget::place));
  EXPECT_EQ(full[gadget::amount], eur(5)) << "a version never changes";
}

TEST_P(records, have_addresses_in_parts) {
  const record<client> c =
      s->add(client::name = "Автопарк", client::city = "Омск", client::street = "ул. Ленина, 1");
  EXPECT_EQ(c[client::address].to_string(), "ул. Ленина, 1, Омск");
  const record<client> moved = s->update(c, client::city = "Тара");
  EXPECT_EQ(moved[client::street], "ул. Ленина, 1") << "the other parts stay";
  EXPECT_EQ(s->find(client::city == "ТАРА").count(), 1u) << "the city's key moves with it";
  EXPECT_EQ(s->find(client::city == "омск").count(), 0u);
  const record<client> none_left = s->update(moved, client::city = none, client::street = none);
  EXPECT_FALSE(none_left.has(client::address));
  EXPECT_EQ(s->get("clients", c.id())["city"].to_string(), "");
}

TEST_P(records, refuse_digits_that_the_field_does_not_keep) {
  EXPECT_EQ(outcome([&] { s->add(gadget::amount = money("1.005", "EUR")); }), "invalid: amount");
  EXPECT_EQ(outcome([&] { s->add(gadget::amount = money("0.5", "JPY")); }), "invalid: amount");
  EXPECT_EQ(outcome([&] { s->add(gadget::weight = decimal("0.0001")); }), "invalid: weight");
  EXPECT_EQ(outcome([&] { s->add(gadget::weight = decimal("0.1000")); }), "done");
  EXPECT_EQ(s->all<gadget>().count(), 1u);
}

TEST_P(records, name_other_records) {
  const record<client> anna = s->add(client::name = "Анна");
  const record<user> boss = s->add(user::login = "boss", user::name = "Пётр");
  const record<gadget> g =
      s->add(gadget::buyer = anna, gadget::about_what = any_ref{user::about.id, boss.id()});
  EXPECT_EQ(g[gadget::buyer], anna);
  EXPECT_EQ(g[gadget::about_what], (any_ref{user::about.id, boss.id()}));
  EXPECT_EQ(s->find(gadget::buyer == anna).count(), 1u);
  EXPECT_EQ(s->find(gadget::about_what == boss.id()).count(), 1u);
  EXPECT_EQ(s->find(gadget::buyer / client::name == "АННА").count(), 1u);
}

TEST_P(records, are_got_by_id_or_not_at_all) {
  const record<client> c = s->add(client::name = "Анна");
  EXPECT_EQ(s->get<client>(c.id())[client::name], "Анна");
  EXPECT_TRUE(s->get_if(ref<client>(c)));
  EXPECT_FALSE(s->get_if(ref<client>{{c.id().value + 1}}));
  EXPECT_FALSE(s->get_if(ref<contact>{c.id()})) << "of another entity";
  EXPECT_EQ(outcome([&] { s->get<contact>(c.id()); }), "not_found");
  EXPECT_EQ(outcome([&] { s->get("clients", {17}); }), "not_found");
}

TEST_P(records, survive_deletion_and_come_back) {
  const record<client> c = s->add(client::name = "Анна");
  s->remove(c);
  const record<client> gone = s->get<client>(c.id());
  EXPECT_TRUE(gone.deleted());
  EXPECT_EQ(gone[client::name], "Анна");
  EXPECT_EQ(s->all<client>().count(), 0u);
  EXPECT_EQ(s->all<client>().including(lifecycle::deleted).count(), 1u);
  EXPECT_EQ(outcome([&] { s->remove(c); }), "done") << "deleting twice fulfils the wish";
  EXPECT_EQ(outcome([&] { s->update(ref<client>(c), client::name = "B"); }), "not_found");
  const record<client> back = s->restore(ref<client>(c));
  EXPECT_FALSE(back.deleted());
  EXPECT_GT(back.revision(), gone.revision());
  EXPECT_EQ(s->all<client>().count(), 1u);
  EXPECT_EQ(outcome([&] { s->restore(ref<client>(c)); }), "done") << "it is live already";
  EXPECT_EQ(outcome([&] { s->restore(ref<client>{{17}}); }), "not_found");
  EXPECT_EQ(outcome([&] { s->remove(ref<client>{{17}}); }), "not_found");
}

TEST_P(records, outlive_their_session) {
  record<client> kept;
  std::string_view name;
  {
    session other = base->open_session();
    kept = other.add(client::name = "Длинное название, которое не помещается в строку");
    name = kept[client::name];
  }
  s.reset();
  base.reset();
  EXPECT_EQ(name, "Длинное название, которое не помещается в строку");
  EXPECT_EQ(kept[client::name], name);
}

TEST_P(records, give_copies_when_they_are_temporary) {
  const record<client> c = s->add(client::name = "Анна", client::kind = client_kind::organisation);
  static_assert(std::is_same_v<decltype(c[client::name]), std::string_view>);
  static_assert(std::is_same_v<decltype(s->get<client>(c.id())[client::name]), std::string>);
  const std::string name = s->get<client>(c.id())[client::name];
  EXPECT_EQ(name, "Анна");
}

TEST_P(records, compute_on_read_only_through_the_session) {
  const record<gadget> g = s->add(gadget::amount = eur("1.50"));
  EXPECT_EQ(s->value_of(g, gadget::tenfold).as<money>(), eur(15));
  EXPECT_EQ(outcome([&] { (void)g[gadget::tenfold]; }), "misuse: tenfold");
  EXPECT_EQ(outcome([&] { (void)s->get("lab_gadgets", g.id())["tenfold"]; }), "misuse: tenfold");
  EXPECT_EQ(outcome([&] { s->update(g, gadget::tenfold = eur(1)); }), "misuse: tenfold");
  const record<gadget> none_given = s->add(gadget::exact = "x");
  EXPECT_TRUE(s->value_of(none_given, gadget::tenfold).is_null());
}

TEST_P(records, compute_paths_and_conditions_of_a_version) {
  const record<client> anna = s->add(client::name = "Анна", client::city = "Омск");
  const record<gadget> g = s->add(gadget::buyer = anna, gadget::words = "Ёлка");
  EXPECT_EQ(s->value_of(g, gadget::buyer / client::city).to_string(), "Омск");
  EXPECT_TRUE(s->value_of(g, gadget::words == "ёлка").as<bool>());
  const record<gadget> read = s->get<gadget>(g.id());
  EXPECT_TRUE(s->value_of(read, gadget::words == "ёлка").as<bool>()) << "read without its keys";
  EXPECT_TRUE(s->value_of(read, gadget::buyer / client::name == "АННА").as<bool>());
}

TEST_P(records, of_applications_are_numbered_by_the_store) {
  const entity_type& e = entity("lab_gadgets");
  EXPECT_GE(e.number, 1024);
  EXPECT_EQ(e.about->id, 0);
  EXPECT_EQ(&e, s->model()->find(type_id_of<gadget>));
  if (!keeps_content()) return;
  const std::uint16_t number = e.number;
  const record_id id = add("lab_gadgets", {{"exact", "x"}})->id();
  // In another order, and with some missing.
  crm_options other;
  other.entities = all_entities();
  std::reverse(other.entities.begin(), other.entities.end());
  reopen(other);
  EXPECT_EQ(entity("lab_gadgets").number, number);
  EXPECT_EQ(s->get<gadget>(id)[gadget::exact], "x");
}

}  // namespace
}  // namespace kith::lab
