// SPDX-License-Identifier: Apache-2.0
//
// Erasure: what goes, what stays, who is told, and that nothing of the person is left.
#include <algorithm>

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
  bool is_there(const char* name, record_id id) { return static_cast<bool>(s->find_row(entity(name), id)); }

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

}  // namespace
}  // namespace kith::lab
