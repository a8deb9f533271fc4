// SPDX-License-Identifier: Apache-2.0
//
// The life of a record and what differs between two sequences, against tables of text.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

class history : public suite {
 protected:
  using lines = std::vector<std::string>;

  static std::string shown(const value& v) { return v.is_null() ? "-" : v.to_string(); }
  static std::string shown(const history_entry& h) {
    constexpr const char* words[] = {"", "add", "update", "remove", "restore", "erase", "merge"};
    std::string line = words[static_cast<int>(h.what)];
    for (const field_change& f : h.fields) {
      line += (line.find(' ') == std::string::npos ? " " : ", ") + std::string(f.field->name()) +
              " " + shown(f.before) + " → " + shown(f.after);
    }
    return line;
  }
  lines life(std::string_view name, record_id id, std::size_t most = 1000) {
    lines found;
    for (const history_entry& h : s->history_of(entity(name), id, most)) found.push_back(shown(h));
    return found;
  }
  // Changes single parts and fields of a gadget.
  void change(record_id id, std::initializer_list<std::pair<const char*, const char*>> values) {
    any_draft d;
    for (const auto& [field, text] : values) put_text(d, entity("lab_gadget"), field, text);
    s->update_row(entity("lab_gadget"), id, d);
  }
  static std::string shown(const any_record& r) { return r ? shown(r["name"]) : "nothing"; }
  lines between(std::int64_t from, std::int64_t to) {
    lines found;
    for (const record_difference& d : s->difference(from, to)) {
      found.push_back(shown(d.before) + " → " + shown(d.after));
    }
    return found;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, history, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(history, tells_whole_values_newest_first) {
  const auto g = s->add(gadget::exact = "a", gadget::amount = money("12.50", "EUR"),
                        gadget::maker = person_name{"Иванова", "Анна", "Петровна"});
  s->update(ref<gadget>(g), gadget::amount = money("13.00", "EUR"));
  s->update(ref<gadget>(g), gadget::amount = money("900", "JPY"), gadget::exact = none);
  change(g.id(), {{"maker.first_name", "Мария"}, {"place.city", "Омск"}, {"place.country", "RU"}});
  s->remove(g);
  s->restore(ref<gadget>(g));
  EXPECT_EQ(life("lab_gadget", g.id()),
            (lines{"restore", "remove",
                   "update maker Иванова Анна Петровна → Иванова Мария Петровна, place - → "
                   "Омск, RU",
                   "update exact a → -, amount 13.00 EUR → 900 JPY",
                   "update amount 12.50 EUR → 13.00 EUR",
                   "add exact - → a, amount - → 12.50 EUR, maker - → Иванова Анна Петровна"}));
  EXPECT_EQ(life("lab_gadget", g.id(), 2), (lines{"restore", "remove"}));
  EXPECT_EQ(life("lab_gadget", g.id(), 0), lines{});
}

TEST_P(history, tells_who_why_and_what_for) {
  const auto batch = s->add(import_batch::format = "csv", import_batch::entity = "clients");
  clock->set(*instant::parse("2026-03-02T10:00:00Z"));
  transaction tx = s->write(
      {.reason = "заказ 17", .from = origin::import, .operation_key = "k17", .batch = batch.id()});
  const auto a = s->add(node::name = "a");
  tx.commit();
  const auto found = s->history(ref<node>(a));
  ASSERT_EQ(found.size(), 1u);
  const history_entry& h = found[0];
  EXPECT_EQ(h.sequence, tx.sequence());
  EXPECT_EQ(h.at.to_string(), "2026-03-02T10:00:00Z");
  EXPECT_EQ(h.actor, "anna");
  EXPECT_EQ(h.from, origin::import);
  EXPECT_EQ(h.reason, "заказ 17");
  EXPECT_EQ(h.batch, batch.id());
  EXPECT_EQ(h.undoes, 0);
}

// Each event of one transaction is an entry of its own, with the values between them.
TEST_P(history, tells_each_event_of_one_transaction) {
  transaction tx = s->write();
  const auto a = s->add(node::name = "1");
  s->update(ref<node>(a), node::name = "2");
  {
    transaction inner = s->write();
    s->update(ref<node>(a), node::name = "taken back");
  }
  s->update(ref<node>(a), node::name = "3");
  s->remove(a);
  s->restore(ref<node>(a));
  const lines expected{"restore", "remove", "update name 2 → 3", "update name 1 → 2",
                       "add name - → 1"};
  EXPECT_EQ(life("lab_node", a.id()), expected) << "before the commit";
  EXPECT_EQ(s->history(ref<node>(a)).at(0).sequence, tx.sequence());
  tx.commit();
  EXPECT_EQ(life("lab_node", a.id()), expected) << "and after it";
  s->update(ref<node>(a), node::name = "4");
  EXPECT_EQ(life("lab_node", a.id(), 3), (lines{"update name 3 → 4", "restore", "remove"}));
}

TEST_P(history, reaches_through_the_pieces_of_a_large_transaction) {
  crm_options small;
  small.limits.change_chunk_bytes = 100;
  open(small);
  transaction tx = s->write();
  const auto a = s->add(node::name = "0");
  lines expected{"add name - → 0"};
  for (int i = 1; i < 40; ++i) {
    s->update(ref<node>(a), node::name = std::to_string(i));
    expected.insert(expected.begin(),
                    "update name " + std::to_string(i - 1) + " → " + std::to_string(i));
  }
  EXPECT_EQ(life("lab_node", a.id()), expected);
  tx.commit();
  EXPECT_EQ(life("lab_node", a.id()), expected);
}

TEST_P(history, holds_what_rules_and_policies_wrote) {
  const auto a = s->add(node::name = "a");
  const auto forgets = s->add(link::forgets = a);
  const auto follows = s->add(link::follows = a);
  const auto box = s->add(folder::factor = 2);
  const auto sheet = s->add(file::folder = box, file::pages = 3);
  s->update(ref<folder>(box), folder::factor = 5);
  s->remove(a);
  const std::string id = std::to_string(a.id().value);
  EXPECT_EQ(life("lab_link", forgets.id()),
            (lines{"update forgets " + id + " → -", "add forgets - → " + id}));
  EXPECT_EQ(life("lab_link", follows.id()), (lines{"remove", "add follows - → " + id}));
  EXPECT_EQ(life("lab_file", sheet.id()).at(0), "update size 6 → 15, twice 12 → 30");
}

TEST_P(history, ends_where_the_feed_was_trimmed) {
  const auto a = s->add(node::name = "1");
  s->update(ref<node>(a), node::name = "2");
  clock->advance(duration::of_hours(1));
  s->update(ref<node>(a), node::name = "3");
  const auto b = s->add(node::name = "other");
  EXPECT_GT(s->trim(clock->now()), 0u);
  EXPECT_EQ(life("lab_node", a.id()), lines{"update name 2 → 3"});
  clock->advance(duration::of_hours(1));
  s->add(node::name = "newest");
  s->trim(clock->now());
  EXPECT_EQ(life("lab_node", a.id()), lines{});
  EXPECT_EQ(life("lab_node", b.id()), lines{});
}

TEST_P(history, of_what_never_was_is_an_error) {
  EXPECT_EQ(outcome([&] { (void)s->history(ref<node>{{77}}); }), "not_found");
  record_id taken_back;
  {
    transaction tx = s->write();
    taken_back = s->add(node::name = "a").id();
  }
  EXPECT_EQ(outcome([&] { (void)s->history(ref<node>{taken_back}); }), "not_found");
  const auto a = s->add(node::name = "a");
  s->remove(a);
  EXPECT_EQ(life("lab_node", a.id()), (lines{"remove", "add name - → a"}))
      << "deleted ones have it";
}

TEST_P(history, tells_of_fields_that_came_later) {
  const auto a = s->add(node::name = "a");
  s->add_field("lab_nodes", {.name = "x_card"});
  const entity_type& e = entity("lab_node");
  any_draft d;
  put_text(d, e, "x_card", "gold");
  s->update_row(e, a.id(), d);
  EXPECT_EQ(life("lab_node", a.id()), (lines{"update x_card - → gold", "add name - → a"}));
}

// ------------------------------------------------------------------------------------- difference

TEST_P(history, difference_shows_both_sides) {
  const auto stays = s->add(node::name = "stays");
  const auto changes = s->add(node::name = "1");
  const auto goes = s->add(node::name = "goes");
  const auto back = s->add(node::name = "to and fro");
  const std::int64_t from = s->sequence();
  s->update(ref<node>(changes), node::name = "2");
  s->update(ref<node>(changes), node::name = "3");
  s->remove(goes);
  s->add(node::name = "comes");
  s->update(ref<node>(back), node::name = "fro");
  s->update(ref<node>(back), node::name = "to and fro");
  s->remove(stays);
  s->restore(ref<node>(stays));
  s->remove(s->add(node::name = "short"));
  const std::int64_t to = s->sequence();
  s->update(ref<node>(changes), node::name = "4");
  s->restore(ref<node>(goes));
  s->remove(stays);
  EXPECT_EQ(between(from, to), (lines{"1 → 3", "goes → nothing", "nothing → comes"}));
  EXPECT_EQ(between(to, s->sequence()), (lines{"stays → nothing", "3 → 4", "nothing → goes"}));
  EXPECT_EQ(between(from, from + 1), lines{"1 → 2"});
  EXPECT_EQ(between(0, from),
            (lines{"nothing → stays", "nothing → 1", "nothing → goes", "nothing → to and fro"}));
}

TEST_P(history, difference_reaches_into_the_open_transaction) {
  const auto a = s->add(node::name = "1");
  const std::int64_t from = s->sequence();
  transaction tx = s->write();
  EXPECT_EQ(outcome([&] { (void)s->difference(from, tx.sequence()); }), "misuse");
  s->update(ref<node>(a), node::name = "2");
  EXPECT_EQ(between(from, tx.sequence()), lines{"1 → 2"});
  EXPECT_EQ(between(from - 1, from), lines{"nothing → 1"}) << "as committed";
}

TEST_P(history, difference_says_what_it_cannot) {
  s->add(node::name = "1");
  clock->advance(duration::of_hours(1));
  s->add(node::name = "2");
  const std::int64_t now = s->sequence();
  EXPECT_EQ(outcome([&] { (void)s->difference(now, now); }), "misuse");
  EXPECT_EQ(outcome([&] { (void)s->difference(now, now - 1); }), "misuse");
  EXPECT_EQ(outcome([&] { (void)s->difference(-1, now); }), "misuse");
  EXPECT_EQ(outcome([&] { (void)s->difference(now - 1, now + 1); }), "misuse");
  s->trim(clock->now());
  EXPECT_EQ(outcome([&] { (void)s->difference(now - 2, now); }), "not_found");
  EXPECT_EQ(between(now - 1, now), lines{"nothing → 2"});
}

}  // namespace
}  // namespace kith::lab
