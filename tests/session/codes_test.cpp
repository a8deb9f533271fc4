// SPDX-License-Identifier: Apache-2.0
//
// One row for each kind of wrong input: the code, the field, the refused value and the remedy are
// in the answer, and nothing was written.
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "suite.hpp"

namespace kith::lab {
namespace {

/// An entity that no store was opened with.
struct no_such {
  static constexpr entity_def about{.name = "lab_no_such", .plural = "lab_no_suches"};
};

class wrong_input : public suite {
 protected:
  struct row {
    const char* what;
    std::function<void()> call;
    const char* outcome;  // as outcome() tells it
    const char* value;    // in the message
    const char* remedy;   // in the message
  };
  void expect(const row& r) {
    SCOPED_TRACE(r.what);
    const std::int64_t before = s->sequence();
    const auto e = refusal(r.call);
    ASSERT_TRUE(e) << "was accepted";
    EXPECT_EQ(outcome(r.call), r.outcome) << e->message();
    EXPECT_NE(e->message().find(r.value), std::string::npos) << e->message();
    EXPECT_NE(e->message().find(r.remedy), std::string::npos) << e->message();
    EXPECT_EQ(std::string(e->what()), std::string(name_of(e->code())) + ": " + e->message());
    if (!s->in_transaction()) {
      EXPECT_EQ(s->sequence(), before) << "something was written";
    }
    met_.insert(e->code());
  }
  void put(const char* field, const char* text) { add("lab_gadgets", {{field, text}}); }
  void strictly(const char* field, const char* text) {
    add("lab_stricts", {{"name", "n"}, {field, text}});
  }
  std::set<error_code> met_;
};
INSTANTIATE_TEST_SUITE_P(stores, wrong_input, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(wrong_input, of_values_given_as_text) {
  const row table[] = {
      {"letters for a number", [&] { put("whole", "много"); }, "invalid", "много", "whole number"},
      {"too large a number", [&] { put("whole", "9223372036854775808"); }, "invalid",
       "9223372036854775808", "whole number"},
      {"too many digits", [&] { put("weight", "0.0001"); }, "invalid", "0.0001", "3"},
      {"no such day", [&] { put("day", "31.02.2026"); }, "invalid", "31.02.2026", "2026-"},
      {"no such day", [&] { put("day", "2026-02-31"); }, "invalid", "2026-02-31", "2026-"},
      {"no such moment", [&] { put("moment", "2026-03-02T25:00:00Z"); }, "invalid", "25:00", "T"},
      {"no such choice", [&] { put("shade", "gren"); }, "invalid", "gren", "green"},
      {"no such currency", [&] { put("amount", "12 EURO"); }, "invalid", "EURO", "EUR"},
      {"no currency at all", [&] { put("amount", "12"); }, "invalid", "12", "currency"},
      {"part of a cent", [&] { put("amount", "12.345 EUR"); }, "invalid", "12.345", "2"},
      {"part of a yen", [&] { put("amount", "0.5 JPY"); }, "invalid", "0.5", "JPY"},
      {"no truth value", [&] { put("flag", "perhaps"); }, "invalid", "perhaps", "true"},
      {"no length of time", [&] { put("length", "2 moons"); }, "invalid", "2 moons", "30"},
      {"no reference", [&] { put("buyer", "Анна"); }, "invalid", "Анна", "id"},
      {"no bytes", [&] { put("bytes", "0x"); }, "invalid", "0x", "hex"},
      {"no number", [&] { put("ratio", "1,5"); }, "invalid", "1,5", "number"},
  };
  for (const row& r : table) expect(r);
}

TEST_P(wrong_input, of_fields_with_constraints) {
  s->add(strict::name = "taken", strict::code = "Ёж");
  const record<strict> sealed = s->add(strict::name = "n", strict::seal = "wax");
  const row table[] = {
      {"nothing", [&] { add("lab_stricts", {}); }, "invalid: name required", "name",
       "give a value"},
      {"too long", [&] { strictly("brief", "123456"); }, "invalid: brief text", "'123456'",
       "at most 5"},
      {"too small", [&] { strictly("grade", "0"); }, "invalid: grade integer", "'0'",
       "give at least that"},
      {"too large", [&] { strictly("grade", "11"); }, "invalid: grade integer", "'11'",
       "give at most that"},
      {"too much money", [&] { strictly("fee", "1000.01 EUR"); }, "invalid: fee money",
       "'1000.01 EUR'", "give at most that"},
      {"taken", [&] { strictly("code", "ёж"); }, "exists: code", "ёж", "code"},
      {"set once", [&] { s->update(sealed, strict::seal = "lead"); }, "invalid: seal set_once",
       "'lead'", "add a new record instead"},
      {"a circle", [&] { s->update(sealed, strict::parent = sealed); }, "invalid: parent acyclic",
       "leads back", "choose another"},
      {"nobody", [&] { s->add(strict::name = "n", strict::buyer = ref<client>{{17}}); },
       "invalid: buyer reference", "'17'", "add it first"},
      {"a mail address without @",
       [&] {
         any_draft d;
         d.put(gadget::mail.slot(), cell::text("anna.example"));
         s->add_row(entity("lab_gadget"), d);
       },
       "invalid: mail email", "'anna.example'", "such as"},
  };
  for (const row& r : table) expect(r);
}

TEST_P(wrong_input, of_names_and_places) {
  const record<client> anna = s->add(client::name = "Анна");
  const record<client> gone = s->add(client::name = "Пётр");
  s->remove(gone);
  const std::string gone_id = std::to_string(gone.id().value);
  s->add(entry::what = "e");
  const row table[] = {
      {"an entity", [&] { s->get("cleint", anna.id()); }, "not_found", "cleint", "client"},
      {"a field", [&] { (void)s->get("client", anna.id())["adress"]; }, "not_found: adress",
       "adress", "address"},
      {"a record", [&] { s->get(ref<client>{{17}}); }, "not_found", "17", "client"},
      {"a deleted record", [&] { s->update(ref<client>(gone), client::name = "x"); }, "not_found",
       gone_id.c_str(), "restore it"},
      {"a field in a question", [&] { s->query("clients", "nmae = 'a'"); }, "query", "nmae",
       "name"},
      {"a word in a question", [&] { s->query("clients", "name = 'a' ordr by name"); }, "query",
       "ordr", "^"},
      {"an open quote", [&] { s->query("clients", "name = 'a"); }, "query", "'a", "quote"},
      {"no value for it", [&] { s->query("clients", "name = ?").count(); }, "query", "?", "value"},
      {"unlike things", [&] { s->query("clients", "name = 5 EUR").count(); }, "query", "name",
       "text"},
      {"history", [&] { s->all<entry>().remove(); }, "denied", "lab_entries", "add a new one"},
      {"the engine's own",
       [&] {
         any_draft d;
         s->add_row(entity("change_set"), d);
       },
       "denied", "change_sets", "engine"},
      {"a computed field", [&] { s->add(gadget::tenfold = eur(1)); }, "misuse: tenfold", "tenfold",
       "computed"},
  };
  for (const row& r : table) expect(r);
}

// Every code that a session can answer, at least once.
TEST_P(wrong_input, meets_every_code_of_a_session) {
  const record<node> n = s->add(node::name = "a");
  s->add(strict::name = "n", strict::code = "x");
  s->update(ref<node>(n), node::name = "b");
  session other = base->open_session();
  expect({"not_found", [&] { s->get(ref<node>{{17}}); }, "not_found", "17", "lab_node"});
  expect({"invalid", [&] { strictly("grade", "0"); }, "invalid: grade integer", "0", "at least"});
  expect({"exists", [&] { strictly("code", "X"); }, "exists: code", "code", "lab_strict"});
  expect({"conflict", [&] { s->update(n, node::name = "c"); }, "conflict: name", "name",
          "read it again"});
  expect({"denied", [&] { s->retire_field("lab_nodes", "name"); }, "denied: name", "name",
          "run time"});
  expect({"query", [&] { s->query("lab_nodes", "name ="); }, "query", "name =", "^"});
  expect({"limit", [&] { s->all<node>().page(0); }, "limit", "1 to", "rows"});
  expect({"model", [&] { (void)s->model()->entity<no_such>(); }, "model", "lab_no_such", "opened"});
  {
    const transaction tx = s->write();
    expect({"busy", [&] { other.add(node::name = "n"); }, "busy", "", ""});
    expect({"misuse", [&] { (void)s->read(); }, "misuse", "transaction", ""});
  }
  {
    const transaction tx = s->read();
    expect({"read_only", [&] { s->add(node::name = "n"); }, "read_only", "read transaction",
            "session.write()"});
  }
  {
    transaction ended = s->write();
    ended.commit();
    expect({"closed", [&] { ended.commit(); }, "closed", "transaction", "ended"});
  }
  for (int i = 0; i < 3; ++i) s->add(node::name = "n");
  const auto page = s->all<node>().page(2);
  s->add(node::name = "n");
  expect({"stale", [&] { s->all<node>().after(page.next, true).page(2); }, "stale", "instant",
          "begin again"});
  {
    transaction tx = s->write();
    if (!base->can().host_sql) {
      expect({"unsupported", [&] { tx.sql("select 1"); }, "unsupported", "", ""});
    }
  }
  EXPECT_GE(met_.size(), 13u);
}

TEST_P(wrong_input, interruptions_end_what_is_running) {
  for (int i = 0; i < 20; ++i) s->add(node::name = "n");
  std::size_t seen = 0;
  const auto walk = [&] {
    seen = 0;
    for (const record<node>& n : s->all<node>()) {
      if (++seen == 5 && n) s->interrupt();
    }
  };
  if (base->can().parallel_reads) {
    EXPECT_EQ(outcome(walk), "interrupted");
    EXPECT_EQ(seen, 5u);
  }
  EXPECT_EQ(s->all<node>().count(), 20u) << "the next question is another one";
  s->interrupt();  // nothing runs
  EXPECT_EQ(outcome([&] { (void)s->all<node>().all(); }), "done");
  s->interrupt();
  EXPECT_EQ(outcome([&] { (void)s->query("lab_nodes", "length(name) = 1").count(); }), "done");
}

}  // namespace
}  // namespace kith::lab
