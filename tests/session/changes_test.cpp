// SPDX-License-Identifier: Apache-2.0
//
// Changing what others change, too; many records at once; records found by what people call them.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

class changes : public suite {};
INSTANTIATE_TEST_SUITE_P(stores, changes, ::testing::ValuesIn(backends()), name_of_backend);

// ------------------------------------------------------------------------------------ locking

TEST_P(changes, of_different_fields_are_both_kept) {
  const record<client> read = s->add(client::name = "Анна", client::city = "Омск");
  session other = base->open_session();
  other.update(ref<client>(read), client::source = "сайт", client::street = "Ленина, 1");
  const record<client> mine = s->update(read, client::name = "Аня", client::city = "Тара");
  EXPECT_EQ(mine[client::name], "Аня");
  EXPECT_EQ(mine[client::source], "сайт");
  EXPECT_EQ(mine[client::street], "Ленина, 1") << "another part of one address";
  EXPECT_EQ(mine[client::city], "Тара");
}

TEST_P(changes, of_one_field_are_a_conflict_that_names_it) {
  const record<client> read = s->add(client::name = "Анна");
  const record<client> theirs = s->update(ref<client>(read), client::name = "Аня");
  const std::int64_t before = s->sequence();
  const auto e = refusal([&] { s->update(read, client::name = "Анюта", client::source = "x"); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::conflict);
  EXPECT_EQ(e->entity(), "client");
  EXPECT_EQ(e->field(), "name");
  EXPECT_EQ(e->record(), read.id().value);
  for (const std::int64_t revision : {read.revision(), theirs.revision()}) {
    EXPECT_NE(e->message().find(std::to_string(revision)), std::string::npos) << e->message();
  }
  EXPECT_EQ(s->sequence(), before);
  EXPECT_EQ(outcome([&] { s->update(read, client::name = "Аня"); }), "done") << "the same wish";
  EXPECT_EQ(s->sequence(), before) << "and nothing to do";
  EXPECT_EQ(outcome([&] { s->update(ref<client>(read), client::name = "Анюта"); }), "done")
      << "whatever it is now";
  EXPECT_EQ(outcome([&] { s->update(theirs, client::source = "сайт"); }), "done");
}

TEST_P(changes, of_money_conflict_in_either_part) {
  const record<gadget> read = s->add(gadget::amount = eur(1));
  s->update(ref<gadget>(read), gadget::amount = money("1", "USD"));
  EXPECT_EQ(outcome([&] { s->update(read, gadget::amount = eur(2)); }), "conflict: amount");
}

// An amount and its currency are one value, also where each part alone could be merged.
TEST_P(changes, of_money_are_of_all_of_it) {
  const char* const table[][2] = {{"7 EUR", "7 USD"}, {"1 USD", "7 USD"}, {"7 USD", "1 USD"}};
  for (const auto& row : table) {
    const char* const theirs = row[0];
    const char* const mine = row[1];
    SCOPED_TRACE(std::string(theirs) + ", " + mine);
    const auto amount = [](std::string_view text) {
      return money(text.substr(0, 1), text.substr(2));
    };
    const record<gadget> read = s->add(gadget::amount = eur(1));
    s->update(ref<gadget>(read), gadget::amount = amount(theirs));
    EXPECT_EQ(outcome([&] { s->update(read, gadget::amount = amount(mine)); }), "conflict: amount");
    EXPECT_EQ(outcome([&] { s->update(read, gadget::amount = amount(theirs)); }), "done");
  }
}

// A revision may stand for several versions until it is committed.
TEST_P(changes, of_versions_that_were_not_kept_are_conflicts) {
  const ref<client> anna(s->add(client::name = "Анна"));
  const auto update = [&](const record<client>& read, const char* name) {
    return outcome([&] { s->update(read, client::name = name); });
  };
  std::optional<transaction> tx = s->write();
  const record<client> taken_back = s->update(anna, client::name = "А");
  tx.reset();
  session other = base->open_session();
  other.update(anna, client::name = "Б");
  EXPECT_EQ(taken_back.revision(), s->get(anna).revision());
  EXPECT_EQ(update(taken_back, "В"), "conflict: name");

  tx = s->write();
  const record<client> passing = s->update(anna, client::name = "Г");
  s->update(anna, client::name = "Д");
  EXPECT_EQ(update(passing, "Е"), "done") << "the transaction's own work is not another's";
  tx->commit();
  EXPECT_EQ(update(passing, "Ж"), "conflict: name");
  EXPECT_EQ(s->get(anna)[client::name], "Е");
}

TEST_P(changes, to_deleted_records_are_refused) {
  const record<client> read = s->add(client::name = "Анна");
  s->remove(read);
  const auto e = refusal([&] { s->update(read, client::name = "Аня"); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::not_found);
  EXPECT_NE(e->message().find("restore it first"), std::string::npos);
}

TEST_P(changes, count_once_in_a_transaction) {
  const record<client> read = s->add(client::name = "Анна");
  transaction tx = s->write();
  record<client> now = read;
  for (const char* name : {"А", "Б", "В"}) now = s->update(now, client::name = name);
  EXPECT_EQ(now.revision(), tx.sequence());
  EXPECT_EQ(outcome([&] { s->update(read, client::name = "Г"); }), "conflict: name")
      << "the version before the transaction is stale in it, too";
  tx.commit();
  EXPECT_EQ(s->get<client>(read.id())[client::name], "В");
}

// ------------------------------------------------------------------------------------ batches

TEST_P(changes, in_batches_save_the_good_ones_or_none) {
  const auto drafts = [] {
    std::vector<draft<strict>> all(5);
    all[0].set(strict::name = "a", strict::code = "x");
    all[1].set(strict::grade = 99);
    all[2].set(strict::name = "c", strict::code = "X");  // taken by the first
    all[3].set(strict::name = "d", strict::code = "y");
    all[4].set(strict::name = "e", strict::buyer = ref<client>{{17}});
    return all;
  };
  for (const bool inside : {false, true}) {
    SCOPED_TRACE(inside ? "in a transaction" : "alone");
    open();
    const std::int64_t before = s->sequence();
    auto all = drafts();
    std::optional<transaction> tx;
    if (inside) tx = s->write();
    EXPECT_EQ(outcome([&] { s->add_many<strict>(all); }), "invalid: name required, grade integer");
    EXPECT_EQ(s->all<strict>().count(), 0u);
    const auto results = s->add_many<strict>(all, batch_mode::per_item);
    if (inside) tx->commit();
    std::string text;
    for (const item_result& r : results) {
      text += r.refused ? std::string(name_of(r.refused->code())) + " " + r.refused->field()
                        : (r.id ? "saved" : "nothing");
      text += "; ";
    }
    EXPECT_EQ(text, "saved; invalid name; exists code; saved; invalid buyer; ");
    EXPECT_EQ(results[2].refused->record(), results[0].id.value) << "who has it";
    EXPECT_EQ(feed(before), std::vector<std::string>{"add lab_strict; add lab_strict"});
    // Corrected, the refused ones are given again.
    all[1].set(strict::name = "b", strict::grade = 1);
    EXPECT_EQ(outcome([&] { s->add(all[1]); }), "done");
  }
}

TEST_P(changes, in_a_batch_name_the_item_that_was_refused) {
  s->add(strict::name = "there", strict::code = "x");
  struct row {
    std::vector<const char*> codes;  // of the items, whose names are their numbers; null: no name
    const char* refused;
  };
  const row table[] = {
      {{"a", "b"}, "done"},
      {{"c", nullptr, "d"},
       "1: item 1 of the batch: lab_strict.name: is required; give a value "
       "that is not empty"},
      {{nullptr},
       "0: item 0 of the batch: lab_strict.name: is required; give a value that is not "
       "empty"},
      {{"e", "f", "X"}, "2: item 2 of the batch: "},
      {{"g", "g"}, "1: item 1 of the batch: "},
  };
  for (const row& r : table) {
    std::vector<draft<strict>> all(r.codes.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (r.codes[i] != nullptr) all[i].set(strict::name = "n", strict::code = r.codes[i]);
    }
    const auto e = refusal([&] { s->add_many<strict>(all); });
    const std::string told =
        e ? std::to_string(e->item().value_or(99)) + ": " + e->message() : "done";
    EXPECT_TRUE(told.starts_with(r.refused)) << told;
    EXPECT_EQ(e ? e->entity() : "lab_strict", "lab_strict");
  }
  const auto alone = refusal([&] { s->add(strict::name = ""); });
  EXPECT_FALSE(alone->item()) << "no batch";
}

TEST_P(changes, in_an_empty_batch_are_none) {
  const std::int64_t before = s->sequence();
  EXPECT_TRUE(s->add_many<strict>({}).empty());
  EXPECT_TRUE(s->add_many<strict>({}, batch_mode::per_item).empty());
  EXPECT_EQ(s->sequence(), before);
}

TEST_P(changes, in_batches_stop_at_what_nobody_can_correct) {
  const record<strict> there = s->add(strict::name = "there");
  std::vector<draft<strict>> all(1);
  all[0].set(strict::name = "a");
  all.emplace_back(there);
  EXPECT_EQ(outcome([&] { s->add_many<strict>(all, batch_mode::per_item); }), "misuse");
  EXPECT_EQ(s->all<strict>().count(), 1u);
}

// -------------------------------------------------------------------------------- natural keys

TEST_P(changes, find_records_by_what_people_call_them) {
  const record<client> anna = s->add(client::name = "ООО «Ёлка»", client::tax_id = "5503012345");
  s->add(client::name = "Дуб");
  s->add(client::name = "ДУБ");
  const record<contact> person =
      s->add(contact::name = person_name{"Иванова", "Анна", "Сергеевна"});
  const entity_type& clients = entity("clients");
  const auto found = [&](const char* text) {
    const row_ptr r = s->find_natural(clients, text);
    return r ? r->id() : record_id{};
  };
  EXPECT_EQ(found("ооо «ёлка»"), anna.id());
  EXPECT_EQ(found("5503012345"), anna.id());
  EXPECT_EQ(found("ель"), record_id{});
  EXPECT_EQ(found(""), record_id{});
  EXPECT_EQ(outcome([&] { found("дуб"); }), "invalid: name") << "two of them";
  EXPECT_EQ(s->find_natural(entity("contacts"), "иванова анна сергеевна")->id(), person.id());
  EXPECT_EQ(outcome([&] { s->find_natural(entity("lab_nodes"), "n"); }), "misuse");
  s->remove(anna);
  EXPECT_EQ(found("5503012345"), record_id{}) << "live ones only";
  EXPECT_EQ(s->find_one(client::tax_id, "5503012345"), std::nullopt);
  s->restore(ref<client>(anna));
  EXPECT_EQ(s->find_one(client::tax_id, "5503012345")->id(), anna.id());
  EXPECT_EQ(s->find_one(client::name, "ООО «ЁЛКА»")->id(), anna.id());
  EXPECT_EQ(outcome([&] { (void)s->find_one(client::name, "дуб"); }), "invalid: name");
  EXPECT_EQ(s->find_one(contact::last_name, "ИВАНОВА")->id(), person.id());
  EXPECT_EQ(s->find_one(contact::name, person_name{"иванова", "анна", "сергеевна"})->id(),
            person.id());
}

// What is equal for people is one value for `unique`; what is not, is not.
TEST_P(changes, of_unique_words_are_compared_as_people_do) {
  struct row {
    const char* first;
    const char* second;
    const char* outcome;
  };
  const row table[] = {
      {"Ёж", "ёЖ", "exists: code"},
      {"ёж", "еж", "done"},
      {"Йод", "И\xcc\x86од", "exists: code"},  // й as one code point and as two
      {"straße", "STRASSE", "exists: code"},
      {"Α", "α", "exists: code"},
      {"a", "а", "done"},  // Latin and Cyrillic
      {"a", "a ", "done"},
      {"ОМСК-1", "омск-1", "exists: code"},
      {"I", "i", "exists: code"},
  };
  for (const row& r : table) {
    SCOPED_TRACE(std::string(r.first) + " and " + r.second);
    s->all<strict>().remove();
    s->add(strict::name = "a", strict::code = r.first);
    EXPECT_EQ(outcome([&] { s->add(strict::name = "b", strict::code = r.second); }), r.outcome);
  }
}

}  // namespace
}  // namespace kith::lab
