// SPDX-License-Identifier: Apache-2.0
//
// Reporting views, read as a reporting tool reads them: through a SQLite connection of its own.
#include "kith/kith.hpp"
#include "sqlite_suite.hpp"

namespace kith::conformance {

namespace {

/// A field of each kind that a view shows in its own way.
struct thing {
  static constexpr entity_def about{
      .name = "shop_thing", .plural = "shop_things", .title = "title"};
  static constexpr field<thing, text> title{1, "title", required, folded, "What it is called."};
  static constexpr field<thing, decimal> weight{2, "weight", scale(3), "Three digits."};
  static constexpr field<thing, money> price{3, "price", "As many digits as the currency has."};
  static constexpr field<thing, money> unit{4, "unit", scale(4), "Four digits."};
  static constexpr field<thing, boolean> good{5, "good", "Yes or no."};
  static constexpr field<thing, date> day{6, "day", "A day."};
  static constexpr field<thing, instant> moment{7, "moment", "A moment."};
  static constexpr field<thing, duration> length{8, "length", "A length of time."};
  static constexpr field<thing, ref<kith::client>> buyer{9, "buyer", keep_on_delete, "Who."};
  static constexpr field<thing, any_ref> topic{10, "topic", keep_on_delete, "Anything."};
  static constexpr field<thing, person_name> maker{11, "maker", "Who made it."};
  static constexpr field<thing, money> twice{12, "twice", computed("price * 2", on_read), "No."};
  static constexpr field<thing, text> buyer_name{13, "buyer_name", "Taken."};
  static constexpr auto fields = list(title, weight, price, unit, good, day, moment, length, buyer,
                                      topic, maker, twice, buyer_name);
};

class views : public sqlite_files {
 protected:
  void SetUp() override { open_again(); }
  void open_again() {
    s.reset();
    base.reset();
    base.emplace(kith::open(file(), {.entities = {describe<thing>()}}));
    s.emplace(base->open_session({.actor = "anna", .actor_id = {}, .zone = {}}));
  }
  std::string ask(const std::string& text, int column = 0) const {
    return tool(file()).ask(text, column);
  }
  record<thing> add(const char* field, const char* text) {
    any_draft d;
    const entity_type& e = s->model()->entity<thing>();
    put(d, e, "title", "x");
    put(d, e, field, text);
    return record<thing>(s->add_row(e, d));
  }
  static void put(any_draft& d, const entity_type& e, std::string_view field,
                  std::string_view text) {
    const field_type& f = *e.field(field).field;
    draft_cells to{d, f.slot};
    ASSERT_FALSE(f.kind().parse(f.def->options, text, {}, to)) << text;
  }
  struct draft_cells final : cell_sink {
    draft_cells(any_draft& to, slot_number at) : d(to), slot(at) {}
    void put(unsigned part, cell c) override { d.put(static_cast<slot_number>(slot + part), c); }
    any_draft& d;
    slot_number slot;
  };

  std::optional<crm> base;
  std::optional<session> s;
};

TEST_F(views, show_values_as_people_and_tools_read_them) {
  struct row {
    const char* field;
    const char* given;
    const char* shown;
  };
  const row table[] = {
      {"weight", "1234.567", "1234.567"},
      {"weight", "-0.001", "-0.001"},
      {"weight", "-12", "-12.000"},
      {"weight", "9223372036854775.807", "9223372036854775.807"},
      {"price", "0.05 EUR", "0.05"},
      {"price", "-1234.50 RUB", "-1234.50"},
      {"price", "1500 JPY", "1500"},
      {"price", "1.234 KWD", "1.234"},
      {"price", "92233720368547758.07 USD", "92233720368547758.07"},
      {"unit", "0.0001 JPY", "0.0001"},
      {"good", "true", "1"},
      {"good", "false", "0"},
      {"day", "2026-03-02", "2026-03-02"},
      {"day", "1812-09-07", "1812-09-07"},
      {"moment", "2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z"},
      {"moment", "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z"},
      {"moment", "2026-03-02T12:00:00.000001+03:00", "2026-03-02T09:00:00.000001Z"},
      {"length", "1h 30min", "5400.000000"},
      {"title", "Ёлка «Зелёная»", "Ёлка «Зелёная»"},
  };
  base->write_views();
  for (const row& r : table) {
    SCOPED_TRACE(std::string(r.field) + " " + r.given);
    const record_id id = add(r.field, r.given).id();
    EXPECT_EQ(ask("SELECT " + std::string(r.field) +
                  " FROM shop_things WHERE id = " + std::to_string(id.value)),
              r.shown);
  }
  EXPECT_EQ(ask("SELECT price_currency FROM shop_things WHERE price = '1500'"), "JPY");
  EXPECT_EQ(ask("SELECT count(*) FROM shop_things WHERE weight IS NULL AND day IS NULL AND "
                "moment IS NULL AND price IS NULL AND price_currency IS NULL AND title <> 'x'"),
            "1");
}

TEST_F(views, name_what_references_name) {
  base->write_views();
  const record<client> anna = s->add(client::name = "Анна Каренина");
  const record<thing> one = s->add(thing::title = "Роман", thing::buyer = ref<client>(anna),
                                   thing::topic = any_ref{client::about.id, anna.id()},
                                   thing::maker = person_name{"Толстой", "Лев", "Николаевич"});
  const std::string id = std::to_string(anna.id().value);
  EXPECT_EQ(ask("SELECT buyer FROM shop_things"), id);
  EXPECT_EQ(ask("SELECT buyer_name_ FROM shop_things"), "Анна Каренина")
      << "another field has the name buyer_name";
  EXPECT_EQ(ask("SELECT topic || ' ' || topic_entity FROM shop_things"), id + " client");
  EXPECT_EQ(ask("SELECT maker_last_name || ' ' || maker_first_name FROM shop_things"),
            "Толстой Лев");
  EXPECT_EQ(ask("SELECT kind || ' ' || status FROM clients"), "organisation potential");
  EXPECT_EQ(ask("SELECT count(*) FROM pragma_table_info('shop_things') WHERE name = 'twice'"), "0")
      << "what is computed on reading is not in the tables";
}

TEST_F(views, show_live_records_only) {
  base->write_views();
  const record<client> anna = s->add(client::name = "Анна");
  s->add(client::name = "Пётр");
  s->remove(anna);
  EXPECT_EQ(ask("SELECT name FROM clients"), "Пётр");
  s->restore(ref<client>(anna));
  EXPECT_EQ(ask("SELECT count(*) FROM clients"), "2");
}

TEST_F(views, follow_the_model_when_they_are_written_again) {
  base->write_views();
  s->add_field("clients", {.name = "x_card"});
  const auto columns = [&] {
    return ask("SELECT count(*) FROM pragma_table_info('clients') WHERE name = 'x_card'");
  };
  EXPECT_EQ(columns(), "0");
  base->write_views();
  EXPECT_EQ(columns(), "1");
  s->add(client::name = "Анна", s->model()->field<client, text>("x_card") = "17");
  EXPECT_EQ(ask("SELECT x_card FROM clients"), "17");
  s->retire_field("clients", "x_card");
  EXPECT_EQ(ask("SELECT x_card FROM clients"), "17") << "an older view still works";
  base->write_views();
  EXPECT_EQ(columns(), "0");
  s->add_entity({.name = "x_vehicle", .plural = "x_vehicles"});
  base->write_views();
  EXPECT_EQ(ask("SELECT count(*) FROM x_vehicles"), "0");
}

TEST_F(views, are_no_damage_and_change_nothing) {
  s->add(client::name = "Анна");
  const std::int64_t before = s->sequence();
  base->write_views();
  base->write_views();
  EXPECT_EQ(s->sequence(), before);
  EXPECT_TRUE(base->verify().sound());
  open_again();
  EXPECT_EQ(s->all<client>().count(), 1u);
  EXPECT_EQ(outcome([&] { base->backup(file("copy")); }), "done");
  EXPECT_EQ(tool(file("copy")).ask("SELECT name FROM clients"), "Анна");
}

TEST_F(views, leave_alone_what_is_not_theirs) {
  {
    kith::transaction tx = s->write();
    tx.sql("create table Clients (id integer)");
    tx.commit();
  }
  EXPECT_EQ(outcome([&] { base->write_views(); }), "exists");
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_schema WHERE type = 'view'"), "0") << "all or nothing";
  {
    kith::transaction tx = s->write();
    tx.sql("drop table Clients");
    tx.sql("create view clients as select 1 as id");
    tx.commit();
  }
  EXPECT_EQ(outcome([&] { base->write_views(); }), "exists");
  EXPECT_EQ(ask("SELECT id FROM clients"), "1");
}

TEST_F(views, are_refused_where_there_are_none) {
  crm memory = kith::open(":memory:");
  EXPECT_FALSE(memory.can().views);
  EXPECT_EQ(outcome([&] { memory.write_views(); }), "unsupported");
  s.reset();
  base.reset();
  crm reader = kith::open(file(), {.read_only = true});
  EXPECT_EQ(outcome([&] { reader.write_views(); }), "read_only");
}

}  // namespace
}  // namespace kith::conformance
