// SPDX-License-Identifier: Apache-2.0
//
// Every constraint of a field, on both sides; all violations at once; nothing is written when
// something is refused.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

class constraints : public suite {
 protected:
  // What a strict record with these values is refused for.
  std::string refused(std::initializer_list<std::pair<const char*, const char*>> values) {
    return outcome([&] { add("lab_stricts", values); });
  }
};
INSTANTIATE_TEST_SUITE_P(stores, constraints, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(constraints, hold_on_both_sides_of_their_limits) {
  struct row {
    const char* field;
    const char* given;
    const char* outcome;
  };
  const row table[] = {
      {"name", "", "invalid: name required"},
      {"name", " ", "done"},
      {"brief", "", "done"},
      {"brief", "12345", "done"},
      {"brief", "123456", "invalid: brief text"},
      {"brief", "ёжики", "done"},
      {"brief", "ёжикам", "invalid: brief text"},
      {"brief", "😀😀😀😀😀", "done"},
      {"grade", "0", "invalid: grade integer"},
      {"grade", "1", "done"},
      {"grade", "10", "done"},
      {"grade", "11", "invalid: grade integer"},
      {"share", "0", "done"},
      {"share", "1", "done"},
      {"share", "-0.01", "invalid: share decimal"},
      {"share", "1.01", "invalid: share decimal"},
      {"fee", "0 EUR", "done"},
      {"fee", "1000 EUR", "done"},
      {"fee", "1000 JPY", "done"},
      {"fee", "1000.01 EUR", "invalid: fee money"},
      {"fee", "1001 JPY", "invalid: fee money"},
      {"fee", "-0.01 EUR", "invalid: fee money"},
  };
  for (const row& r : table) {
    const bool is_name = std::string_view(r.field) == "name";
    const std::string given =
        is_name ? refused({{r.field, r.given}}) : refused({{"name", "n"}, {r.field, r.given}});
    EXPECT_EQ(given, r.outcome) << r.field << " = '" << r.given << "'";
  }
}

TEST_P(constraints, are_all_reported_at_once) {
  const auto e = refusal([&] {
    s->add(strict::brief = "далеко", strict::grade = 99, strict::share = decimal("2"),
           strict::buyer = ref<client>{{17}});
  });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::invalid);
  EXPECT_EQ(shown(e->violations()),
            "name required, brief text, grade integer, share decimal, buyer reference");
  const violation& brief = e->violations()[1];
  EXPECT_EQ(brief.entity, "lab_strict");
  EXPECT_EQ(brief.field, "brief");
  EXPECT_EQ(brief.value, "далеко");
  EXPECT_EQ(brief.message, "'далеко' has 6 characters; at most 5 fit");
  for (const violation& v : e->violations()) {
    EXPECT_NE(v.message.find(';'), std::string::npos) << "no remedy: " << v.message;
    EXPECT_NE(e->message().find(v.message), std::string::npos);
  }
}

TEST_P(constraints, leave_nothing_behind_when_they_refuse) {
  const std::int64_t before = s->sequence();
  EXPECT_NE(refused({{"grade", "99"}}), "done");
  EXPECT_EQ(s->sequence(), before);
  EXPECT_EQ(s->all<strict>().including(lifecycle::all).count(), 0u);
  EXPECT_FALSE(s->in_transaction());
  transaction tx = s->write();
  EXPECT_NE(refused({{"grade", "99"}}), "done");
  EXPECT_EQ(refused({{"name", "n"}}), "done") << "the transaction stays usable";
  tx.commit();
  EXPECT_EQ(feed(before), std::vector<std::string>{"add lab_strict"});
}

TEST_P(constraints, hold_for_changes_too) {
  const record<strict> r = s->add(strict::name = "n", strict::grade = 5);
  EXPECT_EQ(outcome([&] { s->update(r, strict::name = none); }), "invalid: name required");
  EXPECT_EQ(outcome([&] { s->update(r, strict::name = ""); }), "invalid: name required");
  EXPECT_EQ(outcome([&] { s->update(r, strict::grade = 11, strict::brief = "123456"); }),
            "invalid: brief text, grade integer");
  EXPECT_EQ(s->get<strict>(r.id())[strict::grade], 5);
  EXPECT_EQ(outcome([&] { s->update(r, strict::grade = none); }), "done");
}

TEST_P(constraints, fill_in_what_new_records_do_not_give) {
  clock->set(*instant::parse("2026-03-02T20:30:00Z"));
  session omsk =
      base->open_session({.actor = {}, .actor_id = {}, .zone = time_zone::named("Asia/Omsk")});
  const record<strict> r = omsk.add(strict::name = "n");
  EXPECT_EQ(r[strict::size], 3);
  EXPECT_EQ(r[strict::day], date(2026, 3, 3)) << "it is tomorrow there";
  EXPECT_EQ(r[strict::at].to_string(), "2026-03-02T20:30:00Z");
  const record<strict> given = s->add(strict::name = "n", strict::size = 4, strict::day = none);
  EXPECT_EQ(given[strict::size], 4);
  EXPECT_FALSE(given.has(strict::day)) << "none is a value that was given";
}

// --------------------------------------------------------------------------------------- unique

TEST_P(constraints, unique_holds_among_live_records) {
  const record<strict> first = s->add(strict::name = "a", strict::code = "Ёж");
  const auto e = refusal([&] { s->add(strict::name = "b", strict::code = "ёж"); });
  ASSERT_TRUE(e);
  EXPECT_EQ(e->code(), error_code::exists);
  EXPECT_EQ(e->record(), first.id().value) << "the one that has it";
  EXPECT_EQ(e->entity(), "lab_strict");
  EXPECT_EQ(e->field(), "code");
  s->remove(first);
  const record<strict> second = s->add(strict::name = "b", strict::code = "ЁЖ");
  const auto taken = refusal([&] { s->restore(ref<strict>(first)); });
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->code(), error_code::exists);
  EXPECT_EQ(taken->record(), second.id().value);
  EXPECT_EQ(taken->field(), "code");
  EXPECT_TRUE(s->get<strict>(first.id()).deleted());
  s->update(second, strict::code = "другой");
  EXPECT_EQ(outcome([&] { s->restore(ref<strict>(first)); }), "done");
}

TEST_P(constraints, unique_is_not_about_null_nor_about_itself) {
  const record<strict> a = s->add(strict::name = "a");
  EXPECT_EQ(outcome([&] { s->add(strict::name = "b"); }), "done");
  const record<strict> named = s->update(a, strict::code = "x");
  EXPECT_EQ(outcome([&] { s->update(named, strict::code = "X"); }), "done") << "its own value";
  const record<strict> c = s->add(strict::name = "c", strict::code = "y");
  EXPECT_EQ(outcome([&] { s->update(c, strict::code = "x"); }), "exists: code");
  EXPECT_EQ(outcome([&] { s->update(c, strict::name = "d"); }), "done");
}

TEST_P(constraints, unique_may_be_about_several_fields) {
  s->add(strict::name = "a", strict::row = "A", strict::seat = 1);
  EXPECT_EQ(outcome([&] { s->add(strict::name = "b", strict::row = "A", strict::seat = 2); }),
            "done");
  EXPECT_EQ(outcome([&] { s->add(strict::name = "b", strict::row = "B", strict::seat = 1); }),
            "done");
  EXPECT_EQ(outcome([&] { s->add(strict::name = "b", strict::row = "A"); }), "done");
  EXPECT_EQ(outcome([&] { s->add(strict::name = "b", strict::row = "A"); }), "done");
  EXPECT_EQ(outcome([&] { s->add(strict::name = "b", strict::row = "A", strict::seat = 1); }),
            "exists: row");
}

// ------------------------------------------------------------------------------------- set once

TEST_P(constraints, what_is_set_once_stays) {
  const record<strict> open_end = s->add(strict::name = "a");
  const record<strict> sealed = s->update(open_end, strict::seal = "wax");
  EXPECT_EQ(outcome([&] { s->update(sealed, strict::seal = "lead"); }), "invalid: seal set_once");
  EXPECT_EQ(outcome([&] { s->update(sealed, strict::seal = none); }), "invalid: seal set_once");
  EXPECT_EQ(outcome([&] { s->update(sealed, strict::seal = "wax", strict::grade = 2); }), "done");
}

// ------------------------------------------------------------------------------ closed entities

TEST_P(constraints, history_is_only_added_to) {
  const record<entry> e = s->add(entry::what = "it rained");
  EXPECT_EQ(outcome([&] { s->update(e, entry::what = "it snowed"); }), "denied");
  EXPECT_EQ(outcome([&] { s->remove(e); }), "denied");
  EXPECT_EQ(s->get<entry>(e.id())[entry::what], "it rained");
}

TEST_P(constraints, nobody_writes_what_the_engine_keeps) {
  for (const char* name :
       {"store_format", "model_line", "change_set", "change_chunk", "feed_consumer"}) {
    const entity_type& e = entity(name);
    any_draft d;
    EXPECT_EQ(outcome([&] { s->add_row(e, d); }), "denied") << name;
    EXPECT_EQ(outcome([&] { s->update_row(e, {1}, d); }), "denied") << name;
    EXPECT_EQ(outcome([&] { s->remove_row(e, {1}); }), "denied") << name;
    EXPECT_EQ(outcome([&] { s->restore_row(e, {1}); }), "denied") << name;
    EXPECT_EQ(outcome([&] { s->check(e, d); }), "denied") << name;
    EXPECT_EQ(outcome([&] { s->add_field(name, {.name = "x_a"}); }), "denied") << name;
  }
  const any_ref inside{entity("change_set").number, {1}};
  EXPECT_EQ(outcome([&] { s->add(strict::name = "n", strict::topic = inside); }),
            "invalid: topic reference");
}

// -------------------------------------------------------------------------------------- checking

TEST_P(constraints, can_be_asked_without_writing) {
  const std::int64_t before = s->sequence();
  draft<strict> d;
  d.set(strict::grade = 0);
  EXPECT_EQ(shown(s->check(entity("lab_strict"), d)), "name required, grade integer");
  d.set(strict::name = "n", strict::grade = 1);
  EXPECT_EQ(shown(s->check(entity("lab_strict"), d)), "");
  EXPECT_FALSE(d.changed(strict::size.slot())) << "nothing is filled in";
  const record<strict> sealed = s->add(strict::name = "n", strict::seal = "wax");
  draft<strict> change(sealed);
  change.set(strict::seal = "wax");
  EXPECT_EQ(shown(s->check(entity("lab_strict"), change)), "");
  change.set(strict::seal = "lead", strict::brief = "123456");
  EXPECT_EQ(shown(s->check(entity("lab_strict"), change)), "brief text, seal set_once");
  EXPECT_EQ(s->sequence(), before + 1);
  const session other = base->open_session();
  const transaction reading = s->read();
  EXPECT_EQ(shown(s->check(entity("lab_strict"), change)), "brief text, seal set_once");
}

TEST_P(constraints, are_checked_while_somebody_else_writes) {
  if (!base->can().parallel_reads) GTEST_SKIP() << "readers and writers take turns";
  session other = base->open_session();
  const transaction tx = other.write();
  draft<strict> d;
  EXPECT_EQ(shown(s->check(entity("lab_strict"), d)), "name required");
}

}  // namespace
}  // namespace kith::lab
