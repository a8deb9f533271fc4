// SPDX-License-Identifier: Apache-2.0
//
// Fields and entities that users add while the store is open: first-class at once, gone with the
// transaction that is taken back, noticed by others.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

class model_changes : public suite {
 protected:
  custom_field card() const { return {.name = "x_card", .unique = true, .ru = "Карта"}; }
};
INSTANTIATE_TEST_SUITE_P(stores, model_changes, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(model_changes, add_fields_while_there_are_records) {
  const record<client> old = s->add(client::name = "Анна");
  s->add_field("clients", card());
  const auto card_of = s->model()->field<client, text>("x_card");
  EXPECT_TRUE(s->get("clients", old.id())["x_card"].is_null()) << "old rows read null";
  EXPECT_EQ(outcome([&] { s->update(old, card_of = "17"); }), "done");
  EXPECT_EQ(outcome([&] { s->add(client::name = "Пётр", card_of = "17"); }), "exists: x_card");
  s->add(client::name = "Пётр", card_of = "18");
  EXPECT_EQ(s->query("clients", "x_card = '17'").count(), 1u);
  EXPECT_EQ(s->query("clients", "x_card is null").count(), 0u);
  EXPECT_EQ(s->find_one(card_of, "18")->operator[](client::name), "Пётр");
  EXPECT_EQ((*s->get_if(ref<client>(old)))[card_of], "17");
  const change_set last = s->changes(s->sequence() - 1).at(0);
  EXPECT_EQ(last.changes.size(), 1u);
  EXPECT_EQ(old[card_of], "") << "a version never changes";
}

TEST_P(model_changes, add_fields_of_every_kind) {
  struct row {
    kind_id kind;
    const char* given;
    const char* condition;
  };
  const row table[] = {
      {kind_id::text, "Ёж", "x_f = 'Ёж'"},
      {kind_id::integer, "17", "x_f > 16"},
      {kind_id::real, "2.5", "x_f > 2"},
      {kind_id::decimal, "17", "x_f = 17"},
      {kind_id::boolean, "true", "x_f"},
      {kind_id::date, "2026-03-02", "x_f = date('2026-03-02')"},
      {kind_id::instant, "2026-03-02T09:00:00Z", "x_f is not null"},
      {kind_id::duration, "1h 30min", "x_f > 1h"},
      {kind_id::money, "12 EUR", "x_f > 11 EUR"},
      {kind_id::email, "a@b.example", "x_f = 'A@B.example'"},
      {kind_id::phone, "8 913 123-45-67", "x_f = '+79131234567'"},
      {kind_id::url, "https://example.org", "x_f is not null"},
      {kind_id::choice, "big", "x_f = 'big'"},
      {kind_id::ref, "", "x_f is null"},
  };
  int number = 0;
  for (const row& r : table) {
    SCOPED_TRACE(kind_of(r.kind).name);
    const std::string name = "x_f" + std::to_string(++number);
    custom_field f{.name = name, .kind = r.kind};
    if (r.kind == kind_id::choice) f.choices = {{"small", "мелкий"}, {"big", "крупный"}};
    if (r.kind == kind_id::ref) f.target = "users";
    f.indexed = true;
    EXPECT_EQ(outcome([&] { s->add_field("lab_nodes", f); }), "done");
    const row_ptr made = add("lab_nodes", {{name.c_str(), r.given}});
    EXPECT_EQ(s->get("lab_nodes", made->id())[name].to_string(), r.given);
    std::string condition = r.condition;
    condition.replace(condition.find("x_f"), 3, name);
    EXPECT_GE(s->query("lab_nodes", condition).count(), 1u) << condition;
  }
}

// Rows, queries and entities of a model are used on when it is no longer the newest.
TEST_P(model_changes, leave_every_model_alive_the_first_included) {
  const std::weak_ptr<const model> first = s->model();
  session other = base->open_session();
  s->add_field("clients", card());
  any_draft d;
  d.put(other.model()->entity("client").field("name").field->slot, cell::text("Анна"));
  EXPECT_EQ(outcome([&] { other.add_row(other.model()->entity("client"), d); }), "done");
  EXPECT_EQ(other.model()->version(), s->model()->version());
  EXPECT_FALSE(first.expired());
}

TEST_P(model_changes, add_entities_with_references_among_each_other) {
  s->add_entity({.name = "x_vehicle",
                 .plural = "x_vehicles",
                 .title = "plate",
                 .ru = "Машина",
                 .ru_plural = "Машины",
                 .fields = {{.name = "plate", .required = true, .unique = true},
                            {.name = "holder",
                             .kind = kind_id::ref,
                             .target = "clients",
                             .on_delete = delete_policy::cascade},
                            {.name = "trailer", .kind = kind_id::ref, .target = "x_vehicle"}}});
  const record<client> anna = s->add(client::name = "Анна", client::city = "Омск");
  const std::string id = std::to_string(anna.id().value);
  const row_ptr car = add("x_vehicles", {{"plate", "A1"}, {"holder", id.c_str()}});
  add("x_vehicles", {{"plate", "A2"}, {"trailer", std::to_string(car->id().value).c_str()}});
  EXPECT_EQ(outcome([&] { add("x_vehicles", {}); }), "invalid: plate required");
  EXPECT_EQ(outcome([&] { add("x_vehicles", {{"plate", "A1"}}); }), "exists: plate");
  EXPECT_EQ(s->query("x_vehicles", "holder.city = 'омск'").count(), 1u);
  EXPECT_EQ(s->query("x_vehicles", "trailer.holder.name = 'Анна'").count(), 1u);
  EXPECT_EQ(outcome([&] { s->remove(anna); }), "invalid: restrict_delete")
      << "the car would go along, but a trailer names it";
  s->query("x_vehicles", "plate = 'A2'").remove();
  s->remove(anna);
  EXPECT_EQ(s->query("x_vehicles", "").count(), 0u);
}

TEST_P(model_changes, refuse_descriptions_that_mean_nothing) {
  struct row {
    const char* entity;
    custom_field field;
    const char* outcome;
    const char* hint;
  };
  const kind_options folded_option{
      .folded = true, .scale = 0, .max_length = 0, .least = {}, .most = {}, .choices = {}};
  const kind_options crossed{
      .folded = false, .scale = 0, .max_length = 0, .least = 5, .most = 4, .choices = {}};
  const row table[] = {
      {"cleints", {.name = "x_a"}, "not_found", "clients"},
      {"clients", {.name = "card"}, "invalid", "x_card"},
      {"clients", {.name = "X_Card"}, "invalid", "lower-case"},
      {"clients", {.name = "x_карта"}, "invalid", "lower-case"},
      {"clients", {.name = ""}, "invalid", "not a name"},
      {"clients", {.name = "class"}, "invalid", "keeps for itself"},
      {"clients", {.name = "x_"}, "invalid", "prefix"},
      {"clients", {.name = "x_a", .required = true}, "invalid", "old ones have no value"},
      {"clients", {.name = "x_a", .kind = kind_id::choice}, "invalid: x_a", "choose from"},
      {"clients", {.name = "x_a", .choices = {{"b", ""}}}, "invalid: x_a", "not of kind choice"},
      {"clients",
       {.name = "x_a", .kind = kind_id::choice, .choices = {{"b", ""}, {"b", ""}}},
       "invalid: x_a",
       "twice"},
      {"clients", {.name = "x_a", .kind = kind_id::ref}, "invalid: x_a", "name the entity"},
      {"clients",
       {.name = "x_a", .kind = kind_id::ref, .target = "cleints"},
       "not_found",
       "clients"},
      {"clients",
       {.name = "x_a", .kind = kind_id::integer, .options = folded_option},
       "invalid: x_a",
       "only text is folded"},
      {"clients",
       {.name = "x_a", .kind = kind_id::integer, .options = crossed},
       "invalid: x_a",
       "exchange them"},
      {"clients", {.name = "x_a", .ru = "\xff"}, "invalid", "UTF-8"},
      {"change_sets", {.name = "x_a"}, "denied", "engine"},
  };
  const std::int64_t before = s->sequence();
  for (const row& r : table) {
    const auto call = [&] { s->add_field(r.entity, r.field); };
    const auto e = refusal(call);
    ASSERT_TRUE(e) << r.hint;
    EXPECT_EQ(outcome(call), r.outcome) << e->message();
    EXPECT_NE(e->message().find(r.hint), std::string::npos) << e->message();
  }
  EXPECT_EQ(outcome([&] { s->add_entity({.name = "vehicle", .plural = "vehicles"}); }), "invalid");
  EXPECT_EQ(outcome([&] { s->add_entity({.name = "x_v", .plural = "clients"}); }), "exists");
  EXPECT_EQ(outcome([&] { s->add_entity({.name = "x_v", .plural = "x_vs", .title = "t"}); }),
            "invalid");
  EXPECT_EQ(s->sequence(), before);
  s->add_field("clients", card());
  EXPECT_EQ(outcome([&] { s->add_field("clients", card()); }), "exists: x_card");
}

TEST_P(model_changes, go_back_with_their_transaction) {
  const model_ptr before = s->model();
  {
    const transaction tx = s->write();
    s->add_field("clients", card());
    EXPECT_TRUE(entity("clients").find_field("x_card"));
    add("clients", {{"name", "Анна"}, {"x_card", "17"}});
    EXPECT_EQ(s->query("clients", "x_card = '17'").count(), 1u);
  }
  EXPECT_EQ(s->model(), before);
  EXPECT_FALSE(entity("clients").find_field("x_card"));
  transaction tx = s->write();
  transaction inner = s->write();
  s->add_field("clients", card());
  inner.rollback();
  EXPECT_FALSE(entity("clients").find_field("x_card"));
  // The same name as something else.
  s->add_field("clients", {.name = "x_card", .kind = kind_id::integer});
  add("clients", {{"name", "Анна"}, {"x_card", "17"}});
  tx.commit();
  EXPECT_EQ(s->query("clients", "x_card > 16").count(), 1u);
  EXPECT_EQ(base->model(), s->model()) << "published with the commit";
}

TEST_P(model_changes, are_noticed_by_other_sessions) {
  session other = base->open_session();
  EXPECT_EQ(other.all<client>().count(), 0u);
  s->add_field("clients", card());
  add("clients", {{"name", "Анна"}, {"x_card", "17"}});
  EXPECT_EQ(outcome([&] { EXPECT_EQ(other.query("clients", "x_card = '17'").count(), 1u); }),
            "done");
  EXPECT_TRUE(other.model()->entity("clients").find_field("x_card"));
  s->add_field("clients", {.name = "x_second"});
  other.add(client::name = "Пётр");  // with the next write at the latest
  EXPECT_TRUE(other.model()->entity("clients").find_field("x_second"));
  s->add_entity({.name = "x_vehicle", .plural = "x_vehicles", .fields = {{.name = "plate"}}});
  EXPECT_EQ(outcome([&] { EXPECT_EQ(other.query("x_vehicles", "").count(), 0u); }), "done");
  EXPECT_EQ(outcome([&] { other.query("x_vehicels", ""); }), "not_found");
}

TEST_P(model_changes, are_noticed_by_other_programs) {
  if (!base->can().many_processes) GTEST_SKIP() << "one program at a time";
  kith::crm second(GetParam().reopen(), completed({}));
  session other = second.open_session();
  EXPECT_EQ(other.all<client>().count(), 0u);
  s->add_field("clients", card());
  add("clients", {{"name", "Анна"}, {"x_card", "17"}});
  EXPECT_EQ(outcome([&] { EXPECT_EQ(other.query("clients", "x_card = '17'").count(), 1u); }),
            "done");
  other.add_field("clients", {.name = "x_second"});
  s->add(client::name = "Пётр");
  EXPECT_TRUE(entity("clients").find_field("x_second"));
  EXPECT_EQ(s->model()->version(), other.model()->version());
}

TEST_P(model_changes, outlive_their_program) {
  if (!keeps_content()) GTEST_SKIP() << "the content is gone with the store";
  custom_field size{.name = "x_size", .kind = kind_id::choice};
  size.choices = {{"small", "мелкий"}, {"big", "крупный клиент"}};
  size.doc = "How large\nit is.";
  s->add_field("clients", size);
  s->add_entity({.name = "x_vehicle", .plural = "x_vehicles", .fields = {{.name = "plate"}}});
  const std::uint16_t number = entity("x_vehicle").number;
  add("clients", {{"name", "Анна"}, {"x_size", "big"}});
  reopen();
  EXPECT_EQ(entity("x_vehicle").number, number);
  EXPECT_EQ(s->query("clients", "x_size = 'big'").count(), 1u);
  const field_def& f = *entity("clients").field("x_size").field->def;
  EXPECT_EQ(f.options.choices[1].ru, "крупный клиент");
  EXPECT_EQ(f.doc, "How large it is.") << "one line";
  EXPECT_EQ(outcome([&] { s->add_field("clients", {.name = "x_size"}); }), "exists: x_size");
}

TEST_P(model_changes, retire_fields_and_keep_what_is_in_them) {
  s->add_field("clients", card());
  const row_ptr made = add("clients", {{"name", "Анна"}, {"x_card", "17"}});
  EXPECT_EQ(outcome([&] { s->retire_field("clients", "name"); }), "denied: name");
  s->retire_field("clients", "x_card");
  EXPECT_EQ(outcome([&] {
              add("clients", {{"name", "Пётр"}, {"x_card", "18"}});
            }),
            "invalid: x_card retired");
  EXPECT_EQ(outcome([&] { s->query("clients", "x_card = '17'").count(); }), "query");
  EXPECT_EQ(outcome([&] { s->update(s->get<client>(made->id()), client::name = "Аня"); }), "done");
  EXPECT_EQ(s->get<client>(made->id())[client::name], "Аня");
}

TEST_P(model_changes, leave_what_was_unique_in_a_retired_field) {
  s->add_field("clients", card());
  const ref<client> anna{add("clients", {{"name", "Анна"}, {"x_card", "17"}})->id()};
  s->remove(anna);
  add("clients", {{"name", "Пётр"}, {"x_card", "17"}});
  EXPECT_EQ(outcome([&] { s->restore(anna); }), "exists: x_card");
  {
    const transaction tx = s->write();  // taken back
    s->retire_field("clients", "x_card");
    s->restore(anna);
  }
  EXPECT_EQ(outcome([&] { s->restore(anna); }), "exists: x_card") << "it is not retired";
  s->retire_field("clients", "x_card");
  EXPECT_EQ(outcome([&] { s->restore(anna); }), "done") << "nobody asks for the card any more";
  EXPECT_EQ(s->query("clients", "").count(), 2u);
  if (!keeps_content()) return;
  reopen();
  EXPECT_EQ(s->query("clients", "").count(), 2u);
  EXPECT_EQ(outcome([&] { s->update(anna, client::name = "Аня"); }), "done");
}

// A result that is being read and a model that changes do not disturb each other.
TEST_P(model_changes, may_happen_while_a_result_is_read) {
  s->add_field("clients", card());
  for (int i = 0; i < 600; ++i) s->add(client::name = "n" + std::to_string(i));
  transaction tx = s->write();
  std::size_t seen = 0;
  for (const record<client>& c : s->all<client>()) {
    if (seen++ == 0) s->retire_field("clients", "x_card");
    EXPECT_TRUE(c.id());
  }
  EXPECT_EQ(seen, 600u);
  tx.commit();
}

TEST_P(model_changes, have_a_limit) {
  crm_options small;
  small.limits.fields_per_entity = 60;
  open(small);
  const std::size_t there = entity("lab_node").fields.size();
  for (std::size_t i = there; i < 60; ++i) {
    s->add_field("lab_node", {.name = "x_f" + std::to_string(i)});
  }
  EXPECT_EQ(outcome([&] { s->add_field("lab_node", {.name = "x_more"}); }), "limit");
  EXPECT_FALSE(entity("lab_node").find_field("x_more"));
  EXPECT_EQ(outcome([&] { s->add(node::name = "n"); }), "done");
}

// ------------------------------------------------------------------------------- the difference

TEST_P(model_changes, can_be_told_from_two_models) {
  const model_ptr before = s->model();
  EXPECT_TRUE(difference(*before, *before).empty());
  s->add_field("clients", card());
  s->add_entity({.name = "x_vehicle", .plural = "x_vehicles", .fields = {{.name = "plate"}}});
  const auto words = [](const std::vector<model_change>& changes) {
    constexpr const char* names[] = {"add_entity", "retire_entity", "add_field", "retire_field",
                                     "add_index",  "drop_index",    "relabel",   "change_kind"};
    std::string text;
    for (const model_change& c : changes) {
      text += std::string(names[static_cast<int>(c.step)]) + " " + c.entity +
              (c.name.empty() ? "" : "." + c.name) + "; ";
      EXPECT_FALSE(c.note.empty());
    }
    return text;
  };
  EXPECT_EQ(words(difference(*before, *s->model())),
            "add_field client.x_card; add_index client.ux_x_card; "
            "add_entity x_vehicle; add_field x_vehicle.plate; ");
  const model_ptr between = s->model();
  s->retire_field("clients", "x_card");
  EXPECT_EQ(words(difference(*between, *s->model())),
            "retire_field client.x_card; drop_index client.ux_x_card; ");
  EXPECT_LT(before->version(), between->version());
  EXPECT_NE(before->layout_hash(), between->layout_hash());
}

}  // namespace
}  // namespace kith::lab
