// SPDX-License-Identifier: Apache-2.0
//
// A host's statements that SQLite gives special powers: those that end the transaction by
// themselves, that reach settings by way of tables, or that give things other names.
#include "sqlite_suite.hpp"

namespace kith::conformance {
namespace {

class sqlite_host : public sqlite_files {
 protected:
  void SetUp() override {
    kept = open();
    write(*kept, 1, 5);
    rows = kept->connect();
    rows->begin(access::write);
    run("create table mine (id integer primary key, word text unique)");
    rows->commit();
  }
  void run(std::string_view text, const std::vector<cell>& parameters = {}) {
    rows->host_sql(text, parameters, {});
  }
  std::int64_t number(std::string_view text) {
    std::int64_t n = 0;
    rows->host_sql(text, {}, [&](std::span<const cell> cells) { n = cells[0].as_integer(); });
    return n;
  }
  std::unique_ptr<store> kept;
  std::unique_ptr<connection> rows;
};

// "or rollback" ends the whole transaction: nothing of it may be taken for committed.
TEST_F(sqlite_host, a_statement_that_rolls_back_takes_everything_with_it) {
  rows->begin(access::write);
  version(samples(), 6).write(*rows);
  run("insert into mine values (1, 'a')");
  EXPECT_EQ(outcome([&] { run("insert or rollback into mine values (1, 'b')"); }), "invalid");
  EXPECT_EQ(outcome([&] { version(samples(), 7).write(*rows); }), "retry");
  EXPECT_EQ(outcome([&] { rows->savepoint(1); }), "retry");
  EXPECT_EQ(outcome([&] { rows->commit(); }), "retry");
  rows->rollback();
  EXPECT_EQ(number_of_samples(*rows), 5);
  write(*rows, 8, 8);
  EXPECT_EQ(number_of_samples(*rows), 6);
}

TEST_F(sqlite_host, settings_cannot_be_changed_by_way_of_tables) {
  rows->begin(access::write);
  for (const std::string_view text :
       {"pragma synchronous = off", "pragma main.synchronous = off", "pragma wal_checkpoint",
        "pragma user_version = 7", "pragma application_id = 7", "pragma trusted_schema = 1",
        "pragma wal_autocheckpoint = 1", "pragma journal_mode", "PRAGMA recursive_triggers = 1"}) {
    EXPECT_EQ(outcome([&] { run(text); }), "denied") << text;
  }
  for (const std::string_view text :
       {"update sqlite_schema set sql = ''", "delete from sqlite_schema",
        "insert into sqlite_schema values ('table', 'x', 'x', 2, '')", "vacuum into '/tmp/x'",
        "attach '/tmp/x' as other", "select load_extension('x')",
        "create table if not exists kith_x (a)", "create view kith_v as select 1",
        "create temp table kith_sample (id)", "create index kith_i on mine (word)",
        "reindex kith_sample", "analyze kith_sample"}) {
    EXPECT_NE(outcome([&] { run(text); }), "done") << text;
  }
  EXPECT_EQ(number("select * from pragma_synchronous"), 2);
  rows->commit();
  EXPECT_EQ(number_of_samples(*rows), 5);
}

TEST_F(sqlite_host, tables_of_its_own_may_be_altered) {
  rows->begin(access::write);
  run("insert into mine values (1, 'a')");
  run("alter table mine rename to yours");
  run("alter table yours add column more integer default 7");
  run("alter table yours rename column word to term");
  EXPECT_EQ(number("select more from yours where term = 'a'"), 7);
  EXPECT_EQ(outcome([&] { run("alter table yours rename to kith_yours"); }), "denied");
  EXPECT_EQ(number("select count(*) from yours"), 1) << "and it is still there";
  EXPECT_EQ(outcome([&] { run("alter table yours rename to \"KITH_yours\""); }), "denied");
  rows->savepoint(1);
  run("alter table yours drop column more");
  rows->rollback_to(1);
  EXPECT_EQ(number("select more from yours"), 7);
  rows->commit();
  EXPECT_EQ(number_of_samples(*rows), 5);
}

TEST_F(sqlite_host, constraints_checked_at_the_commit_keep_both_sides_out) {
  rows->begin(access::write);
  run("create table parent (id integer primary key)");
  run("create table child (parent integer references parent deferrable initially deferred)");
  rows->commit();
  rows->begin(access::write);
  run("insert into child values (77)");
  version(samples(), 6).write(*rows);
  const std::string result = outcome([&] { rows->commit(); });
  rows->rollback();
  // Foreign keys are off in SQLite unless somebody asks: then the commit succeeds.
  EXPECT_EQ(number_of_samples(*rows), result == "done" ? 6 : 5);
}

TEST_F(sqlite_host, one_statement_at_a_time) {
  rows->begin(access::write);
  EXPECT_EQ(outcome([&] { run("select 1; select 2"); }), "query");
  EXPECT_EQ(outcome([&] { run("insert into mine values (1, 'a'); commit"); }), "query");
  EXPECT_EQ(outcome([&] { run(" ; "); }), "query");
  EXPECT_EQ(outcome([&] { run("-- nothing"); }), "query");
  EXPECT_EQ(outcome([&] { run("select 1 ;  ;\n"); }), "done");
  EXPECT_EQ(number("select count(*) from mine"), 0);
  rows->rollback();
}

TEST_F(sqlite_host, tables_survive_changes_of_the_model) {
  rows->begin(access::write);
  run("insert into mine values (1, 'a')");
  rows->apply(model_of<card>()->entity<card>());
  rows->commit();
  rows->begin(access::read);
  EXPECT_EQ(number("select count(*) from mine"), 1);
  rows->commit();
}

}  // namespace
}  // namespace kith::conformance
