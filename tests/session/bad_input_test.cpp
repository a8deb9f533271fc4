// SPDX-License-Identifier: Apache-2.0
//
// What machines and hurried people give: names that do not exist, bytes that are no text, cells of
// another class, references that lead nowhere. Each is answered, none is stored.
#include <gtest/gtest.h>

#include "kith/core/text.hpp"
#include "suite.hpp"

namespace kith::lab {
namespace {

class bad_input : public suite {
 protected:
  // The answer to a draft with one cell of this field.
  std::string put(std::string_view field, const cell& c) {
    const entity_type& e = entity("lab_gadget");
    const field_place place = e.field(field);
    any_draft d;
    d.put(place.field->slot, c);
    return outcome([&] { s->add_row(e, d); });
  }
};
INSTANTIATE_TEST_SUITE_P(stores, bad_input, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(bad_input, names_that_do_not_exist_bring_near_ones) {
  struct row {
    std::function<void()> call;
    const char* code;
    const char* hint;
  };
  const record_id acme = s->add(client::name = "Acme").id();
  const row table[] = {
      {[&] { s->get("client", {1}); }, "not_found", "there is no client 1"},
      {[&] { s->get("cleints", acme); }, "not_found", "clients"},
      {[&] { s->query("cleints", ""); }, "not_found", "clients"},
      {[&] { (void)s->get("clients", acme)["nmae"]; }, "not_found", "name"},
      {[&] { s->query("clients", "ctiy = 'Омск'"); }, "query", "city"},
      {[&] { s->query("clients", "deals.amount = 1"); }, "query", "deals"},
      {[&] { (void)s->model()->field<client, text>("sorce"); }, "not_found", "source"},
      {[&] { (void)s->model()->field<client, money>("source"); }, "misuse", "text"},
      {[&] { (void)s->model()->field<client, ref<user>>("parent"); }, "misuse", "ref"},
      {[&] { s->add_field("cleints", {.name = "x_a"}); }, "not_found", "clients"},
      {[&] { s->retire_field("clients", "nmae"); }, "not_found", "name"},
  };
  for (const row& r : table) {
    const auto e = refusal(r.call);
    ASSERT_TRUE(e) << r.hint;
    EXPECT_EQ(name_of(e->code()), r.code) << e->message();
    EXPECT_NE(e->message().find(r.hint), std::string::npos) << e->message();
  }
}

TEST_P(bad_input, cells_of_another_class_are_refused) {
  struct row {
    const char* field;
    cell given;
    const char* outcome;
  };
  const row table[] = {
      {"whole", cell::integer(1), "done"},
      {"whole", cell::text("1"), "invalid: whole integer"},
      {"whole", cell::real(1), "invalid: whole integer"},
      {"ratio", cell::integer(1), "invalid: ratio real"},
      {"exact", cell::integer(1), "invalid: exact text"},
      {"exact", cell::blob("a"), "invalid: exact text"},
      {"bytes", cell::text("a"), "invalid: bytes blob"},
      {"flag", cell::integer(2), "invalid: flag boolean"},
      {"shade", cell::integer(3), "invalid: shade choice"},
      {"buyer", cell::integer(-1), "invalid: buyer ref"},
      {"day", cell::integer(1'000'000'000'000), "invalid: day date"},
      {"moment", cell::integer(INT64_MAX), "invalid: moment instant"},
      {"amount", cell::integer(1), "invalid: amount money"},  // no currency
      {"about_what", cell::integer(1), "invalid: about_what any_ref"},
      {"mail", cell::text("anna"), "invalid: mail email"},
      {"number", cell::text("call me"), "invalid: number phone"},
      {"site", cell::text("not a site"), "invalid: site url"},
      {"ratio", cell::real(std::numeric_limits<double>::quiet_NaN()), "invalid: ratio real"},
      {"ratio", cell::real(std::numeric_limits<double>::infinity()), "invalid: ratio real"},
  };
  for (const row& r : table) EXPECT_EQ(put(r.field, r.given), r.outcome) << r.field;
}

TEST_P(bad_input, slots_that_do_not_exist_are_misuse) {
  const entity_type& e = entity("lab_node");
  any_draft d;
  d.put(200, cell::integer(1));
  EXPECT_EQ(outcome([&] { s->add_row(e, d); }), "misuse");
  EXPECT_EQ(outcome([&] { s->check(e, d); }), "misuse");
  const record<node> n = s->add(node::name = "n");
  EXPECT_EQ(outcome([&] { s->update_row(e, n.id(), d); }), "misuse");
  EXPECT_EQ(outcome([&] { d.put(id_slot, cell::integer(1)); }), "misuse");
  any_draft of_another(s->add(node::name = "m").row());
  of_another.put(node::name.slot(), cell::text("x"));
  EXPECT_EQ(outcome([&] { s->update_row(e, n.id(), of_another); }), "misuse");
  EXPECT_EQ(outcome([&] { s->add_row(e, of_another); }), "misuse");
}

TEST_P(bad_input, text_is_utf8_without_nul) {
  const std::string_view bad[] = {{"a\0b", 3}, "\xff",         "\xd1",
                                  "\xc0\xaf",  "\xed\xa0\x80", "\xf4\x90\x80\x80"};
  for (const std::string_view text : bad) {
    const auto e = refusal([&] { s->add(strict::name = text); });
    ASSERT_TRUE(e);
    EXPECT_EQ(shown(e->violations()), "name text");
    EXPECT_EQ(e->violations()[0].value, "(not UTF-8)") << "its bytes are not shown";
    EXPECT_FALSE(invalid_utf8(e->message()));
    EXPECT_EQ(outcome([&] { s->add(client::name = "c", client::city = text); }),
              "invalid: address postal_address");
    EXPECT_EQ(outcome([&] { s->add(contact::last_name = text); }), "invalid: name person_name");
    EXPECT_NE(outcome([&] { s->find(strict::name == text).count(); }), "damaged");
  }
}

TEST_P(bad_input, large_values_are_refused) {
  crm_options small;
  small.limits.text_bytes = 100;
  small.limits.blob_bytes = 50;
  open(small);
  const std::string hundred(100, 'x');
  EXPECT_EQ(outcome([&] { s->add(strict::name = hundred); }), "done");
  EXPECT_EQ(outcome([&] { s->add(strict::name = hundred + "x"); }), "invalid: name text_bytes");
  EXPECT_EQ(outcome([&] { s->add(strict::name = "n", strict::bytes = hundred.substr(0, 50)); }),
            "done");
  EXPECT_EQ(outcome([&] { s->add(strict::name = "n", strict::bytes = hundred.substr(0, 51)); }),
            "invalid: bytes blob_bytes");
  open();
  const std::string mebibyte(1 << 20, 'x');
  EXPECT_EQ(outcome([&] { s->add(strict::name = mebibyte); }), "done");
  EXPECT_EQ(outcome([&] { s->add(strict::name = mebibyte + "x"); }), "invalid: name text_bytes");
  EXPECT_EQ(outcome([&] { s->add(strict::name = "n", strict::bytes = std::string(65536, 'x')); }),
            "done");
  EXPECT_EQ(outcome([&] { s->add(strict::name = "n", strict::bytes = std::string(65537, 'x')); }),
            "invalid: bytes blob_bytes");
}

TEST_P(bad_input, references_lead_to_live_records_of_their_entity) {
  const record<client> anna = s->add(client::name = "Анна");
  const record<client> gone = s->add(client::name = "Пётр");
  s->remove(gone);
  const record<contact> person = s->add(contact::last_name = "Иванова");
  const auto answer = [&](ref<client> buyer) {
    return outcome([&] { s->add(strict::name = "n", strict::buyer = buyer); });
  };
  const auto topic = [&](std::uint16_t number, record_id id) {
    return outcome([&] { s->add(strict::name = "n", strict::topic = any_ref{number, id}); });
  };
  const std::uint16_t clients = client::about.id;
  for (const bool inside : {false, true}) {
    SCOPED_TRACE(inside ? "in one transaction" : "each alone");
    std::optional<transaction> tx;
    if (inside) {
      tx = s->write();
      // Seen live as what it is.
      EXPECT_EQ(topic(contact::about.id, person.id()), "done");
    }
    EXPECT_EQ(answer(anna), "done");
    EXPECT_EQ(answer({{17}}), "invalid: buyer reference");
    EXPECT_EQ(answer(gone), "invalid: buyer reference");
    EXPECT_EQ(answer({person.id()}), "invalid: buyer reference") << "a contact is no client";
    EXPECT_EQ(topic(clients, anna.id()), "done");
    EXPECT_EQ(topic(clients, gone.id()), "invalid: topic reference");
    EXPECT_EQ(topic(clients, person.id()), "invalid: topic reference");
    EXPECT_EQ(topic(999, anna.id()), "invalid: topic reference") << "no such entity";
    EXPECT_EQ(topic(0, anna.id()), "invalid: topic reference");
  }
}

TEST_P(bad_input, a_tree_stays_a_tree) {
  const record<strict> root = s->add(strict::name = "root");
  const record<strict> branch = s->add(strict::name = "branch", strict::parent = root);
  const record<strict> leaf = s->add(strict::name = "leaf", strict::parent = branch);
  EXPECT_EQ(outcome([&] { s->update(root, strict::parent = root); }), "invalid: parent acyclic");
  EXPECT_EQ(outcome([&] { s->update(root, strict::parent = branch); }), "invalid: parent acyclic");
  EXPECT_EQ(outcome([&] { s->update(root, strict::parent = leaf); }), "invalid: parent acyclic");
  EXPECT_EQ(outcome([&] { s->update(leaf, strict::parent = root); }), "done");
  EXPECT_EQ(outcome([&] { s->update(branch, strict::parent = leaf); }), "done") << "no circle now";
}

TEST_P(bad_input, what_has_ended_is_closed) {
  transaction tx = s->write();
  tx.commit();
  EXPECT_EQ(outcome([&] { tx.commit(); }), "closed");
  EXPECT_EQ(outcome([&] { tx.sql("select 1"); }), "closed");
  tx.rollback();
  EXPECT_FALSE(tx.open());
  transaction taken_back = s->write();
  taken_back.rollback();
  EXPECT_EQ(outcome([&] { taken_back.commit(); }), "closed");
  transaction moved = std::move(taken_back);
  EXPECT_EQ(outcome([&] { taken_back.commit(); }), "closed");
  EXPECT_EQ(taken_back.sequence(), 0);
  EXPECT_EQ(taken_back.operation_key(), "");
}

}  // namespace
}  // namespace kith::lab
