// SPDX-License-Identifier: Apache-2.0
//
// A host's own tables in the same transaction: they come and go with Kith's rows, and Kith's own
// tables are out of reach. Where a store runs no SQL, it says so.
#include "suite.hpp"

namespace kith::conformance {
namespace {

class host_sql : public suite {
 protected:
  void SetUp() override {
    suite::SetUp();
    if (!can().host_sql) GTEST_SKIP() << "the store runs no SQL";
    transaction(*rows, [&] {
      run("create table host_note (id integer primary key, body text, weight real, raw blob)");
    });
  }

  // The rows as text: `1 | 'a' | null`.
  std::vector<std::string> run(connection& through, std::string_view text,
                               const std::vector<cell>& parameters = {}) {
    std::vector<std::string> all;
    through.host_sql(text, parameters, [&](std::span<const cell> cells) {
      std::string& row = all.emplace_back();
      for (const cell& c : cells) row += (row.empty() ? "" : " | ") + shown(c);
    });
    return all;
  }
  std::vector<std::string> run(std::string_view text, const std::vector<cell>& parameters = {}) {
    return run(*rows, text, parameters);
  }
  // What comes of these statements; they are taken back.
  std::string tried(const std::vector<std::string_view>& texts) {
    rows->savepoint(1);
    const std::string result = outcome([&] {
      for (const std::string_view text : texts) run(text);
    });
    rows->rollback_to(1);
    rows->release(1);
    return result;
  }
  std::vector<std::string> notes() {
    rows->begin(access::read);
    auto all = run("select id, body from host_note order by id");
    rows->rollback();
    return all;
  }
};
INSTANTIATE_TEST_SUITE_P(stores, host_sql, ::testing::ValuesIn(backends()), name_of_backend);

class host_sql_elsewhere : public suite {};
INSTANTIATE_TEST_SUITE_P(stores, host_sql_elsewhere, ::testing::ValuesIn(backends()),
                         name_of_backend);

TEST_P(host_sql_elsewhere, is_unsupported) {
  if (can().host_sql) GTEST_SKIP() << "the store runs SQL";
  rows->begin(access::write);
  EXPECT_EQ(outcome([&] { rows->host_sql("select 1", {}, [](auto) { FAIL(); }); }), "unsupported");
  version(samples(), 1).set(sample::whole, 1).write(*rows);
  rows->commit();
  EXPECT_EQ(whole_of(*rows, 1), 1);
}

TEST_P(host_sql, binds_and_delivers_every_class) {
  rows->begin(access::write);
  const std::string bytes("\0\xff", 2);
  run("insert into host_note values (?, ?, ?, ?)",
      {cell::integer(INT64_MAX), cell::text("it's Омск"), cell::real(-0.5), cell::blob(bytes)});
  run("insert into host_note values (?, ?, ?, ?)",
      {cell::integer(2), cell::null(), cell::null(), cell::null()});
  run("insert into host_note values (?, ?, ?, ?)",
      {cell::integer(3), cell::text(""), cell::real(7), cell::blob("")});
  const std::vector<std::string> expected{
      "2 | null | null | null", "3 | '' | 7 | \"\"",
      "9223372036854775807 | 'it's Омск' | -0.5 | \"" + bytes + "\""};
  EXPECT_EQ(run("select id, body, weight, raw from host_note order by id"), expected);
  EXPECT_EQ(run("select body from host_note where id = ?", {cell::integer(3)}),
            std::vector<std::string>{"''"});
  EXPECT_TRUE(run("select body from host_note where id = 77").empty());
  rows->commit();
}

TEST_P(host_sql, and_rows_are_one_transaction) {
  rows->begin(access::write);
  run("insert into host_note (id, body) values (1, 'kept')");
  version(samples(), 1).set(sample::whole, 1).write(*rows);
  rows->commit();
  rows->begin(access::write);
  run("insert into host_note (id, body) values (2, 'lost')");
  run("update host_note set body = 'lost' where id = 1");
  run("create table host_lost (id integer)");
  version(samples(), 2).set(sample::whole, 2).write(*rows);
  rows->rollback();
  EXPECT_EQ(notes(), std::vector<std::string>{"1 | 'kept'"});
  EXPECT_EQ(whole_of(*rows, 1), 1);
  EXPECT_EQ(whole_of(*rows, 2), std::nullopt);
  rows->begin(access::read);
  EXPECT_NE(outcome([&] { run("select * from host_lost"); }), "done");
  rows->rollback();
}

TEST_P(host_sql, goes_back_with_its_savepoint) {
  rows->begin(access::write);
  run("insert into host_note (id, body) values (1, 'a')");
  rows->savepoint(1);
  run("insert into host_note (id, body) values (2, 'b')");
  version(samples(), 2).write(*rows);
  rows->rollback_to(1);
  run("insert into host_note (id, body) values (3, 'c')");
  rows->release(1);
  rows->commit();
  EXPECT_EQ(notes(), (std::vector<std::string>{"1 | 'a'", "3 | 'c'"}));
  EXPECT_FALSE(rows->get(samples(), {2}));
}

TEST_P(host_sql, is_seen_by_others_after_the_commit) {
  rows->begin(access::write);
  run("insert into host_note (id, body) values (1, 'a')");
  rows->commit();
  const auto other = connect();
  other->begin(access::read);
  EXPECT_EQ(run(*other, "select body from host_note"), std::vector<std::string>{"'a'"});
  other->commit();
}

TEST_P(host_sql, may_not_touch_the_tables_of_kith) {
  put(1, 5);
  rows->begin(access::write);
  run("insert into host_note (id, body) values (1, 'a')");
  for (const std::string_view text :
       {"select * from kith_sample", "select count(*) from kith_sample",
        "select * from KITH_SAMPLE", "select * from \"kith_sample\"",
        "select * from main.kith_sample",
        "select body from host_note where id in (select id from kith_sample)",
        "select n.id from host_note n join kith_sample s on s.id = n.id",
        "with k as (select * from kith_sample) select * from k",
        "insert into host_note (id) select id from kith_sample",
        "insert into kith_sample (id) values (77)", "update kith_sample set whole = 0",
        "delete from kith_sample", "drop table kith_sample",
        "alter table kith_sample add column x integer", "alter table kith_sample rename to host_x",
        "alter table host_note rename to kith_note", "create table kith_mine (id integer)",
        "create index host_index on kith_sample (id)",
        "create trigger host_trigger after insert on kith_sample begin select 1; end"}) {
    EXPECT_EQ(tried({text}), "denied") << text;
  }
  // By way of a view or a trigger: refused when it is made or when it is used.
  EXPECT_EQ(
      tried({"create view host_view as select * from kith_sample", "select * from host_view"}),
      "denied");
  EXPECT_EQ(tried({"create trigger host_after after insert on host_note begin "
                   "delete from kith_sample; end",
                   "insert into host_note (id) values (2)"}),
            "denied");
  EXPECT_EQ(whole_of(*rows, 1), 5) << "and the transaction goes on";
  version(samples(), rows->get(samples(), {1})).set(sample::whole, 6).write(*rows);
  EXPECT_EQ(run("select id from host_note where id = 1"), std::vector<std::string>{"1"});
  rows->rollback();
  EXPECT_EQ(whole_of(*rows, 1), 5);
}

TEST_P(host_sql, may_not_end_the_transaction_or_change_the_file) {
  rows->begin(access::write);
  rows->savepoint(1);
  version(samples(), 1).write(*rows);
  for (const std::string_view text :
       {"commit", "end", "rollback", "begin", "savepoint x", "release x", "rollback to x",
        "  /* c */ COMMIT", "attach ':memory:' as other", "detach other", "vacuum",
        "pragma journal_mode = delete", "pragma writable_schema = 1", "pragma synchronous = 0"}) {
    EXPECT_NE(outcome([&] { run(text); }), "done") << text;
  }
  EXPECT_TRUE(rows->get(samples(), {1}));
  rows->rollback_to(1);
  EXPECT_FALSE(rows->get(samples(), {1}));
  rows->commit();
}

TEST_P(host_sql, that_is_wrong_shows_what_is_wrong) {
  rows->begin(access::write);
  for (const auto& [text, shows] : std::initializer_list<std::pair<const char*, const char*>>{
           {"selekt 1", "selekt"},
           {"select * from host_nothing", "host_nothing"},
           {"select nothing from host_note", "nothing"},
           {"select 'open", "'open"}}) {
    const char* statement = text;
    const std::optional<error> e = refusal([&] { run(statement); });
    ASSERT_TRUE(e) << text;
    EXPECT_TRUE(e->code() == error_code::query || e->code() == error_code::invalid)
        << text << ": " << e->what();
    EXPECT_NE(e->message().find(shows), std::string::npos) << e->message();
  }
  EXPECT_NE(outcome([&] { run("select ?"); }), "done") << "no value for the parameter";
  EXPECT_NE(outcome([&] { run("select 1", {cell::integer(1)}); }), "done") << "one too many";
  EXPECT_NE(outcome([&] { run(""); }), "crash") << "whatever it answers";
  run("insert into host_note (id) values (1)");
  EXPECT_NE(outcome([&] { run("insert into host_note (id) values (1)"); }), "done")
      << "a duplicate";
  EXPECT_EQ(run("select id from host_note"), std::vector<std::string>{"1"});
  version(samples(), 1).write(*rows);
  rows->commit();
  EXPECT_TRUE(rows->get(samples(), {1}));
}

TEST_P(host_sql, reads_but_does_not_write_in_a_read_transaction) {
  rows->begin(access::read);
  EXPECT_EQ(run("select 1, 'a', null"), std::vector<std::string>{"1 | 'a' | null"});
  EXPECT_NE(outcome([&] { run("insert into host_note (id) values (1)"); }), "done");
  EXPECT_NE(outcome([&] { run("create table host_more (id integer)"); }), "done");
  EXPECT_TRUE(run("select id from host_note").empty());
  rows->commit();
}

TEST_P(host_sql, outside_of_a_transaction_is_misuse) {
  EXPECT_EQ(outcome([&] { run("select 1"); }), "misuse");
}

TEST_P(host_sql, lets_errors_of_the_sink_through) {
  rows->begin(access::write);
  run("insert into host_note (id) values (1)");
  EXPECT_EQ(outcome([&] {
              rows->host_sql("select id from host_note", {},
                             [](auto) { throw error(error_code::interrupted, "enough"); });
            }),
            "interrupted");
  EXPECT_EQ(run("select id from host_note"), std::vector<std::string>{"1"});
  rows->commit();
}

TEST_P(host_sql, changes_count_as_commits_of_others) {
  const auto other = connect();
  other->get(samples(), {1});
  const std::uint64_t before = other->data_version();
  transaction(*rows, [&] { run("insert into host_note (id) values (1)"); });
  other->get(samples(), {1});
  EXPECT_NE(other->data_version(), before);
}

TEST_P(host_sql, is_kept_where_rows_are) {
  if (!keeps_content()) GTEST_SKIP() << "the content is gone with the process";
  transaction(*rows, [&] { run("insert into host_note (id, body) values (1, 'kept')"); });
  reopen();
  EXPECT_EQ(notes(), std::vector<std::string>{"1 | 'kept'"});
}

}  // namespace
}  // namespace kith::conformance
