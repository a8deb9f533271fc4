// SPDX-License-Identifier: Apache-2.0
//
// What happens to others when a record is deleted, and when it comes back.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

class deletion : public suite {
 protected:
  bool live(record_id id, std::string_view name) { return !s->get(name, id).deleted(); }
  template <class E>
  bool live(const record<E>& r) {
    return !s->get<E>(r.id()).deleted();
  }
};
INSTANTIATE_TEST_SUITE_P(stores, deletion, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(deletion, follows_the_policy_of_each_reference) {
  struct row {
    const char* field;
    const char* outcome;
    const char* link;  // afterwards
  };
  const row table[] = {
      {"holds", "invalid: restrict_delete", "live, names it"},
      {"forgets", "done", "live, names nothing"},
      {"follows", "done", "deleted, names it"},
      {"keeps", "done", "live, names it"},
  };
  for (const row& r : table) {
    SCOPED_TRACE(r.field);
    const record<node> n = s->add(node::name = "n");
    const entity_type& e = entity("lab_links");
    any_draft d;
    const slot_number slot = e.field(r.field).field->slot;
    d.put(slot, cell::integer(n.id().value));
    const record_id id = s->add_row(e, d)->id();
    EXPECT_EQ(outcome([&] { s->remove(n); }), r.outcome);
    const row_ptr after = s->get_row(e, id);
    EXPECT_EQ(std::string(after->live() ? "live" : "deleted") +
                  (after->has(slot) ? ", names it" : ", names nothing"),
              r.link);
  }
}

TEST_P(deletion, says_who_is_in_the_way) {
  const record<node> n = s->add(node::name = "n");
  std::vector<record<link>> all;
  for (int i = 0; i < 5; ++i) all.push_back(s->add(link::holds = n));
  const std::int64_t before = s->sequence();
  const auto e = refusal([&] { s->remove(n); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::invalid);
  EXPECT_EQ(e->record(), n.id().value);
  EXPECT_EQ(e->entity(), "lab_node");
  EXPECT_NE(e->message().find("holds of lab_links"), std::string::npos) << e->message();
  EXPECT_NE(e->message().find(std::to_string(all[0].id().value)), std::string::npos);
  EXPECT_NE(e->message().find("…"), std::string::npos) << "not all five";
  EXPECT_EQ(s->sequence(), before);
  s->all<link>().remove();
  EXPECT_EQ(outcome([&] { s->remove(n); }), "done") << "deleted ones hold nothing";
}

TEST_P(deletion, is_taken_back_whole_when_one_refuses) {
  const record<node> root = s->add(node::name = "root");
  const record<node> child = s->add(node::name = "child", node::inside = root);
  const record<link> cleared = s->add(link::forgets = root);
  const record<link> holder = s->add(link::holds = child);
  transaction tx = s->write();
  s->add(node::name = "other");
  EXPECT_EQ(outcome([&] { s->remove(root); }), "invalid: restrict_delete");
  tx.commit();
  EXPECT_TRUE(live(root));
  EXPECT_TRUE(live(child));
  EXPECT_TRUE(s->get<link>(cleared.id()).has(link::forgets));
  s->remove(holder);
  EXPECT_EQ(outcome([&] { s->remove(root); }), "done");
  EXPECT_FALSE(live(child));
}

TEST_P(deletion, ends_in_circles_and_goes_deep) {
  const record<node> a = s->add(node::name = "a");
  const record<node> b = s->add(node::name = "b", node::inside = a);
  s->update(a, node::inside = b);
  s->remove(a);
  EXPECT_FALSE(live(b));
  s->restore(ref<node>(a));
  EXPECT_TRUE(live(b)) << "what went along comes back along";
  const record<node> self = s->add(node::name = "self");
  s->update(self, node::inside = self);
  EXPECT_EQ(outcome([&] { s->remove(self); }), "done");
  transaction tx = s->write();
  record<node> last = s->add(node::name = "root");
  const record<node> root = last;
  for (int i = 0; i < 2000; ++i) last = s->add(node::name = "n", node::inside = last);
  s->remove(root);
  EXPECT_FALSE(live(last));
  tx.commit();
}

TEST_P(deletion, reaches_records_of_any_entity) {
  const record<client> anna = s->add(client::name = "Анна");
  const record<link> l = s->add(link::anything = any_ref{client::about.id, anna.id()});
  s->add(tag::record = any_ref{client::about.id, anna.id()}, tag::name = "важный");
  s->remove(anna);
  EXPECT_FALSE(live(l));
  EXPECT_EQ(s->all<tag>().count(), 0u);
  s->restore(ref<client>(anna));
  EXPECT_TRUE(live(l));
  EXPECT_EQ(s->all<tag>().count(), 1u);
}

TEST_P(deletion, of_what_was_deleted_before_is_not_undone_along) {
  const record<node> root = s->add(node::name = "root");
  const record<node> early = s->add(node::name = "early", node::inside = root);
  const record<node> late = s->add(node::name = "late", node::inside = root);
  s->remove(early);
  s->remove(root);
  s->restore(ref<node>(root));
  EXPECT_TRUE(live(late));
  EXPECT_FALSE(live(early));
  EXPECT_EQ(outcome([&] { s->restore(ref<node>(early)); }), "done");
}

TEST_P(deletion, is_not_taken_back_before_the_owners) {
  const record<node> root = s->add(node::name = "root");
  const record<node> child = s->add(node::name = "child", node::inside = root);
  s->remove(root);
  const auto e = refusal([&] { s->restore(ref<node>(child)); });
  ASSERT_TRUE(e);
  EXPECT_EQ(shown(e->violations()), "inside reference");
  EXPECT_NE(e->message().find("restore it"), std::string::npos) << e->message();
  EXPECT_FALSE(live(child));
  s->restore(ref<node>(root));
  EXPECT_TRUE(live(child));
}

TEST_P(deletion, frees_unique_values_also_along_the_way_back) {
  const record<client> anna = s->add(client::name = "Анна");
  const any_ref owner{client::about.id, anna.id()};
  s->add(external_ref::source = "shop", external_ref::key = "17", external_ref::record = owner);
  s->remove(anna);
  const record<client> other = s->add(client::name = "Пётр");
  const record<external_ref> taken =
      s->add(external_ref::source = "shop", external_ref::key = "17",
             external_ref::record = any_ref{client::about.id, other.id()});
  const auto e = refusal([&] { s->restore(ref<client>(anna)); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::exists);
  EXPECT_EQ(e->entity(), "external_ref");
  EXPECT_EQ(e->record(), taken.id().value);
  EXPECT_FALSE(live(anna)) << "all or nothing";
  s->remove(taken);
  EXPECT_EQ(outcome([&] { s->restore(ref<client>(anna)); }), "done");
  EXPECT_EQ(s->all<external_ref>().count(), 1u);
}

TEST_P(deletion, of_many_is_one_transaction) {
  const record<node> held = s->add(node::name = "held");
  const record<link> holder = s->add(link::holds = held);
  s->add(node::name = "free");
  const std::int64_t before = s->sequence();
  EXPECT_EQ(outcome([&] { s->all<node>().remove(); }), "invalid: restrict_delete");
  EXPECT_EQ(s->sequence(), before);
  s->remove(holder);
  EXPECT_EQ(s->all<node>().remove(), 2u);
  EXPECT_EQ(s->sequence(), before + 2);
  EXPECT_EQ(s->all<node>().remove(), 0u);
}

TEST_P(deletion, in_a_transaction_is_seen_by_references) {
  transaction tx = s->write();
  const record<node> n = s->add(node::name = "n");
  s->add(link::keeps = n);
  s->remove(n);
  EXPECT_EQ(outcome([&] { s->add(link::keeps = n); }), "invalid: keeps reference");
  s->restore(ref<node>(n));
  EXPECT_EQ(outcome([&] { s->add(link::keeps = n); }), "done");
  transaction inner = s->write();
  const record<node> gone = s->add(node::name = "gone");
  s->add(link::keeps = gone);
  inner.rollback();
  EXPECT_EQ(outcome([&] { s->add(link::keeps = gone); }), "invalid: keeps reference");
}

}  // namespace
}  // namespace kith::lab
