// SPDX-License-Identifier: Apache-2.0
//
// Live totals: they follow every write, whoever makes it and however it ends, and what cannot be
// kept is refused when it is defined.
#include <gtest/gtest.h>

#include "suite.hpp"

namespace kith::lab {
namespace {

class totals : public suite {
 protected:
  void define(const char* where, const char* by, const char* measures, const char* name = "own") {
    s->add_total({name, "lab_gadgets", where, by, measures});
  }
  row_ptr gadget(std::initializer_list<std::pair<const char*, const char*>> values) {
    return add("lab_gadget", values);
  }
  void change(const row_ptr& r, std::initializer_list<std::pair<const char*, const char*>> values) {
    any_draft d;
    for (const auto& [field, text] : values) put_text(d, entity("lab_gadget"), field, text);
    s->update_row(entity("lab_gadget"), r->id(), d);
  }
  /// Rows as `a b c; d e f`; empty cells as `-`.
  static std::string flat(const table& t) {
    std::string text;
    for (const auto& row : t.rows) {
      text += text.empty() ? "" : "; ";
      for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string cell = row[i].to_string();
        text += (i == 0 ? "" : " ") + (cell.empty() ? "-" : cell);
      }
    }
    return text;
  }
  std::string now(std::string_view name = "own") { return flat(s->total(name)); }
  std::string wrong() {
    std::string text;
    for (const kith::damage& f : base->verify().found) text += f.entity + ": " + f.what + "\n";
    return text;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, totals, ::testing::ValuesIn(backends()), name_of_backend);

TEST_P(totals, follow_every_write) {
  define("flag = true", "shade", "count() as n, sum(whole) as sum, max(day) as last");
  EXPECT_EQ(now(), "");
  const row_ptr a =
      gadget({{"flag", "true"}, {"shade", "red"}, {"whole", "5"}, {"day", "2026-03-01"}});
  const row_ptr b = gadget({{"flag", "true"}, {"shade", "blue"}, {"whole", "2"}});
  gadget({{"flag", "false"}, {"shade", "blue"}, {"whole", "100"}});
  gadget({{"flag", "true"}, {"shade", "red"}, {"whole", "1"}, {"day", "2026-02-01"}});
  EXPECT_EQ(now(), "red 2 6 2026-03-01; blue 1 2 -");
  EXPECT_EQ(s->total("own").to_string(),
            "shade  n  sum  last\n"
            "red    2    6  2026-03-01\n"
            "blue   1    2\n");
  s->remove_row(entity("lab_gadget"), a->id());
  EXPECT_EQ(now(), "red 1 1 2026-02-01; blue 1 2 -") << "the greatest day left";
  s->restore_row(entity("lab_gadget"), a->id());
  EXPECT_EQ(now(), "red 2 6 2026-03-01; blue 1 2 -");
  change(b, {{"shade", "green"}});
  EXPECT_EQ(now(), "red 2 6 2026-03-01; green 1 2 -") << "the group of no records is gone";
  change(b, {{"flag", "false"}});
  EXPECT_EQ(now(), "red 2 6 2026-03-01") << "it no longer counts";
  change(b, {{"flag", "true"}, {"shade", ""}, {"whole", ""}});
  EXPECT_EQ(now(), "- 1 - -; red 2 6 2026-03-01") << "no value is a group of its own";
  EXPECT_EQ(wrong(), "");
}

TEST_P(totals, are_of_all_that_is_added_exactly) {
  gadget({{"whole", "9223372036854775807"},
          {"weight", "1.125"},
          {"amount", "12.30 EUR"},
          {"length", "1h"},
          {"moment", "2026-03-02T09:00:00Z"},
          {"day", "2026-03-02"}});
  define("", "",
         "count() as n, count(whole) as wholes, sum(whole) as w, min(whole) as lw, sum(weight) as "
         "d, max(weight) as md, sum(amount) as m, max(amount) as mm, sum(length) as l, min(moment) "
         "as t, max(day) as y, sum(whole where flag) as some, count(where flag) as flags");
  const char* const one =
      "1 1 9223372036854775807 9223372036854775807 1.125 1.125 12.30 EUR 12.30 EUR 1h "
      "2026-03-02T09:00:00Z 2026-03-02 - 0";
  EXPECT_EQ(now(), one) << "counted when it is defined";
  const row_ptr b = gadget({{"whole", "7"}, {"amount", "2.70 USD"}, {"flag", "true"}});
  EXPECT_EQ(outcome([&] { now(); }), "limit") << "the sum does not fit, as in aggregate()";
  EXPECT_EQ(outcome([&] {
              s->query("lab_gadgets", "").aggregate({}, {{"w", "sum(whole)"}});
            }),
            "limit");
  change(b, {{"whole", "-7"}});
  EXPECT_EQ(now(),
            "2 2 9223372036854775800 -7 1.125 1.125 12.30 EUR + 2.70 USD 12.30 EUR + 2.70 USD 1h "
            "2026-03-02T09:00:00Z 2026-03-02 -7 1");
  s->remove_row(entity("lab_gadget"), b->id());
  EXPECT_EQ(now(), one) << "nothing is lost where a sum had not fitted";
  EXPECT_EQ(wrong(), "");
}

TEST_P(totals, of_nothing_have_a_row_when_there_are_no_groups) {
  define("", "", "count() as n, sum(whole) as w");
  EXPECT_EQ(now(), "0 -");
  define("", "buyer, shade", "count() as n", "grouped");
  EXPECT_EQ(now("grouped"), "");
}

TEST_P(totals, answer_for_one_group) {
  const record<client> buyer = s->add(client::name = "Анна");
  define("", "buyer, shade, exact", "count() as n");
  any_draft d;
  d.put(entity("lab_gadget").field("buyer").field->slot, cell::integer(buyer.id().value));
  put_text(d, entity("lab_gadget"), "shade", "red");
  put_text(d, entity("lab_gadget"), "exact", "Ёж");
  s->add_row(entity("lab_gadget"), d);
  gadget({});
  const std::string id = std::to_string(buyer.id().value);
  EXPECT_EQ(flat(s->total("own", {buyer, colour::red, "Ёж"})), id + " red Ёж 1");
  EXPECT_EQ(flat(s->total("own", {buyer, "red", "Ёж"})), id + " red Ёж 1");
  EXPECT_EQ(flat(s->total("own", {buyer, colour::red, "ёж"})), "");
  EXPECT_EQ(flat(s->total("own", {value(), value(), value()})), "- - - 1");
  EXPECT_EQ(outcome([&] { s->total("own", {buyer}); }), "misuse");
  EXPECT_EQ(outcome([&] { s->total("own", {"x", "red", "Ёж"}); }), "query");
}

TEST_P(totals, see_the_open_transaction_and_go_back_with_its_savepoints) {
  define("", "shade", "count() as n, sum(whole) as w, min(whole) as least");
  const row_ptr old = gadget({{"shade", "red"}, {"whole", "3"}});
  {
    transaction tx = s->write();
    gadget({{"shade", "red"}, {"whole", "1"}});
    EXPECT_EQ(now(), "red 2 4 1");
    {
      transaction inner = s->write();
      change(old, {{"shade", "blue"}});
      gadget({{"shade", "red"}, {"whole", "0"}});
      EXPECT_EQ(now(), "red 2 1 0; blue 1 3 3");
      {
        transaction kept = s->write();
        gadget({{"shade", "red"}, {"whole", "-1"}});
        kept.commit();
      }
      EXPECT_EQ(now(), "red 3 0 -1; blue 1 3 3");
    }
    EXPECT_EQ(now(), "red 2 4 1");
    {
      transaction kept = s->write();
      gadget({{"shade", "red"}, {"whole", "-5"}});
      kept.commit();
    }
    EXPECT_EQ(now(), "red 3 -1 -5");
    session other = base->open_session();
    if (base->can().parallel_reads) {
      EXPECT_EQ(flat(other.total("own")), "red 1 3 3");
    }
  }
  EXPECT_EQ(now(), "red 1 3 3");
  const std::int64_t before = s->sequence();
  transaction tx = s->write();
  gadget({{"shade", "red"}, {"whole", "10"}});
  tx.commit();
  EXPECT_EQ(now(), "red 2 13 3");
  s->undo(s->sequence());
  EXPECT_EQ(now(), "red 1 3 3");
  EXPECT_EQ(feed(before).size(), 2u);
  EXPECT_EQ(feed(before).front(), "add lab_gadget") << "totals leave nothing in the feed";
  EXPECT_EQ(flat(s->as_of(before + 1).total("own")), "red 2 13 3");
  EXPECT_EQ(wrong(), "");
}

TEST_P(totals, stay_when_a_commit_or_a_statement_is_refused) {
  s->add_total({"grades", "lab_stricts", "", "seat", "count() as n, max(grade) as most"});
  const auto strict_of = [&](const char* code) {
    add("lab_strict", {{"name", "a"}, {"code", code}, {"seat", "1"}, {"grade", "5"}});
  };
  strict_of("x");
  EXPECT_EQ(now("grades"), "1 1 5");
  {
    transaction tx = s->write();
    strict_of("y");
    EXPECT_EQ(outcome([&] { strict_of("X"); }), "exists: code");
    EXPECT_EQ(now("grades"), "1 2 5");
    tx.commit();
  }
  EXPECT_EQ(now("grades"), "1 2 5");
  {
    const auto veto = base->subscribe_veto(
        [](const change_set&) { throw error(error_code::invalid, "not today"); });
    EXPECT_EQ(outcome([&] { strict_of("z"); }), "invalid");
    EXPECT_EQ(now("grades"), "1 2 5");
  }
  clock->advance(duration::of_days(1));
  strict_of("z");
  EXPECT_GT(s->trim(s->now()), 0u) << "totals need no history";
  EXPECT_EQ(now("grades"), "1 3 5");
  EXPECT_EQ(wrong(), "");
}

TEST_P(totals, follow_what_is_computed_late) {
  s->add_total({"files", "lab_files", "size > 2", "folder", "count() as n, sum(twice) as w"});
  const record<folder> f = s->add(folder::factor = 2);
  s->add(file::folder = f, file::pages = 3);
  s->add(file::folder = f, file::pages = 1);
  const std::string id = std::to_string(f.id().value);
  EXPECT_EQ(now("files"), id + " 1 12");
  s->update(f, folder::factor = 5);
  EXPECT_EQ(now("files"), id + " 2 40");
  s->remove(f);
  EXPECT_EQ(now("files"), "") << "files go with their folder";
  EXPECT_EQ(wrong(), "");
}

TEST_P(totals, compare_texts_by_their_keys) {
  define("words in ('ёж', 'Уж') or words like 'а%'", "exact", "count() as n");
  const row_ptr a = gadget({{"words", "ЁЖ"}, {"exact", "1"}});
  gadget({{"words", "Анна"}, {"exact", "1"}});
  EXPECT_EQ(now(), "1 2");
  change(a, {{"exact", "2"}});
  EXPECT_EQ(now(), "1 1; 2 1") << "the row of before is read without keys";
  change(a, {{"words", "Кот"}});
  EXPECT_EQ(now(), "1 1");
  s->remove_row(entity("lab_gadget"), a->id());
  EXPECT_EQ(wrong(), "");
}

TEST_P(totals, refuse_what_they_cannot_keep) {
  struct row {
    const char* where;
    const char* by;
    const char* measures;
    const char* outcome;
  };
  const row table[] = {
      {"", "", "count() as n", "done"},
      {"", "shade, buyer", "sum(round(amount / 3)) as m", "done"},
      {"buyer.name = 'Анна'", "", "count() as n", "model"},
      {"", "buyer.city", "count() as n", "model"},
      {"", "", "sum(buyer.credit_limit) as n", "query"},
      {"tenfold > 1 EUR", "", "count() as n", "model"},
      {"day < today()", "", "count() as n", "model"},
      {"moment < now()", "", "count() as n", "model"},
      {"date(moment) = date('2026-03-02')", "", "count() as n", "model"},
      {"whole > :limit", "", "count() as n", "model"},
      {"id > 5", "", "count() as n", "model"},
      {"", "words", "count() as n", "model"},
      {"", "ratio", "count() as n", "model"},
      {"", "amount", "count() as n", "model"},
      {"", "", "avg(whole) as n", "model"},
      {"", "", "sum(ratio) as n", "model"},
      {"", "", "max(words) as n", "model"},
      {"", "", "count() as n, sum(whole) as n", "model"},
      {"", "shade", "count() as shade", "model"},
      {"", "", "", "query"},
      {"", "", "count()", "query"},
      {"whole >", "", "count() as n", "query"},
      {"", "nothing", "count() as n", "query"},
  };
  int number = 0;
  for (const row& r : table) {
    SCOPED_TRACE(std::string(r.where) + " | " + r.by + " | " + r.measures);
    const std::string name = "t" + std::to_string(++number);
    EXPECT_EQ(outcome([&] {
                s->add_total({name, "lab_gadgets", r.where, r.by, r.measures});
              }),
              r.outcome);
  }
  EXPECT_EQ(outcome([&] { define("", "", "count() as n", "t1"); }), "exists");
  EXPECT_EQ(outcome([&] { define("", "", "count() as n", "No name"); }), "invalid");
  EXPECT_EQ(outcome([&] { s->add_total({"x", "nothings", "", "", "count() as n"}); }), "not_found");
  EXPECT_EQ(outcome([&] { s->add_total({"x", "model_lines", "", "", "count() as n"}); }), "denied");
  EXPECT_EQ(outcome([&] { s->total("t99"); }), "not_found");
  EXPECT_EQ(outcome([&] { s->remove_total("board"); }), "denied");
  EXPECT_EQ(outcome([&] { s->remove_total("nothing"); }), "not_found");
  EXPECT_EQ(outcome([&] { s->rebuild_total("nothing"); }), "not_found");
}

TEST_P(totals, come_and_go_with_the_transaction_that_defines_them) {
  gadget({{"shade", "red"}});
  {
    transaction tx = s->write();
    gadget({{"shade", "red"}});
    define("", "shade", "count() as n");
    gadget({{"shade", "blue"}});
    EXPECT_EQ(now(), "red 2; blue 1") << "what was written before and after";
  }
  EXPECT_EQ(outcome([&] { now(); }), "not_found");
  transaction tx = s->write();
  gadget({{"shade", "red"}});
  define("", "shade", "count() as n");
  gadget({{"shade", "blue"}});
  s->rebuild_total("own");
  gadget({{"shade", "blue"}});
  tx.commit();
  EXPECT_EQ(now(), "red 2; blue 2");
  session other = base->open_session();
  EXPECT_EQ(flat(other.total("own")), "red 2; blue 2");
  other.remove_total("own");
  EXPECT_EQ(outcome([&] { now(); }), "not_found") << "and this session knows";
  define("", "", "count() as n");
  EXPECT_EQ(now(), "4") << "another one of the same name";
  EXPECT_EQ(wrong(), "");
}

TEST_P(totals, are_kept_by_programs_that_do_not_describe_them) {
  if (!keeps_content()) GTEST_SKIP();
  define("", "shade", "count() as n, sum(amount) as m");
  gadget({{"shade", "red"}, {"amount", "1 EUR"}});
  reopen();
  gadget({{"shade", "red"}, {"amount", "2 EUR"}});
  EXPECT_EQ(now(), "red 2 3.00 EUR");
  EXPECT_EQ(wrong(), "");
}

}  // namespace
}  // namespace kith::lab
