// SPDX-License-Identifier: Apache-2.0
//
// What a person is given: everything, and it can be imported elsewhere.
#include "kith/exchange/access_export.hpp"
#include "lab.hpp"

namespace kith::lab {
namespace {

class access_test : public suite {
 protected:
  record_id fill() {
    const auto olga = s->add(user::login = "olga", user::name = "Olga", user::mail = "o@x.example");
    const auto pipe = s->add(pipeline::name = "Main");
    const auto first =
        s->add(stage::name = "First", stage::pipeline = pipe, stage::probability = 10);
    const auto c = s->add(client::name = "Ivanov Ivan", client::kind = client_kind::person,
                          client::person = person_name{"Ivanov", "Ivan", ""}, client::city = "Omsk",
                          client::owner = olga, client::note = "a, \"b\"\nsecond line");
    const any_ref party{client::about.id, c.id()};
    s->add(contact_point::party = party, contact_point::channel = channel::email,
           contact_point::address = "ivan@x.example", contact_point::is_primary = true);
    s->add(tag::record = party, tag::name = "=vip");
    const auto d = s->add(deal::title = "Wheels", deal::client = c, deal::stage = first,
                          deal::amount = money("120.50", "EUR"));
    const auto order =
        s->add(sales_order::client = c, sales_order::deal = d, sales_order::ship_name = "Ivanov");
    s->add(order_line::sales_order = order, order_line::position = 1,
           order_line::description = "wheel", order_line::quantity = decimal(4),
           order_line::unit_price = money("30.125", "EUR"));
    s->add(interaction::client = c, interaction::kind = interaction_kind::call,
           interaction::subject = "called", interaction::owner = olga);
    s->add(client::name = "Somebody else", client::owner = olga);
    return c.id();
  }
  std::vector<access_file> exported_of(std::string_view name) {
    const auto c = s->query("clients", "name = '" + std::string(name) + "'").first();
    return access_export(*s, s->model()->entity("client"), c->row()->id());
  }
  // What people gave, of all records of a file.
  std::string values() {
    return list("clients", {"name", "person.last_name", "city", "note", "owner.login"}) + "\n" +
           list("contact_points", {"address", "normal_form", "is_primary"}) + "\n" +
           list("tags", {"name"}) + "\n" +
           list("deals", {"title", "client.name", "stage.name", "stage.pipeline.name", "amount"}) +
           "\n" + list("sales_orders", {"client.name", "deal.title", "ship_name", "total"}) + "\n" +
           list("order_lines", {"sales_order.ship_name", "quantity", "unit_price"}) + "\n" +
           list("interactions", {"client.name", "subject", "at", "owner.name"});
  }
};
INSTANTIATE_TEST_SUITE_P(stores, access_test, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(access_test, has_everything_about_the_person_and_no_more) {
  fill();
  std::string names;
  std::string all;
  for (const access_file& f : exported_of("Ivanov Ivan")) {
    names += f.name + " " + std::to_string(f.records) + "\n";
    all += f.csv;
  }
  EXPECT_EQ(names,
            "named_user.csv 1\nnamed_pipeline.csv 1\nnamed_stage.csv 1\n"
            "client.csv 1\ndeal.csv 1\nstage_change.csv 1\nsales_order.csv 1\n"
            "order_line.csv 1\ninteraction.csv 1\ncontact_point.csv 1\ntag.csv 1\n");
  EXPECT_EQ(all.find("Somebody else"), std::string::npos);
  EXPECT_EQ(all.find("o@x.example"), std::string::npos);  // of the user only the name
  EXPECT_NE(all.find("Olga"), std::string::npos);
  EXPECT_EQ(refusal([&] { access_export(*s, s->model()->entity("client"), {5}); }).substr(0, 9),
            "not_found");
}

TEST_P(access_test, can_be_imported_into_an_empty_store) {
  fill();
  const std::vector<access_file> files = exported_of("Ivanov Ivan");
  s->erase(ref<client>{s->query("clients", "name = 'Somebody else'").first()->row()->id()});
  const std::string before = values();
  open();
  for (const access_file& f : files) {
    if (f.entity == "stage_change") continue;  // written by the deal's own rules
    const import_result r = import(f.csv, access_import(*s->model(), f));
    EXPECT_EQ(told(r),
              std::to_string(f.records) + " rows: " + std::to_string(f.records) + " inserted")
        << f.name << "\n"
        << f.csv;
  }
  EXPECT_EQ(values(), before);
}

}  // namespace
}  // namespace kith::lab
